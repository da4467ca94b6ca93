"""One file a format, behind one table.

To add a format: a module here with ``read(file, limits) -> Raw``; its row in ``parse.FORMATS``
and, since files of strangers are read in the limited process, in ``child.READERS``; what its
files begin with in ``sniff.MAGIC`` or ``PACKAGES``. Then say so where people are told of formats:
``READING_CODES`` in kb/errors.py, the help of ``indexer/__main__.py``, ``ORIGINALS`` in
server/pages/letter.py, the table in README.md.
"""

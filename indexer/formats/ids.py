"""Which ids a letter may have: they stand in addresses, in lists and in reports.

Letters, marks and digits of any script, spaces, Chinese and typographic punctuation and the signs
of ``SIGNS``; ``/`` parts folders, as in names of files. At most ``LONGEST`` code points.
"""

from __future__ import annotations

import unicodedata

from indexer.formats.raw import refused

LONGEST = 200
SCRATCH = (".", "~$", "__")  # what names begin with that are hidden, or an editor's own
SIGNS = frozenset("-_.,~+=@&!$;:'()[]{} \u3000")  # of ASCII, and the two spaces
_KINDS = ("L", "M", "N", "P", "S")  # beyond ASCII: no controls, bidi marks, private characters


def check_id(identity: str, code: str = "bad_id") -> None:
    """Raises UnreadableFile ``code`` for an id that no letter may have."""
    if len(identity) > LONGEST:
        raise refused(code, f"编号（id）有 {len(identity)} 个字，上限 {LONGEST} 个字")
    wrong = "".join(dict.fromkeys(char for char in identity if not _allowed(char)))
    if wrong:
        raise refused(code, f"编号（id）含有 {printable(wrong)}")
    if any(not part.strip(". \u3000") for part in identity.split("/")):
        raise refused(code, "编号（id）以 / 开头或结尾，或者有一段是空的或只有点（. 或 ..）")


def _allowed(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in SIGNS or char == "/"
    return char in SIGNS or unicodedata.category(char)[0] in _KINDS


def is_scratch(name: str) -> bool:
    """True for names of files and folders that are not meant to be letters."""
    return name.startswith(SCRATCH) or name.rpartition(".")[0].lower() == "readme"


def printable(text: str) -> str:
    """``text`` as a report can show it on one line: what is no print character is escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)

"""The XML parts of a package (docx, ofd) as trees: no entities, no network, no DOCTYPE."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree
from lxml.etree import _Element as Element

from indexer.formats.raw import refused


def root(parts: Mapping[str, bytes], name: str, *, recover: bool = False) -> Element | None:
    """The root element of a part, None where there is no such part; ``recover`` what can be.

    Raises UnreadableFile ``damaged_file`` or ``xml_dtd_forbidden``.
    """
    if name not in parts:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=recover
    )
    try:
        tree = etree.fromstring(parts[name], parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise refused("damaged_file", f"{name} 不是合法的 XML") from error
    # The bytes were searched already; this holds for encodings in which the search is blind.
    if tree is not None and tree.getroottree().docinfo.internalDTD is not None:
        raise refused("xml_dtd_forbidden", f"{name} 含有 DOCTYPE")
    return tree

"""Elements by their local names, and what the parts of a package relate to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml.etree import _Element as Element

from indexer.formats.numbering import attribute
from indexer.formats.parts import root
from indexer.formats.raw import refused

MAIN = "word/document.xml"


def name_of(element: Element) -> str:
    """The local name; "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def relations(parts: Mapping[str, bytes], part: str) -> Iterator[tuple[str, str, str]]:
    """The relationships of ``part`` ("" for the package): id, kind (a URI), name of the target."""
    folder, _, name = part.rpartition("/")
    listed = root(parts, posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in listed if listed is not None else ():
        target = attribute(relation, "Target") or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = attribute(relation, "Type") or ""
        yield attribute(relation, "Id") or "", kind, posixpath.normpath(path)


def main_part(parts: Mapping[str, bytes]) -> str:
    """The name of the part that holds the body. Raises UnreadableFile ``damaged_file``."""
    for _, kind, target in relations(parts, ""):
        if kind.endswith("/officeDocument") and target in parts:
            return target
    if MAIN not in parts:
        raise refused("damaged_file", f"缺少 {MAIN}")
    return MAIN

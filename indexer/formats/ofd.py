"""OFD (GB/T 33190-2016) → raw text, straight from the XML. Runs in the child process only.

A package names its documents in OFD.xml, each document its pages and templates; a page places
runs of characters by their start and the steps between them. Positions are millimetres.
"""

from __future__ import annotations

import posixpath
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lxml.etree import _Element as Element

from indexer.formats import zip
from indexer.formats.ofd_text import Sheet, sheet
from indexer.formats.parts import root
from indexer.formats.placed import laid_out
from indexer.formats.raw import MARKING, Limits, Raw, refused, told

START = "OFD.xml"
ENCRYPTED = re.compile(r"(?:^|/)(?:encryptions?\.xml|decryptseed\.dat)$", re.I)
DRIVE = re.compile(r"[A-Za-z]:")
UNTOLD = re.compile("[\x00-\x08\x0b\x0e-\x1f\ue000-\uf8ff\ufffd]")  # glyphs without a character
INFO = ("Title", "Subject", "Abstract", "Keyword", "CustomData")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """One document of the package: its pages and templates by the names of their parts."""

    pages: tuple[str, ...]
    templates: Mapping[str, str]
    units: Mapping[str, Element]


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The text of the OFD ``file``: all documents' pages in order, parted by ``\\f``.

    Templates are drawn with their pages. Annotations, hidden and turned words, and the
    document's data are ``around`` it. Flags: ``signed_unverified`` if it bears signatures, which
    nobody checks here; ``several_documents``; ``scanned_pages`` if some pages are pictures only;
    ``two_columns``, ``turned_text``, ``vertical_text``. Raises UnreadableFile as
    ``zip.open_package``, and ``ofd_outside``, ``ofd_absolute``, ``ofd_symlink``,
    ``ofd_missing_page``, ``ofd_too_many_pages``, ``damaged_file``, ``no_text``, ``too_large``,
    ``needs_password``.
    """
    package = zip.open_package(file, limits)
    check_members(package)
    parts = zip.xml_parts(package, limits)
    start = _needed(parts, START)
    bodies = list(start.iterchildren("{*}DocBody"))
    documents = [_document(parts, _document_root(body, parts)) for body in bodies]
    count = sum(len(document.pages) for document in documents)
    if count > limits.pages:
        raise refused("ofd_too_many_pages", f"有 {count} 页，上限 {limits.pages} 页")
    if not count:
        raise refused("damaged_file", "没有一页")
    sheets = list(_sheets(documents, parts, limits))
    words = "".join(word for page in sheets for word in page.level)
    turned = sum(len(line) for page in sheets for line in page.turned)
    if turned > len(words) or 2 * len(UNTOLD.findall(words)) > len(words):
        raise refused("no_text", "文字是横过来的，或者字体没有说明是什么字")
    if not words.strip() and any(page.silent for page in sheets):
        raise refused("no_text", "每页只有图片")
    laid = laid_out([page.pieces for page in sheets], below=[page.columns for page in sheets])
    marking = [*_told(bodies, parts), *(line for page in sheets for line in page.turned)]
    return Raw(
        id=None,
        text=laid.text,
        around="\n".join(filter(MARKING.search, dict.fromkeys(marking))),
        flags=(*_flags(bodies, sheets), *(("two_columns",) if laid.columns else ())),
    )


def _flags(bodies: Sequence[Element], sheets: Sequence[Sheet]) -> Iterator[str]:
    """What is to be told of the package and of how its pages are drawn."""
    if len(bodies) > 1:
        yield "several_documents"
    if any(body.find("{*}Signatures") is not None for body in bodies):
        yield "signed_unverified"
    if any(page.silent for page in sheets):
        yield "scanned_pages"
    if any(page.turned for page in sheets):
        yield "turned_text"
    if any(page.columns for page in sheets):
        yield "vertical_text"


def check_members(package: zipfile.ZipFile) -> None:
    """Refuse members whose names lead elsewhere, links, and encrypted packages."""
    for entry in package.infolist():
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or DRIVE.match(name):
            raise refused("ofd_absolute", name)
        if ".." in name.split("/"):
            raise refused("ofd_outside", name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refused("ofd_symlink", name)
        if ENCRYPTED.search(name):
            raise refused("needs_password")


def located(parts: Mapping[str, bytes], place: str, *, beside: str) -> str:
    """The name of the part at ``place`` (ST_Loc, 7.3), as the part ``beside`` says it.

    ``/`` is the root of the package. What is not there is named, not denied: see ``_needed``.
    Raises UnreadableFile ``ofd_outside`` or ``ofd_absolute``.
    """
    place = place.strip().replace("\\", "/")
    if DRIVE.match(place) or "://" in place:
        raise refused("ofd_absolute", place)
    folder = "" if place.startswith("/") else posixpath.dirname(beside)
    name = posixpath.normpath(posixpath.join(folder, place.lstrip("/")))
    if name.startswith(".."):
        raise refused("ofd_outside", place)
    if name not in parts and place.startswith("/"):
        raise refused("ofd_absolute", place)
    if name not in parts and posixpath.normpath(place) in parts:
        return posixpath.normpath(place)  # some makers write every place from the root
    return name


def _needed(parts: Mapping[str, bytes], name: str, code: str = "damaged_file") -> Element:
    """The root of a part that must be there."""
    found = root(parts, name)
    if found is None:
        raise refused(code, f"缺少 {name}")
    return found


def _document_root(body: Element, parts: Mapping[str, bytes]) -> str:
    return located(parts, body.findtext("{*}DocRoot") or "", beside=START)


def _document(parts: Mapping[str, bytes], name: str) -> _Document:
    """The document whose root is the part ``name``."""
    document = _needed(parts, name)
    pages = [
        located(parts, page.get("BaseLoc") or "", beside=name)
        for page in document.iterfind("{*}Pages/{*}Page")
    ]
    templates = {
        template.get("ID") or "": located(parts, template.get("BaseLoc") or "", beside=name)
        for template in document.iterfind("{*}CommonData/{*}TemplatePage")
    }
    units: dict[str, Element] = {}
    for kind in ("PublicRes", "DocumentRes"):
        for place in document.iterfind(f"{{*}}CommonData/{{*}}{kind}"):
            resource = root(parts, located(parts, place.text or "", beside=name))
            for unit in resource.iter("{*}CompositeGraphicUnit") if resource is not None else ():
                units[unit.get("ID") or ""] = unit
    return _Document(pages=tuple(pages), templates=templates, units=units)


def _sheets(
    documents: list[_Document], parts: Mapping[str, bytes], limits: Limits
) -> Iterator[Sheet]:
    """What each page draws, with its templates; together no more than a letter may have."""
    left = limits.letter_length
    for document in documents:
        for name in document.pages:
            page = _needed(parts, name, "ofd_missing_page")
            drawn = [
                _needed(parts, document.templates[given], "ofd_missing_page")
                for template in page.iterchildren("{*}Template")
                if (given := template.get("TemplateID") or "") in document.templates
            ]
            found = sheet([*drawn, page], document.units, most=left)
            left -= found.length
            yield found


def _told(bodies: list[Element], parts: Mapping[str, bytes]) -> Iterator[str]:
    """The lines that the documents' data and annotations say."""
    for body in bodies:
        for entry in body.iterfind("{*}DocInfo//*"):
            if isinstance(entry.tag, str) and entry.tag.rpartition("}")[2] in INFO:
                name = entry.get("Name")
                value = entry.text or ""
                yield from (f"{name}：{' '.join(value.split())}",) if name else told(value)
    for name in sorted(parts):
        if "annot" in name.lower():
            part = root(parts, name, recover=True)
            for words in part.iter("{*}Remark", "{*}TextCode") if part is not None else ():
                yield from (words.text or "").splitlines()

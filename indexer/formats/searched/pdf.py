"""Whether a PDF holds nothing beside the words of its letter.

Its text is all that its pages draw, also what is white, tiny or outside the page, so citizens see
that anyway, masked. What pages do not draw is looked for here: notes, forms, files, scripts, data
about the document, pictures, earlier versions, objects that nothing leads to. Whatever pypdf or
this module does not understand makes the answer no.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdf
from lxml import etree
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
    create_string_object,
)

from indexer.formats.searched.words import LARGEST, known
from kb.text.chars import bare

MOST_PAGES = 100
LARGEST_NUMBER = 10**8  # a mobile's number is greater
# Bytes between objects (ISO 32000-1, 7.5): the head with its mark, then objects, then the end.
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.S)
_TEXT = re.compile(rb"\((?:\\.|[^\\()])*\)|(?P<comment>%[^\r\n]*)", re.S)
_OBJECT = re.compile(rb"\b\d+ \d+ obj\b")
_HEAD = re.compile(rb"%PDF-\d\.\d[\r\n]+(?:%[^\r\n]{1,80}[\r\n]+)?(?=\d+ \d+ obj)")
_STRAY = re.compile(rb"endobj\s*(?!\s|\d+ \d+ obj\b|xref\b|startxref\b)")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
_NAME = re.compile(r"/[!-~]{1,64}")
_DIGITS = re.compile(r"\d{9,}")
_DAY = re.compile(r"D:\d{8,14}(?:Z|[+-]\d\d'\d\d'?)?|\d{4}-\d\d-\d\dT[\d:.+Z-]{5,20}")
_INFO = frozenset(
    ("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/CreationDate",
     "/ModDate", "/Trapped")
)  # fmt: skip
# What gives a document more than pages with words (ISO 32000-1, 7.7.2, 12, 13, 14.5).
_MORE = frozenset(
    ("/AcroForm", "/XFA", "/EmbeddedFiles", "/EF", "/AF", "/JS", "/JavaScript", "/AA", "/PieceInfo",
     "/OCProperties", "/Perms", "/Collection", "/Threads", "/SpiderInfo", "/XObject", "/Pattern",
     "/Shading", "/Popup")
)  # fmt: skip
# Streams that draw nothing and say nothing: fonts, colours, tables of the file itself.
_SILENT = frozenset(["/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/CIDToGIDMap", "/N"])
_TABLES = frozenset(("/XRef", "/ObjStm"))
_MARKS = frozenset(["/ID", "/Panose", "/CharSet", "/CIDSet"])  # strings that are no words
_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))
_PICTURES = frozenset((b"INLINE IMAGE", b"c", b"v", b"y"))  # words can be drawn with curves


class _Unknown(Exception):
    """Something that is not understood."""


class _Content(ContentStream):
    """What a page draws, parsed once for its operations and for its text, which takes longest.

    Strings in it are bytes, as the search for text wants them.
    """

    def __init__(self, content: ContentStream, file: Any) -> None:
        super().__init__(content, file, "bytes")
        self._whole = content.get_data()

    def get_data(self) -> bytes:
        return self._whole


def is_searched(content: bytes, *, text: str) -> bool:
    """True if the PDF ``content`` holds nothing beside ``text``, that of its pages."""
    if len(content) > LARGEST:
        return False
    try:
        file = pypdf.PdfReader(io.BytesIO(content), strict=True)
        if file.is_encrypted or len(file.pages) > MOST_PAGES:
            return False
        _check_bytes(content, file)
        _check_objects(file, whole=_plain(text))
        drawn = "".join(_drawn(page, whole=_plain(text)) for page in file.pages)
    except Exception:  # a file that a library trips over was not searched, whatever the fault
        return False
    return not Counter(_plain(drawn)) - Counter(_plain(text))


def _plain(text: str) -> str:
    """``text`` without white space; fonts of browsers give radicals, ⽔ for 水."""
    return bare(unicodedata.normalize("NFKC", text))


def _check_bytes(content: bytes, file: pypdf.PdfReader) -> None:
    """Check that there is one version, and nothing between its objects. Raises _Unknown."""
    outside = _STREAM.sub(b"stream endstream", content)
    comments = [match["comment"] or b"" for match in _TEXT.finditer(outside)]
    outside = _TEXT.sub(lambda match: match["comment"] or b"()", outside)
    places = [
        content.startswith(b"%d %d obj" % (number, generation), at)
        for generation, held in file.xref.items()
        for number, at in held.items()
    ]
    if (
        not _HEAD.match(outside)
        or not all(map(_is_mark, comments))
        or outside.count(b"startxref") != 1
        or not _END.search(outside)
        or _STRAY.search(outside)
        or len(_OBJECT.findall(outside)) != len(places)
        or not all(places)
    ):
        raise _Unknown("another version, a comment, or bytes that belong to nothing")


def _is_mark(comment: bytes) -> bool:
    """True for the version, the end, bytes that say "binary", and names of makers."""
    return comment == b"%%EOF" or known(comment.decode("ascii", "ignore"))


def _check_objects(file: pypdf.PdfReader, *, whole: str) -> None:
    """Check all keys, strings and streams of the file. Raises _Unknown."""
    info = file.trailer.raw_get("/Info") if "/Info" in file.trailer else None
    if info is not None and not set(info.get_object()) <= _INFO:
        raise _Unknown("data about the document")
    contents = {id(part) for page in file.pages for part in _parts(page)}
    ids = [(n, generation) for generation, held in file.xref.items() for n in held]
    ids += [(number, 0) for number in file.xref_objStm]
    roles = dict(_roles(file, ids))
    for number, generation in ids:
        value = file.get_object(IndirectObject(number, generation, file))
        role = roles.get(number, "")
        if isinstance(value, StreamObject) and id(value) not in contents:
            _check_stream(value, role=role, whole=whole)
        for key, leaf in _leaves(value, role):
            _check_leaf(key, leaf, whole=whole)


def _parts(page: pypdf.PageObject) -> Iterator[Any]:
    """The streams that a page draws."""
    given = page.get("/Contents")
    for part in given if isinstance(given, ArrayObject) else [given]:
        yield part.get_object() if part is not None else None


def _roles(file: pypdf.PdfReader, ids: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """What each object is to the one that names it: the key that it stands under."""
    for number, generation in ids:
        for key, leaf in _leaves(file.get_object(IndirectObject(number, generation, file)), ""):
            if isinstance(leaf, IndirectObject):
                yield leaf.idnum, key


def _leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Every value that holds no other, with the key that it stands under."""
    if isinstance(value, DictionaryObject):
        if value.get("/Annots"):
            raise _Unknown("notes or links")
        for name in value:
            if name in _MORE:
                raise _Unknown(name)
            yield name, NameObject(name)
            yield from _leaves(value.raw_get(name), name)
    elif isinstance(value, ArrayObject):
        for inner in list.__iter__(value):
            yield from _leaves(inner, key)
    else:
        yield key, value


def _check_leaf(key: str, value: Any, *, whole: str) -> None:
    """Check that ``value`` says nothing, or what the letter does. Raises _Unknown."""
    if isinstance(value, NameObject):
        if not _NAME.fullmatch(value) or _DIGITS.search(value):
            raise _Unknown(value)
    elif isinstance(value, TextStringObject | ByteStringObject):
        said = value if isinstance(value, str) else bytes(value).decode("latin-1")
        if key not in _MARKS and not _says_nothing(said, whole):
            raise _Unknown(key)
    elif isinstance(value, NumberObject | FloatObject) and abs(value) >= LARGEST_NUMBER:
        raise _Unknown("a long number")


def _says_nothing(said: str, whole: str) -> bool:
    return known(said) or bool(_DAY.fullmatch(said)) or _plain(said) in whole


def _check_stream(stream: StreamObject, *, role: str, whole: str) -> None:
    """Check a stream that no page draws. Raises _Unknown."""
    if stream.get("/Subtype") == "/XML":
        root = etree.fromstring(stream.get_data(), etree.XMLParser(resolve_entities=False))
        for node in root.iter():
            said = [node.text or "", node.tail or "", *map(str, node.attrib.values())]
            if not isinstance(node.tag, str) or not all(_says_nothing(s, whole) for s in said):
                raise _Unknown("data about the document")
    elif role not in _SILENT and stream.get("/Type") not in _TABLES:
        raise _Unknown("a stream that no page draws")


def _drawn(page: pypdf.PageObject, *, whole: str) -> str:
    """The words that ``page`` draws; what it holds beside them is checked."""
    content = page.get_contents()
    if content is None:
        return ""
    if any(match["comment"] for match in _TEXT.finditer(content.get_data())):
        raise _Unknown("a comment")
    parsed = _Content(content, page.pdf)
    for given, operator in parsed.operations:
        if operator in _PICTURES:
            raise _Unknown("a picture")
        if operator not in _SHOWS:
            _check_given(given, whole=whole)
    page[NameObject("/Contents")] = parsed
    return page.extract_text()


def _check_given(given: Any, *, whole: str) -> None:
    """Check what is given to an operator that draws no words. Raises _Unknown."""
    for value in given:
        for key, leaf in _leaves(value, ""):
            said = isinstance(leaf, ByteStringObject)
            _check_leaf(key, create_string_object(bytes(leaf)) if said else leaf, whole=whole)

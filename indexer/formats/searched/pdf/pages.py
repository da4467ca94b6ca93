"""Whether a PDF draws nothing beside the words of its letter, and holds nothing but its pages.

A plain document is understood: pages, words drawn in fonts that programs have themselves, lines.
Pictures, forms, notes, files inside, data about it, fonts of its own, a second version, words
that no page draws: each makes the answer no.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.formats.searched.pdf.objects import (
    Name,
    Objects,
    Operator,
    Reference,
    Scanner,
    Stream,
    Unknown,
    read,
)
from indexer.formats.searched.words import LARGEST, known
from kb.text.chars import bare

_LISTED = """
Type Subtype Pages Kids Count Parent MediaBox CropBox BleedBox TrimBox ArtBox Rotate Resources
Contents Font ProcSet BaseFont Encoding Name DescendantFonts CIDSystemInfo Ordering Registry
Supplement DW W FontDescriptor Ascent CapHeight Descent Flags FontBBox FontName ItalicAngle
Leading MaxWidth MissingWidth AvgWidth StemH StemV XHeight FirstChar LastChar Widths Length Filter
Trans Size Root Info ID PageMode PageLayout Outlines Producer Creator CreationDate ModDate Title
Author Subject Keywords Trapped Version
"""
KEYS = frozenset(_LISTED.split())
_ENCODINGS = {
    "UniGB-UCS2-H": "utf-16-be", "UniGB-UCS2-V": "utf-16-be", "UniGB-UTF16-H": "utf-16-be",
    "UniGB-UTF16-V": "utf-16-be", "WinAnsiEncoding": "cp1252", "StandardEncoding": "ascii",
}  # fmt: skip
_VALUES = """
Catalog Page Pages Outlines Font Type0 Type1 TrueType CIDFontType0 CIDFontType2 FontDescriptor PDF
Text ImageB ImageC ImageI FlateDecode ASCII85Decode UseNone SinglePage OneColumn False True Unknown
Helvetica Helvetica-Bold Times-Roman Times-Bold Courier STSong-Light STSongStd-Light SimSun SimHei
FangSong KaiTi
"""
VALUES = frozenset((*_VALUES.split(), *_ENCODINGS))
_LABEL = re.compile(r"[A-Z][A-Za-z]{0,2}\d{1,3}(?:\+\d)?")  # what a page calls a font
_DAY = re.compile(r"D:\d{14}(?:Z|[+-]\d\d'\d\d'?)?")
# What a content stream may do (Annex A): words, and straight lines; no curve, which could be one.
_DOES = """q Q cm w J j M d i m l h re S s f f* F B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD
Tm T* Tj TJ ' " G g RG rg K k"""
DOES = frozenset(_DOES.split())
Page = tuple[Mapping[str, Any], list[Stream]]  # its resources, and what it draws
SHOWS = frozenset(("Tj", "TJ", "'", '"'))


def is_searched(content: bytes, *, text: str) -> bool:
    """True if the PDF ``content`` holds nothing beside ``text``, that of its pages."""
    if len(content) > LARGEST:
        return False
    try:
        file = read(content)
        _check(file, whole=bare(text))
        root = file.of(file.trailer.get("Root")).get("Pages")
        pages = list(_pages(file, root, inherited={}, seen=set()))
        drawn = _drawn_by(file, pages)
        _check_streams(file, [stream for _, streams in pages for stream in streams])
    except (Unknown, UnicodeDecodeError, AttributeError, RecursionError):
        return False  # AttributeError: a value of another kind than a page has there
    return not Counter(bare(drawn)) - Counter(bare(text))


def _check(file: Objects, *, whole: str) -> None:
    """Check that all keys, names and strings of the file are known. Raises Unknown."""
    trailer = dict(file.trailer)
    marks = file.of(trailer.pop("ID", []))
    if not (isinstance(marks, list) and all(isinstance(m, bytes) and len(m) == 16 for m in marks)):
        raise Unknown("a mark that is none")
    for value in (trailer, *file.numbered.values()):
        entries = value.entries if isinstance(value, Stream) else value
        for key, inner in _leaves(entries, ""):
            if not _is_known(key, inner, whole):
                raise Unknown(key)


def _leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Every value that holds no other, with the key that it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in KEYS and not _LABEL.fullmatch(name):
                raise Unknown(name)
            yield from _leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value


def _is_known(key: str, value: Any, whole: str) -> bool:
    """True if ``value`` says nothing; a title may say what the letter does."""
    if isinstance(value, Name):
        return value.text in VALUES or bool(_LABEL.fullmatch(value.text))
    if isinstance(value, Operator):
        return value.text in ("true", "false", "null")
    if isinstance(value, bytes):
        marked = value.startswith(b"\xfe\xff")
        said = value[2:].decode("utf-16-be") if marked else value.decode("latin-1")
        titled = key == "Title" and bare(said) in whole
        return titled or known(said) or bool(_DAY.fullmatch(said))
    return isinstance(value, float | Reference)


def _pages(
    file: Objects, node: Any, *, inherited: Mapping[str, Any], seen: set[int]
) -> Iterator[Page]:
    """The resources and the content of every page, in order."""
    page = file.of(node)
    if id(page) in seen:
        raise Unknown("a page that comes twice")
    seen.add(id(page))
    resources = file.of(page.get("Resources", inherited))
    if page.get("Type") == Name("Pages"):
        for kid in file.of(page.get("Kids")):
            yield from _pages(file, kid, inherited=resources, seen=seen)
        return
    if page.get("Type") != Name("Page"):
        raise Unknown("a page that is none")
    content = file.of(page.get("Contents", []))
    streams = [file.of(each) for each in (content if isinstance(content, list) else [content])]
    if not all(isinstance(stream, Stream) for stream in streams):
        raise Unknown("content that is none")
    yield resources, streams


def _check_streams(file: Objects, drawn: list[Stream]) -> None:
    """Check that pages draw every stream of the file. Raises Unknown."""
    for value in file.numbered.values():
        if isinstance(value, Stream) and not any(value is stream for stream in drawn):
            raise Unknown("a stream that no page draws")


def _drawn_by(file: Objects, pages: list[Page]) -> str:
    """The words that ``pages`` draw; of more than LARGEST bytes of content, nothing is said."""
    words, size = list[str](), 0
    for resources, streams in pages:
        content = b"\n".join(file.unpacked(stream) for stream in streams)
        size += len(content)
        if size > LARGEST:
            raise Unknown("too much")
        words.append(_drawn(file, resources, content))
    return "".join(words)


def _drawn(file: Objects, resources: Mapping[str, Any], content: bytes) -> str:
    """The words that a page draws, in the order in which it does."""
    fonts = {
        label: _encoding(file.of(font))
        for label, font in file.of(resources.get("Font", {})).items()
    }
    words, given = list[str](), list[Any]()
    font, saved = "", list[str]()
    for value in Scanner(content).values():
        if not isinstance(value, Operator):
            given.append(value)
            continue
        if value.text not in DOES:
            raise Unknown(value.text)
        match value.text:
            case "Tf":
                font = fonts.get(given[0].text, "") if given else ""
            case "q":
                saved.append(font)
            case "Q":
                font = saved.pop() if saved else ""
            case shows if shows in SHOWS:
                words.append(_words(given, font))
                given = []
        _check_given(given)
        given = []
    return "".join(words)


def _words(given: list[Any], font: str) -> str:
    """The words among what is ``given`` to an operator that draws them."""
    flat = [inner for value in given for inner in (value if isinstance(value, list) else [value])]
    if not font or not all(isinstance(value, bytes | float) for value in flat):
        raise Unknown("words in no font")
    return b"".join(value for value in flat if isinstance(value, bytes)).decode(font)


def _check_given(given: list[Any]) -> None:
    """Check that what is given to an operator that draws no words are numbers or labels."""
    for value in given:
        for each in value if isinstance(value, list) else [value]:
            labelled = isinstance(each, Name) and _LABEL.fullmatch(each.text)
            if not (isinstance(each, float) or labelled):
                raise Unknown("words beside the words")


def _encoding(font: Any) -> str:
    """The encoding of a font's words; programs have the font itself, and know what it shows."""
    encoding = font.get("Encoding", Name("StandardEncoding"))
    if not isinstance(encoding, Name) or encoding.text not in _ENCODINGS:
        raise Unknown("an encoding of its own")
    return _ENCODINGS[encoding.text]

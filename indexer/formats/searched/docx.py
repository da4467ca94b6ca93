"""Whether a docx holds nothing beside the words of its letter.

A short list of parts and elements is understood, those of a plain document. Anything else, be
it a header, a comment, a picture, a tracked change or hidden text, makes the answer no.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree
from lxml.etree import _Element as Element

from indexer.formats.searched.words import LARGEST, known
from kb.text.chars import bare

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/document\.xml\.rels|docProps/(?:app|core)\.xml"
    r"|word/(?:document|styles|settings|webSettings|fontTable|numbering)\.xml"
)
BODY = "word/document.xml"
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Elements by their local names. In the document's part they give words, or their look.
_LISTED = """
document body p r t tab br cr noBreakHyphen pPr rPr sectPr pgSz pgMar cols docGrid pgNumType
type titlePg tbl tblPr tblGrid gridCol tblStyle tblW tblLook tblBorders tblLayout tblCellMar
tblInd tr trPr trHeight cantSplit tblHeader tc tcPr tcW gridSpan vMerge vAlign tcBorders shd
noWrap top left bottom right start end insideH insideV jc ind spacing rFonts sz szCs b bCs i
iCs u color lang kern snapToGrid adjustRightInd autoSpaceDE autoSpaceDN overflowPunct kinsoku
wordWrap topLinePunct textAlignment widowControl keepNext keepLines pageBreakBefore outlineLvl
pStyle rStyle numPr ilvl numId w fitText contextualSpacing highlight vertAlign position tabs
lastRenderedPageBreak noProof pBdr

styles docDefaults rPrDefault pPrDefault latentStyles lsdException style name basedOn next link
uiPriority qFormat semiHidden unhideWhenUsed rsid tblStylePr

settings zoom proofState defaultTabStop drawingGridVerticalSpacing noLineBreaksAfter
characterSpacingControl compat compatSetting useFELayout rsids rsidRoot themeFontLang
clrSchemeMapping decimalSymbol listSeparator bordersDoNotSurroundHeader hideSpellingErrors
bordersDoNotSurroundFooter spaceForUL balanceSingleByteDoubleByteWidth doNotLeaveBackslashAlone
ulTrailSpace doNotExpandShiftReturn adjustLineHeightInTable savePreviewPicture
doNotAutoCompressPictures webSettings allowPNG doNotSaveAsSingleFile optimizeForBrowser
mathPr mathFont brkBin brkBinSub smallFrac dispDef lMargin rMargin defJc wrapIndent intLim
naryLim shapeDefaults shapedefaults shapelayout idmap docId defaultImageDpi

fonts font panose1 charset family pitch sig altName notTrueType
numbering abstractNum num abstractNumId nsid multiLevelType tmpl lvl numFmt lvlText lvlJc
suff isLgl

Types Default Override Relationships Relationship
Properties AppVersion Application Characters CharactersWithSpaces Company DocSecurity
HeadingPairs HyperlinkBase HyperlinksChanged Lines LinksUpToDate Manager Pages Paragraphs
ScaleCrop SharedDoc Template TitlesOfParts TotalTime Words vector variant lpstr i4
coreProperties category created creator description keywords lastModifiedBy modified revision
subject title
"""
ELEMENTS = frozenset(_LISTED.split())
CODE = re.compile(r"[0-9A-F]{6}|[0-9A-F]{8}|[0-9A-F]{20}|rId\d{1,4}|w1[0-9]( w1[0-9])*")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# The number of a list, as the text has it before its items.
NUMBER = re.compile(r"[第(（\[]?(?:%\d[.．]?)+[)）\]、．.章节条款:：]?|[一是、]{0,2}|[●■◆□○·]?")
# APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16: a member's head, its row in the directory, the end.
HEAD, ROW, END = 30, 46, 22


def is_searched(package: zipfile.ZipFile, parts: Mapping[str, bytes], *, text: str) -> bool:
    """True if ``package``, whose XML ``parts`` are inflated, holds nothing beside ``text``."""
    if sum(map(len, parts.values())) > LARGEST or not _all_of_it(package):
        return False
    if not all(PARTS.fullmatch(name) for name in package.namelist()) or BODY not in parts:
        return False
    words: list[str] = []
    for name, part in parts.items():
        if not _is_plain(_tree(part), words=words if name == BODY else None):
            return False
    return not Counter(bare("".join(words))) - Counter(bare(text))


def _all_of_it(package: zipfile.ZipFile) -> bool:
    """True if no byte of the archive lies outside the members and the directory that names them."""
    file, at, rows = package.fp, 0, 0
    if file is None or package.comment:
        return False
    for entry in sorted(package.infolist(), key=lambda entry: entry.header_offset):
        file.seek(entry.header_offset)
        head = file.read(HEAD)
        name, extra = struct.unpack("<2H", head[26:30])
        plain = not (entry.extra or entry.comment or extra or entry.flag_bits & 0x8)
        if entry.header_offset != at or not plain or name != len(file.read(name)):
            return False
        at += HEAD + name + entry.compress_size
        rows += ROW + name
    return package.start_dir == at and file.seek(0, 2) == at + rows + END


def _tree(part: bytes) -> Element | None:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        return None


def _is_plain(root: Element | None, *, words: list[str] | None) -> bool:
    """True if all under ``root`` is understood.

    What it has to say is added to ``words``; without them it may say nothing.
    """
    if root is None:
        return False
    for node in (*_around(root), *root.iter()):
        if not isinstance(node.tag, str) or not _is_known(node) or (node.tail or "").strip():
            return False
        text = node.text or ""
        if words is not None and node.tag == f"{{{WORDS}}}t":
            words.append(text)
        elif text.strip() and not (words is None and (known(text) or MOMENT.fullmatch(text))):
            return False
    return True


def _around(root: Element) -> Iterator[Element]:
    """Comments and instructions before and after the root."""
    yield from root.itersiblings(preceding=True)
    yield from root.itersiblings()


def _is_known(element: Element) -> bool:
    """True if the name of ``element``, its attributes and namespaces are understood."""
    return (
        etree.QName(element).localname in ELEMENTS
        and all(known(uri) and len(prefix or "") <= 8 for prefix, uri in element.nsmap.items())
        and all(_is_code(name, value) for name, value in element.attrib.items())
    )


def _is_code(name: str, value: str) -> bool:
    """True if an attribute's value is no words of anybody's."""
    if name.endswith("}val") and "%" in value:
        return bool(NUMBER.fullmatch(value))
    return known(value) or bool(CODE.fullmatch(value))

"""What a docx keeps outside its body: notes, and the head of the letter in the page's header.

Bureaus set the red head (organ, number, signer, class) in the header of the first page. It is read
as the first lines of the letter if it says any of these; what runs over every page and says none
of them is no part of the letter, and only looked at for marks of publicity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml.etree import _Element as Element

from indexer.formats.numbering import Numbering, attribute, child
from indexer.formats.parts import root
from indexer.formats.vanish import drop_hidden
from indexer.formats.word.blocks import Mark, Story, lines_of
from indexer.formats.word.xml import name_of, relations
from kb.text.chars import bare

NOTE_PARTS = (("footnote", "footnotes"), ("endnote", "endnotes"))
HEAD_LINES = 12  # a red head has no more lines
LONGEST_LINE = 120  # code points
# What makes a line of a header part of the letter's head, looked for without white space.
HEAD = re.compile(
    r"[〔\[（(【［][12]\d{3}[〕\]）)】］]\d{1,5}号"
    r"|签发(?:人|领导)?[：:]|会签人?[：:]|(?:办理结果|答复类别|办理类别|类别)[：:]?[A-DＡ-Ｄ]"
    r"|[\u4e00-\u9fff]{2,30}(?:文件|函件)$|^[\u4e00-\u9fff]{4,40}[（(](?:函|便函|复函)[）)]$"
    r"|^[A-DＡ-Ｄ]类?$|[A-DＡ-Ｄ]类$"
)
ORGAN = re.compile(r"^[\u4e00-\u9fff]{2,30}(?:厅|局|委员会|委|办公室|政府|院|部|署|中心|公司)$")
PAGE = re.compile(r"^(?:[-—–－·]{0,3}\d{1,4}[-—–－·]{0,3}|第\d{0,4}页(?:[，,/]?共\d{0,4}页)?)$")


def notes_of(
    parts: Mapping[str, bytes], folder: str, styles: Element | None
) -> dict[Mark, Element]:
    """The footnotes and endnotes of the package, hidden words taken out."""
    found: dict[Mark, Element] = {}
    for kind, name in NOTE_PARTS:
        part = root(parts, f"{folder}/{name}.xml", recover=True)
        if part is None:
            continue
        drop_hidden(part, styles)
        for note in part.iterchildren("{*}" + kind):
            if attribute(note, "type") in (None, "normal"):
                found[kind, attribute(note, "id") or ""] = note
    return found


def head_lines(
    parts: Mapping[str, bytes], main: str, body: Element, styles: Element | None
) -> list[str]:
    """The lines of the header of the first page that are the head of the letter in ``body``."""
    name, first = _header_of_first_page(parts, main, body)
    part = root(parts, name, recover=True) if name else None
    if part is None:
        return []
    drop_hidden(part, styles)
    story = Story(lists=Numbering(lists={}, styles={}))
    lines = [line for line in lines_of(part, story) if line.strip()]
    if len(lines) > HEAD_LINES or any(len(line) > LONGEST_LINE for line in lines):
        return []
    kept = [line for line in lines if not PAGE.match(bare(line))]
    telling = [line for line in kept if HEAD.search(bare(line))]
    organs = [line for line in kept if ORGAN.match(bare(line))]
    if not telling and not (organs and first):
        return []
    return kept if first else [line for line in kept if line in telling or line in organs]


def without_repeats(head: list[str], text: str) -> list[str]:
    """``head`` without the lines that begin the letter's ``text`` anyway."""
    opening = {bare(line) for line in text.split("\n", 2 * HEAD_LINES)[: 2 * HEAD_LINES]}
    return [line for line in head if bare(line) not in opening]


def _header_of_first_page(parts: Mapping[str, bytes], main: str, body: Element) -> tuple[str, bool]:
    """The part with the header of the first page, and whether it is that page's own."""
    section = next(_sections(body), None)
    if section is None:
        return "", False
    headers = {
        attribute(reference, "type") or "default": _id(reference)
        for reference in section.iterchildren("{*}headerReference")
    }
    title = child(section, "titlePg")
    own = title is not None and attribute(title, "val") not in ("0", "false", "off")
    wanted = headers.get("first" if own else "default")
    targets = {identity: target for identity, _, target in relations(parts, main)}
    return targets.get(wanted or "", ""), own


def _sections(body: Element) -> Iterator[Element]:
    """The properties of the sections, first to last; not what they were before a change."""
    for section in body.iter("{*}sectPr"):
        above = section.getparent()
        if above is not None and name_of(above) in ("body", "pPr"):
            yield section


def _id(reference: Element) -> str:
    """r:id of a reference; w:id is none."""
    ids = (
        str(value)
        for key, value in reference.attrib.items()
        if str(key).endswith("}id") and "relationships" in str(key)
    )
    return next(ids, "")

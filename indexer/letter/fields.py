"""Canonical text → Letter with Fields, each with its span and the rule that read it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from urllib.parse import unquote

from indexer.formats.raw import Raw, refused
from indexer.letter.contribution import contribution
from indexer.letter.headings import headings
from indexer.letter.lists import is_reply, read_lists
from indexer.letter.mend import close_up, mend
from indexer.letter.recognised import placed
from indexer.letter.rules import RULES, Rule, Zone
from indexer.letter.several import several
from indexer.letter.title import LONGEST_TITLE, given, read_title, title_on_page
from indexer.letter.view import Words, iso_day, value_of
from indexer.letter.whole import is_whole
from indexer.letter.zones import OPENING, zones_of
from indexer.publicity.reading import Verdict, level_named, verdict
from kb.errors import READING_CODES, UnreadableFile
from kb.privacy.originals import SEARCHED
from kb.privacy.publicity import LEVELS, MARKS, NAMES
from kb.profile import profile
from kb.text.chars import RADICAL
from kb.types import Field, Letter, Publicity, Span

_OFFICES = {"代表": "建议", "委员": "提案"}
_OF_A_PROPOSAL = ("assembly", "kind", "proposal_no", "proposal_title")
FOLDED, UNTOLD = "folded_radicals", "private_characters"  # flags of letters
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_HOST = re.compile(r"^\s*(?:[A-Za-z][\w+.-]*:)?//[^/?#]*")
_ADDRESS_PARTS = re.compile(r"[/?&=#;+]+")


def read(raw: Raw, *, letter_id: str, source: str, unmarked: Publicity = "public") -> Letter:
    """The letter in ``raw``; ``unmarked`` is who may see one that bears no mark of publicity.

    Raises UnreadableFile: ``empty_file`` if nothing is left of it, ``several_letters`` if it
    is more than one, ``bad_line`` if it came with a publicity that is none.
    """
    front = "\n".join(filter(None, map(close_up, raw.front.splitlines())))
    mended = mend(raw.text)
    if not mended.text:
        raise UnreadableFile("empty_file", f"{source}：没有任何文字；请检查文件是否导出完整")
    shift = len(front) + 1 if front else 0
    text = f"{front}\n{mended.text}" if front else mended.text
    body = Span(start=shift, end=len(text))
    if several(text, body, gazette="two_columns" in raw.flags):
        raise UnreadableFile("several_letters", f"{source}：{READING_CODES['several_letters']}")
    words = Words(text)
    title = read_title(words, body, raw.meta)
    zones = zones_of(words.view, body, title)
    fields, lists = _fields(words, zones, raw.meta), read_lists(words, zones)
    names = _names(letter_id, source=source, url=raw.meta.get("url", ""))
    shown = _publicity(raw, words, title, zones=zones, names=names, unmarked=unmarked)
    pages = tuple(start + shift for start in mended.pages)
    return Letter(
        id=letter_id,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=source,
        title=title,
        body=body,
        fields=fields | _kind_by_whom(fields, lists),
        lists=lists | ({MARKS: shown.marks} if shown.marks else {}),
        headings=headings(text, body),
        pages=pages,
        recognised=tuple(placed(raw.recognised, text, pages)),
        publicity=shown.publicity,
        url=raw.meta.get("url", ""),
        flags=(*_flags(raw, text), *shown.flags),
    )


def _flags(raw: Raw, text: str) -> tuple[str, ...]:
    """The flags of ``raw``, and ``searched`` if its file was and mending lost no word."""
    lines = re.split(r"[\r\n\x0b\f]", f"{raw.front}\n{raw.text}")
    folded = (*raw.flags, FOLDED) if RADICAL.search(text) else raw.flags
    untold = (*folded, UNTOLD) if _PRIVATE.search(text) else folded
    return (*untold, SEARCHED) if raw.searched and is_whole(lines, text) else untold


def _fields(words: Words, zones: Mapping[Zone, Span], meta: Mapping[str, str]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for rule in RULES:
        if rule.field in fields:
            continue
        field = (
            _imported(words.text, rule.field, meta)
            if rule.name == "bulk import"
            else apply(rule, words, zones)
        )
        if field:
            fields[rule.field] = field
    _add_of_title(fields, words, zones, beside=meta.get("title") or meta.get("page_title", ""))
    if not is_reply(words.view, zones):
        for name in _OF_A_PROPOSAL:
            fields.pop(name, None)
    return fields


def _add_of_title(
    fields: dict[str, Field], words: Words, zones: Mapping[Zone, Span], *, beside: str
) -> None:
    """Add what only the title on the letter's page, or the one given ``beside`` it, says."""
    titled = title_on_page(words, zones["front"])
    if titled and titled.span:
        _add(fields, words, {**zones, "title": titled.span})
    elif beside and len(beside) <= LONGEST_TITLE:
        named: dict[str, Field] = {}
        _add(named, Words(beside), {"title": Span(start=0, end=len(beside))})
        for name, field in named.items():
            fields.setdefault(name, Field(value=field.value, span=None, rule=field.rule))


def _add(fields: dict[str, Field], words: Words, zones: Mapping[Zone, Span]) -> None:
    """Add what the rules for titles read, where the letter did not say it."""
    for rule in RULES:
        if rule.zone == "title" and rule.field not in fields:
            field = apply(rule, words, zones)
            fields |= {rule.field: field} if field else {}


def _kind_by_whom(
    fields: Mapping[str, Field], lists: Mapping[str, Sequence[Field]]
) -> dict[str, Field]:
    """What kind of proposal is answered, where only its member's office tells."""
    if "kind" in fields or not {"proposal_title", "proposal_no", "assembly"} & fields.keys():
        return {}
    for who in lists.get("addressees", ()):
        for office, kind in _OFFICES.items():
            if who.value.endswith(office):
                return {"kind": Field(value=kind, span=None, rule="由代表或委员")}
    return {}


def _imported(text: str, name: str, meta: Mapping[str, str]) -> Field | None:
    named = meta.get({"issued_on": "date"}.get(name, name), "").strip()
    if not named:
        return None
    if name != "issued_on":
        return given(text, named)
    iso = iso_day(named[:10]) or iso_day(named)
    return Field(value=iso, span=None, rule="bulk import") if iso else None


def apply(rule: Rule, words: Words, zones: Mapping[Zone, Span]) -> Field | None:
    """The field that ``rule`` reads from its zone of ``words``, or None."""
    zone = zones[rule.zone]
    for match in rule.pattern.finditer(zone.of(words.view)):
        span = Span(start=zone.start + match.start("v"), end=zone.start + match.end("v"))
        if value := value_of(rule.field, span.of(words.text)):
            return Field(value=value, span=span, rule=rule.name)
    return None


def _given_level(words: str | None) -> Publicity | None:
    """The level that a bulk import gives. Raises UnreadableFile (``bad_line``) for other words."""
    if not words:
        return None
    level = level_named(words)
    if level is None:
        known = "、".join((*LEVELS, *NAMES.values()))
        raise refused("bad_line", f"publicity 的值 {words[:20]!r} 不认识；可用的是 {known}")
    return level


def _names(letter_id: str, *, source: str, url: str) -> list[str]:
    """What the letter is called: its id, its file and folders, its address without the host."""
    address = unquote(_HOST.sub("", url))
    if "\ufffd" in address:  # sites that are not in UTF-8
        address = unquote(_HOST.sub("", url), encoding="gb18030")
    names = [letter_id, source.removesuffix(PurePath(source).suffix)]
    return [part for name in names for part in name.split("/")] + _ADDRESS_PARTS.split(address)


def _publicity(
    raw: Raw,
    words: Words,
    title: Field | None,
    *,
    zones: Mapping[Zone, Span],
    names: Sequence[str],
    unmarked: Publicity,
) -> Verdict:
    """Who may see the letter, by every mark in it, around it, and in what it is called."""
    start = zones["opening"].start
    opening = Span(start=start, end=start + 2 * OPENING).of(words.view)
    return verdict(
        words.text,
        raw=raw.text,
        beside=[raw.around, raw.meta.get("title", ""), raw.meta.get("issuer", "")],
        named=names,
        given=_given_level(raw.meta.get("publicity")),
        contribution=contribution(title.value if title else None, opening),
        unmarked=unmarked,
        held=profile().held,
    )

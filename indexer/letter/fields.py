"""Canonical text → Letter with Fields, each with its span and the rule that read it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from urllib.parse import unquote

from indexer.formats.raw import Raw, refused
from indexer.letter.headings import headings
from indexer.letter.mend import close_up, mend
from indexer.letter.rules import CONTRIBUTION, LIST_RULES, RULES, TITLE, Rule, Zone
from indexer.letter.several import several
from indexer.letter.title import given, read_title, title_on_page
from indexer.letter.whole import is_whole
from indexer.publicity.reading import Verdict, level_named, verdict
from kb.errors import READING_CODES, UnreadableFile
from kb.privacy.originals import SEARCHED
from kb.privacy.publicity import LEVELS, MARKS, NAMES
from kb.text.chars import bare, narrow
from kb.text.numerals import number
from kb.text.organs import ORGAN_END
from kb.text.titles import consulted
from kb.types import Field, Letter, Publicity, Span

OPENING = 700  # code points after the title in which a letter says what it answers
TAIL_LINES = 14  # lines at the end that may hold 落款, 联系单位, 抄送, 印发
LONGEST_TAIL, LONGEST_FRONT = 20_000, 20_000  # code points of the zones that only lines would bound
_DAY = re.compile(
    r"\s*(\d{4}|[〇○零ＯO一二三四五六七八九]{4})\s*[年./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,2})"
    r"\s*[月./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})(?!\d)"
)
_NOT_ADDRESSED = re.compile(
    r"如下|附件|事项|联系|抄送|电话|时间|地点|要求|内容|措施|说明|您|你|问题|做法|经[核查调过研]"
)
_OF_A_PROPOSAL = ("assembly", "kind", "proposal_no", "proposal_title")
_ANSWERS = re.compile(r"收悉|收到|敬悉|(?:答复|函复|回复|报告|反馈|意见|说明|汇报)如下|主办的")
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
    title = read_title(text, body, raw.meta)
    zones = _zones(text, body, title)
    fields = _fields(text, zones, raw.meta)
    names = _names(letter_id, source=source, url=raw.meta.get("url", ""))
    shown = _publicity(raw, text, title, zones=zones, names=names, unmarked=unmarked)
    return Letter(
        id=letter_id,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=source,
        title=title,
        body=body,
        fields=fields,
        lists=_lists(text, zones) | ({MARKS: shown.marks} if shown.marks else {}),
        headings=headings(text, body),
        pages=tuple(start + shift for start in mended.pages),
        publicity=shown.publicity,
        url=raw.meta.get("url", ""),
        flags=(*_flags(raw, text), *shown.flags),
    )


def _flags(raw: Raw, text: str) -> tuple[str, ...]:
    """The flags of ``raw``, and ``searched`` if its file was and mending lost no word."""
    lines = re.split(r"[\r\n\x0b\f]", f"{raw.front}\n{raw.text}")
    return (*raw.flags, SEARCHED) if raw.searched and is_whole(lines, text) else raw.flags


def _zones(text: str, body: Span, title: Field | None) -> dict[Zone, Span]:
    after = max(title.span.end, body.start) if title and title.span else body.start
    heading = re.compile(r"^一、", re.MULTILINE).search(text, after, body.end)
    first = heading.start() if heading else body.end
    opening = Span(start=after, end=min(after + OPENING, max(first, after), body.end))
    lines = text[body.start : body.end].split("\n")
    tail = min(len("\n".join(lines[-TAIL_LINES:])), LONGEST_TAIL)
    head = Span(start=body.start, end=min(max(opening.end, body.start), body.start + 1500))
    return {
        "front": Span(start=0, end=min(max(0, body.start - 1), LONGEST_FRONT)),
        "head": head,
        "title": title.span if title and title.span else Span(start=body.start, end=body.start),
        "opening": opening,
        "tail": Span(start=max(body.start, body.end - tail), end=body.end),
    }


def _fields(text: str, zones: Mapping[Zone, Span], meta: Mapping[str, str]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for rule in RULES:
        if rule.field in fields:
            continue
        field = (
            _imported(text, rule.field, meta)
            if rule.name == "bulk import"
            else apply(rule, text, zones)
        )
        if field:
            fields[rule.field] = field
    _add_of_page(fields, text, zones)
    if not _is_reply(text, zones):
        for name in _OF_A_PROPOSAL:
            fields.pop(name, None)
    return fields


def _add_of_page(fields: dict[str, Field], text: str, zones: Mapping[Zone, Span]) -> None:
    """Add what only the title on the letter's page says of its proposal."""
    titled = title_on_page(text, zones["front"])
    within = {**zones, "title": titled.span} if titled and titled.span else zones
    for rule in RULES:
        if rule.zone == "title" and rule.field not in fields:
            field = apply(rule, text, within)
            fields |= {rule.field: field} if field else {}


def _is_reply(text: str, zones: Mapping[Zone, Span]) -> bool:
    """False for a notice that only mentions a proposal."""
    return bool(TITLE.search(zones["title"].of(text)) or _ANSWERS.search(zones["opening"].of(text)))


def _imported(text: str, name: str, meta: Mapping[str, str]) -> Field | None:
    named = meta.get({"issued_on": "date"}.get(name, name), "").strip()
    if not named:
        return None
    if name != "issued_on":
        return given(text, named)
    iso = iso_day(named[:10]) or iso_day(named)
    return Field(value=iso, span=None, rule="bulk import") if iso else None


def apply(rule: Rule, text: str, zones: Mapping[Zone, Span]) -> Field | None:
    """The field that ``rule`` reads from its zone of ``text``, or None."""
    zone = zones[rule.zone]
    for match in rule.pattern.finditer(zone.of(text)):
        value = _value(rule.field, match["v"])
        if value:
            span = Span(start=zone.start + match.start("v"), end=zone.start + match.end("v"))
            return Field(value=value, span=span, rule=rule.name)
    return None


def _value(name: str, raw: str) -> str | None:
    if name == "issued_on":
        return iso_day(raw)
    if name in ("signer", "issuer"):
        return bare(raw)
    if name in ("result_class", "proposal_no"):
        return narrow(raw)
    return raw


def iso_day(raw: str) -> str | None:
    """``2024年6月28日``, ``2024-6-28`` or ``二〇二四年六月二十八日`` as an ISO date.

    What follows the day (a time, 印发) is left aside; None if no date stands at the start.
    """
    match = _DAY.match(raw)
    if not match:
        return None
    try:
        return date(*map(number, match.groups())).isoformat()
    except ValueError:
        return None


def _lists(text: str, zones: Mapping[Zone, Span]) -> dict[str, tuple[Field, ...]]:
    lists: dict[str, tuple[Field, ...]] = {}
    for rule in LIST_RULES:
        if rule.field not in lists:
            # News of other organs' joint work is no reply that they had a hand in.
            foreign = rule.field == "co_organs" and not _is_reply(text, zones)
            members = () if foreign else apply_list(rule, text, zones)
            if members:
                lists[rule.field] = members
    return lists


def apply_list(rule: Rule, text: str, zones: Mapping[Zone, Span]) -> tuple[Field, ...]:
    """The members that ``rule`` reads from its zone; () if it does not apply."""
    zone = zones[rule.zone]
    if rule.field == "addressees":
        start = max(zones["title"].end, zone.start)
        zone = Span(start=start, end=max(zone.end, start))
    for match in rule.pattern.finditer(zone.of(text)):
        if rule.field == "addressees" and _NOT_ADDRESSED.search(match["v"]):
            continue
        members = _members(rule, match["v"], zone.start + match.start("v"))
        if members:
            return members
    return ()


_SEPARATOR = re.compile(
    r"[、，,；;](?![^（(]{0,200}[）)])|(?<=[局委会办厅部心院府司处队联])(?:和|与|及|以及)"
)


def _members(rule: Rule, run: str, offset: int) -> tuple[Field, ...]:
    members: list[Field] = []
    start = 0
    for stop, after in [*((m.start(), m.end()) for m in _SEPARATOR.finditer(run)), (len(run), 0)]:
        raw = run[start:stop]
        value = raw.strip().removesuffix("等单位").removesuffix("等部门").removesuffix("等")
        begin = offset + start + len(raw) - len(raw.lstrip())
        start = after
        organ = rule.field == "co_organs"
        if not value or (organ and not re.search(rf"{ORGAN_END}$", value)):
            continue
        span = Span(start=begin, end=begin + len(value))
        members.append(Field(value=value, span=span, rule=rule.name))
    return tuple(members)


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
    text: str,
    title: Field | None,
    *,
    zones: Mapping[Zone, Span],
    names: Sequence[str],
    unmarked: Publicity,
) -> Verdict:
    """Who may see the letter, by every mark in it, around it, and in what it is called."""
    start = zones["opening"].start
    opening = Span(start=start, end=start + 2 * OPENING).of(text)
    return verdict(
        text,
        raw=raw.text,
        beside=[raw.around, raw.meta.get("title", ""), raw.meta.get("issuer", "")],
        named=names,
        given=_given_level(raw.meta.get("publicity")),
        contribution=consulted(title.value if title else None)
        or bool(CONTRIBUTION.search(opening)),
        unmarked=unmarked,
    )

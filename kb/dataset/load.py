"""An export read back, everything in it checked; nothing is taken on trust."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.dataset.card import CARD, SCOPES, Card, content_of
from kb.dataset.files import AGAIN, BadExport, bad, json_object, lines, plain
from kb.dataset.tables import FORMAT, TABLES, TITLE, Row
from kb.privacy.publicity import LEVELS, MARKS
from kb.store.codec import head_of
from kb.store.disk import sha256_of
from kb.store.kin import Reason
from kb.text.chars import encodable
from kb.types import (
    MULTI_FIELDS,
    SINGLE_FIELDS,
    Field,
    Heading,
    Letter,
    Passage,
    Recognised,
    Span,
)

LISTS = (*MULTI_FIELDS, MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A letter of an export, and ``served``, the one that stands for it, if one does, and why.

    ``taken_in`` is the day on which one that is set aside came.
    """

    letter: Letter
    passages: tuple[Passage, ...]
    served: tuple[str, Reason] | None
    taken_in: str


def card_of(folder: Path) -> Card:
    """The card of the export in ``folder``, every file checked by its SHA-256. Raises BadExport."""
    if not folder.is_dir():
        raise BadExport(f"没有文件夹 {folder}；请写 fuwen export 导出的文件夹")
    raw = json_object(plain(folder, CARD))
    if not isinstance(raw.get("format"), int) or raw["format"] > FORMAT:
        raise BadExport(f"{folder / CARD}：由更新的 fuwen 导出；请升级 fuwen 再导入")
    try:
        card = Card(**{name: raw[name] for name in Card.__dataclass_fields__})
        known = card.scope in SCOPES and card.content == content_of(card.files)
        texts = {**card.files, **card.fingerprint}
        sound = card.format == FORMAT and all(isinstance(one, str) for one in texts.values())
    except (KeyError, TypeError, AttributeError) as error:
        raise BadExport(f"{folder / CARD}：读不出来（{error!r}）；{AGAIN}") from error
    if not (known and sound):
        raise BadExport(f"{folder / CARD}：内容前后不符，已被改动；{AGAIN}")
    allowed = {f"{table}.{ending}" for table in TABLES for ending in ("jsonl", "parquet")}
    for name, stated in card.files.items():
        if name not in allowed:
            raise BadExport(f"{folder / CARD}：列了不该有的文件 {name!a}；{AGAIN}")
        if sha256_of(plain(folder, name)) != stated:
            raise BadExport(f"{folder / name}：SHA-256 不符，内容已被改动或损坏；{AGAIN}")
    return card


def letters(folder: Path) -> Iterator[Loaded]:
    """The letters of an export whose card was checked, in order. Raises BadExport."""
    tables = {name: _Rows(folder, name) for name in TABLES if name != "letters"}
    last: str | None = None
    for place, row in lines(folder, "letters"):
        if last is not None and row["id"] <= last:
            bad(place, "编号重复或次序不对")
        last = row["id"]
        try:
            yield _loaded(row, {name: rows.of(row["id"]) for name, rows in tables.items()}, place)
        except (ValueError, TypeError) as error:
            bad(place, f"读不出来（{error}）")
    for rows in tables.values():
        rows.end()


class _Rows:
    """The rows of a table beside the letters, which stand in the order of these."""

    def __init__(self, folder: Path, name: str) -> None:
        self._lines = lines(folder, name)
        self._next = next(self._lines, None)

    def of(self, letter_id: str) -> Sequence[tuple[str, Row]]:
        """The rows of a letter with their places; the letters are asked for in order."""
        found = []
        while self._next and self._next[1]["letter_id"] == letter_id:
            found.append(self._next)
            self._next = next(self._lines, None)
        return found

    def end(self) -> None:
        """Raise BadExport where rows are left that are of no letter."""
        if self._next:
            place, row = self._next
            bad(place, f"letters 里没有复文 {row['letter_id']}，或者次序不对")


Rows = Mapping[str, Sequence[tuple[str, Row]]]


def _loaded(row: Row, beside: Rows, place: str) -> Loaded:
    letter = _letter(row, beside, place)
    passages = tuple(_passages(letter, beside))
    edges = [letter.body.start, *(at for one in passages for at in (one.span.start, one.span.end))]
    if passages and not _adjoin([*edges, letter.body.end]):
        bad(place, "段落首尾相接不是正文")
    if row["taken_in"] and not _is_day(row["taken_in"]):
        bad(place, "taken_in 不是 YYYY-MM-DD 样子的一天")
    for where, promise in beside["commitments"]:
        _quoted(promise, letter.text, where)
    served = (row["served"], row["reason"])
    if (row["served"] is None) != (row["reason"] is None) or served[1] not in (
        None, "copy", "older",
    ):  # fmt: skip
        bad(place, "served 和 reason 不配")
    return Loaded(
        letter=letter,
        passages=passages,
        served=served if row["served"] is not None else None,
        taken_in=row["taken_in"] or "",
    )


def _letter(row: Row, beside: Rows, place: str) -> Letter:
    text = row["text"]
    if not encodable([json.dumps(row, ensure_ascii=False)]):
        bad(place, "含有无法保存的字符（孤立代理项）")
    if hashlib.sha256(text.encode()).hexdigest() != row["sha256"]:
        bad(place, "text 与它的 sha256 不符")
    fields = [(where, one, _field(one, text, where)) for where, one in beside["fields"]]
    letter = Letter(
        id=row["id"],
        text=text,
        sha256=row["sha256"],
        source=row["source"],
        title=next((field for _, one, field in fields if one["name"] == TITLE), None),
        body=_span({"start": row["body_start"], "end": row["body_end"]}, text, place),
        fields={one["name"]: field for _, one, field in fields if one["name"] in SINGLE_FIELDS},
        lists={
            name: tuple(field for _, one, field in fields if one["name"] == name)
            for name in dict.fromkeys(one["name"] for _, one, _ in fields)
            if name in LISTS
        },
        headings=tuple(
            Heading(text=one["text"], level=one["level"], span=_quoted(one, text, where))
            for where, one in beside["headings"]
        ),
        pages=tuple(row["pages"]),
        recognised=tuple(
            Recognised(span=_span(one, text, where), confidence=one["confidence"])
            for where, one in beside["recognised"]
        ),
        publicity=row["publicity"],
        url=row["url"],
        flags=tuple(row["flags"]),
    )
    _check(letter, row, fields, place)
    return letter


def _check(letter: Letter, row: Row, fields: Sequence[tuple[str, Row, Field]], place: str) -> None:
    """Raise BadExport for a letter whose parts do not go together."""
    if letter.publicity not in LEVELS:
        bad(place, f"不认识 publicity {letter.publicity!a}")
    if any(not 0 <= at <= len(letter.text) for at in letter.pages):
        bad(place, "pages 超出全文")
    if not all(1 <= heading.level <= 5 for heading in letter.headings):
        bad(place, "有标题的级不在 1 到 5 之间")
    if not all(0 <= one.confidence <= 1 for one in letter.recognised):  # NaN fails too
        bad(place, "识别的把握不在 0 到 1 之间")
    counts: dict[str, int] = {}
    for where, one, _ in fields:
        name = one["name"]
        if name not in (TITLE, *SINGLE_FIELDS, *LISTS):
            bad(where, f"不认识要素 {name!a}")
        if name == "issued_on" and not _is_day(one["value"]):
            bad(where, "成文日期不是 YYYY-MM-DD 样子的一天")
        if one["position"] != counts.get(name, 0) or (one["position"] and name not in LISTS):
            bad(where, "position 不对")
        counts[name] = one["position"] + 1
    head = head_of(letter)
    for name in ("title", "number", "issuer", "issued_on", "result_class", "proposal_no", "kind"):
        if row[name] != getattr(head, name):
            bad(place, f"{name} 与 fields 里的不同")


def _passages(letter: Letter, beside: Rows) -> Iterator[Passage]:
    sentences = deque(beside["sentences"])
    titles = {heading.text for heading in letter.headings}
    for at, (place, row) in enumerate(beside["passages"]):
        own = []
        while sentences and sentences[0][1]["passage"] == at:
            where, sentence = sentences.popleft()
            own.append(_quoted(sentence, letter.text, where))
        span = _quoted(row, letter.text, place)
        edges = [span.start, *(edge for one in own for edge in (one.start, one.end)), span.end]
        if row["position"] != at or not own or not _adjoin(edges):
            bad(place, "position 不对，或者句子首尾相接不是这一段")
        if not titles.issuperset(row["headings"]):
            bad(place, "headings 里有复文没有的标题")
        yield Passage(
            letter_id=letter.id, span=span, headings=tuple(row["headings"]), sentences=tuple(own)
        )
    if sentences:
        bad(sentences[0][0], "没有它所在的段落")


def _adjoin(edges: Sequence[int]) -> bool:
    """True if, of edges in pairs, each run begins where the one before it ends."""
    return all(left == right for left, right in zip(edges[::2], edges[1::2], strict=True))


def _field(row: Row, text: str, place: str) -> Field:
    span = None if row["start"] is None and row["end"] is None else _span(row, text, place)
    return Field(value=row["value"], span=span, rule=row["rule"])


def _quoted(row: Row, text: str, place: str) -> Span:
    """Where words of a letter's text stand, which are what the row says."""
    span = _span(row, text, place)
    if span.of(text) != row["text"]:
        bad(place, f"text 与复文 {row['letter_id']} 的 {span.start}:{span.end} 不同")
    return span


def _is_day(words: str) -> bool:
    """True of a day that there is, as exports write one."""
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def _span(row: Row, text: str, place: str) -> Span:
    start, end = row["start"], row["end"]
    if start is None or end is None or not 0 <= start <= end <= len(text):
        bad(place, f"位置 {start}:{end} 超出全文")
    return Span(start=start, end=end)

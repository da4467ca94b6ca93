"""Questions for a list of letters or their number, answered by fields and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from kb.answer import card
from kb.answer.catalogue import is_called, meets, needed, topic_span
from kb.answer.fields import places
from kb.answer.quotes import NEAREST, near, quote
from kb.answer.refusal import refuse
from kb.query.conditions import ListConditions
from kb.query.list_question import CONSULTED
from kb.query.parse import Query
from kb.replies import Answer, Listing, Refusal
from kb.store.protocol import SnapshotReader
from kb.text.titles import consulted
from kb.types import Letter, LetterHead, Nearest, Quote, Scope, Span

MOST_ROWS = 200
COPIES_NAMED = 3  # letters whose copies a caption names


def list_answer(query: Query, reader: SnapshotReader) -> Listing | Answer | Refusal | None:
    """The list that is asked for, a refusal if no letter is on it; None for other questions.

    What the newest letter says is answered by its card.
    """
    asked = query.listing
    if asked is None:
        return None
    heads = _meeting(asked, query.scope, reader)
    if heads is None:
        return None  # the letters may call it by another name: let it be searched for
    listed = [head for head in heads if _replies(head, asked)]
    if not listed:
        return refuse("none_listed", query, reader, listed=_called(asked))
    newest = sorted(sorted(listed, key=lambda head: head.id), key=_day, reverse=True)
    kept = newest[: asked.newest or MOST_ROWS]
    if asked.shows == "card":
        return card.of_letters(
            [reader.letter(kept[0].id)], query, reader, nearest=_older(newest, reader)
        )
    rows = tuple(_row(reader.letter(head.id), asked) for head in kept)
    return Listing(
        question=query.typed,
        snapshot=reader.snapshot.version,
        caption=_caption(asked, newest) + _copied(newest, reader),
        count=len(kept) if asked.newest else len(newest),
        rows=rows,
        nearest=(),
        confidence=1.0,
    )


def _meeting(
    asked: ListConditions, scope: Scope, reader: SnapshotReader
) -> list[LetterHead] | None:
    """The letters that meet the conditions; None if only those fail of which no head tells."""
    every = reader.letters(scope, issuers=asked.issuers, days=asked.days)
    if not asked.needs_letters:
        return [head for head in every if asked.admits(head)]
    outlines = reader.outlines(scope, issuers=asked.issuers, days=asked.days, words=needed(asked))
    heads = [
        head
        for head, outline in outlines
        if asked.admits(head) and meets(outline, asked, issuer=head.issuer or "")
    ]
    return heads or (None if any(map(asked.admits, every)) else [])


def _replies(head: LetterHead, asked: ListConditions) -> bool:
    """True of a 会办意见 if these are asked for; of the newest answer only of an answer."""
    if asked.consulted:
        return consulted(head.title)
    return asked.newest is None or not consulted(head.title)


def _day(head: LetterHead) -> str:
    return head.issued_on or ""


def _caption(asked: ListConditions, listed: Sequence[LetterHead]) -> str:
    if asked.newest:
        return _newest_caption(asked, listed)
    caption = f"已收录的{_called(asked)}，共 {len(listed)} 份"
    if len(listed) > MOST_ROWS:
        caption += f"，这里列出最新的 {MOST_ROWS} 份"
    helping = sum(consulted(head.title) for head in listed)
    caption += f"（其中会办意见 {helping} 份）" if helping and not asked.consulted else ""
    return caption + _each(asked, listed)


def _newest_caption(asked: ListConditions, listed: Sequence[LetterHead]) -> str:
    shown = min(asked.newest or 0, len(listed))
    caption = f"已收录的{_called(asked)}中最新的{'一' if shown == 1 else f' {shown} '}份"
    older = len(listed) - shown
    return caption + (f"；更早的还有 {older} 份" if older else "；没有更早的")


_LABELS = {"issuer": "发文单位", "issued_on": "日期", "number": "文号", "addressees": "称呼"}
_UNITS = {
    "year": ("年", "日期不详"),
    "class": ("类", "没有写明办理结果"),
    "issuer": ("", "单位不详"),
    "kind": ("", "类型不详"),
}


def _each(asked: ListConditions, listed: Sequence[LetterHead]) -> str:
    """How many there are of each year, class, issuer or kind, where that is asked: 2025年 3 份."""
    if not asked.each:
        return ""
    unit, unknown = _UNITS[asked.each]
    values = (_value(head, asked.each) for head in listed)
    counted = Counter(f"{value}{unit}" if value else unknown for value in values)
    many = asked.each == "issuer"  # the busiest first
    rows = sorted(counted.items(), key=lambda row: (-row[1] if many else 0, row[0]))
    return "：" + "，".join(f"{value} {count} 份" for value, count in rows)


def _value(head: LetterHead, by: str) -> str | None:
    match by:
        case "year":
            return (head.issued_on or "")[:4]
        case "class":
            return head.result_class
        case "kind":
            return head.kind
        case _:
            return head.issuer


def _copied(listed: Sequence[LetterHead], reader: SnapshotReader) -> str:
    """Which letters stand in the base more than once; "" if none does."""
    copies: dict[str, list[str]] = {head.id: [] for head in listed}
    for letter_id, aside in reader.set_aside().items():
        if aside.reason == "copy" and aside.served in copies:
            copies[aside.served].append(letter_id)
    named = [f"{letter_id} 另存为 {'、'.join(more)}" for letter_id, more in copies.items() if more]
    if not named:
        return ""
    shown = "；".join(named[:COPIES_NAMED]) + ("等" if len(named) > COPIES_NAMED else "")
    return f"（同一份复文只计一份：{shown}）"


def _called(asked: ListConditions) -> str:
    """The conditions in words: 2024年焦作市住房和城乡建设局的B类提案答复."""
    organs = sorted(asked.issuers) if len(asked.issuers) == 1 else asked.organs
    days = (*(f"{year}年" for year in asked.years), *(period.called for period in asked.periods))
    of = "、".join(days) + "、".join((*asked.places, *organs))
    about = "".join(f"“{word}”" for word in asked.topic)
    graded = "、".join(asked.classes) + ("类" if asked.classes else "")
    noun = CONSULTED if asked.consulted else f"{'、'.join(asked.kinds)}答复"
    parts = (
        f"{of}的" if of else "",
        f"{asked.session.called}的" if asked.session else "",
        f"{'、'.join((*asked.people, *asked.bodies))}提出的"
        if asked.people or asked.bodies
        else "",
        "联名提出的" if asked.together else "",
        f"与{'、'.join(asked.partners)}共同办理的" if asked.partners else "",
        f"题目或小标题提到{about}的" if about else "",
    )
    return "".join(parts) + graded + noun


def _row(letter: Letter, asked: ListConditions) -> Quote:
    """The letter quoted at the place that meets the rarest condition, else by its title."""
    label, span = next(_places(letter, asked))
    return quote(letter, span, score=1.0, about=label)


def _places(letter: Letter, asked: ListConditions) -> Iterator[tuple[str, Span]]:
    """Where the letter says what puts it on the list, the most telling first."""
    told = topic_span(letter, asked.topic) if asked.topic else None
    fields = (
        *_shown(letter, asked.shows),
        ("办理结果", _span(letter, "result_class") if asked.classes else None),
        *(_brought(letter, asked)),
        told or ("题目", None),
        ("会议", _span(letter, "assembly") if asked.session else None),
        ("日期", _span(letter, "issued_on") if asked.years or asked.periods else None),
        ("发文单位", _span(letter, "issuer") if asked.issuers or asked.places else None),
        ("题目", letter.title.span if letter.title else None),
        ("题目", _span(letter, "proposal_title")),
    )
    for label, span in fields:
        if span and span.of(letter.text).strip():
            yield label, span
    first = re.search(r"\S.*|\Z", letter.text)
    yield "首行", Span(start=first.start(), end=first.end()) if first else letter.body


def _shown(letter: Letter, name: str) -> Iterator[tuple[str, Span | None]]:
    """Where the letter tells the field that is asked of each; nothing where none is."""
    if name in _LABELS:
        yield from ((_LABELS[name], span) for span, _ in places(letter, name))


def _older(newest: Sequence[LetterHead], reader: SnapshotReader) -> tuple[Nearest, ...]:
    """The letters after the first of ``newest``, as they are offered."""
    return tuple(near(reader.letter(head.id), score=0.0) for head in newest[1 : 1 + NEAREST])


def _brought(letter: Letter, asked: ListConditions) -> Iterator[tuple[str, Span | None]]:
    """Where the letter names those who brought the proposal, or helped to answer it."""
    for field in letter.lists.get("co_organs", ()):
        if any(is_called(field.value, name) for name in asked.partners):
            yield "会办单位", field.span
    people = [field.span for field in letter.lists.get("addressees", ()) if field.span]
    if people and (asked.people or asked.bodies or asked.together):
        yield "称呼", Span(start=people[0].start, end=people[-1].end)


def _span(letter: Letter, name: str) -> Span | None:
    field = letter.fields.get(name)
    return field.span if field else None

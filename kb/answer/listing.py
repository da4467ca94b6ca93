"""Questions for a list of letters or their number, answered by fields and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kb.answer.quotes import quote
from kb.answer.refusal import refuse
from kb.query.list_question import CONSULTED, ListConditions
from kb.query.parse import Query
from kb.replies import Listing, Refusal
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.synonyms import meanings
from kb.text.titles import consulted
from kb.types import Field, Letter, LetterHead, Quote, Scope, Span

MOST_ROWS = 200
COPIES_NAMED = 3  # letters whose copies a caption names


def list_answer(query: Query, reader: SnapshotReader) -> Listing | Refusal | None:
    """The list that is asked for, a refusal if no letter is on it; None for other questions."""
    asked = query.listing
    if asked is None:
        return None
    heads = [head for head in reader.letters(query.scope) if asked.admits(head)]
    if asked.topic:
        titles = _titles(reader, query.scope)
        heads = [h for h in heads if any(_holds(title, asked.topic) for title in titles[h.id])]
        if not heads:
            return None  # the titles may call it by another name: let it be searched for
    listed = [head for head in heads if consulted(head.title) or not asked.consulted]
    version = reader.snapshot.version
    if not listed:
        return refuse("none_listed", query, reader, listed=_called(asked))
    newest = sorted(sorted(listed, key=lambda head: head.id), key=_day, reverse=True)
    rows = tuple(_row(reader.letter(head.id), asked) for head in newest[:MOST_ROWS])
    return Listing(
        question=query.typed,
        snapshot=version,
        caption=_caption(asked, newest) + _copied(newest, reader),
        count=len(newest),
        rows=rows,
        nearest=(),
        confidence=1.0,
    )


def _day(head: LetterHead) -> str:
    return head.issued_on or ""


@memo()
def _titles(reader: SnapshotReader, scope: Scope) -> Mapping[str, tuple[str, ...]]:
    """Letter id → its titles, folded. A tenth of a millisecond a letter, so once a snapshot."""
    letters = (reader.letter(head.id) for head in reader.letters(scope))
    return {
        letter.id: tuple(searchable(title.value) for title in _named(letter)) for letter in letters
    }


def _named(letter: Letter) -> list[Field]:
    """The title of the proposal and the letter's own."""
    return [title for title in (letter.fields.get("proposal_title"), letter.title) if title]


def _holds(title: str, words: Sequence[str]) -> bool:
    """True if the folded ``title`` holds each of ``words`` or a word of the same meaning."""
    return all(any(meaning in title for meaning in meanings(word)) for word in words)


def _holding(letter: Letter, words: Sequence[str]) -> Field | None:
    return next((title for title in _named(letter) if _holds(searchable(title.value), words)), None)


def _caption(asked: ListConditions, listed: Sequence[LetterHead]) -> str:
    caption = f"已收录的{_called(asked)}，共 {len(listed)} 份"
    if len(listed) > MOST_ROWS:
        caption += f"，这里列出最新的 {MOST_ROWS} 份"
    helping = sum(consulted(head.title) for head in listed)
    return caption + (f"（其中会办意见 {helping} 份）" if helping and not asked.consulted else "")


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
    of = "、".join(f"{year}年" for year in asked.years) + "、".join((*asked.places, *organs))
    about = "".join(f"“{word}”" for word in asked.topic)
    graded = "、".join(asked.classes) + ("类" if asked.classes else "")
    noun = CONSULTED if asked.consulted else f"{'、'.join(asked.kinds)}答复"
    return (f"{of}的" if of else "") + (f"题目提到{about}的" if about else "") + graded + noun


def _row(letter: Letter, asked: ListConditions) -> Quote:
    """The letter quoted at the place that meets the rarest condition, else by its title."""
    label, span = next(_places(letter, asked))
    return quote(letter, span, score=1.0, about=label)


def _places(letter: Letter, asked: ListConditions) -> Iterator[tuple[str, Span]]:
    """Where the letter says what puts it on the list, the most telling first."""
    fields = (
        ("办理结果", letter.fields.get("result_class") if asked.classes else None),
        ("题目", _holding(letter, asked.topic) if asked.topic else None),
        ("日期", letter.fields.get("issued_on") if asked.years else None),
        ("发文单位", letter.fields.get("issuer") if asked.issuers or asked.places else None),
        ("题目", letter.title),
        ("题目", letter.fields.get("proposal_title")),
    )
    for label, field in fields:
        if field and field.span and field.span.of(letter.text).strip():
            yield label, field.span
    first = re.search(r"\S.*|\Z", letter.text)
    yield "首行", Span(start=first.start(), end=first.end()) if first else letter.body

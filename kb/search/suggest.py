"""Questions worth asking: for an empty box, and for the words typed so far."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.privacy.pii import masked
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.titles import subject_of
from kb.types import Letter, Scope

MOST = 6
_NEWEST = 1000  # letters that are suggested from
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、])\s*"
)
# A heading that names a thing: neither a sentence, nor of the letter itself.
_THING = re.compile(r"^(?!关于|[对以已各本拟我您])[\u4e00-\u9fff]{4,14}$")
_NO_THING = re.compile(
    r"情况|工作|安排|打算|措施|现状|回应|意见|重点|实情|后续|进展|办法|成效|问题|提案|建议|反映|成因|缺口"
    r"|底数|家底|测算|数量|来龙去脉|什么|怎|哪|何|多少|到底|能不能|能做|没有|已经|现在|现行|目前|今[年后]|下一"
)


def suggestions(
    typed: str,
    reader: SnapshotReader,
    *,
    scope: Scope,
    approved: Sequence[str] = (),
    most: int = MOST,
) -> tuple[str, ...]:
    """At most ``most`` questions that hold the words ``typed``, those that begin so first.

    ``approved`` are those that staff approved; they go before those made of subjects and
    headings, the newest letters' first. Where nothing was typed each organ gives one. Personal
    data is in none. What visitors ask is shown to nobody else.
    """
    key = _key(typed)
    first = tuple(
        (_key(question), question) for question in approved if masked(question) == question
    )
    known = _known(reader, scope)
    if not key:
        examples = (*(question for _, question in first), *known[0])
        return tuple(dict.fromkeys(examples))[:most]
    found = dict.fromkeys(
        question for words, question in (*first, *known[1]) if words.startswith(key)
    )
    if len(found) < most:
        found |= dict.fromkeys(question for words, question in (*first, *known[1]) if key in words)
    return tuple(found)[:most]


Known = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


@memo()
def _known(reader: SnapshotReader, scope: Scope) -> Known:
    """One question of each organ's newest letter, and every question by its key."""
    examples, every = dict[str | None, str](), dict[str, str]()
    for head in reader.newest(_NEWEST, scope):
        for question in _questions(reader.letter(head.id)):
            if masked(question) == question:
                examples.setdefault(head.issuer, question)
                every.setdefault(_key(question), question)
    return tuple(examples.values()), tuple(every.items())


def _questions(letter: Letter) -> Iterator[str]:
    subject = subject_of(letter)
    if subject:
        yield f"{re.split('[、，]', subject)[0]}，下一步有什么打算？"
    for heading in letter.headings:
        thing = _NUMBERING.sub("", heading.text).strip()
        if _THING.search(thing) and not _NO_THING.search(thing):
            yield f"{thing}，目前情况怎么样？"


def _key(words: str) -> str:
    return searchable(words)

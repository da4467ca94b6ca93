"""A question, parsed once: one frozen value that search, answers and lists take."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from kb.errors import WrongUse
from kb.query.bare import only_a_number, scant
from kb.query.conditions import ListConditions
from kb.query.current import asks_now, without_pressing
from kb.query.directory import Directory, Named, names
from kb.query.expect import Expected, expected
from kb.query.field_question import FieldQuestion, field_question
from kb.query.guide import asks_for_guide
from kb.query.list_question import list_question
from kb.query.promise_question import PromiseQuestion, promise_question
from kb.settings import Settings
from kb.text.chars import encodable
from kb.text.places import Setting, setting
from kb.text.similarity import pairs
from kb.text.tokens import carrying, tokens
from kb.text.traditional import simplified
from kb.text.years import relative_years
from kb.types import Scope

_POLITE = re.compile(
    r"^(?:\s|[，,、。！!]|你好|您好|请问|(?:我?想|麻烦)(?:请?问|咨询|了解)(?:一下|下)?)+"
)
_MARKS = re.compile(r"[\s？?。.！!～~…]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a question says, of the letters in ``scope`` of one snapshot.

    ``typed`` is the question itself; ``text`` is how it is searched and read, in simplified
    characters, and ``tokens`` those of ``text``. ``words`` are the tokens that carry a subject,
    all where none does; ``pairs`` its pairs of neighbouring characters. ``named`` are the letters
    and organs that it names, ``setting`` its places and years, ``expected`` what an answer must
    show. ``listing``, ``field`` and ``promise`` are set where it asks for a list of letters, for a
    field of one or for what was promised; ``bare`` where it names a letter and asks for nothing
    of it, ``scant`` where it is too little to search for; ``guide`` where it asks how something is
    done at a counter, ``now`` where it asks how things stand now. ``talk`` is the code of small
    talk, which is no question; ``parts`` are the several questions in it, or what it compares where
    ``compares``. ``otherwise`` are other ways to read it: the surest answer to any counts. ``led``
    tells that its subject is from elsewhere; of ``own``, the nouns that it has itself, what is
    quoted must then tell of one. It is answered with confidence ``least`` or not at all. ``after``
    is the question before it, whose answer is none to this one.
    """

    typed: str
    text: str
    scope: Scope
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    pairs: frozenset[str]
    named: Named
    setting: Setting
    expected: Expected
    listing: ListConditions | None = None
    field: FieldQuestion | None = None
    promise: PromiseQuestion | None = None
    bare: bool = False
    scant: bool = False
    guide: bool = False
    now: bool = False
    talk: str | None = None
    parts: tuple[QueryPart, ...] = ()
    compares: bool = False
    otherwise: tuple[Query, ...] = ()
    led: bool = False
    least: float = 0.0
    own: tuple[str, ...] = ()
    after: Query | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPart:
    """One of several questions, or of what is compared; ``label`` is what people are told of it."""

    label: str
    query: Query


def parse(
    question: str, known: Directory, *, settings: Settings, today: date | None = None
) -> Query:
    """``question`` put to the letters that ``known`` is the directory of.

    In one for the letters of 去年, or for what was so 去年, the year is counted from ``today``.
    Raises WrongUse for an empty, too long or unencodable question.
    """
    typed = checked(question, settings=settings)
    simple = simplified(typed)
    query = as_written(plainly(without_pressing(simple)), known)
    meant = {
        str(word.year)
        for word in relative_years(simple, written=today)
        if not word.span.of(simple).endswith("半年")
    }
    years = tuple(dict.fromkeys((*query.setting.years, *sorted(meant))))
    return replace(
        query,
        typed=typed,
        setting=replace(query.setting, years=years),
        listing=list_question(simple, known, places=query.setting.places, today=today),
        field=field_question(simple),
        promise=promise_question(simple, known, places=query.setting.places, today=today),
        bare=only_a_number(simple),
        scant=scant(simple) and not query.named.letter_ids,
        guide=asks_for_guide(simple),
        now=asks_now(simple),
    )


def as_written(text: str, known: Directory) -> Query:
    """``text`` to be searched for word for word: it asks for no list and for no field."""
    typed, text = text, simplified(text)
    words = tuple(tokens(text))
    return Query(
        typed=typed,
        text=text,
        scope=known.scope,
        tokens=words,
        words=tuple(carrying(words)) or tuple(dict.fromkeys(words)),
        pairs=pairs(text),
        named=names(text, known, words=words),
        setting=setting(text, known.places, words=words),
        expected=expected(text),
    )


def checked(question: str, *, settings: Settings) -> str:
    """``question`` without white space at its ends. Raises WrongUse."""
    typed = question.strip()
    if not typed:
        raise WrongUse("问题是空的；请写下要问的内容")
    if len(typed) > settings.question_length:
        raise WrongUse(f"问题有 {len(typed)} 个字，超过 {settings.question_length} 个字；请缩短")
    if not encodable([typed]) or "\x00" in typed:
        raise WrongUse("问题中含有无法识别的字符；请重新输入")
    return typed


def plainly(question: str) -> str:
    """``question`` as it is searched and read: without 请问, and with one question mark.

    The reading model learned on questions that end in one; with and without, they are the same.
    """
    bare = _MARKS.sub("", _POLITE.sub("", question))
    return f"{bare}？" if bare else question

"""Follow-up questions: what one lacks is taken over from the question before it.

Precision goes first: a question that may stand on its own is left as it is, for to carry a
wrong subject into a right question is worse than to ask again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from kb.query.directory import Directory
from kb.query.kindred import asked_before, place_for
from kb.query.list_question import list_question
from kb.query.mentions import Mention, mentions, without
from kb.query.parse import Query
from kb.text.chars import made_of, narrow
from kb.text.organs import ASKED_END
from kb.text.places import Place, setting
from kb.text.tokens import segmenter, stopwords, tokens, word_lists
from kb.text.traditional import simplified
from kb.types import Span

Kind = Literal["organ", "number", "place", "year", "subject"]

ASKING = Path(__file__).with_name("asking.txt")
LONGEST = 60  # code points of a question that may lack something
LONGEST_BEFORE = 200  # and of one that is asked again with another year, organ or place
_SUBJECT_RUNS, _SUBJECT_LENGTH = 3, 24
_KINDS: tuple[Literal["place", "organ", "year"], ...] = ("place", "organ", "year")

_MARKS = re.compile(r"[\s，。；：？！、“”‘’（）()?!,.:;…~～\-—]+")
# All that may stand around the one thing that is put in place of another: 那2025年呢？
_SWAPPING = frozenset((
    "那", "那么", "呢", "如果", "要是", "换成", "换", "改成", "是", "至于", "对于", "还有", "在",
    "的", "话", "怎么样", "怎样", "如何", "又", "也", "吗", "到", "了", "情况", "请问", "和", "有",
    "就", "方面", "市", "里", "份", "答复", "提案",
))  # fmt: skip
_SWAPS = re.compile(r"^(?:那|如果|要是|换|改成|至于|还有)|(?:呢|怎么样|怎样|如何)$")
_OTHER = re.compile(r"^(?:那么?|至于|换成)(?P<subject>[^，。；？！]{2,14}?)呢[？?。]*$")
_WHAT = re.compile(r"什么|多少|几|怎么|怎样|如何|哪|谁|啥")
_POINTING = re.compile(
    r"^(?:请问|那么?)?(?:它们?(?!山)|上述|其(?![中他它实余次])|这(?:[项份件封]|个(?![月周季星礼年]))"
    r"|该(?=提案|建议|议案|答复|复[文函]|项目|政策|工程|小区|办法|文件|函))"
)
_ON_ITS_OWN = re.compile(r"关于|有关|[“《]")
_HEAD = re.compile(r"^(?P<head>[^，。；？！：]{2,60})：")
_ORGAN = re.compile(rf"{ASKED_END}$")  # one that issued no letter
_OPENING = re.compile(r"^那(?:么，?|(?![些个份件位]))")
_THEN = re.compile(r"^那(?!曲|坡|政)")  # so that it is no part of a document number: 那焦建办…
_PLACE = re.compile(r".{2,6}?[省市区县]")
_NO_SUBJECT = re.compile(r"你好|您好|谢谢|感谢|再见|在吗|测试")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Words taken over from an earlier question."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Words ``was`` of a question that are read as ``now``; a ``model`` worded that anew."""

    kind: Literal["story", "spelling", "script", "split", "model"]
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question that can be understood alone, and what was done to it; nothing where it could."""

    question: str
    carried: tuple[Carried, ...] = ()
    mended: tuple[Mended, ...] = ()

    @property
    def reworded(self) -> str | None:
        """The question that a model's words stand for; None where there are none of a model's."""
        return next((one.was for one in self.mended if one.kind == "model"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """An earlier question: its text, what that names, and what may be taken over from it."""

    text: str
    places: tuple[Place, ...]
    named: tuple[Mention, ...]
    carried: tuple[Carried, ...]


def resolved(query: Query, before: Sequence[str], known: Directory) -> Resolved:
    """``query`` with what it lacks from the latest of ``before`` that has any.

    ``before`` are the earlier questions as they were resolved, the latest last; each is
    read at most once. What is taken over is in simplified characters.
    """
    question = query.typed
    if len(question) > LONGEST:
        return Resolved(question=question)
    query = replace(query, typed=simplified(question))
    own = _named(query, known)
    earlier = _latest(before, known)
    if earlier is None:
        return Resolved(question=question)
    return (
        _swapped(query, own, earlier, known)
        or _other(query.typed, own, earlier)
        or _led(query, own, earlier, known)
        or Resolved(question=question)
    )


def led(query: Query, before: Sequence[str], known: Directory) -> Resolved | None:
    """``query`` after what the latest of ``before`` was about, though it may stand alone."""
    query = replace(query, typed=simplified(query.typed))
    earlier = _latest(before, known)
    return _about(query, _named(query, known), earlier) if earlier else None


def _latest(before: Sequence[str], known: Directory) -> _Earlier | None:
    """What may be taken over from the latest of ``before`` that has any.

    Where that tells no subject, the subject is that of the one before it.
    """
    found: _Earlier | None = None
    for last in reversed(before):
        earlier = _earlier(last, known)
        subject = tuple(taken for taken in earlier.carried if taken.kind == "subject")
        if found is None and earlier.carried:
            found = earlier
        elif found is not None:
            found = replace(found, carried=(*found.carried, *subject))
        if subject:
            break
    return found


def _named(query: Query, known: Directory) -> tuple[Mention, ...]:
    """What the question names; 那民政局呢 names an organ though no letter is of it."""
    own = mentions(_THEN.sub("，", query.typed), known, places=query.setting.places)
    match = _OTHER.search(query.typed)
    if own or not match or not _ORGAN.search(match["subject"]):
        return own
    span = Span(start=match.start("subject"), end=match.end("subject"))
    return (Mention(kind="organ", text=match["subject"], span=span),)


def _swapped(
    query: Query, own: Sequence[Mention], earlier: _Earlier, known: Directory
) -> Resolved | None:
    """那2025年呢: the last question with that year, organ, place or number for its own."""
    words = _bare(without(narrow(query.typed), own))
    names_only = own and _SWAPS.search(words) and made_of(words, _SWAPPING)
    if not names_only or len(earlier.text) > LONGEST_BEFORE:
        return None
    kinds = {mention.kind for mention in own}
    if "number" not in kinds and any(taken.kind == "number" for taken in earlier.carried):
        return None  # the letter with that number is of no other year and no other organ
    text, places = earlier.text, (*query.setting.places, *earlier.places)
    for new in own:
        text = _put(new, text, mentions(text, known, places=places))
    staying = [taken for taken in earlier.carried if taken.kind not in kinds and taken.text in text]
    if "place" in kinds:
        staying = [
            replace(taken, text=_PLACE.sub("", taken.text, count=1))
            if taken.kind == "organ"
            else taken
            for taken in staying
        ]
    left = without(text, mentions(text, known, places=places), gap="，")
    rest = max(_MARKS.split(left), key=len)
    carried = (*staying,) or ((Carried(kind="subject", text=rest),) if rest else ())
    return Resolved(question=text, carried=carried) if carried else None


def _put(new: Mention, text: str, there: Sequence[Mention]) -> str:
    """``text`` with ``new`` for the first of its kind, the others of that kind left out."""
    same = [mention for mention in there if mention.kind == new.kind]
    organs = [mention for mention in there if mention.kind == "organ" and new.kind == "place"]
    if same:
        first, *rest = same
        for mention in reversed(rest):
            text = text[: mention.span.start] + text[mention.span.end :]
        return text[: first.span.start] + new.text + text[first.span.end :]
    if organs:
        begin, place = organs[0].span.start, _PLACE.match(organs[0].text)
        return text[:begin] + new.text + text[begin + (place.end() if place else 0) :]
    return new.text + text


def _other(question: str, own: Sequence[Mention], earlier: _Earlier) -> Resolved | None:
    """那充电桩呢: another subject, of which the same is asked."""
    match = _OTHER.search(question)
    if own or not match or lacks_subject(match["subject"]) or _WHAT.search(match["subject"]):
        return None
    lead = [taken for taken in earlier.carried if taken.kind in _KINDS]
    asked = re.sub(r"[？?。！]+$", "", without(earlier.text, earlier.named))
    gone = place_for(match["subject"], asked) or asked_before(asked, lacks_subject)
    begun, kept = asked[: gone.start], asked[gone.end :]
    same = [Carried(kind="subject", text=words) for words in (begun, kept) if words]
    question = f"{begun}{match['subject']}{kept}？"
    text = " ".join((*(taken.text for taken in lead), question))
    return Resolved(question=text, carried=(*lead, *same)) if lead or same else None


def _led(
    query: Query, own: Sequence[Mention], earlier: _Earlier, known: Directory
) -> Resolved | None:
    """什么时候完成: the question after what it is about, which it does not say."""
    words = without(narrow(query.typed), own)
    if any(mention.kind == "number" for mention in own):
        return None
    points = _POINTING.search(words) and not _ON_ITS_OWN.search(words)
    # Not ``query.listing``: it knows the day, and of 去年 alone nobody says what is listed.
    if not points and not (
        lacks_subject(words)
        and list_question(query.typed, known, places=query.setting.places) is None
    ):
        return None
    return _about(query, own, earlier)


def _about(query: Query, own: Sequence[Mention], earlier: _Earlier) -> Resolved | None:
    """The question after what the ``earlier`` one was about, but for what it says itself."""
    kinds = {mention.kind for mention in own}
    if "organ" in kinds:
        kinds |= {"place"}  # the place of the organ before is not that of this one
    if kinds & {"organ", "place", "year"}:
        kinds |= {"number"}  # and the letter before is of another organ or year
    carried = tuple(taken for taken in earlier.carried if taken.kind not in kinds)
    if not carried:
        return None
    about = " ".join(taken.text for taken in carried)
    return Resolved(question=f"{about}：{_OPENING.sub('', query.typed)}", carried=carried)


def _earlier(last: str, known: Directory) -> _Earlier:
    """What may be taken over from ``last``: each kind once, and its subject."""
    text = simplified(narrow(last))
    places = setting(text, known.places, words=tokens(text)).places
    named = mentions(text, known, places=places)
    head = _HEAD.match(text)
    opening = text[: head.end("head")] if head else text
    inside = [mention for mention in named if mention.span.end <= len(opening)]
    first = {mention.kind: mention.text for mention in reversed(inside)}
    found = [Carried(kind=kind, text=first[kind]) for kind in _KINDS if kind in first]
    subject = _subject(without(opening, inside, gap="，"))
    if subject:
        found.append(Carried(kind="subject", text=subject))
    if "number" in first:
        found.append(Carried(kind="number", text=first["number"]))
    return _Earlier(text=text, places=places, named=named, carried=tuple(found))


def _subject(text: str) -> str:
    """The words of ``text`` that tell what it is about, in runs: 装电梯 公积金."""
    if _NO_SUBJECT.search(text):
        return ""
    runs, end = list[str](), -1
    for word, start, stop in segmenter().tokenize(text):
        if _MARKS.fullmatch(word) or lacks_subject(word):
            continue
        if start == end:
            runs[-1] += word
        else:
            runs.append(word)
        end = stop
    long = [run for run in runs if len(run) > 1][:_SUBJECT_RUNS]
    return " ".join(long)[:_SUBJECT_LENGTH].strip()


def lacks_subject(words: str) -> bool:
    """True if ``words`` only ask or point; empty ones do neither."""
    plain = _bare(words)
    return bool(plain) and made_of(plain, asking_words())


@lru_cache(maxsize=1)
def asking_words() -> frozenset[str]:
    """Words that ask about anything and have no subject of their own."""
    return stopwords().union("0123456789", *word_lists(ASKING))


def _bare(words: str) -> str:
    return _MARKS.sub("", words)

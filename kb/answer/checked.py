"""Whether the sentences of any text stand in the letters: verbatim, nearly, or not at all.

What is shown of a letter is a quote like any other: whole sentences of its text, of which the
words that were compared are marked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from kb.answer.quotes import quote, verify
from kb.errors import WrongUse
from kb.privacy.pii import HIDDEN
from kb.store.protocol import SnapshotReader
from kb.text.chars import encodable, fold
from kb.text.normalize import Normalized, folded, standing_in
from kb.text.sentences import sentences, sentences_at, trimmed, whole
from kb.text.tokens import tokens
from kb.types import Letter, Passage, Quote, Scope, Span

LONGEST = 5000  # code points of a text
MOST = 60  # sentences of a text that are looked for
SHORTEST = 6  # code points, marks aside, of a sentence that tells where it is from
CANDIDATES = 30  # passages in whose letters the words are looked for
COMPARED = 8  # of them, those that are compared character by character
NEARLY = 0.75  # of the characters of both that are the same, from which two sentences are alike
RUN = 2  # characters that stand together: fewer are alike by chance

Verdict = Literal["verbatim", "nearly", "absent", "unchecked"]
Kind = Literal["number", "negation", "hidden", "form", "marks", "words"]
_NUMBER = re.compile(r".*\d|[〇零一二两三四五六七八九十百千万亿半%％‰.．]+$")
_PART = re.compile(r"\d+(?:[.．]\d+)?|\S")
_NEGATION = re.compile(r"[不未没無无非否莫勿别禁免]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs: ``given`` in the text, ``stands`` in the letter; one of the two may be empty.

    ``hidden`` are characters of the letter that nobody is shown, ``form`` the same ones written
    otherwise (３６０, 學).
    """

    given: Span
    stands: Span
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sentence of the text, at ``span``, and the words of a letter that are it or come nearest.

    ``quote`` holds the letter's whole sentences, its ``exact`` the part that was compared;
    ``partly`` if that begins or ends inside a clause of the letter, which may mean something else.
    ``others`` is in how many further letters the same words stand, of those that were looked at.
    """

    span: Span
    verdict: Verdict
    quote: Quote | None = None
    differences: tuple[Difference, ...] = ()
    partly: bool = False
    others: int = 0


def check(text: str, reader: SnapshotReader, *, scope: Scope) -> tuple[Checked, ...]:
    """Every sentence of ``text`` against the letters in ``scope``, in order.

    White space, and the marks around a sentence, do not count; what is too short to tell where it
    is from, and what comes after ``MOST`` sentences, is unchecked. Raises WrongUse for a text that
    is blank, longer than ``LONGEST`` or not proper Unicode.
    """
    if not encodable([text]) or "\x00" in text:
        raise WrongUse("文字里有不成字的编码；请重新复制一遍")
    if not text.strip():
        raise WrongUse("没有可以核对的文字；请贴上要核对的句子")
    if len(text) > LONGEST:
        raise WrongUse(f"文字有 {len(text)} 个字，一次最多核对 {LONGEST} 个；请分几次")
    spans = [trimmed(text, span) for span in sentences(text, whole(text))]
    spans = [span for span in spans if any(map(str.isalnum, span.of(text)))]
    found = tuple(_one(text, span, reader, scope) for span in spans[:MOST])
    for one in found:
        if one.quote:
            verify(one.quote, reader)
    return found + tuple(Checked(span=span, verdict="unchecked") for span in spans[MOST:])


def _one(text: str, span: Span, reader: SnapshotReader, scope: Scope) -> Checked:
    core = _core(text, span)
    if sum(map(str.isalnum, core.of(text))) < SHORTEST:
        return Checked(span=span, verdict="unchecked")
    words = core.of(text)
    found = reader.lexical(tokens(words), limit=CANDIDATES, scope=scope)
    passages = [reader.passage(ordinal) for ordinal, _ in found]
    return (
        _verbatim(words, span, passages, reader)
        or _nearest(text, core, span, passages[:COMPARED], reader)
        or Checked(span=span, verdict="absent")
    )


def _core(text: str, span: Span) -> Span:
    """``span`` without the marks at its ends: a bracket, a quotation mark, a full stop."""
    start, end = span.start, span.end
    while start < end and _is_mark(text[start]):
        start += 1
    while end > start and _is_mark(text[end - 1]) and text[end - 1] not in "%％‰":
        end -= 1
    return Span(start=start, end=end)


def _is_mark(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] == "P"


def _verbatim(
    words: str, span: Span, passages: Sequence[Passage], reader: SnapshotReader
) -> Checked | None:
    """The best letter that holds ``words``: one where they are whole clauses, if there is any."""
    ids = dict.fromkeys(passage.letter_id for passage in passages)
    places = [
        (letter, place)
        for letter in map(reader.letter, ids)
        if (place := _best_place(letter.text, words))
    ]
    if not places:
        return None
    letter, place = min(places, key=lambda found: _cuts(found[0].text, found[1]))
    return Checked(
        span=span,
        verdict="verbatim",
        quote=_quoted(letter, place, score=1.0),
        partly=_cuts(letter.text, place),
        others=len(places) - 1,
    )


def _best_place(text: str, words: str) -> Span | None:
    return min(standing_in(text, words), key=lambda place: _cuts(text, place), default=None)


def _cuts(text: str, place: Span) -> bool:
    """True if ``place`` begins or ends inside a clause: 同意安装 where it says 不同意安装."""
    before, after = text[: place.start].rstrip(" \u3000")[-1:], text[place.end :].lstrip(" \u3000")
    return any(near and near != "\n" and not _is_mark(near) for near in (before, after[:1]))


def _quoted(letter: Letter, place: Span, *, score: float) -> Quote:
    """The sentences of ``letter`` that ``place`` is in, with it marked."""
    span = sentences_at(letter.text, place)
    return replace(quote(letter, span, score=score), exact=(place,) if place != span else ())


def _nearest(
    text: str, core: Span, span: Span, passages: Sequence[Passage], reader: SnapshotReader
) -> Checked | None:
    """The sentence, or two that follow each other, that is most like what stands at ``core``."""
    asked = folded(text, core)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(asked.words)
    best: tuple[float, Letter, Span] | None = None
    for passage in passages:
        letter = reader.letter(passage.letter_id)
        for window in _windows(passage.sentences):
            place, alike = _alike(folded(letter.text, window), asked, matcher)
            if place and alike >= NEARLY and (best is None or alike > best[0]):
                best = alike, letter, place
    if best is None:
        return None
    alike, letter, place = best
    return Checked(
        span=span,
        verdict="nearly",
        quote=_quoted(letter, place, score=alike),
        differences=tuple(_differences(text, core, letter.text, place)),
        partly=_cuts(letter.text, place),
    )


def _windows(spans: Sequence[Span]) -> Iterator[Span]:
    for number, span in enumerate(spans):
        yield span
        if number + 1 < len(spans):
            yield Span(start=span.start, end=spans[number + 1].end)


def _alike(
    window: Normalized, asked: Normalized, matcher: SequenceMatcher[str]
) -> tuple[Span | None, float]:
    """The part of ``window`` between the first and the last run that both have, and how alike it
    is to ``asked``: twice the characters that are the same, of all of both (0 to 1)."""
    matcher.set_seq1(window.words)
    if matcher.quick_ratio() * (len(window.words) + len(asked.words)) < NEARLY * len(asked.words):
        return None, 0.0
    runs = [block for block in matcher.get_matching_blocks() if block.size >= RUN]
    if not runs:
        return None, 0.0
    # What was put in the place of the sentence's first or last words is compared as well.
    start, end = runs[0].a, runs[-1].a + runs[-1].size
    if runs[0].b:
        start = _clause_start(window.words, start)
    if runs[-1].b + runs[-1].size < len(asked.words):
        end = _clause_end(window.words, end)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return window.span(start, end), 2 * same / (end - start + len(asked.words))


def _clause_start(words: str, at: int) -> int:
    return next((n for n in range(at, 0, -1) if _is_mark(words[n - 1])), 0)


def _clause_end(words: str, at: int) -> int:
    return next((n for n in range(at, len(words)) if _is_mark(words[n])), len(words))


def _differences(text: str, core: Span, stands: str, place: Span) -> Iterator[Difference]:
    """What differs between ``core`` of ``text`` and ``place`` of ``stands``, white space aside.

    Character by character, but a number as a whole: 65 for 56 is one difference.
    """
    given, kept = _parts(text, core), _parts(stands, place)
    ours, theirs = (
        [span.of(whole) for span in spans] for whole, spans in ((text, given), (stands, kept))
    )
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for what, start, end, first, last in matcher.get_opcodes():
        if what != "equal":
            yield Difference(
                given=_joined(given, start, end, core),
                stands=_joined(kept, first, last, place),
                kind=_kind("".join(ours[start:end]), "".join(theirs[first:last])),
            )


def _parts(text: str, span: Span) -> list[Span]:
    found = _PART.finditer(text, span.start, span.end)
    return [Span(start=match.start(), end=match.end()) for match in found]


def _joined(parts: Sequence[Span], start: int, end: int, within: Span) -> Span:
    """From the first of ``parts[start:end]`` to the last; of none, where one is missing."""
    if start < end:
        return Span(start=parts[start].start, end=parts[end - 1].end)
    at = parts[start].start if start < len(parts) else within.end
    return Span(start=at, end=at)


def _kind(ours: str, theirs: str) -> Kind:
    if theirs and not theirs.strip(HIDDEN):
        return "hidden"
    if fold(ours) == fold(theirs):
        return "form"
    if all(map(_is_mark, ours + theirs)):
        return "marks"
    if _NEGATION.search(ours) or _NEGATION.search(theirs):
        return "negation"
    return "number" if _NUMBER.match(ours) or _NUMBER.match(theirs) else "words"

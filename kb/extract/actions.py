"""What is to be done, as a list shows it: the words of a promise without its dates and its asides.

Part by part between commas: what is background, done or only the beginning of the work is left
out where something else remains, and so are the words that only say that it is a promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.extract.action_rules import (
    AFTER_DUE,
    ATTRIBUTE,
    BEFORE_DUE,
    BEGINNING,
    BRACKETS,
    ENDING,
    GOES_ON,
    HELD_IN,
    LEADS,
    OF_THE_DEED,
    OF_WHICH,
    PARTS,
    SUPPOSED,
    THIN,
    TIE,
    WILL,
    Kind,
)
from kb.extract.clauses import Clause
from kb.extract.due import Dated
from kb.extract.promise_rules import BLANK
from kb.extract.topic import topic
from kb.extract.wording import balanced, cut, without_doer

LONGEST = 80  # characters that are shown of an action
_EDGES = ("前", "底", "末", "起", "内", "后", "间", "始")  # of a due expression that ends there
_AND = ("、", "和", "与", "及")  # between two such expressions
_MARKS = "，,、。；;：:）)"
_THIN_LENGTH = 2  # characters; what is shorter says what is done, but not to what


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What is left of a part: where its characters stand in the clause, and what it says."""

    places: tuple[int, ...]
    kind: Kind
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be done: as a list shows it, at most ``LONGEST`` characters, and as squeezed
    ``words``, without what is done already, for reading what figure is aimed at."""

    action: str
    words: str


def deed(
    text: str,
    clause: Clause,
    *,
    start: int,
    end: int,
    dated: Sequence[Dated],
    main: int,
    doer: str | None = None,
) -> Deed:
    """What the promise at ``start`` to ``end`` of the clause's words asks for, in its own words.

    ``text`` is the letter's; ``dated`` are the due expressions of the clause; ``main`` is where
    that stands which counts, or the promise's own cue. The ``doer`` is left out where it is the
    subject: a list has a column for it.
    """
    pieces = _pieces(clause, start, end, dated)
    chosen = _chosen(clause, pieces, main=main) or pieces
    whole = "".join(
        _tie(clause, before, piece) + _shown(text, clause, piece)
        for before, piece in zip([None, *chosen], chosen, strict=False)
    ).lstrip(_MARKS)
    if not whole:
        words = "".join(text[clause.plain.offsets[n]] for n in range(start, end))
        whole = words.lstrip(_MARKS) or words
    else:
        whole = without_doer(whole, doer)
        whole = whole[lead(whole) :] or whole
    if of := topic(clause, start, action=whole):
        whole = "".join(text[clause.plain.offsets[n]] for n in range(*of)) + "，" + whole
    to_do = (_words(clause, piece) for piece in chosen if piece.kind not in ("done", "supposed"))
    return Deed(action=cut(whole, LONGEST), words="，".join(to_do))


# --- the pieces ---------------------------------------------------------------------------------


def _pieces(clause: Clause, start: int, end: int, dated: Sequence[Dated]) -> list[_Piece]:
    gone = _without_dates(clause, dated) | _bracketed(clause)
    found: list[_Piece] = []
    supposed = False
    for number, first, last in _parts(clause):
        places = [n for n in range(max(first, start), min(last, end)) if n not in gone]
        kept = _led(clause, places)
        if not kept or TIE.fullmatch("".join(clause.masked[n] for n in kept)):
            continue
        kind = _kind(clause, kept, first)
        supposed = kind == "supposed" or (supposed and bool(GOES_ON.match(clause.masked, first)))
        found.append(_Piece(places=tuple(kept), kind="supposed" if supposed else kind, part=number))
    return found


def _parts(clause: Clause) -> Iterator[tuple[int, int, int]]:
    """Each part, with its number and ends; a comma within a quotation parts nothing."""
    begin: int | None = None
    for number, (first, last) in enumerate(clause.parts):
        begin = first if begin is None else begin
        if clause.masked[last : last + 1] != BLANK:
            yield number, begin, last
            begin = None
    if begin is not None:
        yield len(clause.parts) - 1, begin, clause.parts[-1][1]


def _bracketed(clause: Clause) -> frozenset[int]:
    """The places of what is added in brackets; （助理） within a name stays."""
    added = (match.span() for match in BRACKETS.finditer(clause.masked))
    return frozenset(n for first, last in added for n in range(first, last))


def _without_dates(clause: Clause, dated: Sequence[Dated]) -> frozenset[int]:
    """The places of the due expressions, with the prepositions that belong to them."""
    words, gone = clause.masked, set[int]()
    gone_to = set[int]()  # where an expression that is left out ends
    for time in dated:
        start, end = time.span.start, time.span.end
        first, last = next(part for part in clause.parts if part[0] <= start < part[1])
        before, after = words[first:start], words[end:last]
        if start - 1 in gone_to and before.endswith("（") and after.startswith("）"):
            gone.update(range(start - 1, end + 1))  # 今晚（6月10日）
            continue
        if time.past or time.due.precision == "recurring" or before.endswith("（"):
            continue
        if SUPPOSED.match(before) or OF_THE_DEED.search(before) or OF_WHICH.match(after):
            continue
        if not time.due.raw.endswith(_EDGES) and HELD_IN.match(after):
            continue
        if start - 1 in gone_to and before.endswith(_AND):
            start -= 1  # 9月前、12月前
            before = before[:-1]
        gone_to.add(end)
        led = BEFORE_DUE.search(before)
        followed = AFTER_DUE.match(after)
        gone.update(
            range(start - len(led[0] if led else ""), end + len(followed[0] if followed else ""))
        )
    return frozenset(gone)


def _led(clause: Clause, places: list[int]) -> list[int]:
    """``places`` from where the part says something of its own."""
    while places:
        skipped = lead("".join(clause.masked[n] for n in places))
        if not skipped:
            break
        places = places[skipped:]
    return places


def lead(words: str) -> int:
    """How many characters at the head of ``words`` one rule leaves out; 0 if none does."""
    found = (match.end() for rule in LEADS if (match := rule.pattern.match(words)))
    return max(found, default=0)


def _kind(clause: Clause, places: Sequence[int], first: int) -> Kind:
    words = "".join(clause.masked[n] for n in places)
    return kind_of(words, before=clause.masked[first : places[-1] + 1])


def kind_of(words: str, *, before: str) -> Kind:
    """What a part is by its ``words``; ``before`` has them as they stood, lead and all."""
    promised = WILL.search(before[: len(before) - len(words)])
    for rule in PARTS:
        if promised and rule.kind in ("reason", "done"):  # 将对已签约的住户补发, too
            continue
        if rule.pattern.match(words) if rule.head else rule.pattern.search(before):
            return rule.kind
    return "says"


# --- which of them are shown --------------------------------------------------------------------


def _chosen(clause: Clause, pieces: Sequence[_Piece], *, main: int) -> list[_Piece]:
    """Those that say what is done: to what, if the rest leaves that open."""
    own = [piece for piece in pieces if piece.kind == "says"]
    ends = any(ENDING.search(_words(clause, piece)) for piece in own)
    told: list[_Piece] = []
    for piece in pieces:
        if piece.kind in ("says", "supposed"):
            told.append(_without_attribute(clause, piece))
        elif piece.kind == "begins":
            told += [piece] if not ends else _topic(clause, piece)
    told = [
        piece
        for piece in told
        if not _rest_of(clause, piece) or not _substance(clause, told, piece)
    ]
    if all(_thin(clause, piece) for piece in told if piece.kind != "supposed"):
        told = [piece for piece in pieces if piece.kind != "reason"]
    return _within(clause, told, main=main)


def _substance(clause: Clause, told: Sequence[_Piece], but: _Piece) -> bool:
    return any(not _thin(clause, piece) for piece in told if piece is not but)


def _rest_of(clause: Clause, piece: _Piece) -> bool:
    """True for 其余建成, whose whole stands in another part."""
    words = _words(clause, piece)
    return words.startswith(("其余", "剩余的")) and _thin(clause, piece)


def _thin(clause: Clause, piece: _Piece) -> bool:
    words = _words(clause, piece)
    return len(words) <= _THIN_LENGTH or bool(THIN.fullmatch(words))


def _topic(clause: Clause, piece: _Piece) -> list[_Piece]:
    """Of 停车楼工程8月开工 the 停车楼工程, where another part says when it is done."""
    match = BEGINNING.search(_words(clause, piece))
    count = match.start() if match else 0
    if count < 2:
        return []
    of = _words(clause, piece)[:count]
    if of.endswith("后") or of.startswith("完成"):
        return [piece]  # 待铁路部门批复后方可进场 and 完成站房招标 name no thing without their end
    return [_without_attribute(clause, _shortened(piece, count))]


def _without_attribute(clause: Clause, piece: _Piece) -> _Piece:
    """Of 首末站占地21亩 the 首末站."""
    match = ATTRIBUTE.search(_words(clause, piece))
    return _shortened(piece, match.start()) if match else piece


def _shortened(piece: _Piece, count: int) -> _Piece:
    return _Piece(places=piece.places[:count], kind=piece.kind, part=piece.part)


def _within(clause: Clause, told: list[_Piece], *, main: int) -> list[_Piece]:
    """At most ``LONGEST`` characters: what comes before the main part goes first, then the end."""
    at = next(
        (n for n, piece in enumerate(told) if clause.parts[piece.part][1] > main), len(told) - 1
    )
    while len(told) > 1 and sum(len(piece.places) + 1 for piece in told) > LONGEST:
        bare = all(_thin(clause, piece) for piece in told[at:])
        if at > 0 and not (bare and at == 1):
            told, at = told[1:], at - 1
        elif len(told) - 2 > at and ENDING.search(_words(clause, told[-1])):
            del told[at + 1]  # how it ends says more than what comes between
        elif len(told) - 1 > at:
            told = told[:-1]
        else:
            break
    return told


# --- as words -----------------------------------------------------------------------------------


def _tie(clause: Clause, before: _Piece | None, piece: _Piece) -> str:
    """A comma, or the colon that stood there; nothing where there were only brackets."""
    if before is None:
        return ""
    between = range(before.places[-1] + 1, piece.places[0])
    added = _bracketed(clause)
    marks = {clause.masked[n] for n in between if n not in added} & {"，", "："}
    if marks == {"："} and piece.part == before.part + 1:
        return "："
    return "，" if marks else ""


def _words(clause: Clause, piece: _Piece) -> str:
    return "".join(clause.plain.words[n] for n in piece.places)


def _shown(text: str, clause: Clause, piece: _Piece) -> str:
    """The letter's own characters, without brackets that have lost their other half."""
    words = "".join(text[clause.plain.offsets[n]] for n in piece.places)
    return balanced(words)

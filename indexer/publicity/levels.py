"""What a piece of text says of who may see its letter, and what the boxes in it say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.publicity.lines import BOX, SHORT, Line
from indexer.publicity.words import (
    BESIDE,
    CLOSED,
    HARMLESS,
    LABEL,
    NEUTRAL,
    NOTHING,
    OF_THIS,
    PARTLY,
    PLEA,
    PROSE,
    PUBLIC,
    REASON,
    REQUEST,
    SECRET_LABEL,
    STARRED,
    STEM,
    VOCABULARY,
)
from kb.privacy.publicity import strictest
from kb.types import Publicity

Found = tuple[Publicity, bool]  # how public, and whether that is understood
NO_MARK: Found = ("public", False)  # what a label says whose value is understood and no mark
# Characters that a mark may hold besides the words that marks are made of, by where it stands.
OWN_LINE, SENTENCE, BRACKETS, OF_THIS_LETTER = 6, 2, 10, 14
_EDGES = re.compile(r"^[^\w(☑☒×□]+|[^\w)☑☒×□]+$")
_NUMBER = re.compile(r"^(?:[①-⑩]|[1-9a-d][.、)])")
_ENDLESS = 1_000
_YES = re.compile(r"[是涉]")
_BUT = re.compile(r"[但除仅限不未非隐删略摘脱]|附件")
_HINT = re.compile(r"\([^()]{0,24}?(?:打|划|画|勾|选|填)[^()]{0,16}\)")


def judged(words: str, *, limit: int) -> Found | None:
    """What ``words`` say of who may see the letter, or None if they are no mark.

    ``limit`` is how many characters of other words they may hold; below zero they stand in
    running text, where only what is said of this letter is a mark.
    """
    words = _EDGES.sub("", NEUTRAL.sub("", words))
    numbered = _NUMBER.sub("", words)
    words = numbered if ":" in numbered and label_of(numbered) else words
    said = HARMLESS.sub("※", words)
    if not STEM.search(said) or NOTHING.fullmatch(words):
        return None
    if limit >= 0 and PUBLIC.fullmatch(words):
        return "public", True
    if label := label_of(words):
        if len(label) == len(words) and (limit < 0 or PROSE.fullmatch(words)):
            return None
        if words[len(label) : len(label) + 1] in (*":=\t", ""):
            secret = bool(SECRET_LABEL.match(words))
            return _level(words[len(label) :] if secret else words, secret=secret)
    if of_this := OF_THIS.search(words):
        rest = words[of_this.start() :][: 2 * SHORT]
        if PUBLIC.fullmatch(rest):
            return "public", True
        if _least(re.split("[,、]", HARMLESS.sub("※", rest))) <= OF_THIS_LETTER:
            return _level(rest)
    clauses = said.split(",")
    pleas = (clause for clause in clauses if PLEA.search(clause) and "的," not in words)
    if plea := next(pleas, ""):
        return _level(plea)
    if PROSE.fullmatch(words) or _least(clauses) > limit or _tells(clauses, limit=limit):
        return None
    found = _level(words)
    if limit == SENTENCE and not (found[1] or PARTLY.search(words) or _BUT.search(words)):
        return None  # that something is public
    return found


def understood(pair: str) -> Found | None:
    """What a label and its value say; None if no table reads them."""
    if NOTHING.fullmatch(pair):
        return NO_MARK
    found = judged(pair, limit=SHORT)
    return found if found and found[1] else None


def label_of(words: str) -> str:
    """The label that ``words`` begin with, or ""."""
    match = LABEL.match(words) or SECRET_LABEL.match(words)
    return match[0] if match else ""


def _least(clauses: Sequence[str]) -> int:
    """The fewest characters of other words in a clause that holds a word of publicity."""
    return min(
        (_others(clause) for clause in clauses if STEM.search(clause)),
        default=len("".join(clauses)),
    )


def _others(words: str) -> int:
    """How many characters of ``words`` are no words of a mark."""
    return len(VOCABULARY.sub("", BESIDE.sub("", words))) + 2 * words.count("※")


def _tells(clauses: Sequence[str], *, limit: int) -> bool:
    """True if a sentence of ``clauses`` goes on from what is public or not to something else."""
    speak = [clause for clause in clauses if STEM.search(clause)]
    if limit == SENTENCE and _least(speak) and speak[-1] != clauses[-1]:
        return True
    public = all(map(PUBLIC.fullmatch, speak))
    return len(clauses) > 1 and public and not _BUT.search(",".join(clauses))


def _level(words: str, *, secret: bool = False) -> Found:
    """The level of words that are not public; ``secret``: the value of a label of secrecy."""
    short = REASON.sub("", words)
    words = short if STEM.search(short) else words
    if PARTLY.search(words):
        return ("closed", True) if STARRED.search(words) else ("held", False)
    levels: list[Publicity] = ["on_request"] if REQUEST.search(words) else []
    if CLOSED.search(REQUEST.sub("", words)) or (secret and _YES.search(words)):
        levels.append("closed")
    return (strictest(tuple(levels)), True) if levels else ("held", False)


def ticked(line: Line, start: int, end: int) -> Found | None:
    """What is ticked; where that cannot be told, the strictest of what may be, not understood."""
    words = line.text
    label = label_of(words[start:end])
    after = start + len(label)
    if hint := _HINT.match(words, after, end):
        after = hint.end()
    while after < end and words[after] in ":=\t?":
        after += 1
    boxes = [match.start() for match in BOX.finditer(words, after, end)]
    options: list[tuple[str, Found]] = []
    for n, box in enumerate(boxes):
        option = _option(line, boxes, n, within=(after, end))
        pair = option if STEM.search(option) or not label else f"{label}:{option}"
        found = NO_MARK if NOTHING.fullmatch(pair) else judged(pair, limit=SHORT)
        if option and found:
            options.append((words[box], found))
    if not options:
        loose = _others(BOX.sub("", words[start:end])) <= OWN_LINE
        return ("held", False) if loose or LABEL.match(label) else None
    tick = "☑" if any(sign == "☑" for sign, _ in options) else "☒"
    chosen = {found for sign, found in options if sign == tick}
    if len(chosen) == 1:
        found = chosen.pop()
        return None if found == NO_MARK else found
    levels = chosen or {found for _, found in options}
    return strictest(("held", *(level for level, _ in levels))), False


def _option(line: Line, boxes: Sequence[int], n: int, *, within: tuple[int, int]) -> str:
    """The words that the n-th box belongs to."""
    words, (start, end) = line.text, within
    left, right = boxes[n - 1] + 1 if n else start, boxes[n + 1] if n + 1 < len(boxes) else end
    at = boxes[n]
    if boxes[0] == start:
        option = words[at + 1 : right]
    elif boxes[-1] >= end - 2:
        option = words[left:at]
    else:  # the words that no space parts from the box
        parted = [k for k in range(left, right + 1) if line.gap(k) or words[k - 1] == "\t"]
        before = max((k for k in parted if k <= at), default=left)
        after = min((k for k in parted if k > at), default=right)
        option = words[before:at] or words[at + 1 : after]
    return _NUMBER.sub("", _EDGES.sub("", option))

"""Characters, sentences and words of official Chinese.

Everything here reads text and gives spans or tokens; nothing rewrites a letter.
"""

from __future__ import annotations

import logging
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import jieba

from kb.types import Heading, Span

WORDS = Path(__file__).with_name("words.txt")
SYNONYMS = Path(__file__).with_name("synonyms.txt")
STOPWORDS = Path(__file__).with_name("stopwords.txt")

_END = re.compile(r"[。！？!?]+[”’」』）》】)\"]*[ \t]*\n?|\n")
_CLAUSE = re.compile(r"；[”’」』）》】)\"]*[ \t]*")
# After a closing quotation mark these continue the sentence: “先民生后提升。”的原则.
_GOES_ON = "的地得，、；：。及和与等"

_NUMBER_TAIL = r"\s?[〔\[(【〈]\s*\d{4}\s*[〕\])】〉]\s*第?\s*\d{1,5}\s*号"
_FIGURE = re.compile(
    rf"(?P<letter>[\u4e00-\u9fff]{{0,8}}{_NUMBER_TAIL})"
    r"|第?\s*(?P<numbered>\d{1,9})\s*号"
    r"|(?P<figure>\d+(?:[.,]\d+)*\s*[%‰]?)"
)
# Words that run into the organ's code of a document number in running text.
_BEFORE_NUMBER = re.compile(
    r"^.*(?:文号|字号|编号|文件|根据|依据|按照|关于|印发|答复|复文|号|为|是|的|在|由|见|和|与|及|对|请问|问)"
)


def fold(text: str) -> str:
    """Compatibility-normalised lower case, for comparing and never for quoting."""
    return unicodedata.normalize("NFKC", text).lower()


def bare(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def sentences(text: str, span: Span) -> Iterator[Span]:
    """Sentences that partition ``span``: each ends with its 。！？ or line end, if any."""
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        end = match.end()
        closed = match[0].rstrip()[-1:] not in "。！？!?\n"
        if closed and end < span.end and text[end] in _GOES_ON:
            continue
        yield Span(start=start, end=end)
        start = end
    if start < span.end:
        yield Span(start=start, end=span.end)


def clauses(text: str, span: Span) -> Iterator[Span]:
    """The parts of a sentence between its ；, partitioning ``span``."""
    start = span.start
    for match in _CLAUSE.finditer(text, span.start, span.end):
        yield Span(start=start, end=match.end())
        start = match.end()
    if start < span.end:
        yield Span(start=start, end=span.end)


def trimmed(text: str, span: Span) -> Span:
    """``span`` without the white space at its ends."""
    words = span.of(text)
    left = len(words) - len(words.lstrip())
    return Span(
        start=span.start + left,
        end=max(span.start + left, span.end - len(words) + len(words.rstrip())),
    )


def heading_path(tree: Sequence[Heading], offset: int) -> tuple[Heading, ...]:
    """The headings that ``offset`` stands under, outermost first."""
    above: list[Heading] = []
    for heading in tree:
        if heading.span.start > offset:
            break
        while above and above[-1].level >= heading.level:
            above.pop()
        above.append(heading)
    return tuple(above)


def number_key(number: str) -> str:
    """A document number with one form of brackets and no white space: 焦建办〔2024〕32号."""
    plain = bare(fold(number)).replace("第", "")
    return re.sub(r"[\[(【〈](\d{4})[\])】〉]", r"〔\1〕", plain)


def document_numbers(text: str) -> list[Span]:
    """Where document numbers stand, without the words that run into them: 见焦建办〔2024〕32号."""
    found = []
    for match in _FIGURE.finditer(text):
        if match["letter"]:
            words = match["letter"]
            code = re.split(r"[〔\[(【〈]", words, maxsplit=1)[0]
            before = len(code) - len(_BEFORE_NUMBER.sub("", code))
            found.append(Span(start=match.start() + before, end=match.end()))
    return found


def made_of(text: str, words: frozenset[str]) -> bool:
    """True if ``text`` is nothing but ``words`` one after the other."""
    reached = [True] + [False] * len(text)
    longest = max(map(len, words), default=0)
    for start in range(len(text)):
        if reached[start]:
            for end in range(start + 1, min(start + longest, len(text)) + 1):
                reached[end] = reached[end] or text[start:end] in words
    return reached[-1]


@lru_cache(maxsize=1)
def segmenter() -> jieba.Tokenizer:
    """jieba with the domain dictionary; built once a process (about a second)."""
    jieba.setLogLevel(logging.WARNING)
    made = jieba.Tokenizer()
    with WORDS.open(encoding="utf-8") as words:
        for line in words:
            word = line.split("#")[0].strip()
            if word:
                made.add_word(word)
    return made


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Words that ask or bind and carry no subject of their own."""
    lines = STOPWORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.split("#")[0].split())


def tokens(text: str) -> list[str]:
    """Search tokens: jieba words, with document numbers, 第…号 and figures kept whole."""
    plain, found, start = fold(text), [], 0
    for match in _FIGURE.finditer(plain):
        found += _words(plain[start : match.start()])
        found += _figure_tokens(match)
        start = match.end()
    return found + _words(plain[start:])


def _figure_tokens(match: re.Match[str]) -> list[str]:
    if match["numbered"]:
        return [match["numbered"] + "号", match["numbered"]]
    if match["figure"]:
        return [bare(match["figure"]).replace(",", "")]
    whole = number_key(match["letter"])
    head, _, tail = whole.partition("〔")
    code = _BEFORE_NUMBER.sub("", head)
    before = _words(head[: len(head) - len(code)])
    return [*before, f"{code}〔{tail}", f"〔{tail}"] if code else [*before, f"〔{tail}"]


def _words(text: str) -> list[str]:
    if not text.strip():
        return []
    return [word for word in segmenter().cut(text) if any(c.isalnum() for c in word)]


def subject_tokens(text: str) -> list[str]:
    """Tokens of a question without those that only ask (多少、什么、请问…)."""
    return [token for token in dict.fromkeys(tokens(text)) if token not in stopwords()]


@lru_cache(maxsize=65536)
def rarity(token: str) -> float:
    """How much a word tells, in nats: ``-log p`` of jieba's own frequency table.

    A word outside the table (a name, a number) counts as seen once. Unlike an inverse
    document frequency it means the same in a base of one letter and of a million.
    """
    words = segmenter()
    return math.log(words.total / max(words.FREQ.get(token, 0), 3))


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[str, ...], ...]:
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    return tuple(group for line in lines if (group := tuple(line.split("#")[0].split())))


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for line in _lines():
        group = frozenset(line)
        for word in group:
            groups[word] = groups.get(word, frozenset()) | group
    return groups


def meanings(token: str) -> frozenset[str]:
    """``token`` and the words that mean the same in official letters."""
    return _groups().get(token, frozenset((token,)))


MOST_ADDED = 12  # tokens, so that a long question stays about what it asks


@lru_cache(maxsize=1)
def _official() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Tokens of each everyday word → tokens of its official words, in the list's order."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for everyday, *official in _lines():
        asked = tuple(tokens(everyday))
        said = (one for word in official for one in tokens(word) if one not in stopwords())
        found[asked] = tuple(dict.fromkeys((*found.get(asked, ()), *said)))
    return found


def expanded(asked: Sequence[str]) -> list[str]:
    """Tokens of the official words for the everyday ones in a question's tokens.

    Only what ``asked`` lacks, at most ``MOST_ADDED``, in the order of the question; of
    everyday words that begin at one token the longest counts.
    """
    official, said, start = _official(), list[str](), 0
    longest = max(map(len, official), default=1)
    while start < len(asked):
        for end in range(min(start + longest, len(asked)), start, -1):
            if tuple(asked[start:end]) in official:
                said += official[tuple(asked[start:end])]
                break
        else:
            end = start + 1
        start = end
    return [token for token in dict.fromkeys(said) if token not in asked][:MOST_ADDED]


PARTLY = 0.6  # credit for a word of which only single characters are found: 厚 for 厚度


def coverage(asked: Sequence[str], text: str) -> float:
    """The share of a question's words, weighed by rarity, that ``text`` holds: 0 to 1.

    ``text`` is folded and without white space. A word counts whole if it or a word of the
    same meaning stands there, and in part by the share of its characters that do.
    """
    total = sum(rarity(token) for token in asked)
    return sum(rarity(token) * _held(token, text) for token in asked) / total if total else 0.0


def pairs(question: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits of ``question``, folded."""
    told = re.sub(r"[\W_]", "", fold(question))
    return frozenset(map("".join, pairwise(told)))


def _held(token: str, text: str) -> float:
    if any(word in text for word in meanings(token)):
        return 1.0
    return PARTLY * sum(char in text for char in token) / len(token) if len(token) > 1 else 0.0

"""Words of official Chinese as they are searched for, document numbers kept whole."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path

from kb.text.chars import bare, fold, searchable
from kb.text.segment import Segmenter
from kb.types import Span

WORDS = Path(__file__).with_name("words.txt")
STOPWORDS = Path(__file__).with_name("stopwords.txt")
SENTENCE = 200  # code points of a text whose tokens are kept


_GAP = r"\s{0,8}"  # as far as typesetting parts them; more would be read again from every space
_NUMBER_TAIL = rf"\s?[〔\[(【〈]{_GAP}\d{{4}}{_GAP}[〕\])】〉]{_GAP}第?{_GAP}\d{{1,5}}{_GAP}号"
_FIGURE = re.compile(
    rf"(?P<letter>[\u4e00-\u9fff]{{0,8}}{_NUMBER_TAIL})"
    rf"|(?:第{_GAP})?(?P<numbered>\d{{1,9}}){_GAP}号"
    rf"|(?P<figure>\d+(?:[.,]\d+)*(?:{_GAP}[%‰])?)"
)
# Words that run into the organ's code of a document number in running text.
_BEFORE_NUMBER = re.compile(
    r"^.*(?:文号|字号|编号|文件|根据|依据|按照|关于|印发|答复|复文|号|为|是|的|在|由|见|和|与|及|对|请问|问)"
)


def number_key(number: str) -> str:
    """A document number with one form of brackets and no white space: 焦建办〔2024〕32号."""
    plain = searchable(number).replace("第", "")
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


def word_lists(path: Path) -> Iterator[list[str]]:
    """The words of each line of a list that has any; what follows a # is a comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if words := line.split("#")[0].split():
            yield words


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """jieba with the domain dictionary, made once a process."""
    made = Segmenter()
    for word in chain.from_iterable(word_lists(WORDS)):
        made.add_word(word)
    return made


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Words that ask or bind and carry no subject of their own."""
    return frozenset(chain.from_iterable(word_lists(STOPWORDS)))


def tokens(text: str) -> list[str]:
    """Search tokens: jieba words, with document numbers, 第…号 and figures kept whole."""
    return list(_kept(text)) if len(text) <= SENTENCE else _cut(text)


@lru_cache(maxsize=16384)
def _kept(text: str) -> tuple[str, ...]:
    """Of a question or a sentence, which are cut again and again; their words are shared."""
    return tuple(map(sys.intern, _cut(text)))


def _cut(text: str) -> list[str]:
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
    return carrying(tokens(text))


def carrying(words: Iterable[str]) -> list[str]:
    """Those of a question's tokens that carry a subject, each once."""
    return [word for word in dict.fromkeys(words) if word not in stopwords()]


@lru_cache(maxsize=65536)
def rarity(token: str) -> float:
    """How much a word tells, in nats: ``-log p`` of jieba's own frequency table.

    A word outside the table (a name, a number) counts as seen once. Unlike an inverse
    document frequency it means the same in a base of one letter and of a million.
    """
    words = segmenter()
    return math.log(words.total / max(words.frequency(token), 3))

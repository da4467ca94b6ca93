"""How like two questions are, so that those who ask the same stand together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.text.chars import fold
from kb.text.similarity import pairs
from kb.text.tokens import subject_tokens

# From this share on two questions count as one. Chosen on 14 invented sets of paraphrases; on 14
# others (tests/kb/feedback/test_similarity.py) 97% of the pairs that it joins belong together, and
# it joins 83% of those that do.
ALIKE = 0.36
_FIGURE = re.compile(r"(?<![\d*])\d+(?![\d*])")  # what a mask left of a number is no figure


def grams(question: str) -> frozenset[str]:
    """Pairs of neighbouring characters, and the single characters of the subject's words.

    The pairs keep what is asked (多少钱, 去哪里); the single characters find a word again
    where it was turned round or shortened (加装电梯, 电梯加装, 装电梯). Never empty.
    """
    either = pairs(question).union(*subject_tokens(question))
    return either or frozenset(question[:1] or "?")


def weight(grams: Iterable[str]) -> int:
    """What ``grams`` count together: a single character 2, a pair 1."""
    return sum(3 - len(gram) for gram in grams)


def figures(question: str) -> str:
    """The numbers of a question, sorted: who asks of 2023 does not ask of 2024."""
    return " ".join(sorted(_FIGURE.findall(fold(question))))

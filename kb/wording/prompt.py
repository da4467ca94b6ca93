"""What a model is asked, in the form of OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.types import Quote
from kb.wording.gate import phrases
from kb.wording.quotes import goes_on

RULES = Path(__file__).with_name("prompt.txt")


def messages(question: str, quotes: Sequence[Quote], *, fence: str) -> list[dict[str, str]]:
    """The two messages that ask for an order of ``quotes``, numbered from 1, and words between.

    ``fence`` is one that nobody who wrote the question or a letter can know.
    """
    told = {place: "、".join(f"“{words}”" for words in of) for place, of in phrases().items()}
    rules = RULES.read_text(encoding="utf-8").format(fence=fence, **told)
    rows = "\n".join(_row(number, quotes) for number in range(1, len(quotes) + 1))
    asked = f"{fence}\n问题：{question}\n{rows}\n{fence}"
    return [{"role": "system", "content": rules}, {"role": "user", "content": asked}]


def _row(number: int, quotes: Sequence[Quote]) -> str:
    quote = quotes[number - 1]
    letters = list(dict.fromkeys(one.letter_id for one in quotes))
    notes = [f"答复 {letters.index(quote.letter_id) + 1}", quote.citation.issuer or ""]
    notes += ["接上条"] if number > 1 and goes_on(quotes[number - 2], quote) else []
    return f"[{number}]（{'，'.join(filter(None, notes))}）{' '.join(quote.text.split())}"

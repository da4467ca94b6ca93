"""What a model is asked, in the form of OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.wording.gate import phrases
from kb.wording.units import Unit

RULES = Path(__file__).with_name("prompt.txt")


def messages(question: str, units: Sequence[Unit], *, fence: str) -> list[dict[str, str]]:
    """The two messages that ask for an order of ``units``, numbered from 1, and words between.

    ``fence`` is one that nobody who wrote the question or a letter can know.
    """
    told = {place: "、".join(f"“{words}”" for words in of) for place, of in phrases().items()}
    rules = RULES.read_text(encoding="utf-8").format(fence=fence, **told)
    rows = "\n".join(_row(number, units) for number in range(1, len(units) + 1))
    asked = f"{fence}\n问题：{question}\n{rows}\n{fence}"
    return [{"role": "system", "content": rules}, {"role": "user", "content": asked}]


def _row(number: int, units: Sequence[Unit]) -> str:
    unit, goes_on = units[number - 1], units[number - 1].goes_on(units[: number - 1])
    letters = list(dict.fromkeys(one.letter_id for one in units))
    notes = [f"答复 {letters.index(unit.letter_id) + 1}", unit.issuer or ""]
    notes += ["接上句"] if goes_on else ["只能放在最前"] if unit.leans else []
    return f"[{number}]（{'，'.join(filter(None, notes))}）{' '.join(unit.text.split())}"

"""What a model is asked, in the form of OpenAI's chat completions."""

from __future__ import annotations

from pathlib import Path

RULES = Path(__file__).with_name("prompt.txt")


def messages(question: str, *, longest: int, fence: str) -> list[dict[str, str]]:
    """The two messages that ask for ``question`` in the words that letters use.

    It may have ``longest`` code points; ``fence`` is one that nobody who wrote the question knows.
    """
    rules = RULES.read_text(encoding="utf-8").format(fence=fence, longest=longest)
    return [
        {"role": "system", "content": rules},
        {"role": "user", "content": f"{fence}\n{question}\n{fence}"},
    ]

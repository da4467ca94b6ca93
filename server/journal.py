"""What the log may say of a question: nothing, masked, or all of it; never who asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.mask import masked
from kb.settings import Settings

_SHOWN: Mapping[str, Callable[[str], str]] = {
    "off": lambda _: "（不记）",
    "masked": lambda question: repr(masked(question)),
    "on": repr,
}


def in_log(question: str, settings: Settings) -> str:
    """``question`` on one line, control characters escaped, as ``KB_QUESTION_LOG`` has it."""
    return _SHOWN[settings.question_log](question)

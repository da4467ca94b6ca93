"""What a message asks: its questions, without greeting, complaint and story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedIn:
    """The ``questions`` in a message and the ``story`` around them.

    ``kind`` is None where the message is the question as it stands.
    """

    questions: tuple[str, ...]
    story: str = ""
    kind: Literal["story", "split"] | None = None


def asked_in(message: str) -> AskedIn:
    """What ``message`` asks."""
    return AskedIn(questions=(message,))

"""Words that were read from a scan, and of which of them the engine was not sure."""

from __future__ import annotations

from kb.text.confidence import SURE
from kb.types import Letter, Span


def doubts(letter: Letter) -> list[Span]:
    """The lines of ``letter`` that were not read surely, in the order of the text."""
    unsure = (line.span for line in letter.recognised if line.confidence < SURE)
    return sorted(unsure, key=lambda span: (span.start, span.end))


def is_doubtful(letter: Letter, span: Span) -> bool:
    """True if ``span`` has words in common with a line of ``letter`` that was not read surely."""
    return any(doubt.meets(span) for doubt in doubts(letter))

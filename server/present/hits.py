"""Where the words that are looked for stand in a letter, from one place to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Where the words looked for stand; ``number`` is that of the shown one, 0 for none.

    ``before`` and ``after`` are the hits to go to from what is shown.
    """

    spans: tuple[Span, ...]
    number: int
    before: Span | None
    after: Span | None


def hits_around(spans: Sequence[Span], shown: Span | None) -> Hits:
    """``spans``, in the order of the text, as seen from the place that is ``shown``."""
    at = shown or Span(start=0, end=0)
    earlier = [span for span in spans if span.end <= at.start]
    later = [span for span in spans if span.start >= at.end]
    return Hits(
        spans=tuple(spans),
        number=spans.index(at) + 1 if at in spans else 0,
        before=earlier[-1] if earlier else None,
        after=later[0] if later else None,
    )

"""What those score who need no program: always the first passage found, always a refusal."""

from __future__ import annotations

from collections.abc import Iterable

from eval.measures.outcome import Outcome, judged, outcomes
from eval.record import Place, Record, Shown, Texts

FIRST_PASSAGE, ALWAYS_REFUSE = "first_passage", "always_refuse"


def baselines(records: Iterable[Record], texts: Texts) -> dict[str, dict[str, Outcome]]:
    """Baseline → question id → outcome, over the questions that ``outcomes`` judges.

    FIRST_PASSAGE shows the first passage that was found, whole, and refuses only where none
    was; it is left out where no question has passages.
    """
    asked = list(records)
    own = outcomes(asked, texts)
    first: dict[str, Outcome] = {}
    refusing: dict[str, Outcome] = {}
    for record in asked:
        if record.id in own:
            shown = [_quoted(place, texts) for place in record.passages[:1]]
            question = record.question
            first[record.id] = judged(question, shown, texts=texts, refused=not shown)
            refusing[record.id] = judged(question, (), texts=texts, refused=True)
    ranked = any(record.passages for record in asked)
    return ({FIRST_PASSAGE: first} if ranked else {}) | {ALWAYS_REFUSE: refusing}


def _quoted(place: Place, texts: Texts) -> Shown:
    text = texts[place.docid][place.start : place.end]
    return Shown(docid=place.docid, start=place.start, end=place.end, text=text)

"""A briefing as a Word document, with what the one who asked may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kb.analysis.briefing import Answered, Briefing, Promised
from kb.extract.indicators import Record
from kb.ledger.policy import as_seen
from kb.types import Citation, Quote
from server.console.access.auth import StaffRequest
from server.console.layout import status_word


def on_paper(shown: Mapping[str, Any], visit: StaffRequest, *, today: date) -> bytes:
    """The document of what the page shows: ``shown`` is what it is drawn with."""
    from kb.analysis import briefing_docx

    with TemporaryDirectory(prefix="fuwen-") as folder:
        path = Path(folder) / "briefing.docx"
        briefing_docx.write(path, _paper(shown, visit, today), printed=today)
        return path.read_bytes()


def _paper(shown: Mapping[str, Any], visit: StaffRequest, today: date) -> Any:
    from kb.analysis.briefing_docx import UNSAID, UNSEARCHED, Paper, Said

    briefing: Briefing = shown["briefing"]
    sentence: Callable[[Quote], tuple[str, str, str]] = shown["sentence"]

    def said(quote: Quote) -> Said:
        before, words, after = sentence(quote)
        return Said(
            before=before, words=words, after=after, citation=quote.citation, span=quote.exact[0]
        )

    def on_point(one: Answered) -> Said | str:
        return said(one.quote) if one.quote else UNSAID if one.searched else UNSEARCHED

    promised = (*shown["promised"]["open"], *shown["promised"]["rest"])
    return Paper(
        title=briefing.title,
        points=tuple((one.point.text, on_point(one)) for one in briefing.points),
        letters=tuple(said(past.quote) for past in briefing.letters),
        promises=tuple(line for one in promised for line in _promise(one, visit, today)),
        figures=tuple(_figure(one, shown["cited"]) for one in shown["figures"]),
        similar=briefing.similar,
    )


def _promise(one: Promised, visit: StaffRequest, today: date) -> Any:
    from kb.analysis.briefing_docx import Line

    entry = as_seen(one.entry, unmasked=visit.sees_all)
    if entry is None:
        return
    shape, word = status_word(entry.status, overdue=entry.overdue(today))
    yield Line(
        lead=f"{shape} {word}",
        words=entry.text,
        cells=(
            "、".join(f"第 {number} 点" for number in one.points),
            entry.organ or "",
            entry.due.raw if entry.due else "",
        ),
        citation=entry.citation,
        span=entry.span,
    )


def _figure(one: Record, cited: Callable[[str], Citation]) -> Any:
    from kb.analysis.briefing_docx import Line

    return Line(
        lead=one.indicator,
        words=one.raw,
        cells=(one.scope, one.as_of),
        citation=cited(one.letter_id),
        span=one.span,
    )

"""Quotes, letters and replies as the tools give them: each quote is verified here, once more."""

from __future__ import annotations

from typing import Any

from kb.answer.quotes import verify
from kb.mcp.schemas import MOST
from kb.mcp.source import Told
from kb.mcp.uris import page_of, uri_of
from kb.privacy.pii import HIDDEN
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several, quotes_of
from kb.serialize import RECORD
from kb.store.protocol import SnapshotReader
from kb.text.confidence import DOUBT
from kb.text.titles import consulted
from kb.text.years import glosses
from kb.types import Citation, Quote, Span, Standing

Plain = dict[str, Any]


def citation(cited: Citation, *, site: str, span: Span | None = None) -> Plain:
    """What a letter is cited by and where it is read, at ``span``."""
    return {
        "letter_id": cited.letter_id,
        "name": cited.name,
        "number": cited.number,
        "issuer": cited.issuer,
        "date": cited.issued_on,
        "result_class": cited.result_class,
        "uri": uri_of(cited.letter_id, span),
        "url": page_of(site, cited.letter_id, span),
    }


def excerpt(quote: Quote, reader: SnapshotReader, *, site: str) -> Plain:
    """The words of a quote and their citation. Raises NotVerbatim."""
    verify(quote, reader)
    return {
        "quote": quote.text,
        "start": quote.span.start,
        "end": quote.span.end,
        **citation(quote.citation, site=site, span=quote.span),
        "notes": _notes(quote),
    }


def quoted(quote: Quote, reader: SnapshotReader, *, site: str) -> Plain:
    """An excerpt with what older letters said and what became of a promise in it."""
    return {
        **excerpt(quote, reader, site=site),
        "about": quote.about,
        "earlier": [excerpt(older, reader, site=site) for older in quote.earlier],
        "standing": standing(quote.standing, reader, site=site) if quote.standing else None,
    }


def standing(stands: Standing, reader: SnapshotReader, *, site: str) -> Plain:
    """What staff confirmed of a promise, with the words that prove it."""
    return {
        "state": stands.state,
        "told": stands.told,
        "due": stands.due,
        "overdue": stands.overdue,
        "evidence": [
            {"says": proof.about, **excerpt(proof, reader, site=site)} for proof in stands.evidence
        ],
        "record": RECORD,
    }


def _notes(quote: Quote) -> list[str]:
    start, notes = quote.span.start, dict[str, None]()
    if consulted(quote.title):
        notes["会办意见，不是主办单位的正式答复"] = None
    for told in glosses(quote):
        word = quote.text[told.span.start - start : told.span.end - start]
        notes[f"原文的“{word}”指 {told.year} 年"] = None
    if quote.doubtful:
        notes[DOUBT] = None
    if HIDDEN * 2 in quote.text:
        notes["姓名和电话已按规定遮去（文中的 *）"] = None
    return [*notes]


def told(answered: Told, *, site: str) -> Plain:
    """A whole reply. Raises NotVerbatim."""
    reply, reader = answered.reply, answered.reader
    parts = reply.parts if isinstance(reply, Several) else ()
    return {
        "snapshot": reply.snapshot,
        "question": answered.resolved.question if answered.resolved else reply.question,
        **_reply(reply, reader, site=site),
        "parts": [{"label": part.label, **_reply(part.reply, reader, site=site)} for part in parts],
    }


def _reply(reply: Reply, reader: SnapshotReader, *, site: str) -> Plain:
    quotes = quotes_of(reply)[:MOST]
    return {
        "status": type(reply).__name__.lower(),
        "lead": _lead(reply, reader),
        "quotes": [quoted(quote, reader, site=site) for quote in quotes],
        "code": reply.code if isinstance(reply, Refusal | Notice) else None,
        "reason": reply.reason if isinstance(reply, Refusal) else None,
        "way_out": [
            {"label": contact.label, "value": contact.value}
            for contact in (reply.way_out if isinstance(reply, Refusal) else ())
        ],
        "text": _said(reply),
        "options": [*reply.options] if isinstance(reply, Notice) else [],
        "count": reply.count if isinstance(reply, Listing) else None,
        "nearest": [citation(near.citation, site=site) for near in reply.nearest],
    }


def _lead(reply: Reply, reader: SnapshotReader) -> str | None:
    if not isinstance(reply, Answer) or not reply.lead:
        return None
    verify(reply.quotes[0], reader, lead=reply.lead)
    return reply.lead.text


def _said(reply: Reply) -> str | None:
    if isinstance(reply, Listing):
        return reply.caption
    return reply.text if isinstance(reply, Notice) else None

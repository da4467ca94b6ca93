"""The ledger as plain dictionaries: the JSON of the staff's API. Offsets are code points."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kb.ledger.formats.table import Line
from kb.ledger.history import changes
from kb.ledger.types import OVERDUE, Event, Evidence

Plain = dict[str, Any]


def line(row: Line) -> Plain:
    """A commitment as the lists have it."""
    one = row.entry
    cited = one.citation
    return {
        "id": one.id,
        "version": one.version,
        "status": one.status,
        "label": one.label(row.today),
        "overdue": one.label(row.today) == OVERDUE,
        "letter": {
            "id": cited.letter_id,
            "name": cited.name,
            "number": cited.number,
            "issuer": cited.issuer,
            "date": cited.issued_on,
            "result_class": cited.result_class,
            "publicity": one.publicity,
            "topics": list(one.topics),
        },
        "start": one.span.start,
        "end": one.span.end,
        "text": one.text,
        "place": one.place,
        "headings": list(one.headings),
        "organ": one.organ,
        "co_organs": list(one.co_organs),
        "action": one.action,
        "due": asdict(one.due) if one.due else None,
        "target": asdict(one.target) if one.target else None,
        "strength": one.strength,
        "note": one.note,
        "decided": one.decided,
        "extensions": one.extensions,
        "split_from": one.split_from,
        "merged_into": one.merged_into,
        "evidence_count": row.evidence,
        "changed_at": one.changed_at.isoformat(),
    }


def event(one: Event) -> Plain:
    """A change, in words as people read it."""
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "who": one.who,
        "kind": one.kind,
        "version": one.version,
        "changes": [
            {"label": label, "was": was, "became": became} for label, was, became in changes(one)
        ],
        "reason": one.reason,
        "relation": one.relation,
        "quote": {
            "letter_id": one.quote.letter_id,
            "start": one.quote.span.start,
            "end": one.quote.span.end,
            "text": one.quote.text,
        }
        if one.quote
        else None,
    }


def evidence(one: Evidence) -> Plain:
    """Words of a letter that say something of a commitment."""
    return {
        "id": one.id,
        "of": one.of,
        "relation": one.relation,
        "letter_id": one.letter_id,
        "start": one.span.start,
        "end": one.span.end,
        "text": one.text,
        "who": one.who,
        "at": one.at.isoformat(),
        "reason": one.reason,
    }

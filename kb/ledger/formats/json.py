"""The ledger as plain dictionaries: the JSON of the staff's API. Offsets are code points."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kb.ledger.attachments import Attachment
from kb.ledger.formats.table import Line
from kb.ledger.history import changes
from kb.ledger.types import OVERDUE, Entry, Event, Evidence

Plain = dict[str, Any]


def line(row: Line) -> Plain:
    """A commitment as the lists have it."""
    entry = row.entry
    return {
        "id": entry.id,
        "version": entry.version,
        "status": entry.status,
        "label": entry.label(row.today),
        "overdue": entry.label(row.today) == OVERDUE,
        "letter": _letter(entry),
        "start": entry.span.start,
        "end": entry.span.end,
        "text": entry.text,
        "place": entry.place,
        "headings": list(entry.headings),
        "organ": entry.organ,
        "owner": entry.owner,
        "co_organs": list(entry.co_organs),
        "action": entry.action,
        "due": asdict(entry.due) if entry.due else None,
        "target": asdict(entry.target) if entry.target else None,
        "strength": entry.strength,
        "vague": entry.vague,
        "conditional": entry.conditional,
        **_completion(entry),
        "note": entry.note,
        "decided": entry.decided,
        "reminders": entry.reminders,
        "reminded_on": entry.reminded_on,
        "split_from": entry.split_from,
        "merged_into": entry.merged_into,
        "evidence_count": row.evidence,
        "changed_at": entry.changed_at.isoformat(),
    }


def _letter(entry: Entry) -> Plain:
    """The letter that a commitment stands in."""
    cited = entry.citation
    return {
        "id": cited.letter_id,
        "name": cited.name,
        "number": cited.number,
        "issuer": cited.issuer,
        "date": cited.issued_on,
        "result_class": cited.result_class,
        "publicity": entry.publicity,
        "topics": list(entry.topics),
    }


def _completion(entry: Entry) -> Plain:
    pending = {"status": entry.pending, "by": entry.pending_by, "done_on": entry.pending_on}
    return {
        "original_last": entry.original_last,
        "extensions": entry.extensions,
        "done_on": entry.done_on,
        "kept": entry.kept,
        "pending": pending if entry.pending else None,
    }


def event(event: Event) -> Plain:
    """A change, in words as people read it."""
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "who": event.who,
        "kind": event.kind,
        "version": event.version,
        "changes": [
            {"label": label, "was": was, "became": became} for label, was, became in changes(event)
        ],
        "reason": event.reason,
        "whom": event.became.get("whom"),
        "way": event.became.get("way"),
        "relation": event.relation,
        "quote": {
            "letter_id": event.quote.letter_id,
            "start": event.quote.span.start,
            "end": event.quote.span.end,
            "text": event.quote.text,
        }
        if event.quote
        else None,
    }


def evidence(evidence: Evidence) -> Plain:
    """Words of a letter that say something of a commitment."""
    return {
        "id": evidence.id,
        "of": evidence.of,
        "relation": evidence.relation,
        "letter_id": evidence.letter_id,
        "start": evidence.span.start,
        "end": evidence.span.end,
        "text": evidence.text,
        "who": evidence.who,
        "at": evidence.at.isoformat(),
        "reason": evidence.reason,
    }


def attachment(attached: Attachment) -> Plain:
    """Evidence that is no letter."""
    return {
        "id": attached.id,
        "of": attached.of,
        "form": attached.form,
        "relation": attached.relation,
        "name": attached.name,
        "sha256": attached.sha256,
        "bytes": attached.bytes,
        "address": attached.address,
        "day": attached.day,
        "note": attached.note,
        "who": attached.who,
        "at": attached.at.isoformat(),
        "reason": attached.reason,
    }

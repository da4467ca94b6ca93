"""Which organs a correction may name: those that somebody knows, and new ones if ticked."""

from __future__ import annotations

from kb.ledger.organs import Known, known_organs
from kb.staff.connection import Database
from kb.staff.permissions import rule
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER
from server.console.access.auth import StaffRequest

NEW = "new_organ"  # the name of the box; it is offered to those who may reassign everything


def may_name_new(visit: StaffRequest) -> bool:
    """True if ``visit`` may bring in an organ that nobody knows."""
    return rule(visit.account.role, "reassign") == "yes"


def known(database: Database, reader: SnapshotReader, visit: StaffRequest, ticked: str) -> Known:
    """The organs of the ledger, the letters and the profile; ``ticked`` is what the box sent."""
    issuers = reader.tally("issuer", EVERY_LETTER)
    return known_organs(database, issuers, new=bool(ticked) and may_name_new(visit))

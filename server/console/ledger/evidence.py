"""Evidence to choose from: what later letters may say of a commitment, both quotes side by side."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.analysis.evidence.candidates import Candidate, evidence_candidates
from kb.ledger.history import evidence_of
from kb.ledger.policy import permit_edit
from kb.ledger.types import MOVES, SIGNED, Evidence
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.layout import show
from server.console.ledger.actions import entry_for
from server.console.ledger.finished import finished
from server.console.ledger.list import row_words
from server.console.letters import scope_of
from server.desk import AtDesk
from server.http.numbers import Number

routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/commitments/{number}/candidates")
@requires("review")
def show_candidates(request: Request, number: Number, desk: AtDesk, visit: Visiting) -> Response:
    """The candidates of one commitment; for htmx only what its own page shows of them."""
    with staff_database(desk) as database:
        entry = entry_for(database, number, visit)
        proofs = evidence_of(database, entry.id)
    permit_edit(visit.account, organ=entry.organ)
    part = request.headers.get("hx-request") == "true"
    return show(
        "evidence_list.html" if part else "evidence.html",
        request=request,
        visit=visit,
        entry=entry,
        found=[
            (candidate, finished(candidate.text, candidate.citation.issued_on, entry))
            for candidate in evidence_candidates(
                entry, desk.store.current(), embedder=desk.embedder(), scope=scope_of(visit)
            )
            if not any(_linked(candidate, proof) for proof in proofs)
        ],
        closes=(entry.status, "done") in MOVES and not entry.pending,
        two_step=SIGNED if desk.settings.sign_off == "on" else (),
        **row_words(),
    )


def _linked(candidate: Candidate, proof: Evidence) -> bool:
    """True if these words are evidence already."""
    return candidate.citation.letter_id == proof.letter_id and candidate.span.meets(proof.span)

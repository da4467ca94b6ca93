"""The ledger for programs that staff use: JSON, page by page, asked again at no cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import LetterNotFound
from kb.ledger.attachments import attachments_of
from kb.ledger.events import entry, newest
from kb.ledger.formats import json as formats_json
from kb.ledger.formats.json import Plain
from kb.ledger.formats.table import line_page, lines_of
from kb.ledger.history import evidence_of, history
from kb.ledger.policy import as_seen
from kb.ledger.queries import organs
from kb.ledger.types import CommitmentNotFound
from kb.privacy.pii import masked
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.filters import filter_of
from server.console.letters import letter_of
from server.desk import AtDesk, Desk
from server.http.etag import KEPT, fresh, unchanged
from server.http.numbers import Number
from server.pages.render import Text

PATH = "/api/staff/commitments"
PAGE = 50  # commitments, where nobody says how many
FORM = 2  # raise it when the same ledger gives other JSON
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(PATH)
@requires("read")
def list_commitments(
    request: Request, desk: AtDesk, visit: Visiting, after: Text = "", limit: Number = PAGE
) -> Response:
    """Some commitments by the filters of the list; ``Link`` leads on."""
    today = desk.today()
    with staff_database(desk) as database:
        chosen = filter_of(request, visit, today=today, organs=organs(database))
        tag = _tag(request, visit, f"{newest(database)} {today}")
        if fresh(request, tag):
            return unchanged(tag)
        rows, following = line_page(
            database,
            chosen.wanted,
            limit=limit,
            order=chosen.order,
            after=after or None,
            today=today,
            unmasked=visit.sees_all,
        )
    asked = {name: value for name, value in chosen.given.items() if value}
    following_page = f"{PATH}?{urlencode({**asked, 'limit': limit, 'after': following})}"
    more = {"link": f'<{following_page}>; rel="next"'} if following else {}
    content = {"commitments": [formats_json.line(row) for row in rows], "after": following}
    return _json(content, tag, **more)


@routes.get(PATH + "/{number}")
@requires("read")
def read_commitment(request: Request, number: Number, desk: AtDesk, visit: Visiting) -> Response:
    """One commitment with all that became of it, and its evidence."""
    today = desk.today()
    with staff_database(desk) as database:
        tag = _tag(
            request, visit, f"{newest(database)} {today} {desk.store.current().snapshot.version}"
        )
        if fresh(request, tag):
            return unchanged(tag)
        seen = as_seen(entry(database, number), unmasked=visit.sees_all)
        if seen is None:
            raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
        (line,) = lines_of(database, [seen], today=today)
        events, proofs = history(database, seen.id), evidence_of(database, seen.id)
        attached = attachments_of(database, seen.id) if visit.sees_all else []
    shown = _shown_to(desk, visit)
    return _json(
        {
            "commitment": formats_json.line(line),
            "history": [shown(formats_json.event(event)) for event in events],
            "evidence": [shown(formats_json.evidence(proof)) for proof in proofs],
            "attachments": [formats_json.attachment(one) for one in attached],
        },
        tag,
    )


def _shown_to(desk: Desk, visit: StaffRequest) -> Callable[[Plain], Plain]:
    """What ``visit`` may see of an event or of evidence: no words of a letter that it may not."""
    reader = desk.store.current()

    def shown(content: Plain) -> Plain:
        if visit.sees_all:
            return content
        quote = content if "letter_id" in content else content["quote"]
        if quote:
            try:
                letter_of(quote["letter_id"], reader, visit)
            except LetterNotFound:
                quote |= dict.fromkeys(("letter_id", "start", "end", "text"))
                content |= {"reason": ""}  # it may tell what the words do
        return cast(Plain, _masked(content))

    return shown


def _masked(content: Any) -> Any:
    """All that is said in ``content`` without personal data."""
    match content:
        case str():
            return masked(content)
        case list():
            return [_masked(part) for part in content]
        case dict():
            return {name: _masked(part) for name, part in content.items()}
        case _:
            return content


def _tag(request: Request, visit: StaffRequest, state: str) -> str:
    """An entity tag made of all that the reply depends on, and so different when it differs."""
    shaped = f"{FORM}\n{state}\n{visit.account.organs}\n{visit.sees_all}\n{request.url.query}"
    return f'"{sha256(shaped.encode()).hexdigest()[:32]}"'


def _json(content: Plain, tag: str, **headers: str) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(
        body,
        media_type="application/json",
        headers={"etag": tag, "cache-control": KEPT, **headers},
    )

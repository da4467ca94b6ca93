"""All rooms of the console, for the application to open."""

from __future__ import annotations

from fastapi import APIRouter

from server.console import (
    accounts,
    api,
    audit,
    before,
    board,
    calendars,
    commitment,
    compare,
    dates,
    evidence,
    home,
    incoming,
    ledger,
    letters,
    oidc,
    outgoing,
    queue,
    review,
    signing,
    statistics,
)

ROOMS: tuple[APIRouter, ...] = (
    signing.open_routes,
    signing.routes,
    oidc.routes,
    home.routes,
    review.routes,
    ledger.routes,
    commitment.routes,
    letters.routes,
    queue.routes,
    outgoing.routes,
    incoming.routes,
    calendars.routes,
    calendars.open_routes,
    api.routes,
    accounts.routes,
    audit.routes,
    before.routes,
    board.routes,
    dates.routes,
    statistics.routes,
    compare.routes,
    evidence.routes,
)

"""The routers of the console, for the application to include."""

from __future__ import annotations

from fastapi import APIRouter

from server.console import home, letters, search
from server.console.access import oidc, sign_in
from server.console.admin import accounts, audit, operations, queue, suggested
from server.console.exchange import api, calendars, export, import_csv
from server.console.intake import list as letters_list
from server.console.intake import uploads
from server.console.ledger import (
    attached,
    bulk,
    detail,
    due,
    evidence,
    list,
    review,
    views,
)
from server.console.reports import briefing, compare, proposals, statistics, weekly

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.open_routes,
    sign_in.routes,
    oidc.routes,
    home.routes,
    search.routes,
    review.routes,
    list.routes,
    bulk.routes,
    attached.routes,
    detail.routes,
    letters_list.routes,
    letters.routes,
    uploads.routes,
    queue.routes,
    suggested.routes,
    export.routes,
    import_csv.routes,
    calendars.routes,
    calendars.open_routes,
    api.routes,
    accounts.routes,
    audit.routes,
    operations.routes,
    briefing.routes,
    due.routes,
    statistics.routes,
    compare.routes,
    evidence.routes,
    views.routes,
    weekly.routes,
    proposals.routes,
)

"""What leaves the console: the ledger as CSV, workbook and document, by the filters of the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from kb.ledger.formats import csv
from kb.ledger.formats.table import Line, lines
from kb.ledger.policy import own_only, within
from kb.ledger.queries import Wanted, organs, total
from kb.ledger.types import KEPT
from kb.staff import audit, calendar_tokens
from kb.staff.database import writing
from kb.staff.permissions import own_organs
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.filters import LISTS, Filter, filter_of
from server.console.layout import show, status_word
from server.desk import AtDesk
from server.http.problems import NoSuchRoute
from server.pages.render import Text
from server.present import views

PAGE = "/staff/commitments"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a file is made of."""

    lines: Iterator[Line]
    visit: StaffRequest
    chosen: Filter
    today: date
    address_of: Callable[[int], str] | None


def _write_csv(path: Path, export: Export) -> int:
    with path.open("wb") as file:
        return sum(bool(file.write(row)) for row in csv.written(export.lines)) - 1


# The programs that write the other two are imported when one is asked for: they take a fifth of
# the time in which a server starts.
def _write_xlsx(path: Path, export: Export) -> int:
    from kb.ledger.formats import xlsx

    return xlsx.write(path, export.lines, address_of=export.address_of, made_at=export.visit.at)


def _write_docx(path: Path, export: Export) -> int:
    from kb.ledger.formats import docx

    return docx.write(
        path,
        export.lines,
        status_of=_status,
        caption=caption(export.chosen),
        printed=export.today,
    )


KINDS: Mapping[str, tuple[Callable[[Path, Export], int], str]] = {
    "csv": (_write_csv, "text/csv; charset=utf-8"),
    "xlsx": (_write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (
        _write_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
# What the filter chose, in words for the head of a document.
CAPTIONS: Mapping[str, str] = {
    "organ": "{}", "owner": "责任人{}", "year": "{}年", "result_class": "{}类", "topic": "{}",
    "due_month": "{}到期", "due_from": "{}起", "due_to": "至{}", "words": "含“{}”",
}  # fmt: skip


@routes.get("/staff/outgoing")
@requires("export")
def outgoing(request: Request, desk: AtDesk, visit: Visiting, did: Text = "") -> Response:
    """All that goes out and comes in: files, corrections, calendars."""
    from kb.ledger.formats import docx

    with staff_database(desk) as database:
        known = organs(database)
        return show(
            "export.html",
            request=request,
            visit=visit,
            number=total(database, within(Wanted(), visit.account)),
            most=docx.MOST,
            organs=visit.account.organs if own_only(visit.account, "feed") else known,
            own=own_organs(visit.account, known),
            feeds=calendar_tokens.feeds(database, account=visit.account),
            did=visit.heard(did),
        )


@routes.get("/staff/export.{kind}")
@requires("export")
def export(request: Request, kind: str, desk: AtDesk, visit: Visiting) -> Response:
    """The commitments that the address asks for, as a file; noted in the audit log."""
    if kind not in KINDS:
        raise NoSuchRoute(f"不能导出 {kind[:20]}；可以导出 {'、'.join(KINDS)}")
    write, media_type = KINDS[kind]
    today = desk.today()
    with ExitStack() as stack:
        path = Path(stack.enter_context(TemporaryDirectory(prefix="fuwen-"))) / f"ledger.{kind}"
        with staff_database(desk) as database:
            chosen = filter_of(request, visit, today=today, organs=organs(database))
            rows = lines(
                database, chosen.wanted, today=today, order=chosen.order, unmasked=visit.sees_all
            )
            count = write(
                path,
                Export(
                    lines=rows,
                    visit=visit,
                    chosen=chosen,
                    today=today,
                    address_of=address_of(desk.settings.public_address),
                ),
            )
            asked = {name: value for name, value in chosen.given.items() if value}
            with writing(database):
                audit.append(
                    database,
                    "exported",
                    who=visit.account.name,
                    at=visit.at,
                    subject=kind,
                    detail={"rows": count, "asked": asked},
                )
        folder = stack.pop_all()
    return FileResponse(
        path,
        media_type=media_type,
        filename=f"承诺台账-{today.isoformat()}.{kind}",
        background=BackgroundTask(folder.close),
    )


def address_of(site: str) -> Callable[[int], str] | None:
    """How others reach the page of a commitment: by KB_PUBLIC_ADDRESS, if it is set.

    What a request says of where it came to is not to be written into files.
    """
    return (lambda number: f"{site}{PAGE}/{number}") if site else None


def caption(chosen: Filter) -> str:
    """What was chosen, in words: 云岭市水利局、2024年、B类."""
    conditions = [LISTS[chosen.given["list"]]]
    conditions += [
        form.format(chosen.given[name]) for name, form in CAPTIONS.items() if chosen.given[name]
    ]
    if kept := chosen.wanted.kept:
        conditions.append(KEPT[kept])
    return "、".join(conditions)


def _status(line: Line) -> str:
    entry = line.entry
    shape, word = status_word(entry.status, overdue=entry.overdue(line.today))
    kept = [KEPT[entry.kept]] if entry.kept else []
    day = [views.dated(entry.done_on, today=line.today, aged=False)] if entry.done_on else []
    return "\n".join((f"{shape} {word}", *kept, *day))

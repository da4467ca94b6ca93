"""The questions that citizens are offered: approved here, one by one, and withdrawn."""

from __future__ import annotations

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KbError, WrongUse
from kb.feedback import suggested
from kb.replies import Refusal
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import SentForm
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.http.asking import Asker
from server.http.numbers import number_in
from server.pages.render import Text
from server.present import views

PAGE = "/staff/suggested"
CANDIDATES = 20  # questions asked often that staff are shown
DID = {"approved": "已加入推荐", "withdrawn": "已撤下"}
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get(PAGE)
@requires("suggest")
def list_suggested(request: Request, desk: AtDesk, visit: Visiting, did: Text = "") -> Response:
    """What is offered now, and what is asked often and could be."""
    return _page(request, desk, visit, did=DID.get(did, ""))


@routes.post(PAGE)
@requires("suggest")
async def approve(
    request: Request, desk: AtDesk, visit: Visiting, asker: Asker, form: SentForm
) -> Response:
    """Offer a question that is answered now."""
    question = form.get("question", "")
    try:
        asked = suggested.approvable(question)
        reply = (await desk.ask(asked, client=asker, again=True)).reply
        if isinstance(reply, Refusal):
            raise WrongUse(f"这个问题现在答不了（{reply.reason}），不能推荐；请换一个问法")
        await anyio.to_thread.run_sync(_approve, desk, visit, question)
    except KbError as error:
        return await anyio.to_thread.run_sync(_refused, request, desk, visit, question, error)
    desk.notes.renew()
    return RedirectResponse(views.link(PAGE, did="approved"), status_code=303)


@routes.post(f"{PAGE}/withdraw")
@requires("suggest")
def withdraw(request: Request, desk: AtDesk, visit: Visiting, form: SentForm) -> Response:
    """Offer a question no longer."""
    number = number_in(form.get("id", ""))
    if number is None:
        raise WrongUse("表单不完整；请回到列表重新操作")
    with staff_database(desk) as database:
        suggested.withdraw(database, number, by=visit.by)
    desk.notes.renew()
    return RedirectResponse(views.link(PAGE, did="withdrawn"), status_code=303)


def _approve(desk: Desk, visit: StaffRequest, question: str) -> None:
    with staff_database(desk) as database:
        suggested.approve(database, question, by=visit.by)


def _refused(
    request: Request, desk: Desk, visit: StaffRequest, question: str, error: KbError
) -> Response:
    return _page(request, desk, visit, question=question, problem=error)


def _page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    *,
    did: str = "",
    question: str = "",
    problem: KbError | None = None,
) -> Response:
    with staff_database(desk) as database:
        approved = suggested.suggested(database)
        often = suggested.often(database, limit=CANDIDATES)
    offered = {each.question for each in approved}
    return show(
        "suggested.html",
        request=request,
        visit=visit,
        did=did,
        question=question,
        problem=problem,
        most=suggested.MOST,
        longest=suggested.LONGEST,
        page=PAGE,
        approved=approved,
        often=[words for words in often if words not in offered],
    )

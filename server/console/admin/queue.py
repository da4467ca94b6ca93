"""The staff's queue: what was asked and missed, and what is to become of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.answer.refusal import REASONS
from kb.errors import KbError, LetterNotFound, WrongUse
from kb.feedback import questions, rulings
from kb.feedback.questions import Group, State
from kb.feedback.rulings import Gold, Ruling, RulingOutdated
from kb.privacy.pii import masked
from kb.store.protocol import SnapshotReader
from kb.text.titles import name_of
from server.api.letters import find
from server.console.access.auth import StaffRequest, StaffRoute, Visiting, requires, staff_database
from server.console.access.forms import Form, SentForm
from server.console.layout import show
from server.desk import AtDesk, Desk
from server.http.numbers import Number, number_in
from server.pages.render import Text
from server.present import views

PAGE = 30  # groups on one page
NEAR = 3  # letters that a row of the list offers
LONGEST = {"reason": 500, "question": 500, "words": 2000, "letter": 200}  # code points
STATES: Mapping[State, str] = {
    "open": "待处理",
    "case": "定了答案",
    "done": "已处理",
    "dropped": "不处理",
}
USELESS = "被评为没用"
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@routes.get("/staff/queue")
@requires("queue")
def list_groups(
    request: Request,
    desk: AtDesk,
    visit: Visiting,
    state: Text = "open",
    page: Number = 1,
    did: Text = "",
) -> Response:
    """The groups in one state, the most missed first."""
    chosen: State = state if state in STATES else "open"  # type: ignore[assignment]
    with staff_database(desk) as database:
        counts = questions.states(database)
        last = max(1, -(-counts.get(chosen, 0) // PAGE))
        number = min(max(page, 1), last)
        groups = questions.groups(database, state=chosen, limit=PAGE, offset=(number - 1) * PAGE)
        wordless = questions.wordless(database)
    near = {group.id: _near(desk, group.nearest[:NEAR]) for group in groups}
    return show(
        "queue.html",
        request=request,
        visit=visit,
        groups=groups,
        near=near,
        state=chosen,
        states=STATES,
        counts=counts,
        page=number,
        pages=last,
        did=STATES.get(did, ""),  # type: ignore[call-overload]
        wordless=[(_because(code, useless=useless), times) for code, useless, times in wordless],
        **_words(),
    )


@routes.get("/staff/queue/{group_id}")
@requires("queue")
def show_group(request: Request, group_id: Number, desk: AtDesk, visit: Visiting) -> Response:
    """One group: how it was asked, what was said of the replies, what was decided."""
    return _group_page(request, desk, visit, group_id)


@routes.post("/staff/queue/{group_id}")
@requires("queue")
def decide(
    request: Request, group_id: Number, desk: AtDesk, visit: Visiting, form: SentForm
) -> Response:
    """Record what was decided, and go back to the list; what cannot be is said on the page."""
    try:
        with staff_database(desk) as database:
            before = questions.group(database, group_id)
            ruling = _ruling(form, before, desk)
            rulings.rule(database, ruling, who=visit.account.name, at=visit.at)
    except (WrongUse, LetterNotFound, RulingOutdated) as error:
        return _group_page(request, desk, visit, group_id, form=form, problem=error)
    address = views.link("/staff/queue", state=before.state, did=ruling.became)
    return RedirectResponse(address, status_code=303)


def _ruling(form: Form, group: Group, desk: Desk) -> Ruling:
    """What a form asks for. Raises WrongUse, LetterNotFound."""
    for name, longest in LONGEST.items():
        if len(form.get(name, "")) > longest:
            raise WrongUse(f"填写的内容超过 {longest} 个字；请缩短")
    became, seen = form.get("became"), number_in(form.get("seen", ""))
    if became not in get_args(State) or seen is None:
        raise WrongUse("表单不完整；请回到列表重新操作")
    case = became == "case"
    return Ruling(
        group_id=group.id,
        seen=seen,
        became=became,  # type: ignore[arg-type]
        reason=form.get("reason", ""),
        question=masked(form.get("question") or group.question) if case else None,
        gold=_gold(form, desk) if case and "answered" in form else None,
    )


def _gold(form: Form, desk: Desk) -> Gold:
    letter = form.get("letter") or form.get("near", "")
    if not (letter and form.get("words")):
        raise WrongUse("要选一份复文，并填上其中回答问题的原话；答不了的请按“答不了”")
    return rulings.gold_in(find(desk.store.current(), letter), form["words"])


def _group_page(
    request: Request,
    desk: Desk,
    visit: StaffRequest,
    number: int,
    *,
    form: Form | None = None,
    problem: KbError | None = None,
) -> Response:
    with staff_database(desk) as database:
        group = questions.group(database, number)
        shown: dict[str, Any] = {
            "group": group,
            "wordings": questions.wordings(database, number),
            "complaints": questions.complaints(database, number),
            "events": rulings.events(database, number),
        }
    spoken_of = [complaint.quote.letter_id for complaint in shown["complaints"] if complaint.quote]
    return show(
        "queue_group.html",
        request=request,
        visit=visit,
        near=_near(desk, tuple(dict.fromkeys((*group.nearest, *spoken_of)))),
        states=STATES,
        form=dict.fromkeys((*LONGEST, "near"), "") | dict(form or {}),
        problem=problem,
        longest=LONGEST,
        place=views.place,
        **shown,
        **_words(),
    )


def _words() -> dict[str, Any]:
    """What both pages say things with."""
    return {"masked": masked, "because": _because}


def _near(desk: Desk, letter_ids: tuple[str, ...]) -> list[tuple[str, str]]:
    """Id and name of those of the letters that are public now."""
    try:
        reader = desk.store.current()
    except KbError:  # the queue can be worked off while nothing can be asked
        return []
    return list(_named(reader, letter_ids))


def _named(reader: SnapshotReader, letter_ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for letter_id in letter_ids:
        try:
            letter = reader.letter(letter_id)
        except LetterNotFound:
            continue
        if letter.publicity == "public":
            yield letter.id, name_of(letter)


def _because(code: str | None, *, useless: bool = False) -> str:
    """Why something was missed, in words."""
    return USELESS if useless or code is None else REASONS[code].label if code in REASONS else code

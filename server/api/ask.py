"""``POST /api/ask``, ``GET /api/suggestions``, and the question that a body holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from kb import serialize
from kb.search.suggest import suggestions
from kb.types import Scope
from server.api import replies, schemas
from server.asked import Asked, Replied
from server.desk import PUBLIC, AtDesk
from server.http.asking import Asker, while_there
from server.http.body import REFUSED, described_by, json_of
from server.http.problems import described

routes = APIRouter()


async def question_of(request: Request, desk: AtDesk) -> schemas.Question:
    """The question in the body. Raises as ``json_of`` does, InvalidRequest."""
    return schemas.question_from(await json_of(request, desk))


def scope_of(asked: schemas.Scope) -> Scope:
    """The scope asked for, never wider than the public letters."""
    return Scope(
        letter_ids=(asked.letter_id,) if asked.letter_id else (),
        issuer=asked.issuer,
        year=asked.year,
        result_class=asked.result_class,
        proposal_no=asked.proposal_no,
        public_only=True,
    )


async def asked_of(asked: Annotated[schemas.Question, Depends(question_of)], desk: AtDesk) -> Asked:
    """The question in the body, put to the current snapshot."""
    return await desk.opened(
        asked.question,
        scope=scope_of(asked.scope),
        before=asked.before,
        as_typed=not asked.carry,
        rewrite=True,
    )


@routes.post(
    "/api/ask",
    summary="提一个问题",
    response_model=replies.Reply,
    response_model_exclude_unset=True,
    responses=REFUSED,
    openapi_extra=described_by("Question"),
)
async def ask_question(
    request: Request, opened: Annotated[Asked, Depends(asked_of)], desk: AtDesk, asker: Asker
) -> serialize.Plain:
    """回答是一到三条原文摘录，或者写明原因的拒答，或者一张清单；都不是错误。"""

    async def work() -> Replied:
        return await desk.worded(await desk.work(opened, client=asker))

    return (await while_there(request, work())).plain()


@routes.get("/api/suggestions", summary="可以这样问", responses=described(401, 403, 422, 503))
def suggest(desk: AtDesk, q: str = "") -> dict[str, list[str]]:
    """含有 q 的问题，最多六条；q 空着时给出批准推荐的和照复文写的例子。"""
    typed = q[: desk.settings.question_length]
    if typed.strip():
        approved, reader = desk.notes.approved(), desk.store.current()
        found = suggestions(typed, reader, scope=PUBLIC, approved=approved)
    else:
        found = desk.examples()
    return {"suggestions": [*found]}

"""``POST /api/feedback``: whether a reply was useful, and why not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from kb.feedback.questions import Location, Noted
from kb.query.parse import checked
from kb.types import Span
from server.api import schemas
from server.desk import AtDesk, Desk
from server.http.asking import Asker
from server.http.body import REFUSED, described_by, json_of
from server.http.problems import InvalidRequest

routes = APIRouter()


async def feedback_of(request: Request, desk: AtDesk) -> Noted:
    """What the body says. Raises as ``json_of`` does, InvalidRequest, WrongUse."""
    return noted_of(await json_of(request, desk), desk)


def noted_of(value: object, desk: Desk) -> Noted:
    """The feedback in decoded JSON. Raises InvalidRequest, WrongUse."""
    feedback = schemas.feedback_from(value)
    return Noted(
        at=datetime.now(UTC),
        question=checked(feedback.question, settings=desk.settings),
        snapshot=feedback.snapshot,
        verdict=feedback.verdict,
        useful=feedback.useful,
        reason=feedback.reason,
        quote=_place(feedback.quote) if feedback.quote else None,
    )


def _place(cited: schemas.Cited) -> Location:
    if not 0 <= cited.start < cited.end < schemas.FARTHEST:
        raise InvalidRequest("quote 的 start、end 应是复文里的一段；请照回答里的写")
    return Location(letter_id=cited.letter_id, span=Span(start=cited.start, end=cited.end))


@routes.post(
    "/api/feedback",
    summary="说一说回答有没有用",
    status_code=204,
    responses=REFUSED,
    openapi_extra=described_by("Feedback"),
)
async def take_feedback(
    feedback: Annotated[Noted, Depends(feedback_of)], desk: AtDesk, asker: Asker
) -> Response:
    """“没用”会进入工作人员的待办；问题按 KB_QUESTION_LOG 记下，个人信息先遮去。"""
    desk.notes.add(feedback, client=asker)
    return Response(status_code=204)

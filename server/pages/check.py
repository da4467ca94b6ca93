"""``/check``: is a sentence that somebody passes on really in a letter?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kb.answer.checked import LONGEST, MOST, Checked, Difference
from kb.errors import KbError
from kb.store.protocol import SnapshotReader
from kb.types import Span
from server.api.check import checked
from server.desk import AtDesk
from server.http.asking import Asker
from server.http.forms import FORM_POLICY, SentForm, check_ours
from server.http.problems import come_back, outward
from server.pages.render import render
from server.present import cards, views

routes = APIRouter(include_in_schema=False)
TOLD = {
    "number": "数字不同",
    "negation": "意思可能相反",
    "hidden": "原文里遮去的个人信息",
    "marks": "标点不同",
    "words": "字词不同",
}
SAME = ("form", "marks", "hidden")  # differences that leave the words the same
HEADS = {
    "verbatim": "✓ 原文里有，一字不差",
    "partly": "！ 这几个字原文里有，但只是一句话的一部分",
    "same": "✓ 原文里有，字句相同，写法或标点不同",
    "nearly": "！ 原文不是这样写的",
    "absent": "✕ 收录的答复里没有找到",
    "unchecked": f"— 没有核对：太短，或者在前 {MOST} 句之后",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence as the page shows it; ``head`` says in words what came of it."""

    head: str
    pieces: Sequence[views.Piece]
    one: Checked
    quoted: Sequence[views.Piece]
    differences: Sequence[str]


@routes.get("/check")
def check_page(request: Request) -> Response:
    """The form."""
    return _drawn(request, text="")


@routes.post("/check", dependencies=[Depends(check_ours)])
async def check_sent(request: Request, form: SentForm, desk: AtDesk, asker: Asker) -> Response:
    """The form with what came of each sentence; nothing is noted."""
    text = form.get("text", "")
    try:
        reader, found = await checked(request, desk, text, client=asker)
    except KbError as error:
        drawn = _drawn(request, text=text, problem=outward(error), status=error.status)
        drawn.headers.update(come_back(error))
        return drawn
    told = [_told(one, text, reader) for one in found]
    masked = any(one.quote and cards.masked(one.quote, reader) for one in found)
    dated = partial(views.dated, today=desk.today())
    return _drawn(request, text=text, told=told, masked=masked, dated=dated)


def _drawn(request: Request, *, text: str, status: int = 200, **shown: object) -> Response:
    given = {"told": None, "masked": False, "dated": None, "problem": None} | shown
    drawn = render(
        "check.html", request=request, status=status, text=text, longest=LONGEST, **given
    )
    drawn.headers.update(FORM_POLICY)
    return drawn


def _told(one: Checked, text: str, reader: SnapshotReader) -> Told:
    stands = reader.letter(one.quote.letter_id).text if one.quote else ""
    return Told(
        head=HEADS[_kind(one)],
        pieces=views.pieces(text, one.span, marks=[d.given for d in one.differences]),
        one=one,
        quoted=_quoted(one, stands),
        differences=_differences(one, text, stands),
    )


def _kind(one: Checked) -> str:
    if one.verdict == "verbatim" and one.partly:
        return "partly"
    if one.verdict == "nearly" and all(part.kind in SAME for part in one.differences):
        return "same"
    return one.verdict


def _quoted(one: Checked, stands: str) -> Sequence[views.Piece]:
    """The quote, with what differs marked, else the words that are the same."""
    if one.quote is None:
        return ()
    marks = [part.stands for part in one.differences] or list(one.quote.exact)
    return views.pieces(stands, one.quote.span, marks=[mark for mark in marks if _seen(mark)])


def _seen(span: Span) -> bool:
    return span.start < span.end


def _differences(one: Checked, text: str, stands: str) -> list[str]:
    """Each difference in words; those of form, which may be many, together."""
    told = [_difference(p, text, stands) for p in one.differences if p.kind != "form"]
    forms = len(one.differences) - len(told)
    return [*told, f"{forms} 处只是写法不同（繁体、全角等）"] if forms else told


def _difference(part: Difference, text: str, stands: str) -> str:
    given, kept = part.given.of(text), part.stands.of(stands)
    if not given:
        said = f"少了原文的“{kept}”"
    elif not kept:
        said = f"多了“{given}”，原文没有"
    else:
        said = f"这里写“{given}”，原文是“{kept}”"
    return f"{said}（{TOLD[part.kind]}）"

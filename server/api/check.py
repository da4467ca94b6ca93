"""``POST /api/check``: which sentences of a text stand verbatim in a letter, and where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field as Of

from kb import serialize
from kb.answer.checked import LONGEST, MOST, Checked, check
from kb.store.protocol import SnapshotReader
from server.api import replies, schemas
from server.api.given import Given
from server.desk import PUBLIC, AtDesk, Desk
from server.http.asking import Asker, while_there
from server.http.body import REFUSED, described_by, json_of

routes = APIRouter()


class Difference(Given):
    """一处不同：given 是送来的字，stands 是复文的字；少了、多了的那一边是空的。"""

    kind: Literal["number", "negation", "hidden", "form", "marks", "words"] = Of(
        description="数字、否定词、复文里遮去的、同一个字的另一种写法、标点、其余字词"
    )
    given: str
    given_start: int
    given_end: int
    stands: str
    stands_start: int
    stands_end: int


class Sentence(Given):
    """送来的文字的第 start 到第 end 个码点，是一句。"""

    start: int
    end: int
    text: str
    verdict: Literal["verbatim", "nearly", "absent", "unchecked"] = Of(
        description=f"一字不差、相近而有不同、没有找到、没有核对（太短，或在前 {MOST} 句之后）"
    )
    quote: replies.Quote | None = Of(description="复文里的整句，exact 是核对的那几个字")
    partly: bool = Of(description="只是复文里一个分句的一部分，意思要看整句")
    others: int = Of(description="另有几份看过的复文里也一字不差")
    differences: list[Difference]


class Checks(Given):
    """逐句核对的结果。"""

    snapshot: str
    sentences: list[Sentence]


async def text_of(request: Request, desk: AtDesk) -> str:
    """The text in the body. Raises as ``json_of`` does, InvalidRequest."""
    return schemas.check_from(await json_of(request, desk)).text


async def checked(
    request: Request, desk: Desk, text: str, *, client: str
) -> tuple[SnapshotReader, Sequence[Checked]]:
    """Every sentence of ``text`` against the public letters, when it is the turn of ``client``.

    Neither noted nor logged. Raises what ``check`` and ``Desk.in_turn`` do, NoSnapshot.
    """
    reader = desk.store.current()
    work = desk.in_turn(client, partial(check, text, reader, scope=PUBLIC))
    return reader, await while_there(request, work)


@routes.post(
    "/api/check",
    summary="核对一段话",
    description=f"逐句说明是不是复文的原话、在哪里、差哪几个字；一次最多 {LONGEST} 个字。不记下。",
    response_model=Checks,
    responses=REFUSED,
    openapi_extra=described_by("Check"),
)
async def check_text(
    request: Request, text: Annotated[str, Depends(text_of)], desk: AtDesk, asker: Asker
) -> serialize.Plain:
    """空白和句子两头的标点不计；没有找到不等于没有说过。"""
    reader, found = await checked(request, desk, text, client=asker)
    return {
        "snapshot": reader.snapshot.version,
        "sentences": [serialize.checked(one, text, reader) for one in found],
    }

"""Forms of the console: every field with all its values, and that our own page sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import Depends, Request

from kb.errors import WrongUse
from kb.ledger.types import Seen
from kb.staff import sessions
from server.http.body import body_of
from server.http.forms import NotOurPage, parsed
from server.http.forms import check_ours as check_sender
from server.http.numbers import number_in

MOST_FIELDS = 1500  # a page of a list, each row with what was seen of it
LARGEST = 200_000  # bytes
TOKEN = "form_token"
Fields = Mapping[str, list[str]]
Form = Mapping[str, str]


async def fields_of(request: Request) -> Fields:
    """The fields of a form with their values, without white space at their ends."""
    if hasattr(request.state, "fields"):
        return cast(Fields, request.state.fields)  # a body can be read once
    body = await body_of(request, limit=LARGEST)
    fields: Fields = parsed(body, most=MOST_FIELDS, blank=True)
    request.state.fields = fields
    return fields


async def check_ours(request: Request, token: str) -> None:
    """Raise NotOurPage unless one of our own pages sent ``request``.

    Browsers say so themselves (Sec-Fetch-Site, else Origin); for one that says neither the form
    has to carry the token of the session, or an upload's address.
    """
    headers = {"sec-fetch-site", "origin"} & set(request.headers.keys())
    if headers:
        check_sender(request)
        return
    form_token = request.query_params.get(TOKEN) or one(await fields_of(request), TOKEN)
    if not sessions.form_token_right(token, form_token):
        raise NotOurPage("这个请求不是从本站的网页发出的，没有改动；请回到上一页重新操作")


def one(fields: Fields, name: str) -> str:
    """The first value of a field; "" where there is none."""
    return fields.get(name, [""])[0]


Sent = Annotated[Fields, Depends(fields_of)]


def firsts(fields: Sent) -> Form:
    """Each field with its first value."""
    return {name: values[0] for name, values in fields.items()}


SentForm = Annotated[Form, Depends(firsts)]


def seen_of(text: str) -> Seen:
    """What a form says was seen: number:version. Raises WrongUse."""
    number, version = map(number_in, text.partition(":")[::2])
    if number is None or version is None:
        raise WrongUse("表单不完整；请回到列表重新操作")
    return Seen(id=number, version=version)

"""Forms of our own pages: how they are read, and that no other site may send one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, Request

from kb.errors import KbError, WrongUse
from server.desk import AtDesk
from server.http.body import body_of

Form = Mapping[str, str]
# Under no-referrer a form would say ``Origin: null``: a page that has one says this instead.
FORM_POLICY = {"referrer-policy": "same-origin"}


class NotOurPage(KbError):
    """A form that was not sent from one of our own pages."""

    status, code = 403, "not_our_page"


async def form_of(request: Request, desk: AtDesk) -> Form:
    """The fields of a form, each once, without white space at their ends."""
    body = await body_of(request, limit=desk.settings.body_bytes)
    return {name: values[0] for name, values in parsed(body, most=20, blank=False).items()}


def parsed(body: bytes, *, most: int, blank: bool) -> dict[str, list[str]]:
    """The fields of an urlencoded form with their values, without white space at their ends.

    Raises WrongUse for more than ``most`` values; with ``blank`` the empty ones are kept.
    """
    try:
        fields = parse_qs(body.decode(), max_num_fields=most, keep_blank_values=blank)
    except ValueError:
        raise WrongUse("表单读不懂；请回到上一页重新操作") from None
    return {
        name: [value.replace("\r\n", "\n").strip() for value in values]
        for name, values in fields.items()
    }


def check_ours(request: Request) -> None:
    """Raises NotOurPage unless the browser says that one of our own pages sent ``request``.

    Over plain HTTP browsers send no Sec-Fetch-Site, so that Origin has to do.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site == "same-origin"
    else:
        origin = urlsplit(request.headers.get("origin", "")).netloc
        ours = bool(origin) and origin == request.headers.get("host")
    if not ours:
        raise NotOurPage("这个请求不是从本站的网页发出的，没有改动；请回到上一页重新操作")


SentForm = Annotated[Form, Depends(form_of)]

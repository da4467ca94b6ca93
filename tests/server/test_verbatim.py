"""Whatever is shown as a letter's words is a span of its text, on every route that citizens reach.

A route stands in ``SHOWING``, with requests that get words of letters, or in ``WORDLESS``. A new
one has to be put into either.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.text.tokens import tokens
from tests.server.console.access.test_rights import PUBLIC
from tests.support.fakes import MemoryStore
from tests.support.mcp_calls import HEADERS
from tests.support.served import OLD, ROAD, ROAD_PATH, Page, letters, served
from tests.support.stores import publish

TEXTS = {one.id: one.text for one in letters() if one.publicity == "public"}
SUMMARY = "{http://www.w3.org/2005/Atom}summary"
QUESTIONS = ("农村公路硬化率是多少", "水渠由谁修", "修复补助每人多少元", "哪年修的水渠")
CHECKED = {"text": f"据说{ROAD}{OLD.replace('今后', '以后')}"}
JSON, FORM = "json", "data"
MCP = (
    *(("ask", {"question": one}) for one in QUESTIONS),
    ("search_letters", {"words": "公路"}),
    ("check_quote", CHECKED),
    ("get_letter", {"letter_id": "old"}),
)

Request = tuple[str, dict[str, Any]]  # the address, and what is sent to it


def asked(address: str) -> list[Request]:
    return [(address, {JSON: {"question": one}}) for one in QUESTIONS]


def told(address: str, key: str) -> list[Request]:
    """The questions as OpenAI's clients put them, streamed and not."""
    return [
        (
            address,
            {JSON: {"model": "fuwen", "stream": stream, key: [{"role": "user", "content": one}]}},
        )
        for one in QUESTIONS
        for stream in (False, True)
    ]


def called(tool: str, given: dict[str, Any]) -> Request:
    """A tool of MCP."""
    params = {"name": tool, "arguments": given}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return "/mcp", {JSON: message, "headers": {**HEADERS, "sec-fetch-site": "none"}}


SHOWING: dict[str, list[Request]] = {
    "POST /api/ask": asked("/api/ask"),
    "POST /api/ask/stream": asked("/api/ask/stream"),
    "GET /": [("/?q=公路", {}), ("/?q=水渠", {})],
    "GET /ask": [(f"/ask?q={quote(one)}", {}) for one in QUESTIONS],
    "POST /api/check": [("/api/check", {JSON: CHECKED})],
    "POST /check": [("/check", {FORM: CHECKED})],
    "POST /v1/chat/completions": told("/v1/chat/completions", "messages"),
    "POST /v1/responses": told("/v1/responses", "input"),
    "POST /mcp": [called(*one) for one in MCP],
    "GET /feed.atom": [("/feed.atom", {})],
    "GET /letters/{letter_id:anytext}": [(f"{ROAD_PATH}?start=36&end=61", {})],
    "GET /letters/{letter_id:anytext}/copy": [("/letters/old/copy", {})],
    "GET /api/letters/{letter_id:anytext}": [("/api/letters/old", {})],
}
WORDLESS = {
    *("GET /letters", "GET /feeds", "GET /check", "GET /docs", "GET /openapi.json"),
    *("GET /livez", "GET /readyz", "GET /version", "GET /metrics", "GET /v1/models"),
    *("GET /v1/models/{model}", "GET /api/suggestions", "POST /api/feedback", "POST /ask/feedback"),
    *("GET /sitemap.xml", "GET /sitemap-{number:int}.xml", "GET /robots.txt"),
    *("GET /embed", "GET /widget.js", "GET /static/widget-{rest}", "GET /static/{name:path}"),
    *("GET /staff/login", "POST /staff/login", "GET /staff/oidc", "GET /staff/oidc/back"),
    # Files as they came, their pages, a calendar of staff, and a way to /letters.
    *("GET /letters/{letter_id:anytext}/original", "GET /calendar/{token}.ics"),
    *("GET /letters/{letter_id:anytext}/page/{number}",),
    *("GET /quotes/{letter_id:anytext}/{place}/{digest}",),
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    store = MemoryStore(tokenize=tokens)
    publish(store, *letters())
    client = served(store=store)
    client.headers["sec-fetch-site"] = "same-origin"
    return client


def test_every_route_is_known_to_show_words_or_not() -> None:
    assert SHOWING.keys() | WORDLESS == PUBLIC
    assert not SHOWING.keys() & WORDLESS


@pytest.mark.parametrize("route", SHOWING)
def test_what_a_route_shows_as_words_of_a_letter_stands_there(
    client: TestClient, route: str
) -> None:
    for address, sent in SHOWING[route]:
        response = client.request(route.split()[0], address, **sent)
        assert response.status_code == 200, response.text
        assert held(response.headers["content-type"], response.text), (address, sent)


def held(kind: str, text: str) -> int:
    """How many words of letters a reply shows, all of which have to stand where it says."""
    kind = kind.split(";")[0]
    if kind == "text/html":
        page = Page.of(text)
        shown = [one.text for name in ("blockquote", "q") for one in page.all(name)]
        shown += [one.text for one in page.all("mark", id="quote")]
        shown += [one.text for one in page.all("span", class_="words")]
        shown += [one.text for one in page.all("p") if len(page.all("hr")) == 2][2:-1]
        return _anywhere(shown)
    if kind == "application/atom+xml":
        return _anywhere([one.text or "" for one in ET.fromstring(text).iter(SUMMARY)])
    if kind == "text/event-stream":
        lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
        return sum(_placed(json.loads(line)) for line in lines if line != "[DONE]")
    assert kind == "application/json", kind
    return _placed(json.loads(text))


def _anywhere(shown: list[str]) -> int:
    for one in shown:
        assert any(one.strip() in text for text in TEXTS.values()), one
    return sum(map(bool, shown))


def _placed(found: Any) -> int:
    """Of all that is JSON: what names a letter and a place has the words that stand there."""
    if isinstance(found, list):
        return sum(map(_placed, found))
    if not isinstance(found, dict):
        return 0
    if found.get("id") in TEXTS and "sha256" in found:
        assert found["text"] == TEXTS[found["id"]]
        return 1
    here = 0
    if {"letter_id", "start", "end"} <= found.keys():
        quote = found.get("quote")
        words = quote if isinstance(quote, str) else found.get("text")
        assert words == TEXTS[found["letter_id"]][found["start"] : found["end"]]
        here = 1
    if (lead := found.get("lead")) and found.get("quotes"):
        text = TEXTS[found["quotes"][0]["letter_id"]]
        if isinstance(lead, str):  # MCP says what, and where in the first quote is to be seen
            assert lead in text
        else:
            assert lead["text"] == text[lead["start"] : lead["end"]]
    return here + sum(map(_placed, found.values()))

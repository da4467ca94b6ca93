"""What other sites embed: the scripts, their caching, and the page for an iframe."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.pages import embed
from tests.support.served import ANSWERS, page_of, served

LISTED = "https://www.example.gov.cn"
OTHER = "https://other.example:8443"
PANEL = "/static/widget-0123456789abcdef.js"
SCRIPTS = {"/widget.js": b"launcher();" * 50, PANEL: "面板();".encode() * 50}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server with a widget of its own."""
    for path, body in SCRIPTS.items():
        (tmp_path / path.rsplit("/", 1)[1]).write_bytes(body)
    (tmp_path / "widget.json").write_text("{}")
    monkeypatch.setattr(embed, "STATIC", tmp_path)
    embed.scripts.cache_clear()
    yield served(settings=replace(ANSWERS, embed_origins=f"{OTHER} {LISTED}"))
    embed.scripts.cache_clear()


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_is_served_to_any_page_as_it_was_built(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"accept-encoding": "identity"})
    assert response.content == SCRIPTS[path]
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_is_compressed_for_those_who_can_read_it(client: TestClient, path: str) -> None:
    with client.stream("GET", path, headers={"accept-encoding": "gzip, br"}) as response:
        raw = b"".join(response.iter_raw())
        assert response.headers["content-encoding"] == "gzip"
        varied = {one.strip() for one in response.headers["vary"].split(",")}
    assert gzip.decompress(raw) == SCRIPTS[path]
    assert len(raw) < len(SCRIPTS[path])
    assert varied == {"Origin", "Accept-Encoding"}


def test_the_launcher_is_kept_shortly_and_the_hashed_rest_for_good(client: TestClient) -> None:
    assert client.get("/widget.js").headers["cache-control"] == "public, max-age=300"
    kept = client.get(PANEL).headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_that_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", SCRIPTS)
def test_only_a_listed_page_may_import_a_script_as_a_module(client: TestClient, path: str) -> None:
    grant = "access-control-allow-origin"
    assert client.get(path, headers={"origin": LISTED}).headers[grant] == LISTED
    for origin in ("https://evil.example", "null"):
        response = client.get(path, headers={"origin": origin})
        assert response.status_code == 200
        assert grant not in response.headers
        assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    "path", ["/static/widget-ffff.js", "/static/widget-.js", "/static/widget-../widget.js"]
)
def test_a_script_that_was_not_built_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_a_built_widget_there_is_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "STATIC", tmp_path / "nothing")
    embed.scripts.cache_clear()
    assert served().get("/widget.js").status_code == 404
    embed.scripts.cache_clear()


def ancestors(client: TestClient, path: str = "/embed") -> str:
    policy = client.get(path).headers.get_list("content-security-policy")
    assert len(policy) == 1
    rules = dict(one.strip().split(" ", 1) for one in policy[0].split(";"))
    assert rules["connect-src"] == rules["script-src"] == "'self'"
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy[0]
    return rules["frame-ancestors"]


def test_only_listed_sites_may_frame_the_page_and_no_other_page(client: TestClient) -> None:
    assert ancestors(client) == f"{OTHER} {LISTED}"
    assert ancestors(served()) == "'self'"
    for path in ("/", "/letters/old", "/docs", "/nothing"):
        assert ancestors(client, path) == "'none'"


def test_the_page_opens_the_widget_with_nothing_inline(client: TestClient) -> None:
    page = page_of(client, "/embed")
    (script,) = page.all("script")
    assert script.text == ""
    assert script.attributes["src"] == "/widget.js"
    assert script.attributes["data-mode"] == "fill"
    assert page.one("html").attributes["lang"] == "zh-CN"
    assert not page.all("style")
    assert not [one for one in page.elements if "style" in one.attributes]
    assert "/ask" in page.one("noscript").text or page.all("a", href="/ask")


def test_the_page_takes_a_language_and_a_scope(client: TestClient) -> None:
    page = page_of(client, '/embed?lang=en&issuer=云岭市"民政局&year=2024&result_class=A')
    told = page.one("script").attributes
    assert page.one("html").attributes["lang"] == told["data-lang"] == "en"
    assert told["data-scope-issuer"] == '云岭市"民政局'
    assert (told["data-scope-year"], told["data-scope-class"]) == ("2024", "A")
    other = page_of(client, "/embed?lang=<script>").one("script").attributes
    assert other["data-lang"] == "zh-CN"
    assert "data-scope-year" not in other

"""The pages against hostile text, other sites, poor sight and bad light."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

import server
from kb.types import Field, Letter
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ADDRESSES, REFUSES, Page, page_of, place, served
from tests.support.stores import publish

SERVER = Path(server.__file__).parent


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def only_files_and_data(page: Page) -> None:
    """No script is inline, but for data about a letter, of which browsers run nothing."""
    for script in page.all("script"):
        if script.attributes.get("type") == "application/ld+json":
            assert not set(script.text) & set("<>&")
            assert json.loads(script.text)["@type"] == "Report"
        else:
            assert script.attributes["src"].startswith("/static/")
            assert not script.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_asks_anything_of_another_site(client: TestClient, address: str) -> None:
    response = client.get(address)
    page = Page.of(response.text)
    for element in page.elements:
        for name in ("src", "srcset", "action", "poster", "data"):
            assert element.attributes.get(name, "/").startswith("/"), element
        if element.name == "link":
            assert element.attributes["href"].startswith(("/static/", "/feed.atom"))
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
    only_files_and_data(page)  # no script is needed
    assert not page.all("style")
    outside = [a for a in page.all("a") if not re.match(r"[/#]", a.attributes["href"])]
    assert all(a.attributes["href"].startswith("https://www.yunling.example/") for a in outside)


def test_no_template_or_static_file_names_another_site() -> None:
    built = re.compile(r"^widget")  # has a test of its own
    files = [*SERVER.glob("templates/**/*.*"), *SERVER.glob("static/*.*")]
    files = [file for file in files if not built.match(file.name)]
    assert len(files) > 20
    for file in files:
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"http://www\.w3\.org/2000/svg|http://www\.w3\.org/2005/Atom", "", text)
        assert not re.search(r"https?:|//[a-z]|@import|url\(", text), file


XSS = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "</p></article><h1>伪造</h1>",
    "</title><base href=//evil.example>",
    "{{ 7*7 }}{% raw %}",
    "<!--",
    "&lt;b&gt;",
)


def vicious(words: str) -> Letter:
    """A letter that says ``words`` wherever a letter can say anything."""
    letter = make_letter(
        f"{words}.txt",
        f"公路{words}建设。\n{words}\n第二段。",
        title=f"关于{words}的答复",
        issuer=words,
        number=words,
        proposal_title=f"关于{words}的提案",
        result_class=words,
        issued_on="2024-01-01",
        signer=words,
    )
    cc = Field(value=words, span=None, rule="抄送")
    return replace(letter, url=words, lists={"cc": (cc,), "addressees": (cc,)})


@pytest.mark.parametrize("words", XSS)
def test_markup_in_a_letter_is_shown_as_text(words: str) -> None:
    letter = vicious(words)
    store = MemoryStore()
    publish(store, letter, headings=(words,))
    client = served(store=store)
    path = "/letters/" + quote(letter.id, safe="")
    span = place(letter, words)
    marked = f"{path}?start={span.start}&end={span.end}"
    filtered = "/?issuer=" + quote(words)
    asked = ("/?q=公路建设", "/ask?q=公路建设", f"{path}?q=公路")
    for address in ("/", *asked, path, marked, filtered):
        response = client.get(address)
        assert response.status_code == 200
        page = Page.of(response.text)
        assert not {e.name for e in page.elements} & {"img", "svg", "base", "b"}
        only_files_and_data(page)
        assert len(page.all("h1")) == 1
        for element in page.elements:
            assert not [name for name in element.attributes if name.startswith("on")]
            assert not element.attributes.get("href", "").startswith("javascript:")
    assert page_of(client, path).one("article").text.split("\n")[2] == f"公路{words}建设。"
    assert [m.text for m in page_of(client, marked).all("mark")] == [words]
    assert words in page_of(client, "/").one("main").text


@pytest.mark.parametrize("words", XSS)
def test_markup_in_a_question_is_shown_as_text(words: str) -> None:
    for settings in (REFUSES, replace(REFUSES, threshold=0.0)):
        for base in ("/", "/ask"):
            page = page_of(served(settings=settings), f"{base}?q={quote(words)}")
            boxes = [one.attributes["value"] for one in page.all("input", id="q")]
            assert (boxes or [page.one("textarea", id="q").text.strip()]) == [words]
        before = page_of(served(settings=settings), "/ask?q=公路&before=" + quote(words))
        assert words in [one.attributes["value"] for one in before.all("input", name="before")]
        for one in (page, before):
            assert not {e.name for e in one.elements} & {"img", "svg", "base", "b"}
            only_files_and_data(one)
            assert len(one.all("h1")) == 1
    error = page_of(served(), "/nothing/" + quote(words), status=404)
    assert len(error.all("h1")) == 1


def test_a_static_file_comes_with_its_type_and_is_not_sent_twice(client: TestClient) -> None:
    for name, media_type in (
        ("fuwen.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ):
        first = client.get("/static/" + name)
        assert first.headers["content-type"] == media_type
        assert first.content == (SERVER / "static" / name).read_bytes()
        again = client.get("/static/" + name, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.css", "..%2Fapp.py", "%2e%2e/app.py", ""])
def test_nothing_but_the_static_files_can_be_asked_for(client: TestClient, name: str) -> None:
    assert client.get("/static/" + name).status_code == 404


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", css))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_has_a_contrast_of_seven_in_both_schemes() -> None:
    css = (SERVER / "static" / "fuwen.css").read_text(encoding="utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)")[:2]
    day = colours(light)
    for scheme in (day, {**day, **colours(dark.split("\n}\n")[0])}):
        for ink in ("ink", "quiet", "accent"):
            assert contrast(scheme[ink], scheme["paper"]) >= 7, (ink, scheme)
        assert contrast(scheme["ink"], scheme["mark"]) >= 7
        assert contrast(scheme["edge"], scheme["paper"]) >= 3
        assert contrast(scheme["accent"], scheme["mark"]) >= 3


def test_the_style_sheet_has_a_focus_ring_a_dark_scheme_and_print() -> None:
    css = (SERVER / "static" / "fuwen.css").read_text(encoding="utf-8")
    assert ":focus-visible { outline: 3px solid var(--accent)" in css
    for rule in ("prefers-color-scheme: dark", "@media print", "forced-colors"):
        assert rule in css

"""A browser that follows a link to the page that a letter was published on lands on the quote."""

from __future__ import annotations

import html

import pytest
from playwright.sync_api import Browser, Route

from kb.types import Span
from server.present.fragments import directive
from tests.conftest import CORPUS

SITE = "https://www.yunling.example/t1.html"
# The paragraph that lies in the middle of the window once it has scrolled.
IN_SIGHT = """() => scrollY && [...document.querySelectorAll("p")].find((line) => {
  const { top, bottom } = line.getBoundingClientRect();
  return top <= innerHeight / 2 && innerHeight / 2 <= bottom;
})?.id"""
LETTER = next(CORPUS.glob("letters/云交函〔2022〕19号.txt")).read_text(encoding="utf-8")
LINES = LETTER.split("\n")


def page_of(lines: list[str]) -> str:
    body = "".join(f'<p id="{n}">{html.escape(line)}</p>' for n, line in enumerate(lines))
    return f"<!doctype html><meta charset=utf-8><style>p{{padding:900px 0}}</style>{body}"


def spans() -> list[Span]:
    """Every third of whole lines and of two together, and the last of words that stand often."""
    found, start = [], 0
    for this, following in zip(LINES, [*LINES[1:], ""], strict=True):
        if len(this.strip()) > 4:
            found.append(Span(start=start, end=start + len(this)))
            found.append(Span(start=start, end=start + len(this) + 1 + len(following)))
        start += len(this) + 1
    often = [words for words in ("我局", "委员", "交通", "建议") if LETTER.count(words) > 1]
    assert often
    last = [(LETTER.rindex(words), len(words)) for words in often]
    return [*found[2::3], *(Span(start=at, end=at + length) for at, length in last)]


@pytest.mark.parametrize("span", spans(), ids=str)
def test_it_lands_on_the_quote(browser: Browser, span: Span) -> None:
    named = directive(LETTER, span)
    assert named
    line = LETTER.count("\n", 0, span.start)
    with browser.new_context() as context:
        page = context.new_page()

        def answer(route: Route) -> None:
            route.fulfill(body=page_of(LINES), content_type="text/html; charset=utf-8")

        page.route("**/*", answer)
        page.goto(f"{SITE}#:~:{named}")
        page.wait_for_function(f"({IN_SIGHT})() === '{line}'", timeout=60_000)

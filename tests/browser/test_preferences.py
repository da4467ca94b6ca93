"""Forced colours, reduced motion, a dark scheme: the marks stay and nothing moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import Citizen
from tests.browser.conftest import Somebody
from tests.browser.states import EVERY, MINE, PAGES

MARKED = MINE + "?start=181&end=261"


def underlined(citizen: Citizen, where: str) -> bool:
    """True if the mark is told by more than its colour."""
    line = citizen.page.locator(where).first.evaluate(
        "one => { const style = getComputedStyle(one);"
        " return [style.textDecorationLine, style.textDecorationThickness] }"
    )
    return bool(line[0] == "underline" and float(line[1].removesuffix("px")) >= 2)


@pytest.mark.parametrize(
    "options",
    [{"forced_colors": "active"}, {"color_scheme": "dark"}, {}],
    ids=["forced", "dark", "plain"],
)
def test_the_mark_is_seen_without_its_colour(options: dict[str, str], somebody: Somebody) -> None:
    citizen = somebody(**options)
    EVERY["source"].reached(citizen)
    assert underlined(citizen, ".text mark[aria-current]")
    citizen.goes(MARKED)
    assert underlined(citizen, "mark#quote")


@pytest.mark.parametrize(
    "state", ["answered", "more", "asked what else", "choice", "comparison", "promise"]
)
def test_forced_colours_leave_every_button_an_edge(state: str, somebody: Somebody) -> None:
    citizen = somebody(forced_colors="active")
    EVERY[state].reached(citizen)
    edges = citizen.deep(
        "controls().filter(one => one.localName === 'button')"
        ".map(one => [name(one), getComputedStyle(one).borderTopColor,"
        " getComputedStyle(one).backgroundColor])"
    )
    assert edges
    assert not [one for one in edges if one[1] == one[2] or re.fullmatch(r"rgba.*, 0\)", one[1])]


def test_forced_colours_show_which_suggestion_is_chosen(somebody: Somebody) -> None:
    citizen = somebody(forced_colors="active")
    EVERY["offered"].reached(citizen)
    citizen.box.press("ArrowDown")
    grounds = citizen.page.locator("#offers li").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert len(grounds) > 1
    assert grounds[0] not in grounds[1:]


@pytest.mark.parametrize("state", ["found", "answered", "source", "personal data"])
def test_nothing_moves_for_who_asked_for_stillness(state: str, somebody: Somebody) -> None:
    citizen = somebody(reduced_motion="reduce")
    EVERY[state].reached(citizen)
    assert citizen.deep("moving()") == 0
    citizen.goes("/")
    assert citizen.deep("moving()") == 0


def test_nothing_in_any_sheet_takes_longer_than_150_ms(citizen: Citizen) -> None:
    """Motion as such: the longest transition or animation that any element declares."""
    for state in ("answered", *list(PAGES)[:4]):
        EVERY[state].reached(citizen)
        longest = citizen.deep(
            "Math.max(...[...everything()].map(one => getComputedStyle(one)).flatMap(style =>"
            " [style.transitionDuration, style.animationDuration]).map(parseFloat))"
        )
        assert longest <= 0.15
        if state == "answered":
            expect(citizen.panel).to_be_visible()

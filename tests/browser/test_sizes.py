"""Nothing is wider than its screen, nothing smaller than a finger, no file heavier than agreed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import server
from tests.browser.citizen import ANSWERED, LISTED, REFUSED, Citizen
from tests.browser.conftest import Somebody
from tests.browser.replies import REPLIES
from tests.browser.screens import LEAST, PHONE, VIEWS, judge
from tests.browser.states import EVERY, PAGES, elder

STATES = (
    "closed",
    "open",
    "found",
    "limited",
    "personal data",
    "asked why it was useless",
    "asked what else",
    "more",
    "offered",
    "too long",
    "settings",
    *REPLIES,
    "several in English",
    "not allowed",
    "english",
    "a page of its own",
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", ["standard", "elder"])
def test_a_conversation_fits(view: str, size: str, somebody: Somebody) -> None:
    citizen = somebody(viewport=VIEWS[view])
    citizen.visits()
    citizen.opens()
    if size == "elder":
        elder(citizen)
    for question in (ANSWERED, LISTED, REFUSED):
        citizen.asks(question)
        judge(citizen, question)
    citizen.page.get_by_role("button", name="看原文").first.click()
    citizen.page.locator(".text mark[aria-current]").wait_for()
    judge(citizen, "source")


@pytest.mark.parametrize("state", ["settings", "offered", "too long", "more", *REPLIES])
def test_a_state_fits_in_the_largest_type(state: str, somebody: Somebody) -> None:
    citizen = somebody(viewport=PHONE)
    EVERY[state].reached(citizen)
    if state == "settings":
        citizen.page.get_by_label("特大").check()
    else:
        elder(citizen)
        citizen.page.get_by_role("button", name="字号").click()  # folds the choices again
    for name, view in VIEWS.items():
        citizen.page.set_viewport_size(view)
        judge(citizen, name)


@pytest.mark.parametrize("state", [*STATES, *PAGES])
def test_a_state_fits_every_screen(state: str, somebody: Somebody) -> None:
    citizen = somebody(viewport=PHONE, **EVERY[state].options)
    EVERY[state].reached(citizen)
    for name, view in VIEWS.items():
        citizen.page.set_viewport_size(view)
        judge(citizen, name)


def test_what_the_measure_is_for_is_found(citizen: Citizen) -> None:
    citizen.goes("/")
    citizen.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        " '<button>小</button><div id=broad>宽</div>');"
        "document.querySelector('#broad').style.width = '2000px';"
        "document.querySelector('body > button').style.cssText = 'min-height:20px;padding:0'"
    )
    assert citizen.deep("wide()")
    assert any("小" in one for one in citizen.deep(f"small({LEAST})"))


def test_the_built_files_keep_their_weight() -> None:
    static = Path(server.__file__).parent / "static"
    weights = [
        len(gzip.compress(file.read_bytes(), mtime=0)) for file in sorted(static.glob("widget*.js"))
    ]
    assert len(weights) == 2
    assert min(weights) <= 8_000
    assert sum(weights) <= 30_000

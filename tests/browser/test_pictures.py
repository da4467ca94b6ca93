"""Pictures for docs/screenshots, to be looked at by people: ``FUWEN_SCREENSHOTS=1``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.citizen import Citizen
from tests.browser.clerk import Clerk
from tests.browser.conftest import Somebody
from tests.browser.screens import MAGNIFIED, WIDE
from tests.browser.sites import ROOT, Sites, running
from tests.browser.states import EVERY, MINE, elder

FOLDER = ROOT / "docs" / "screenshots"
HEAVIEST = 150_000  # bytes
PHONE = {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 1.5, "has_touch": True}
SCREEN = {"viewport": WIDE}
MAGNIFIER = {"viewport": MAGNIFIED, "device_scale_factor": 3}


@dataclass(frozen=True, slots=True)
class Picture:
    """A state on a screen; ``then`` is what is done before the picture is taken."""

    state: str
    screen: Mapping[str, object]
    then: Callable[[Citizen], object] = lambda _: None


def _elder(citizen: Citizen) -> None:
    elder(citizen)
    citizen.page.get_by_role("button", name="字号").click()  # folds the choices again


def _marked(citizen: Citizen) -> None:
    citizen.goes(MINE + "?start=181&end=261")


PICTURES: Mapping[str, Picture] = {
    "launcher": Picture("closed", SCREEN),
    "answer-1280": Picture("answered", SCREEN),
    "answer-320": Picture("answered", PHONE),
    "answer-400": Picture("answered", MAGNIFIER),
    "answer-elder": Picture("answered", PHONE, _elder),
    "answer-dark": Picture("answered in the dark", SCREEN),
    "refusal-320": Picture("refused", PHONE),
    "listing-320": Picture("listing", PHONE),
    "source-320": Picture("source", PHONE),
    "home-1280": Picture("home", SCREEN),
    "letter-1280": Picture("letter", SCREEN, _marked),
    "ask-1280": Picture("ask: answered", SCREEN),
    "ask-320": Picture("ask: answered", PHONE),
}


@pytest.mark.skipif("FUWEN_SCREENSHOTS" not in os.environ, reason="only with FUWEN_SCREENSHOTS=1")
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_taken(name: str, somebody: Somebody) -> None:
    picture = PICTURES[name]
    citizen = somebody(**{**picture.screen, **EVERY[picture.state].options})
    EVERY[picture.state].reached(citizen)
    picture.then(citizen)
    file = FOLDER / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    citizen.page.screenshot(path=file, caret="hide")
    assert file.stat().st_size < HEAVIEST


ROOMS = {
    "console-home": "/staff",
    "console-review": "/staff/review",
    "console-statistics": "/staff/statistics",
    "console-repeats": "/staff/compare",
    "console-figures": "/staff/compare?tab=figures",
}


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """The service with a ledger that staff have worked on."""
    with running(tmp_path_factory.mktemp("decided"), decided=True) as sites:
        yield sites


@pytest.mark.skipif("FUWEN_SCREENSHOTS" not in os.environ, reason="only with FUWEN_SCREENSHOTS=1")
def test_pictures_of_the_console(browser: Browser, decided: Sites) -> None:
    desk = {"width": 1120, "height": 620}
    clerk = Clerk(browser, decided, viewport=desk, reduced_motion="reduce")
    clerk.signs_in()
    for name, address in ROOMS.items():
        clerk.goes(address)
        clerk.page.wait_for_load_state("networkidle")
        picture = FOLDER / f"{name}.png"
        clerk.page.screenshot(path=picture)
        assert picture.stat().st_size < HEAVIEST
    clerk.leaves()

"""A browser, the sites, and citizens who are held to have seen nothing wrong when they leave.

``make test-browser`` runs these tests; ``make test`` does not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import sites as places
from tests.browser.citizen import Citizen
from tests.browser.screens import WIDE
from tests.browser.sites import Sites

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",  # a container has little of it
)  # fmt: skip
Somebody = Callable[..., Citizen]
Kind = TypeVar("Kind", bound=Citizen)


def chromium() -> str:
    """The browser's path: ``FUWEN_CHROMIUM``, else the first that is installed."""
    found = os.environ.get("FUWEN_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUM)), None
    )
    if not found:
        pytest.exit(
            "没有找到浏览器；请运行 apt install chromium，或把它的路径写进环境变量 FUWEN_CHROMIUM",
            returncode=3,
        )
    return found


def opened(playwright: Playwright) -> Browser:
    """The browser, without a window."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS), headless=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = opened(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    with places.running(tmp_path_factory.mktemp("sites")) as running:
        yield running


@pytest.fixture
def somebody(browser: Browser, sites: Sites) -> Iterator[Somebody]:
    """Makes a citizen with options of a browser context; all are judged at the end."""
    yield from judged(Citizen, browser, sites)


def judged(kind: type[Kind], browser: Browser, sites: Sites) -> Iterator[Callable[..., Kind]]:
    """Makes somebody of ``kind`` each time; all are judged at the end."""
    came: list[Kind] = []

    def comes(**options: Any) -> Kind:
        came.append(kind(browser, sites, **{"viewport": WIDE, **options}))
        return came[-1]

    yield comes
    faults = [fault for one in came for fault in one.faults]
    for one in came:
        one.leaves()
    assert not faults, "\n".join(faults)


@pytest.fixture
def citizen(somebody: Somebody) -> Citizen:
    """At a wide screen."""
    return somebody()

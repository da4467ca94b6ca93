"""By keyboard alone: all is reached, in order, visibly, without a trap; and what is said aloud."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import ANSWERED, REFUSED, Citizen
from tests.browser.conftest import Somebody
from tests.browser.states import EVERY, PAGES

MOST = 200  # presses of a key; no state has as many controls
PHONE = {"viewport": {"width": 320, "height": 640}}


def walk(citizen: Citizen, key: str) -> list[dict[str, Any]]:
    """Where the focus stands after each press, until it comes by a place for the second time."""
    steps: list[dict[str, Any]] = []
    for _ in range(MOST):
        citizen.page.keyboard.press(key)
        step = citizen.deep("focus()")
        if step is None or step["at"] in [one["at"] for one in steps]:
            return steps
        steps.append(step)
    raise AssertionError("the walk does not end")


def held_against(steps: list[dict[str, Any]]) -> list[str]:
    return [
        f"{what}: {step['name']}" for step in steps for what in ("ringed", "seen") if not step[what]
    ]


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_walk_reaches_all_of_an_answer_in_order(
    options: dict[str, Any], somebody: Somebody
) -> None:
    citizen = somebody(**options)
    EVERY["answered"].reached(citizen)
    citizen.page.get_by_role("button", name="字号").click()
    everything = citizen.deep("tabbed().map(name)")
    citizen.page.locator("fuwen-panel #title").focus()
    steps = walk(citizen, "Tab")
    assert not held_against(steps)
    reached = [step["at"] for step in steps]
    from_panel = reached[0]
    # Onward from the title to the end of the panel, and out of it or round within the dialog.
    assert reached == [*range(from_panel, len(everything)), *range(from_panel)][: len(reached)]
    panel = [*range(from_panel, len(everything))]
    assert set(panel) <= set(reached), [everything[at] for at in set(panel) - set(reached)]


WALKED = (
    "listing", "refused", "limited", "source", "personal data", "settings",
    "asked why it was useless", "promise", "several questions", "comparison", "choice", "way out",
    "mended",
)  # fmt: skip


@pytest.mark.parametrize("state", WALKED)
def test_the_walk_reaches_all_of_a_state(state: str, citizen: Citizen) -> None:
    EVERY[state].reached(citizen)
    everything = citizen.deep("tabbed().map(name)")
    citizen.page.locator("header a").focus()  # the first of the page
    steps = walk(citizen, "Tab")
    assert not held_against(steps)
    assert [step["at"] for step in steps] == list(range(1, len(everything)))


@pytest.mark.parametrize("state", PAGES)
def test_the_walk_reaches_all_of_a_page(state: str, somebody: Somebody) -> None:
    citizen = somebody(**EVERY[state].options)
    EVERY[state].reached(citizen)
    everything = citizen.deep("tabbed().map(name)")
    # From the top of the page, wherever it was pressed or scrolled to before.
    citizen.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    steps = walk(citizen, "Tab")
    assert not held_against(steps)
    assert [step["at"] for step in steps] == list(range(len(everything)))


def test_asking_by_keyboard_leads_to_the_verdict_and_escape_back_to_the_page(
    citizen: Citizen,
) -> None:
    citizen.visits()
    citizen.launcher.focus()
    citizen.page.keyboard.press("Enter")
    expect(citizen.box).to_be_focused()
    citizen.page.keyboard.type(ANSWERED)
    citizen.page.keyboard.press("Enter")
    expect(citizen.last.locator(".verdict")).to_be_focused()
    citizen.page.keyboard.press("Tab")
    assert "看原文" in citizen.deep("focus()")["name"]
    citizen.page.keyboard.press("Enter")
    expect(citizen.page.locator(".letter h3")).to_be_focused()
    citizen.page.keyboard.press("Escape")
    assert "看原文" in citizen.deep("focus()")["name"]
    citizen.page.keyboard.press("Escape")
    expect(citizen.panel).to_be_hidden()
    expect(citizen.launcher).to_be_focused()


def test_the_menu_is_opened_walked_and_left_behind_by_keyboard(citizen: Citizen) -> None:
    EVERY["answered"].reached(citizen)
    citizen.page.keyboard.press("Tab")
    citizen.page.keyboard.press("Tab")
    assert "更多" in citizen.deep("focus()")["name"]
    citizen.page.keyboard.press("Enter")
    for name in ("复制并注明出处", "打开全文页"):
        citizen.page.keyboard.press("Tab")
        assert name in citizen.deep("focus()")["name"]
    citizen.page.keyboard.press("Tab")
    assert "有用" in citizen.deep("focus()")["name"]
    expect(citizen.last.get_by_role("link", name="打开全文页")).to_have_count(0)


def test_a_wide_panel_traps_nothing_and_one_that_covers_the_page_lets_nothing_behind_it(
    somebody: Somebody,
) -> None:
    for options, behind in (({}, True), (PHONE, False)):
        citizen = somebody(**options)
        citizen.visits()
        citizen.opens()
        names = [step["name"] for step in walk(citizen, "Shift+Tab")]
        assert any("云岭市人民政府" in one for one in names) is behind


def test_who_has_gone_elsewhere_is_not_called_back(citizen: Citizen) -> None:
    citizen.is_held_after(2)
    citizen.visits()
    citizen.opens()
    citizen.asks(REFUSED, settled=False)
    expect(citizen.last.locator(".asked")).to_be_focused()
    citizen.box.focus()
    citizen.page.evaluate("release()")
    expect(citizen.last.locator(".verdict")).to_be_visible()
    expect(citizen.box).to_be_focused()


def test_one_announcer_tells_start_and_end_and_nothing_live_stands_around_the_words(
    citizen: Citizen,
) -> None:
    citizen.is_held_after(3)
    citizen.visits()
    citizen.opens()
    live = citizen.page.locator("fuwen-panel .live")
    expect(live).to_have_attribute("role", "status")
    live.evaluate(
        "one => { window.told = []; new MutationObserver(() => told.push(one.textContent))"
        ".observe(one, {childList: true, characterData: true, subtree: true}) }"
    )
    citizen.asks(ANSWERED, settled=False)
    expect(citizen.last.locator(".quote")).to_have_count(1)
    assert citizen.deep("live('.turn, .turn *, .log')") == []
    citizen.page.evaluate("release()")
    expect(citizen.last.locator(".verdict")).to_be_visible()
    assert citizen.deep("live('.turn, .turn *, .log')") == []
    quotes = citizen.last.locator(".quote").count()
    assert citizen.page.evaluate("told") == ["正在查找…", f"查找完毕，有 {quotes} 条原文摘录"]

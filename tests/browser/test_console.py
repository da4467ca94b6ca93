"""The console in a browser: a day's work by keyboard, every room for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.clerk import ROOMS, Clerk
from tests.browser.conftest import judged
from tests.browser.sites import Sites

Hired = Callable[..., Clerk]
LIFTS = "加装电梯60部"
PROOF = "当年实际建成58部，差2部，明溪县的2部于2024年1月底补齐。"
PROVED_BY = "云建函〔2025〕9号"


@pytest.fixture
def hired(browser: Browser, sites: Sites) -> Iterator[Hired]:
    """Makes members of staff; all are judged at the end."""
    yield from judged(Clerk, browser, sites)


def test_a_day_at_the_console(hired: Hired) -> None:
    clerk = hired()
    clerk.signs_in()
    page = clerk.page

    # Ten proposals are reviewed, by keyboard alone.
    waiting = clerk.number("/staff/review?organ=云岭市住房和城乡建设局")
    assert waiting >= 10
    for _ in range(10):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator('input[name="seen"]:checked')).to_have_count(10)
    page.keyboard.press("1")
    expect(page.get_by_role("status")).to_contain_text("10 条已改为“未启动”")
    assert clerk.number("/staff/review?organ=云岭市住房和城乡建设局") == waiting - 10

    # One that is confirmed is late; the later letter says that it was kept.
    clerk.goes(f"/staff/commitments?words={LIFTS}")
    clerk.rows.first.locator("a.words").click()
    page.locator("summary", has_text="改变状态").click()
    page.get_by_label("◐ 进行中").check()
    page.get_by_role("button", name="改变状态").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("逾期")
    late = clerk.number("/staff/commitments?list=overdue")
    clerk.goes(f"/staff/commitments?list=overdue&words={LIFTS}")
    clerk.rows.first.locator("a.words").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("逾期")
    page.locator("summary", has_text="办好了").click()
    page.get_by_text("同时关联复文里的一句话").click()
    page.locator("#m-letter").fill(PROVED_BY)
    page.locator("#m-words").fill(PROOF)
    page.get_by_role("button", name="改为已完成", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已完成")
    evidence = page.locator(".proof blockquote").first  # before what other letters may say of it
    expect(evidence).to_have_text(PROOF)
    assert clerk.number("/staff/commitments?list=overdue") == late - 1

    # The ledger goes out as a table that says so.
    clerk.goes(f"/staff/commitments?words={LIFTS}")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    told = Path(download.value.path()).read_text("utf-8-sig")
    assert LIFTS in told
    assert "已完成" in told

    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录工作台")
    clerk.goes("/staff/commitments")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录工作台")


def test_many_are_confirmed_at_once(hired: Hired) -> None:
    clerk = hired()
    clerk.signs_in()
    page = clerk.page
    before = clerk.number("/staff/commitments?status=not_started")
    clerk.goes("/staff/commitments?status=proposed")
    clerk.looks_it_over()
    for _ in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("#b-organ")).to_be_hidden()
    clerk.presses("下一步：看会改什么", told="会改 3 条")
    clerk.looks_it_over()
    page.get_by_label("理由").fill("集中核实")
    clerk.presses("确认，改 3 条", told="改了 3 条")
    clerk.looks_it_over()
    assert clerk.number("/staff/commitments?status=not_started") == before + 3


def test_the_letter_is_one_key_away_with_the_words_marked(hired: Hired) -> None:
    clerk = hired()
    clerk.signs_in()
    clerk.goes("/staff/commitments?order=letter")
    words = clerk.rows.first.locator("a.words").inner_text()
    clerk.page.keyboard.press("j")
    clerk.page.keyboard.press("o")
    panel = clerk.page.locator("#letter")
    expect(panel).to_be_visible()
    assert "".join(panel.locator("mark").all_text_contents()) == words
    clerk.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert clerk.page.evaluate("document.activeElement.classList.contains('peek')")


@pytest.mark.parametrize("address", ROOMS)
def test_every_room_is_for_everybody(address: str, hired: Hired) -> None:
    clerk = hired()
    clerk.signs_in()
    clerk.goes(address)
    clerk.page.wait_for_load_state("networkidle")
    clerk.looks_it_over()

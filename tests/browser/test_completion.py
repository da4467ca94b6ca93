"""A promise from its confirmation to its completion, by two people: proved, proposed, signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kb.staff import accounts
from kb.staff.database import NAME, By, opened
from tests.browser import sites as places
from tests.browser.clerk import Clerk
from tests.browser.conftest import judged
from tests.browser.sites import STAFF, Sites
from tests.browser.test_sizes import VIEWS, judge

Hired = Callable[..., Clerk]
CHIEF = ("李主任", "签批一千二百件青河堤岸，2026")
PDF = b"%PDF-1.7 acceptance"


@pytest.fixture(scope="module")
def two_step(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """A service in which two have to decide that something is done."""
    folder = tmp_path_factory.mktemp("two")
    with places.running(folder, SIGN_OFF="on") as running:
        with opened(folder / "data" / NAME) as database:
            by = By(who="测试", at=datetime.now(UTC))
            accounts.add(database, CHIEF[0], role="manager", password=CHIEF[1], by=by)
        yield running


@pytest.fixture
def hired(browser: Browser, two_step: Sites) -> Iterator[Hired]:
    """Makes members of staff; all are judged at the end."""
    yield from judged(Clerk, browser, two_step)


def comes_in(clerk: Clerk, who: tuple[str, str]) -> None:
    clerk.pardons("cookie: fuwen-local")
    clerk.goes("/staff")
    clerk.page.get_by_label("账号").fill(who[0])
    clerk.page.get_by_label("密码").fill(who[1])
    clerk.page.get_by_role("button", name="登录").click()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("承诺总览")


def looked_over(clerk: Clerk) -> None:
    """The page that is open is for everybody, at every size."""
    for name, view in VIEWS.items():
        clerk.page.set_viewport_size(view)
        judge(clerk, name)
        found = clerk.barriers()
        assert not found, "\n".join(found)
    clerk.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_promise_is_confirmed_proved_completed_signed_and_taken_back(
    hired: Hired, tmp_path: Path
) -> None:
    clerk, chief = hired(), hired()
    comes_in(clerk, STAFF)
    comes_in(chief, CHIEF)
    page, other = clerk.page, chief.page
    title = page.get_by_role("heading", level=1)

    # Confirmed.
    clerk.goes("/staff/commitments?status=proposed")
    clerk.rows.first.locator("a.words").click()
    page.wait_for_url("**/staff/commitments/*")
    here = page.url.removeprefix(clerk.sites.fuwen).partition("?")[0]
    page.get_by_role("button", name="是承诺，进行中").click()
    expect(page.get_by_role("status")).to_contain_text("状态已改")

    # Proved by a paper, and by what was said on the telephone.
    paper = tmp_path / "验收单.pdf"
    paper.write_bytes(PDF)
    page.get_by_text("附上文件、网址或电话记录").click()
    expect(page.locator("#a-address")).to_be_hidden()
    page.locator("#a-file").set_input_files(paper)
    page.locator("#a-day").fill("2026-01-05")
    page.locator("#a-note").fill("竣工验收单")
    page.get_by_role("button", name="附上", exact=True).click()
    expect(page.locator(".attached")).to_contain_text("竣工验收单")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 验收单.pdf").click()
    assert Path(download.value.path()).read_bytes() == PDF
    looked_over(clerk)

    # Proposed as done, on the day of the paper; it waits.
    page.get_by_text("办好了：报请改为已完成").click()
    expect(page.locator("#d-on")).to_have_value("2026-01-05")
    page.get_by_role("button", name="报请签批").click()
    expect(page.locator(".pending").first).to_contain_text("待签批")
    expect(page.get_by_role("button", name="同意")).to_have_count(0)

    # Signed by another.
    chief.goes("/staff/commitments?list=pending")
    expect(chief.rows).to_have_count(1)
    chief.rows.first.locator("a.words").click()
    looked_over(chief)
    other.get_by_role("button", name="同意，改为“已完成”").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("已完成")
    expect(other.locator(".facts")).to_contain_text("完成日期 2026年1月5日")

    # Taken back by who signed; then it waits again.
    clerk.goes(here)
    expect(title).to_contain_text("已完成")
    other.get_by_role("button", name="撤销上一步").click()
    expect(other.get_by_role("status")).to_contain_text("已撤销“签批”")
    clerk.goes(here)
    expect(page.locator(".pending").first).to_contain_text("待签批")


def test_many_are_confirmed_at_once(hired: Hired) -> None:
    clerk = hired()
    comes_in(clerk, STAFF)
    page = clerk.page
    before = clerk.number("/staff/commitments?status=not_started")
    clerk.goes("/staff/commitments?status=proposed")
    looked_over(clerk)
    for _ in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("#b-organ")).to_be_hidden()
    page.get_by_role("button", name="下一步：看会改什么").click()
    expect(page.get_by_role("status")).to_contain_text("会改 3 条")
    looked_over(clerk)
    page.get_by_label("理由").fill("集中核实")
    page.get_by_role("button", name="确认，改 3 条").click()
    expect(page.get_by_role("status")).to_contain_text("改了 3 条")
    looked_over(clerk)
    assert clerk.number("/staff/commitments?status=not_started") == before + 3

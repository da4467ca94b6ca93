"""A promise from the letter that makes it to the week that reports it, by three people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, expect

from kb.staff import accounts
from kb.staff.database import NAME, By, opened
from tests.browser import sites as places
from tests.browser.clerk import Clerk
from tests.browser.conftest import judged
from tests.browser.sites import Sites

Hired = Callable[..., Clerk]
ORGAN = "云岭市水利局"
OWNER = ("吴经办", "修渠六公里，栽柳一千二百棵，2026")
CHIEF = ("李主任", "签批一千二百件青河堤岸，2026")
PROMISE = "2025年底前完成青石坝灌渠修复9公里"
LETTER = f"""{ORGAN}
云水函〔2025〕79号
关于市政协六届三次会议第079号提案的答复
苗青禾委员：
您提出的《关于修复青石坝灌渠的提案》收悉，现答复如下：
一、办理情况
青石坝灌渠建于1978年，渗漏严重。
二、下一步工作
我局将于{PROMISE}。
{ORGAN}
2025年5月18日
"""
PDF = b"%PDF-1.7 acceptance"


@pytest.fixture(scope="module")
def two_step(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """A service in which two have to decide that something is done."""
    folder = tmp_path_factory.mktemp("two")
    with places.running(folder, SIGN_OFF="on") as running:
        with opened(folder / "data" / NAME) as database:
            by = By(who="测试", at=datetime.now(UTC))
            accounts.add(database, CHIEF[0], role="manager", password=CHIEF[1], by=by)
            accounts.add(
                database, OWNER[0], role="reviewer", organs=[ORGAN], password=OWNER[1], by=by
            )
        yield running


@pytest.fixture
def hired(browser: Browser, two_step: Sites) -> Iterator[Hired]:
    """Makes members of staff; all are judged at the end."""
    yield from judged(Clerk, browser, two_step)


def test_a_promise_from_its_letter_to_the_report(hired: Hired, tmp_path: Path) -> None:
    clerk, owner, chief = hired(), hired(), hired()
    clerk.signs_in()
    owner.signs_in(OWNER, home="本单位的承诺")
    chief.signs_in(CHIEF)

    here = uploaded_and_confirmed(clerk)
    assigned_and_reminded(clerk)
    proved_and_proposed(owner, here, tmp_path)
    signed(chief)
    assert reported(chief, tmp_path)
    taken_back(chief, owner, here)
    assert not reported(chief, tmp_path)


def uploaded_and_confirmed(clerk: Clerk) -> str:
    """A letter is dropped and published; its one promise is confirmed. Where that is."""
    clerk.drops("青石坝.txt", LETTER)
    clerk.page.get_by_role("button", name="发布").click()
    clerk.waits_for("已发布")

    clerk.goes(f"/staff/review?organ={ORGAN}")
    mine = clerk.rows.filter(has_text="青石坝")
    expect(mine).to_have_count(1)
    mine.get_by_role("checkbox").check()
    clerk.page.locator('button[value="under_way"]').click()
    expect(clerk.page.get_by_role("status")).to_contain_text("1 条已改为“进行中”")

    clerk.goes("/staff/commitments?words=青石坝")
    expect(clerk.rows).to_have_count(1)
    clerk.rows.locator("a.words").click()
    expect(clerk.page.get_by_role("heading", level=1)).to_contain_text("逾期")
    expect(clerk.page.locator(".quote mark")).to_contain_text(PROMISE)
    return clerk.page.url.removeprefix(clerk.sites.fuwen).partition("?")[0]


def assigned_and_reminded(clerk: Clerk) -> None:
    """On the page of the promise, which is open."""
    page = clerk.page
    clerk.unfolds("指定责任人")
    page.get_by_label("责任人（负责单位的账号，或主管）").select_option(OWNER[0])
    clerk.presses("指定", told=f"责任人现在是 {OWNER[0]}")

    clerk.unfolds("记下一次催办")
    expect(page.get_by_label("催办了谁")).to_have_value(OWNER[0])
    page.get_by_role("textbox", name="说了什么", exact=True).fill("本周内报进展")
    clerk.presses("记下催办")
    page.get_by_label("评论（只给工作人员看，写下就不能改）").fill("已联系农水科")
    clerk.presses("写下评论")
    told = page.locator("ol.events li")
    expect(told.nth(0)).to_contain_text("已联系农水科")
    expect(told.nth(1)).to_contain_text(f"催办 {OWNER[0]}（电话）")
    expect(page.locator("table.facts")).to_contain_text("1 次，最近一次")


def proved_and_proposed(owner: Clerk, here: str, folder: Path) -> None:
    """The owner finds it among their own, saves that list, proves it by a paper, reports it."""
    page = owner.page
    owner.goes("/staff")
    page.get_by_role("link", name="我负责、没办完").click()
    owner.unfolds("存下这个筛选")
    page.get_by_label("存为视图，名字").fill("我的")
    owner.presses("存下")
    expect(page.get_by_role("link", name="我的", exact=True)).to_be_visible()
    owner.rows.locator("a.words").click()
    assert here in page.url

    paper = folder / "验收单.pdf"
    paper.write_bytes(PDF)
    owner.unfolds("附上文件、网址或电话记录")
    expect(page.locator("#a-address")).to_be_hidden()
    page.locator("#a-file").set_input_files(paper)
    page.locator("#a-day").fill("2025-12-20")
    page.locator("#a-note").fill("竣工验收单")
    owner.presses("附上")
    expect(page.locator(".attached")).to_contain_text("竣工验收单")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 验收单.pdf").click()
    assert Path(download.value.path()).read_bytes() == PDF
    owner.looks_it_over()

    owner.unfolds("办好了：报请改为已完成")
    expect(page.locator("#d-on")).to_have_value("2025-12-20")
    owner.presses("报请签批")
    expect(page.locator(".pending").first).to_contain_text("待签批")
    expect(page.get_by_role("button", name="同意")).to_have_count(0)


def signed(chief: Clerk) -> None:
    """By another, from the list of what waits."""
    chief.goes("/staff/commitments?list=pending")
    expect(chief.rows).to_have_count(1)
    chief.rows.locator("a.words").click()
    chief.looks_it_over()
    chief.presses("同意，改为“已完成”")
    expect(chief.page.get_by_role("heading", level=1)).to_contain_text("已完成")
    expect(chief.page.locator(".facts")).to_contain_text("按期完成，完成日期 2025年12月20日")


def reported(chief: Clerk, folder: Path) -> bool:
    """Whether this week's document tells of the promise as done."""
    page = chief.page
    chief.goes("/staff/weekly")
    page.get_by_role("link", name="后一周").click()
    expect(page.locator(".tally")).to_contain_text("催办 1 次")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载通报（docx）").click()
    assert download.value.suggested_filename.startswith("督查通报-")
    path = folder / "通报.docx"
    download.value.save_as(path)
    rows = [row for table in Document(str(path)).tables for row in table.rows]
    told = ["".join(cell.text for cell in row.cells) for row in rows]
    return any("青石坝" in row and "已完成（按期完成）" in row for row in told)


def taken_back(chief: Clerk, owner: Clerk, here: str) -> None:
    """By who signed; then it waits again."""
    chief.goes(here)
    chief.presses("撤销上一步", told="已撤销“签批”")
    owner.goes(here)
    expect(owner.page.locator(".pending").first).to_contain_text("待签批")

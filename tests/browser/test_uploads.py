"""Uploads in a browser: dropped, looked at, corrected, published, found in the list, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.clerk import Clerk
from tests.browser.conftest import judged
from tests.browser.sites import Sites

Hired = Callable[..., Clerk]
LETTER = """云岭市水利局
云水函〔2026〕77号
关于市政协六届四次会议第077号提案的答复
苗青禾委员：
您提出的《关于修复白石坝灌渠的提案》收悉，现答复如下：
一、办理情况
2025年修复灌渠6公里。
联系人：廖远山，联系电话13900001234。
云岭市水利局
2026年5月18日
"""


@pytest.fixture
def hired(browser: Browser, sites: Sites) -> Iterator[Hired]:
    """Makes members of staff; all are judged at the end."""
    yield from judged(Clerk, browser, sites)


def test_a_letter_is_dropped_corrected_published_and_withdrawn(hired: Hired) -> None:
    clerk = hired()
    clerk.signs_in()
    page = clerk.page
    clerk.drops("白石坝.txt", LETTER)
    expect(page.locator(".facts")).to_contain_text("云水函〔2026〕77号")
    expect(page.locator(".told")).to_contain_text("会遮去")
    page.get_by_text("更正要素").click()
    page.get_by_label("联系单位").fill("云岭市水利局农水科")
    page.get_by_role("button", name="记下更正").click()
    expect(page.locator(".facts")).to_contain_text("程序读出的是")
    clerk.looks_it_over()
    page.get_by_role("button", name="发布").click()
    clerk.waits_for("已发布")

    clerk.goes("/staff/letters?q=苗青禾&flag=corrected")
    expect(clerk.rows).to_have_count(1)
    clerk.rows.first.locator("a.words").click()
    expect(page.locator("#fields")).to_contain_text("云岭市水利局农水科")
    clerk.goes("/letters/白石坝.txt")
    expect(page.locator(".letter")).not_to_contain_text("13900001234")

    clerk.goes("/staff/uploads")
    page.get_by_role("link", name="白石坝.txt").click()
    page.get_by_role("button", name="撤下").click()
    clerk.waits_for("搁置")
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_role("status").first).to_contain_text("已删除")
    clerk.goes("/staff/letters?q=苗青禾")
    expect(clerk.rows).to_have_count(0)


def test_without_scripts_a_file_is_chosen_and_the_page_reloaded(hired: Hired) -> None:
    clerk = hired(java_script_enabled=False)
    clerk.signs_in()
    clerk.goes("/staff/uploads")
    page = clerk.page
    page.set_input_files(
        "#files",
        files=[{"name": "坏的.docx", "mimeType": "text/plain", "buffer": "坏".encode()}],
    )
    page.get_by_role("button", name="上传").click()
    for _ in range(300):
        clerk.goes("/staff/uploads")
        if "format_mismatch" in page.locator("#uploads").inner_text():
            break
        page.wait_for_timeout(500)
    expect(page.locator("#uploads")).to_contain_text("请改正扩展名或重新导出")
    page.get_by_role("button", name="删除").click()
    expect(page.locator("#uploads")).not_to_contain_text("坏的.docx")

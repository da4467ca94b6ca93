"""The pages on a telephone, on paper, by keyboard and without scripts: what is seen at first."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.citizen import ANSWERED, LISTED, Citizen
from tests.browser.conftest import Somebody
from tests.browser.screens import WIDE
from tests.browser.states import EVERY, MINE, PRINTED, TABLED, elder

PHONES = {
    "320": {"viewport": {"width": 320, "height": 640}},
    "375": {"viewport": {"width": 375, "height": 812}},
}
QUOTED = MINE + "?start=181&end=261#quote"
SCREENS = 4  # of a telephone, that a letter takes at first: card, passage, contents


def tall(citizen: Citizen) -> float:
    """How many screens the page is high."""
    found = citizen.page.evaluate("document.documentElement.scrollHeight / innerHeight")
    return float(found)


def far(citizen: Citizen) -> Locator:
    """The lines that can wait."""
    return citizen.page.locator(".letter > .far")


@pytest.mark.parametrize("phone", PHONES)
def test_a_letter_is_short_at_first_on_a_telephone(phone: str, somebody: Somebody) -> None:
    citizen = somebody(**PHONES[phone])
    citizen.goes(TABLED)
    assert tall(citizen) < SCREENS
    expect(far(citizen).first).to_be_hidden()
    expect(citizen.page.get_by_text("全市1043个行政村")).to_be_visible()  # the first that it says
    expect(citizen.page.get_by_role("link", name="二、药品与报销")).to_be_visible()
    expect(citizen.page.get_by_text("校验码")).to_be_hidden()
    citizen.page.get_by_role("link", name="看全文").click()
    for line in far(citizen).all():
        if (line.text_content() or "").strip():
            expect(line).to_be_visible()
    expect(citizen.page.get_by_role("link", name="看全文")).to_be_hidden()


@pytest.mark.parametrize("phone", PHONES)
def test_an_entry_of_the_contents_leads_to_its_place(phone: str, somebody: Somebody) -> None:
    citizen = somebody(**PHONES[phone])
    citizen.goes(TABLED)
    citizen.page.get_by_role("link", name="（二）待遇").click()
    expect(citizen.page.locator(":target")).to_be_in_viewport()
    expect(citizen.page.locator(":target")).to_contain_text("（二）待遇")


@pytest.mark.parametrize("phone", PHONES)
def test_a_quote_is_seen_with_the_letter_it_is_of(phone: str, somebody: Somebody) -> None:
    citizen = somebody(**PHONES[phone])
    citizen.goes(QUOTED)
    expect(citizen.page.locator("mark#quote")).to_be_in_viewport()
    expect(citizen.page.get_by_text("云水函〔2025〕4号").first).to_be_in_viewport()
    expect(far(citizen).first).to_be_hidden()


@pytest.mark.parametrize("size", ["", "?size=large", "?size=extra"])
def test_a_wide_screen_shows_the_letter_whole_with_its_contents_beside_it(
    size: str, citizen: Citizen
) -> None:
    citizen.goes(TABLED + size)
    expect(far(citizen).first).to_be_visible()
    words = citizen.page.locator(".letter").bounding_box()
    contents = citizen.page.locator(".jumps").bounding_box()
    assert words
    assert contents
    assert contents["x"] >= words["x"] + words["width"]
    assert contents["y"] < WIDE["height"]


def test_all_is_unfolded_by_keyboard(somebody: Somebody) -> None:
    citizen = somebody(**PHONES["320"])
    citizen.goes(TABLED)
    for name in ("看全文", "这份答复的基本情况"):
        for _ in range(60):
            citizen.page.keyboard.press("Tab")
            if name in citizen.deep("focus()")["name"]:
                break
        citizen.page.keyboard.press("Enter")
    expect(far(citizen).first).to_be_visible()
    expect(citizen.page.get_by_text("校验码")).to_be_visible()


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("size", ["", "?size=extra"])
def test_a_table_is_moved_by_itself_and_keeps_its_first_column(
    phone: str, size: str, somebody: Somebody
) -> None:
    citizen = somebody(**PHONES[phone])
    citizen.goes(TABLED + size + "#whole")
    assert citizen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table = citizen.page.get_by_role("region", name="表格 1")
    table.evaluate("one => { one.scrollLeft = one.scrollWidth }")
    edges = table.evaluate(
        "one => [one.querySelector('tbody td').getBoundingClientRect().left,"
        " one.getBoundingClientRect().left]"
    )
    assert abs(edges[0] - edges[1]) < 2
    heads = [one.text_content() for one in table.get_by_role("columnheader").all()]
    assert heads == ["县区", "村卫生室（个）", "已达标（个）", "达标率"]
    right = table.locator("td.figure").first.evaluate("one => getComputedStyle(one).textAlign")
    assert right == "right"


@pytest.mark.parametrize("phone", PHONES)
def test_a_page_of_a_pdf_is_whole_and_then_larger(phone: str, somebody: Somebody) -> None:
    citizen = somebody(**PHONES[phone])
    citizen.goes(PRINTED + "/page/1")
    sheet, canvas = citizen.page.locator(".sheet"), citizen.page.locator(".sheet canvas")
    larger = citizen.page.get_by_role("button", name="放大看")
    expect(larger).to_be_visible()
    assert sheet.evaluate("one => one.scrollWidth <= one.clientWidth")
    before = canvas.evaluate("one => one.clientWidth")
    larger.click()
    assert canvas.evaluate("one => one.clientWidth") > 2 * before
    citizen.page.get_by_role("button", name="看整页").click()
    assert canvas.evaluate("one => one.clientWidth") == before


@pytest.mark.parametrize("phone", PHONES)
def test_on_paper_the_letter_is_whole_and_nothing_is_to_be_pressed(
    phone: str, somebody: Somebody
) -> None:
    citizen = somebody(**PHONES[phone])
    citizen.goes(TABLED)
    citizen.page.emulate_media(media="print")
    expect(far(citizen).first).to_be_visible()
    for hidden in (".jumps", ".unfold", "header nav", ".trust", "footer .away"):
        expect(citizen.page.locator(hidden).first).to_be_hidden()
    expect(citizen.page.get_by_text("网址：http")).to_be_visible()


def test_the_answer_on_paper_has_the_question_and_no_forms(citizen: Citizen) -> None:
    citizen.goes(f"/ask?q={ANSWERED}")
    citizen.page.emulate_media(media="print")
    expect(citizen.page.locator("blockquote").first).to_be_visible()
    expect(citizen.page.locator(".asked")).to_contain_text(ANSWERED)
    expect(citizen.page.locator(".folds")).to_be_hidden()


@pytest.mark.parametrize("options", [*PHONES.values(), {}], ids=[*PHONES, "1280"])
def test_the_home_page_asks_before_it_lists(options: dict[str, Any], somebody: Somebody) -> None:
    citizen = somebody(**options)
    citizen.goes("/")
    box = citizen.page.get_by_role("textbox", name="您想问什么")
    expect(box).to_be_in_viewport()
    boxes = citizen.deep("tabbed().map(one => one.id).filter(Boolean)")
    assert boxes.index("question") < boxes.index("q")
    box.fill(f"您好！\n{ANSWERED}")
    citizen.page.get_by_role("button", name="提问").click()
    expect(citizen.page.locator(".asked")).to_contain_text("您好！")
    expect(citizen.page.locator("article.quote").first).to_be_visible()


def test_examples_are_answered_when_they_are_pressed(citizen: Citizen) -> None:
    citizen.goes("/")
    links = citizen.page.locator(".examples a").all()
    assert len(links) >= 3
    answered = 0
    for there in [link.get_attribute("href") for link in links]:
        citizen.goes(there or "")
        answered += citizen.page.locator("article.quote, table.listing").count() > 0
    assert answered >= len(links) - 1


def test_without_scripts_all_of_it_is_there(somebody: Somebody) -> None:
    citizen = somebody(**PHONES["375"], java_script_enabled=False)
    citizen.goes(f"/ask?q={ANSWERED}")
    citizen.page.get_by_text("接着问").first.click()
    citizen.page.locator("textarea:visible").fill(LISTED)
    citizen.page.get_by_role("button", name="接着问").click()
    expect(citizen.page.locator("table.listing")).to_be_visible()
    citizen.goes(TABLED)
    citizen.page.get_by_role("link", name="看全文").click()
    expect(far(citizen).first).to_be_visible()
    citizen.page.get_by_text("这份答复的基本情况").click()
    expect(citizen.page.get_by_text("校验码")).to_be_visible()


def test_the_framed_page_has_one_heading_of_its_own_and_no_second_banner(
    citizen: Citizen,
) -> None:
    EVERY["embed"].reached(citizen)
    assert citizen.page.get_by_role("heading", level=1).count() == 1
    assert citizen.page.get_by_role("banner").count() <= 1
    assert citizen.page.get_by_role("main").count() == 1


@pytest.mark.parametrize("preference", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_a_sticky_column_hides_what_passes_under_it(
    preference: dict[str, str], somebody: Somebody
) -> None:
    citizen = somebody(**PHONES["320"], **preference)
    citizen.goes(TABLED + "#whole")
    ground = citizen.page.locator(".letter td").first.evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    assert not ground.endswith(", 0)")


def test_the_largest_type_of_the_panel_still_opens_the_letter(somebody: Somebody) -> None:
    citizen = somebody()
    EVERY["answered"].reached(citizen)
    elder(citizen)
    citizen.last.get_by_role("button", name="看原文").first.click()
    expect(citizen.page.locator("fuwen-panel mark[aria-current]")).to_be_in_viewport()

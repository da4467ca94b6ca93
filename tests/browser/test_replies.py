"""Every kind of reply as the widget draws it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import ANSWERED, LISTED, REFUSED, Citizen
from tests.browser.conftest import Somebody
from tests.browser.replies import KEEPING, REPLIES, SENTENCE, STORY
from tests.browser.states import EVERY

PHONE = {"viewport": {"width": 375, "height": 667}}


def test_the_lead_stands_before_the_quote_and_not_in_it(citizen: Citizen) -> None:
    EVERY["lead"].reached(citizen)
    expect(citizen.last.locator(".lead")).to_have_text("260万元")
    expect(citizen.last.locator("blockquote .lead")).to_have_count(0)
    expect(citizen.last.locator("blockquote")).to_have_text(SENTENCE)
    order = citizen.last.evaluate(
        "one => one.querySelector('.lead').compareDocumentPosition(one.querySelector('blockquote'))"
    )
    assert order == 4  # it follows
    later = citizen.last.locator(".later")
    expect(later).to_contain_text("此后还有 2 份同一主题的答复")
    expect(later.locator("q")).to_have_text([KEEPING])


def test_a_lead_that_does_not_stand_where_it_says_is_not_shown(citizen: Citizen) -> None:
    EVERY["false lead"].reached(citizen)
    expect(citizen.last.locator("blockquote")).to_have_text(SENTENCE)
    expect(citizen.last.locator(".lead")).to_have_count(0)


def test_a_promise_says_how_it_stands_by_whose_record_and_on_what_evidence(
    citizen: Citizen,
) -> None:
    EVERY["promise"].reached(citizen)
    standing = citizen.last.locator(".standing")
    for words in ("◐ 正在办理", "▲ 已过期限", "期限：2025年10月底前", "以上状态是本单位自己的记录"):
        expect(standing).to_contain_text(words)
    expect(citizen.last.locator(".lead")).to_have_text("还没有")
    expect(standing.locator("q")).to_have_text(KEEPING)
    standing.get_by_role("button", name="看原文").click()
    expect(citizen.page.locator(".text mark[aria-current]")).to_have_text(KEEPING)


def test_each_of_several_questions_has_its_heading_and_its_own_answer(citizen: Citizen) -> None:
    EVERY["several questions"].reached(citizen)
    expect(citizen.last.locator(".summary")).to_have_text("您问了 3 件事，分开回答")
    expect(citizen.last.locator(".resolved")).to_contain_text("分成几问来查")
    headings = citizen.last.locator("h4")
    expect(headings).to_have_text(
        ["𠮷野村引水渠修缮投资多少钱", "以后的管护经费怎么安排", "水渠旁边可以种树吗"]
    )
    parts = citizen.last.locator(".piece")
    assert [parts.nth(at).locator(".quote").count() for at in range(3)] == [1, 2, 0]
    expect(parts.nth(2)).to_contain_text("没有找到能直接回答的原文")
    expect(parts.nth(2).get_by_role("link", name="12345")).to_have_attribute("href", "tel:12345")
    parts.nth(1).get_by_role("button", name="看原文").first.click()
    expect(citizen.page.locator(".bar")).to_contain_text("第 1 处，共 2 处")
    expect(citizen.page.locator(".text mark[aria-current]")).to_have_text(KEEPING)


def test_a_comparison_is_a_table_with_the_letters_words_in_each_cell(citizen: Citizen) -> None:
    EVERY["comparison"].reached(citizen)
    rows = citizen.last.locator(".compare tbody tr")
    expect(rows).to_have_count(3)
    expect(citizen.last.locator(".compare tbody th[scope=row]")).to_have_text(
        ["2024年", "2025年", "2026年"]
    )
    expect(rows.nth(0).locator("q")).to_have_text("31万立方米")
    expect(rows.nth(1).locator("q")).to_have_text("2025年10月底前完成渠底防渗")
    expect(rows.nth(2).locator("td")).to_have_text("没有找到")
    expect(citizen.last.locator(".quote").first).to_be_hidden()
    citizen.last.get_by_text("逐条看摘录，共 2 条").click()
    expect(citizen.last.locator(".quote").first).to_be_visible()
    rows.nth(1).get_by_role("button", name="看原文").click()
    expect(citizen.page.locator(".text mark[aria-current]")).to_have_text(SENTENCE)


def test_of_a_comparison_it_is_asked_once_whether_it_was_useful(citizen: Citizen) -> None:
    EVERY["comparison"].reached(citizen)
    expect(citizen.last.locator("fuwen-opinion")).to_have_count(1)
    with citizen.page.expect_response("**/api/feedback") as sent:
        citizen.last.get_by_role("button", name="有用", exact=True).click()
    assert sent.value.status == 204
    assert sent.value.request.post_data_json["verdict"] == "several"


def test_a_choice_is_asked_by_a_tap(citizen: Citizen) -> None:
    EVERY["choice"].reached(citizen)
    expect(citizen.last.locator(".verdict")).to_have_text("“电梯”想问哪一件？")
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        citizen.last.get_by_role("button", name="要哪些材料").click()
    assert asked.value.post_data_json["question"] == "加装电梯要哪些材料？"


def test_a_notice_is_in_its_language_and_no_opinion_is_asked_of_it(citizen: Citizen) -> None:
    EVERY["in English"].reached(citizen)
    expect(citizen.last.locator(".verdict [lang=en]")).to_contain_text("in Chinese")
    expect(citizen.last.locator("fuwen-opinion")).to_have_count(0)


def test_the_way_out_can_be_dialled_and_nothing_else_is_followed(citizen: Citizen) -> None:
    EVERY["way out"].reached(citizen)
    links = citizen.last.locator(".ways a")
    hrefs = [links.nth(at).get_attribute("href") for at in range(links.count())]
    assert hrefs == ["tel:0999-5550101", "tel:12345", "https://www.example.gov.cn/szxx"]
    expect(citizen.last.locator(".ways li")).to_contain_text(
        ["云岭市水利局 0999-5550101", "12345 政务服务便民热线", "市长信箱", "不该点的"]
    )


def test_what_was_read_otherwise_is_shown_and_undone(citizen: Citizen) -> None:
    EVERY["mended"].reached(citizen)
    resolved = citizen.last.locator(".resolved")
    expect(resolved).to_contain_text("按“𠮷野村引水渠修缮投资多少钱”查找")
    expect(resolved).to_contain_text("“引水梁”当作“引水渠”")
    assert STORY not in resolved.inner_text()
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        resolved.get_by_role("button", name="照我的原话查").click()
    told = asked.value.post_data_json
    assert (told["question"], told["carry"]) == (ANSWERED, False)


def test_a_models_words_for_a_question_are_shown_as_such_and_undone(citizen: Citizen) -> None:
    EVERY["reworded"].reached(citizen)
    resolved = citizen.last.locator(".resolved")
    expect(resolved).to_contain_text("语言模型换了个说法：")
    expect(resolved).to_contain_text("按“𠮷野村引水渠修缮投资多少钱”查找")
    with citizen.page.expect_request("**/api/feedback") as said:
        citizen.last.locator("fuwen-opinion").get_by_role("button", name="有用", exact=True).click()
    assert said.value.post_data_json["question"] == ANSWERED
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        resolved.get_by_role("button", name="照我的原话查").click()
    told = asked.value.post_data_json
    assert (told["question"], told["carry"]) == (ANSWERED, False)


@pytest.mark.parametrize(
    "state", ["answered", "listing", "refused", "promise", "several questions", "comparison"]
)
def test_one_name_is_one_thing(state: str, citizen: Citizen) -> None:
    EVERY[state].reached(citizen)
    names = citizen.deep("controls().map(one => one.textContent.trim())")
    assert not [name for name in names if "在这里看" in name or "固定链接" in name]
    expect(citizen.last.get_by_role("link", name="看原文")).to_have_count(0)
    expect(citizen.last.get_by_role("button", name="打开全文页")).to_have_count(0)


IN_ENGLISH = (LISTED, REFUSED, *REPLIES)
CHINESE = (
    "[...everything()].filter(one => one.closest('.frame'))"
    ".filter(one => [...one.childNodes].some(node => node.nodeType === 3"
    " && /[\\u3400-\\u9fff\\u3000-\\u303f]/.test(node.data)))"
    ".filter(one => one.closest('[lang]').lang !== 'zh-CN').map(name)"
)


@pytest.mark.parametrize("asked", IN_ENGLISH)
def test_all_that_is_ours_is_english_where_the_page_is(asked: str, somebody: Somebody) -> None:
    """Letters, and what people wrote, stay Chinese and are marked so."""
    citizen = somebody(**PHONE)
    if asked in REPLIES:
        citizen.is_answered(asked)
    citizen.visits(page="en")
    citizen.opens()
    citizen.asks(ANSWERED if asked in REPLIES else asked)
    citizen.page.get_by_role("button", name="Settings").click()
    for name in ("More", "No"):
        for button in citizen.last.get_by_role("button", name=name, exact=True).all()[:1]:
            button.click()
    assert citizen.deep(CHINESE) == []
    for button in citizen.last.get_by_role("button", name="Read the letter").all()[:1]:
        button.click()
        expect(citizen.page.locator(".text p").first).to_be_visible()
        assert citizen.deep(CHINESE) == []


def test_chinese_in_english_is_noticed(somebody: Somebody) -> None:
    citizen = somebody(**PHONE)
    EVERY["english"].reached(citizen)
    citizen.last.locator(".asked bdi").evaluate("one => one.removeAttribute('lang')")
    assert citizen.deep(CHINESE)

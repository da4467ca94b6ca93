"""The widget on the pages of other sites: one that is on the allow-list, one that is not."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.citizen import ANSWERED, FOLLOWING, LISTED, REFUSED, TWICE, Citizen
from tests.browser.conftest import Somebody


def test_a_citizen_asks_from_the_allowed_site_and_sees_the_words_in_their_letter(
    citizen: Citizen,
) -> None:
    citizen.visits()
    expect(citizen.launcher).to_have_text("问政府答复")
    expect(citizen.panel).to_have_count(0)  # the rest is not even fetched
    citizen.opens()
    citizen.asks(TWICE)
    quotes = citizen.last.locator(".quote blockquote")
    quoted = quotes.all_text_contents()
    assert len(quoted) >= 2
    assert any("𠮷野村" in words for words in quoted)
    source = citizen.last.locator(".quote").first.locator(".source")
    expect(source).to_contain_text("云岭市水利局")
    expect(source).to_contain_text("云水函〔2025〕4号")
    expect(source).to_contain_text("2025年4月18日（")

    for at, button in ((0, None), (1, "下一处"), (0, "上一处")):
        if button:
            citizen.page.get_by_role("button", name=button).click()
        else:
            citizen.page.get_by_role("button", name="看原文").first.click()
        expect(citizen.page.locator(".bar")).to_contain_text(f"第 {at + 1} 处")
        expect(citizen.page.locator(".text mark[aria-current]")).to_be_in_viewport()
        assert citizen.marks == quoted[at]
    citizen.page.get_by_role("button", name="返回回答").click()
    expect(quotes.first).to_be_visible()


def test_the_letter_page_marks_the_quoted_code_points_alone(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    citizen.asks(ANSWERED)
    for at, quoted in enumerate(citizen.last.locator(".quote blockquote").all_text_contents()):
        citizen.last.get_by_role("button", name="更多").nth(at).click()
        with citizen.page.expect_popup() as opened:
            citizen.last.get_by_role("link", name="打开全文页").click()
        letter = opened.value
        expect(letter.locator("mark#quote")).to_be_in_viewport()
        assert "".join(letter.locator("article mark").all_text_contents()) == quoted
        letter.close()


def test_sources_are_shown_before_any_quote(citizen: Citizen) -> None:
    citizen.is_held_after(2)
    citizen.visits()
    citizen.opens()
    citizen.asks(ANSWERED, settled=False)
    expect(citizen.last.locator(".progress")).to_contain_text("份答复，正在核对原文")
    expect(citizen.last.locator(".found .source").first).to_be_visible()
    expect(citizen.last.locator(".quote")).to_have_count(0)
    citizen.page.evaluate("release()")
    expect(citizen.last.locator(".quote").first).to_be_visible()
    expect(citizen.last.locator(".progress")).to_have_count(0)


def test_a_follow_up_carries_the_subject_and_can_be_undone(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    citizen.asks(LISTED)
    expect(citizen.last.get_by_role("row")).not_to_have_count(0)
    citizen.asks(FOLLOWING)
    expect(citizen.last.locator(".resolved")).to_contain_text("按“2025年答复了多少件")
    citizen.last.get_by_role("button", name="照我的原话查").click()
    expect(citizen.last.locator(".verdict")).to_be_visible()
    expect(citizen.last.locator(".resolved")).to_have_count(0)


def test_a_refusal_says_why_what_is_near_and_whom_to_ask(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    citizen.asks(REFUSED)
    expect(citizen.last.locator(".quote")).to_have_count(0)
    expect(citizen.last).to_contain_text("没有找到能直接回答的原文")
    expect(citizen.last).to_contain_text("相关答复（内容相近，不是回答）")
    expect(citizen.last).to_contain_text("可以问谁")


def test_an_opinion_is_sent_and_thanked_for(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    citizen.asks(REFUSED)
    citizen.last.get_by_role("button", name="没用").click()
    citizen.last.get_by_role("button", name="其他").click()
    citizen.page.get_by_label("是什么？").fill("想问的是天气")
    with citizen.page.expect_response("**/api/feedback") as sent:
        citizen.last.get_by_role("button", name="提交").click()
    assert sent.value.status == 204
    assert sent.value.request.post_data_json["reason"] == "其他：想问的是天气"
    expect(citizen.last).to_contain_text("已记下，谢谢")


def test_one_tap_says_why_it_was_of_no_use(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    citizen.asks(ANSWERED)
    citizen.last.get_by_role("button", name="没用").click()
    with citizen.page.expect_response("**/api/feedback") as sent:
        citizen.last.get_by_role("button", name="过时了").click()
    assert sent.value.status == 204
    told = sent.value.request.post_data_json
    assert (told["useful"], told["reason"]) == (False, "过时了")
    assert told["quote"]["letter_id"] == "云水函〔2025〕4号.txt"
    expect(citizen.last.get_by_text("已记下，谢谢")).to_be_focused()


def test_the_site_that_is_not_listed_cannot_ask(citizen: Citizen) -> None:
    citizen.pardons("has been blocked by CORS policy|Failed to load resource")
    citizen.goes(citizen.sites.other)
    citizen.launcher.click()
    # The rest of the widget does not even load there, and the page says what can be done.
    expect(citizen.page.get_by_text("还没有获准使用")).to_be_visible()
    expect(citizen.page.get_by_role("link", name="直接打开问答页")).to_be_visible()
    told = citizen.page.evaluate(
        "(host) => fetch(`${host}/api/ask`, {method: 'POST', body: '{\"question\": \"电梯\"}',"
        " headers: {'Content-Type': 'application/json'}}).then(() => 'read', () => 'refused')",
        citizen.sites.fuwen,
    )
    assert told == "refused"


def test_only_the_listed_site_can_frame_the_widget(somebody: Somebody) -> None:
    welcome, stranger = somebody(), somebody()
    welcome.goes(f"{welcome.sites.allowed}/frame")
    framed = welcome.page.frame_locator("iframe")
    framed.locator("#question").fill(ANSWERED)
    framed.locator("#question").press("Enter")
    expect(framed.locator(".quote").first).to_be_visible()
    expect(framed.locator("#question")).to_be_in_viewport()  # to ask the next

    stranger.pardons("frame-ancestors|ERR_BLOCKED_BY_RESPONSE|chrome-error")
    stranger.goes(f"{stranger.sites.other}/frame")
    stranger.page.wait_for_load_state("networkidle")
    expect(stranger.page.frame_locator("iframe").locator("fuwen-ask")).to_have_count(0)
    assert any("frame-ancestors" in one for one in stranger.heard)


def test_the_widget_can_stand_in_the_text_of_a_page(citizen: Citizen) -> None:
    citizen.visits(mode="inline", target="main")
    expect(citizen.panel).to_be_visible()
    citizen.asks(ANSWERED)
    expect(citizen.last.locator(".quote").first).to_be_visible()


def test_a_page_that_does_what_it_must_not_is_noticed(somebody: Somebody) -> None:
    """The watch itself: were it blind, all the other tests would prove nothing."""
    citizen = somebody()
    citizen.visits()
    citizen.page.evaluate(
        "() => { document.cookie = 'kept=1'; new Image().src = 'http://127.0.0.1:9/';"
        " document.head.append(document.createElement('style'));"
        " document.head.lastChild.textContent = 'p {color: red}'; setTimeout(() => nothing()) }"
    )
    citizen.page.wait_for_timeout(500)
    for what in ("cookie: kept", "request: http://127.0.0.1:9/", "CSP style-src", "script: "):
        assert any(what in fault for fault in citizen.faults), what
    citizen.pardons("")
    citizen.page.context.clear_cookies()

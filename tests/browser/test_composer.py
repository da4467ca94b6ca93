"""Writing a question: what is offered, how long it may be, speaking it; what Escape closes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.citizen import ANSWERED, Citizen
from tests.browser.conftest import Somebody
from tests.browser.screens import PHONE
from tests.browser.states import EVERY, elder

LONGEST = 1000
PAUSE = 600  # milliseconds: more than the widget waits
FAKE_EAR = """
window.SpeechRecognition = class {
  start() { window.ear = this; }
  stop() { this.onend(); }
  abort() { this.onend(); }
};
"""


def options(citizen: Citizen) -> Locator:
    return citizen.page.get_by_role("option")


def test_the_list_is_walked_by_arrows_and_enter_asks_what_is_chosen(citizen: Citizen) -> None:
    EVERY["offered"].reached(citizen)
    expect(citizen.box).to_have_attribute("aria-expanded", "true")
    offered = options(citizen).all_inner_texts()
    assert offered
    assert all("电梯" in words for words in offered)
    citizen.box.press("ArrowDown")
    chosen = citizen.page.locator("#offers [aria-selected=true]")
    expect(chosen).to_have_text(offered[0].strip())
    expect(citizen.box).to_have_attribute("aria-activedescendant", "offer-0")
    expect(citizen.box).to_be_focused()
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        citizen.box.press("Enter")
    assert asked.value.post_data_json["question"] == offered[0].strip()
    expect(options(citizen)).to_have_count(0)


def test_enter_asks_what_is_written_while_nothing_in_the_list_is_chosen(citizen: Citizen) -> None:
    EVERY["offered"].reached(citizen)
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        citizen.box.press("Enter")
    assert asked.value.post_data_json["question"] == "电梯"


def test_a_tap_on_the_list_asks(somebody: Somebody) -> None:
    citizen = somebody(viewport={"width": 375, "height": 667}, has_touch=True)
    EVERY["offered"].reached(citizen)
    offered = options(citizen).last.inner_text().strip()
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        options(citizen).last.tap()
    assert asked.value.post_data_json["question"] == offered


@pytest.mark.parametrize("typed", ["电", "我的手机 13800138000", "130129196", "水" * 41])
def test_what_is_short_or_personal_or_long_is_not_sent_for_suggestions(
    typed: str, citizen: Citizen
) -> None:
    citizen.visits()
    citizen.opens()
    sent: list[str] = []
    citizen.page.on("request", lambda request: sent.append(request.url))
    citizen.box.fill(typed)
    citizen.page.wait_for_timeout(PAUSE)
    assert not [url for url in sent if "/api/suggestions" in url]


def test_escape_closes_what_lies_on_top_alone(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    citizen.asks(ANSWERED)
    citizen.page.get_by_role("button", name="字号").click()
    citizen.last.get_by_role("button", name="更多").click()
    menu = citizen.last.get_by_role("link", name="打开全文页")
    expect(menu).to_be_visible()
    citizen.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(citizen.last.get_by_role("button", name="更多")).to_be_focused()

    citizen.box.press_sequentially("电梯")
    expect(options(citizen).first).to_be_visible()
    citizen.page.keyboard.press("Escape")
    expect(options(citizen)).to_have_count(0)
    expect(citizen.box).to_have_value("电梯")

    citizen.last.get_by_role("button", name="看原文").click()
    expect(citizen.page.locator(".letter h3")).to_be_focused()
    citizen.page.keyboard.press("Escape")
    expect(citizen.last.locator(".quote").first).to_be_visible()

    settings = citizen.page.get_by_label("特大")
    expect(settings).to_be_visible()
    citizen.page.keyboard.press("Escape")
    expect(settings).to_have_count(0)
    expect(citizen.page.get_by_role("button", name="字号")).to_be_focused()
    expect(citizen.panel).to_be_visible()
    citizen.page.keyboard.press("Escape")
    expect(citizen.panel).to_be_hidden()
    expect(citizen.launcher).to_be_focused()


def test_escape_folds_the_reasons_before_anything_else(citizen: Citizen) -> None:
    EVERY["asked what else"].reached(citizen)
    citizen.page.keyboard.press("Escape")
    expect(citizen.last.get_by_text("哪里不合用？")).to_have_count(0)
    expect(citizen.last.get_by_role("button", name="没用")).to_be_focused()
    expect(citizen.panel).to_be_visible()


def test_escape_leaves_a_widget_in_the_page_where_it_is(citizen: Citizen) -> None:
    EVERY["inline"].reached(citizen)
    citizen.last.get_by_role("button", name="更多").click()
    citizen.page.keyboard.press("Escape")
    expect(citizen.last.get_by_role("link", name="打开全文页")).to_have_count(0)
    citizen.page.keyboard.press("Escape")
    expect(citizen.panel).to_be_visible()


def test_a_long_paste_in_the_largest_type_leaves_room_to_read(somebody: Somebody) -> None:
    citizen = somebody(viewport=PHONE)
    citizen.visits()
    citizen.opens()
    elder(citizen)
    citizen.page.get_by_role("button", name="字号").click()  # folds the choices again
    citizen.box.fill("老旧小区加装电梯补贴" * 150)
    expect(citizen.page.locator("#room")).to_contain_text("不发")
    log = citizen.page.locator("fuwen-panel .log").bounding_box()
    assert log is not None
    assert log["height"] >= 0.6 * PHONE["height"]


def test_of_a_paste_that_is_too_long_the_end_is_asked_and_this_is_said(citizen: Citizen) -> None:
    citizen.visits()
    citizen.opens()
    room = citizen.page.locator("#room")
    citizen.box.fill("𠮷" * 950)
    expect(room).to_have_text("还可以写 50 个字")
    question = "引水渠什么时候修好？"
    story = "𠮷" * LONGEST
    citizen.box.fill(story + question)
    expect(room).to_contain_text(f"开头 {len(question)} 个不发")
    expect(citizen.page.locator("fuwen-panel .live")).to_contain_text("不发")
    with citizen.page.expect_request("**/api/ask/stream") as asked:
        citizen.box.press("Enter")
    sent = asked.value.post_data_json["question"]
    assert sent == (story + question)[-LONGEST:]
    expect(room).to_be_hidden()
    expect(citizen.last.get_by_text("您写的全文")).to_be_visible()


@pytest.mark.parametrize("page", ["zh-CN", "en"])
@pytest.mark.parametrize("screen", [(375, 667), (320, 568)])
def test_the_conversation_keeps_most_of_the_panel_in_the_largest_type(
    screen: tuple[int, int], page: str, somebody: Somebody
) -> None:
    """The microphone is there as well, which takes a line."""
    citizen = somebody(viewport={"width": screen[0], "height": screen[1]})
    citizen.page.add_init_script(FAKE_EAR)
    citizen.visits(page=page)
    citizen.opens()
    citizen.asks(ANSWERED)
    settings = citizen.page.locator("fuwen-panel #settings")
    settings.click()
    for control in ("input[type=radio] >> nth=2", "input[type=checkbox] >> nth=1"):
        citizen.page.locator(f"fuwen-panel .settings {control}").check()
    settings.click()
    expect(citizen.page.locator("fuwen-panel .talk")).to_be_visible()
    heights = citizen.page.evaluate(
        "() => { const root = document.querySelector('fuwen-ask').shadowRoot"
        ".querySelector('fuwen-panel').shadowRoot;"
        " return ['.log', '.frame'].map(one => root.querySelector(one).clientHeight) }"
    )
    assert heights[0] >= 0.6 * heights[1], heights


def test_voice_is_off_until_it_is_switched_on_and_then_writes_and_does_not_ask(
    citizen: Citizen,
) -> None:
    citizen.page.add_init_script(FAKE_EAR)
    citizen.visits()
    citizen.opens()
    talk = citizen.page.get_by_role("button", name="说话")
    expect(talk).to_have_count(0)
    citizen.page.get_by_role("button", name="字号").click()
    switch = citizen.page.get_by_label("语音输入")
    expect(switch).not_to_be_checked()
    expect(citizen.page.locator("#voice-note")).to_contain_text("送到浏览器厂商的服务")
    switch.check()
    talk.click()
    expect(citizen.page.locator(".composer")).to_contain_text("正在听")
    citizen.page.evaluate(
        "ear.onresult({results: [[{transcript: '引水渠什么时候修好'}]]}); ear.onend()"
    )
    expect(citizen.box).to_have_value("引水渠什么时候修好")
    expect(citizen.box).to_be_focused()
    expect(citizen.page.locator(".turn")).to_have_count(0)
    talk.click()
    citizen.page.evaluate("ear.onerror({error: 'not-allowed'}); ear.onend()")
    expect(citizen.page.locator(".composer")).to_contain_text("用不了话筒")


def test_a_browser_that_cannot_listen_offers_no_switch(citizen: Citizen) -> None:
    citizen.page.add_init_script(
        "window.SpeechRecognition = window.webkitSpeechRecognition = undefined"
    )
    EVERY["settings"].reached(citizen)
    expect(citizen.page.get_by_label("特大")).to_be_visible()
    expect(citizen.page.get_by_label("语音输入")).to_have_count(0)

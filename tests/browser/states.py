"""Every state in which the widget and the pages can be, and the way there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.citizen import (
    ANSWERED,
    BROKEN,
    FOLLOWING,
    LIMITED,
    LISTED,
    REFUSED,
    TWICE,
    Citizen,
)
from tests.browser.clerk import sign_in
from tests.browser.replies import REPLIES

MINE = "/letters/" + quote("云水函〔2025〕4号.txt")
TABLED = "/letters/" + quote("云卫函〔2024〕15号.docx")
PRINTED = "/letters/" + quote("白鹭湖.pdf")  # citizens may have it: it holds no contact


@dataclass(frozen=True, slots=True)
class State:
    """``reached`` brings a citizen there, whose browser has ``options``."""

    reached: Callable[[Citizen], object]
    options: Mapping[str, Any] = field(default_factory=dict)


def _open(citizen: Citizen, **attributes: str) -> None:
    citizen.visits(**attributes)
    citizen.opens()


def _asked(question: str) -> Callable[[Citizen], None]:
    def reached(citizen: Citizen) -> None:
        _open(citizen)
        citizen.asks(question)

    return reached


def _held(events: int) -> Callable[[Citizen], None]:
    def reached(citizen: Citizen) -> None:
        citizen.is_held_after(events)
        _open(citizen)
        citizen.asks(ANSWERED, settled=False)
        expect(citizen.last.locator(".progress")).to_be_visible()
        if events > 1:
            expect(citizen.last.locator(".found .source").first).to_be_visible()

    return reached


def _stopped(citizen: Citizen) -> None:
    _held(2)(citizen)
    citizen.last.get_by_role("button", name="停止").click()
    expect(citizen.last).to_contain_text("已停止")


def _told(problem: Mapping[str, Any]) -> Callable[[Citizen], None]:
    def reached(citizen: Citizen) -> None:
        citizen.is_told(problem)
        _asked(ANSWERED)(citizen)

    return reached


def _offline(citizen: Citizen) -> None:
    _open(citizen)
    citizen.loses_the_network()
    citizen.asks(ANSWERED)
    expect(citizen.last).to_contain_text("没有网络")


def _source(citizen: Citizen) -> None:
    _asked(TWICE)(citizen)
    citizen.last.get_by_role("button", name="看原文").first.click()
    expect(citizen.page.locator(".text mark[aria-current]")).to_be_visible()


def _personal(citizen: Citizen) -> None:
    _open(citizen)
    citizen.asks("我的手机是13800138000，电梯补贴怎么领？", settled=False)
    expect(citizen.page.locator("#personal")).to_contain_text("手机号")


def _why(citizen: Citizen) -> None:
    _asked(REFUSED)(citizen)
    citizen.last.get_by_role("button", name="没用").click()
    expect(citizen.last.get_by_text("哪里不合用？")).to_be_visible()


def _other(citizen: Citizen) -> None:
    _why(citizen)
    citizen.last.get_by_role("button", name="其他").click()
    expect(citizen.last.get_by_label("是什么？")).to_be_focused()


def _more(citizen: Citizen) -> None:
    _asked(ANSWERED)(citizen)
    citizen.last.get_by_role("button", name="更多").click()
    expect(citizen.last.get_by_role("link", name="打开全文页")).to_be_visible()


def _offered(citizen: Citizen) -> None:
    _open(citizen)
    citizen.box.press_sequentially("电梯")
    expect(citizen.page.get_by_role("option").first).to_be_visible()


def _too_long(citizen: Citizen) -> None:
    _open(citizen)
    citizen.box.fill("水上不来。" * 220 + "引水渠什么时候修好？")
    expect(citizen.page.locator("#room")).to_contain_text("不发")


def _settings(citizen: Citizen) -> None:
    _asked(ANSWERED)(citizen)
    citizen.page.get_by_role("button", name="字号").click()


def _answered(name: str, **attributes: str) -> Callable[[Citizen], None]:
    """With a reply of replies.py."""

    def reached(citizen: Citizen) -> None:
        citizen.is_answered(name)
        _open(citizen, **attributes)
        citizen.asks(ANSWERED)

    return reached


def _history(citizen: Citizen) -> None:
    _asked(LISTED)(citizen)
    citizen.asks(FOLLOWING)
    citizen.page.reload()
    citizen.launcher.click()
    expect(citizen.page.locator(".turn")).to_have_count(2)


def elder(citizen: Citizen) -> None:
    """The largest type and high contrast, by the buttons for them."""
    citizen.page.get_by_role("button", name="字号").click()
    citizen.page.get_by_label("特大").check()
    citizen.page.get_by_label("高对比度").check()


def _elder(citizen: Citizen) -> None:
    _asked(ANSWERED)(citizen)
    elder(citizen)


def _english(citizen: Citizen) -> None:
    _open(citizen, page="en")
    citizen.asks(ANSWERED)
    expect(citizen.last).to_contain_text("What the letters say")


def _embed(citizen: Citizen) -> None:
    citizen.goes("/embed")
    expect(citizen.page.locator(".chip").first).to_be_visible()


def _framed(citizen: Citizen) -> None:
    _embed(citizen)
    citizen.asks(ANSWERED)


def _unlisted(citizen: Citizen) -> None:
    citizen.pardons("has been blocked by CORS policy|Failed to load resource")
    citizen.goes(citizen.sites.other)
    citizen.launcher.click()
    expect(citizen.page.get_by_text("没有打开")).to_be_visible()


def _inline(citizen: Citizen) -> None:
    citizen.visits(mode="inline", target="main")
    citizen.asks(ANSWERED)


WIDGET: Mapping[str, State] = {
    "closed": State(Citizen.visits),
    "open": State(_open),
    "searching": State(_held(1)),
    "found": State(_held(2)),
    "stopped": State(_stopped),
    "answered": State(_asked(ANSWERED)),
    "answered in the dark": State(_asked(ANSWERED), {"color_scheme": "dark"}),
    "listing": State(_asked(LISTED)),
    "refused": State(_asked(REFUSED)),
    "asked why it was useless": State(_why),
    "asked what else": State(_other),
    "more": State(_more),
    "offered": State(_offered),
    "too long": State(_too_long),
    "settings": State(_settings),
    **{name: State(_answered(name)) for name in REPLIES},
    "several in the dark": State(_answered("several questions"), {"color_scheme": "dark"}),
    "promise in English": State(_answered("promise", page="en")),
    "several in English": State(_answered("several questions", page="en")),
    "limited": State(_told(LIMITED)),
    "offline": State(_offline),
    "error": State(_told(BROKEN)),
    "source": State(_source),
    "personal data": State(_personal),
    "history": State(_history),
    "elder": State(_elder),
    "english": State(_english),
    "inline": State(_inline),
    "a page of its own": State(_framed),
    "not allowed": State(_unlisted),
}


def _page(address: str) -> Callable[[Citizen], None]:
    return lambda citizen: citizen.goes(address)


def _missing(address: str) -> Callable[[Citizen], None]:
    """A page whose status is an error by right."""

    def reached(citizen: Citizen) -> None:
        citizen.pardons("Failed to load resource")
        citizen.goes(address)

    return reached


def _printed(citizen: Citizen) -> None:
    citizen.goes(PRINTED + "/page/1")
    expect(citizen.page.get_by_role("button", name="放大看")).to_be_visible()


def _folded(citizen: Citizen) -> None:
    """A letter on a telephone, where it begins short."""
    citizen.page.set_viewport_size({"width": 320, "height": 640})
    citizen.goes(TABLED)
    expect(citizen.page.get_by_role("link", name="看全文")).to_be_visible()


def _whole(citizen: Citizen) -> None:
    _folded(citizen)
    citizen.page.get_by_role("link", name="看全文").click()
    expect(citizen.page.get_by_role("table").first).to_be_visible()


def _unfolded(citizen: Citizen) -> None:
    """The page of an answer with all that is folded on it."""
    citizen.goes(f"/ask?q={ANSWERED}")
    for summary in citizen.page.locator("summary").all():
        summary.click()
    expect(citizen.page.get_by_role("button", name="没用")).to_be_visible()


def _queue(citizen: Citizen) -> None:
    """With something in it: a refusal that was said to be of no use."""
    _why(citizen)
    citizen.last.get_by_role("button", name="答非所问").click()
    expect(citizen.last).to_contain_text("已记下")
    sign_in(citizen, "/staff/queue")
    expect(citizen.page.locator(".queue tbody tr")).not_to_have_count(0)


def _group(citizen: Citizen) -> None:
    _queue(citizen)
    citizen.page.locator(".queue tbody th a").first.click()
    expect(citizen.page.get_by_role("heading", name="怎么问的")).to_be_visible()


DARK = {"color_scheme": "dark"}
PAGES: Mapping[str, State] = {
    "home": State(_page("/")),
    "home in the dark": State(_page("/"), DARK),
    "found letters": State(_page("/?q=电梯")),
    "found nothing": State(_page("/?q=航天飞机&year=1900")),
    "letter": State(_page(MINE)),
    "letter in the dark": State(_page(MINE + "?start=181&end=261"), DARK),
    "letter with hits": State(_page("/letters/" + quote("云建办〔2023〕18号.txt") + "?q=电梯")),
    "letter with a table": State(_page(TABLED)),
    "letter with a table in the largest type": State(_page(TABLED + "?size=extra")),
    "letter folded": State(_folded),
    "letter unfolded": State(_whole),
    "page of a PDF": State(_printed),
    "feeds": State(_page("/feeds")),
    "list of a topic": State(_page("/?topic=教育")),
    "ask": State(_page("/ask")),
    "ask: answered": State(_page(f"/ask?q={ANSWERED}")),
    "ask: unfolded": State(_unfolded),
    "ask: a row of a table": State(_page("/ask?q=明溪县村卫生室达标率是多少")),
    "ask: listing": State(_page(f"/ask?q={LISTED}")),
    "ask: refused": State(_page(f"/ask?q={REFUSED}")),
    "ask: followed": State(_page(f"/ask?q={FOLLOWING}&before={LISTED}")),
    "ask in the largest type": State(_page(f"/ask?q={ANSWERED}&size=extra")),
    "quote of a withdrawn letter": State(_missing("/quotes/gone/0-5/0123456789abcdef")),
    "quote of a changed letter": State(
        _page(MINE.replace("letters", "quotes") + "/0-5/0123456789abcdef")
    ),
    "no such page": State(_missing("/nothing")),
    "embed": State(_embed),
    "docs": State(_page("/docs")),
    "staff queue": State(_queue),
    "staff group": State(_group),
}
EVERY: Mapping[str, State] = {**WIDGET, **PAGES}

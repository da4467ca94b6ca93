"""Articles of public accounts are read; what any other page hides is not."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw
from indexer.letter.fields import read as read_letter

TITLE = "云水市园林局关于市九届人大三次会议第31号建议的答复"
LINES = (
    "沈芳华代表：",
    "您提出的《关于在西河公园增设健身步道的建议》收悉，现答复如下：",
    "西河公园现有步道1.8公里，今年再建2.2公里，九月底前完工。",
    "感谢您的关心。",
)
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
HIDINGS = (
    "visibility: hidden; opacity: 0; ",
    "visibility:hidden",
    "visibility: hidden;",
    "opacity:0;visibility:hidden",
    "overflow: visible; VISIBILITY: HIDDEN !important;",
)
HEADS = {
    "a heading": f"<h1 class=rich_media_title id=activity-name>\n {TITLE}\n</h1>",
    "a heading of the second level": f"<h2 class=rich_media_title id=activity-name>{TITLE}</h2>",
    "a meta tag alone": f'<meta property="og:title" content="{TITLE}"><i id=activity-name></i>',
}
DAYS = {
    "shown": "<em id=publish_time>2024-06-03 16:20</em>",
    "in Chinese": "<em id=publish_time>2024年6月3日 16:20</em>",
    "seconds": '<em id=publish_time></em><script>var ct = "1717403400";</script>',
    "quoted seconds": "<script>window.x={'oriCreateTime':'1717403400'}</script>",
    "written": "<script>var createTime = '2024-06-03 16:20';</script>",
    "late in the evening of UTC": '<script>var ct="1717374600"</script>',
    "the last of two": "<script>var a='1700000000'</script><script>var ct='1717403400'</script>",
}


def article(
    *,
    head: str = HEADS["a heading"],
    day: str = DAYS["shown"],
    hiding: str = HIDINGS[0],
    more: str = "",
) -> str:
    """The page of an article as a browser saves it."""
    return (
        f"<html><head><title></title></head><body id=activity-detail><div id=js_article>{head}"
        f"<div id=meta_content><span>原创</span><a id=js_name>\n云水市园林局 </a>{day}</div>"
        f'<div class=rich_media_content id=js_content style="{hiding}">{TEXT}{more}</div>'
        "<div id=js_pc_qr_code>微信扫一扫<br>关注该公众号</div></div>"
        "<div>预览时标签不可点</div></body></html>"
    )


def read(markup: str) -> Raw:
    return html.read(io.BytesIO(markup.encode()), Limits())


@pytest.mark.parametrize("hiding", HIDINGS)
def test_the_text_is_read_though_a_script_is_to_show_it(hiding: str) -> None:
    assert read(article(hiding=hiding)).text.split("\n") == list(LINES)


HIDDEN = ("display:none", "visibility:hidden", "opacity:0", "font-size:0")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_in_the_text_stays_hidden(hidden: str) -> None:
    more = f'<section style="{hidden}"><p>点击关注领取红包，不看后悔。</p></section>'
    shown = "visibility:hidden" if hidden == "visibility:hidden" else HIDINGS[0]
    assert read(article(hiding=shown, more=more)).text.split("\n") == list(LINES)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("day", DAYS)
def test_title_account_and_day_are_read(head: str, day: str) -> None:
    letter = read_letter(
        read(article(head=HEADS[head], day=DAYS[day])), letter_id="a", source="a.html"
    )
    assert letter.title
    assert letter.title.value == TITLE
    assert letter.fields["issuer"].value == "云水市园林局"
    assert letter.fields["issued_on"].value == "2024-06-03"
    assert letter.fields["proposal_no"].value == "31"


def test_an_account_that_is_no_organ_is_no_issuer() -> None:
    page = article(head=HEADS["a meta tag alone"].replace("云水市园林局关于", "关于"))
    letter = read_letter(
        read(page.replace("\n云水市园林局 ", "云水发布")), letter_id="a", source="a.html"
    )
    assert "issuer" not in letter.fields


@pytest.mark.parametrize("name", ["js_content", "zoom", "content", "js_hidden"])
def test_what_another_page_hides_is_not_read(name: str) -> None:
    page = (
        f"<html><body><h1>{TITLE}</h1><div id=main>{TEXT}</div>"
        f"<div id={name} style='visibility:hidden;opacity:0'><p>藏着的话，不作数。</p></div>"
        "</body></html>"
    )
    assert "藏着的话" not in read(page).text


def test_what_stands_hidden_beside_the_text_is_not_read() -> None:
    page = article().replace("预览时标签不可点", "<p style='visibility:hidden'>旁边藏着的话。</p>")
    assert "旁边藏着" not in read(page).text

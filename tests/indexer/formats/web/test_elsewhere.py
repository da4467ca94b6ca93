"""Pages without a text of their own are refused; pages with one and an empty box are read."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits
from kb.errors import UnreadableFile

NAV = "<ul class=nav><li><a href=/>首页</a><li><a href=/a>政务公开</a><li><a href=/b>互动</a></ul>"
WHERE = "<div>当前位置：首页 &gt; 建议提案</div>"
FOOT = (
    "<div class=foot>主办：云水市人民政府办公室　承办：市大数据中心<br>"
    "版权所有　网站标识码3300000000　浙ICP备00000000号<br>"
    "建议使用1920×1080分辨率、谷歌浏览器访问本网站，以获得最佳效果。</div>"
)
TITLE = "<h1>云水市水务局关于第19号建议的答复</h1>"
BAR = "<div>发布时间：2024-05-08　来源：市水务局　浏览次数：</div>"
FRAMES = {
    "a frame for the text": '<iframe src="/article/19.html" width="100%" height="800"></iframe>',
    "a frame that grows": '<iframe src=detail.jsp?id=19 frameborder=0 onload="grow()"></iframe>',
    "a frame in a container": '<div id=zoom><iframe src="//a.example/19"></iframe></div>',
    "a frame that loads late": '<iframe data-src="/v/19" style="width:100%;height:900px"></iframe>',
    "a frame with its own source": '<iframe srcdoc="&lt;p&gt;答复&lt;/p&gt;" height=600></iframe>',
}
SCRIPTS = {
    "an empty container": "<div id=zoom></div><script>load(19)</script>",
    "an empty box": '<div class="news-detail"><div class=content>\n </div></div>',
    "an application": "<div id=app></div><script src=/js/app.8a.js></script>",
    "an application that loads": "<div id=root><div>加载中…</div></div>",
    "a template": "<div class=con><p>{{ detail.content }}</p></div>",
    "a template with its head": "<h2>{{article.title}}</h2><p>${article.body}</p>",
    "a server's template": "<div class=text><%= content %></div>",
    "a browser without scripts": "<noscript>浏览器不支持JavaScript</noscript><div id=box></div>",
    "an article that is filled in": "<article></article><script>fill()</script>",
    "only a script in the container": '<div id="UCAP-CONTENT"><script>w("x")</script></div>',
    "a container with empty paragraphs": "<div class=TRS_Editor><p>&nbsp;</p><p><br></p></div>",
    "a hint to switch scripts on": "<p>请启用浏览器的JavaScript功能后刷新本页面查看答复内容。</p>",
}
LETTER = (
    "<p>魏青禾代表：</p><p>您提出的建议收悉，现答复如下：</p>"
    "<p>河西片区今年再建四座公厕。</p><p>云水市水务局</p>"
)
BESIDE = {
    "a player": '<iframe src="/player" width=600 height=60></iframe>',
    "a counter": '<iframe src="/count" style="display:none"></iframe>',
    "a map": '<iframe src="/map" width="100%" height="400"></iframe>',
    "an empty box for comments": "<div class=content></div>",
    "a list that is fetched": "<div id=app></div>",
    "a share bar that loads": "<div class=share>加载中</div>",
    "a template for related texts": "<ul><li>{{item.title}}</li></ul>",
}


def code(body: str, *, head: str = "<title>第19号建议的答复</title>") -> str:
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    try:
        html.read(io.BytesIO(page.encode()), Limits())
    except UnreadableFile as error:
        return error.code
    return ""


@pytest.mark.parametrize("around", [(NAV + WHERE + TITLE + BAR, FOOT), (NAV, FOOT), ("", "")])
@pytest.mark.parametrize("missing", [*FRAMES.values(), *SCRIPTS.values()], ids=[*FRAMES, *SCRIPTS])
def test_a_page_whose_text_is_elsewhere_is_refused(missing: str, around: tuple[str, str]) -> None:
    assert code(around[0] + missing + around[1]) == "not_on_page"


@pytest.mark.parametrize(("missing", "why"), [(FRAMES, "iframe"), (SCRIPTS, "脚本")])
def test_it_is_told_where_the_text_is_and_what_to_do(missing: dict[str, str], why: str) -> None:
    for markup in missing.values():
        page = f"<html><body>{NAV}{TITLE}{markup}{FOOT}</body></html>"
        with pytest.raises(UnreadableFile, match=f"{why}.*复制正文"):
            html.read(io.BytesIO(page.encode()), Limits())


def test_a_page_of_frames_alone_is_refused() -> None:
    page = b"<html><frameset cols=20%,*><frame src=menu.htm><frame src=19.htm></frameset></html>"
    with pytest.raises(UnreadableFile) as caught:
        html.read(io.BytesIO(page), Limits())
    assert caught.value.code == "not_on_page"


@pytest.mark.parametrize("holder", ["<div id=zoom>%s</div>", "<div>%s</div>", "%s"])
@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_a_letter_beside_such_a_box_is_read(beside: str, holder: str) -> None:
    assert code(NAV + WHERE + TITLE + BAR + holder % LETTER + beside + FOOT) == ""


def test_a_page_that_shows_a_file_is_said_to_be_that() -> None:
    assert code(TITLE + '<iframe src="/upload/19.pdf"></iframe>' + FOOT) == "attachment_only"

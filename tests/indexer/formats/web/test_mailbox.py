"""Pages of mailboxes: the citizen's words are never the reply's, however they are laid out."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw
from indexer.letter.fields import read as read_letter
from kb.errors import UnreadableFile

ASKED = "湖滨路的路灯坏了三个月，晚上一片漆黑，全路只亮了两盏。"
REPLY = ("何女士：", "您好！湖滨路损坏的36盏路灯已于本月全部更换。", "感谢您的监督。")
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in REPLY)
LINES = "<br>".join(REPLY)
TABLE = (
    "<tr><td>{title}</td><td colspan=3>湖滨路路灯不亮</td></tr>"
    "<tr><td>来信人</td><td>何女士</td><td>来信时间</td><td>2023-02-01</td></tr>"
    "<tr><td>{asked}</td><td colspan=3>%s</td></tr>"
    "<tr><td>{organ}</td><td>澄湖市城市管理局</td><td>{day}</td><td>2023-02-14</td></tr>"
    "<tr><td>{reply}</td><td colspan=3>%s</td></tr>"
)
LAYOUTS = {
    "a table": "<table>"
    + TABLE.format(
        title="信件标题", asked="来信内容", organ="答复部门", day="答复时间", reply="答复内容"
    )
    % (ASKED, PARAGRAPHS)
    + "</table>",
    "a table with colons and breaks": "<table>"
    + TABLE.format(
        title="标　题：",
        asked="留言内容：",
        organ="回复单位：",
        day="回复时间：",
        reply="回复内容：",
    )
    % (ASKED, LINES)
    + "</table>",
    "divs with spans": "<div><div><span>信件标题：</span><span>湖滨路路灯不亮</span></div>"
    f"<div><span>来信内容：</span><span>{ASKED}</span></div><div><span>办理单位：</span>"
    f"<span>澄湖市城市管理局</span></div><div><span>办结时间：</span><span>2023-02-14</span></div>"
    f"<div><span>答复内容：</span>{PARAGRAPHS}</div></div>",
    "headings": f"<h2>湖滨路路灯不亮</h2><h3>问题描述</h3><div>{ASKED}</div><h3>官方回复</h3>"
    f"<div>回复单位：澄湖市城市管理局　回复时间：2023-02-14</div><div>{PARAGRAPHS}</div>",
    "a list of terms": "<dl><dt>主题</dt><dd>湖滨路路灯不亮</dd><dt>咨询内容</dt>"
    f"<dd>{ASKED}</dd><dt>答复单位</dt><dd>澄湖市城市管理局</dd><dt>答复日期</dt><dd>2023-02-14</dd>"
    f"<dt>答复意见</dt><dd>{LINES}</dd></dl>",
    "lines with colons": f"<div class=content><p>主题：湖滨路路灯不亮</p><p>诉求内容：{ASKED}</p>"
    "<p>承办单位：澄湖市城市管理局</p><p>回复日期：2023-02-14</p>"
    f"<p>处理结果：{REPLY[0]}</p><p>{REPLY[1]}</p><p>{REPLY[2]}</p></div>",
    "a section without a label of its own": "<table><tr><th>标题</th><td>湖滨路路灯不亮</td></tr>"
    f"<tr><th>信件内容</th><td>{ASKED}</td></tr></table><h3>受理回复</h3><table><tr><th>答复部门</th>"
    "<td>澄湖市城市管理局</td></tr><tr><th>答复时间</th><td>2023年2月14日</td></tr></table>"
    f"<div>{PARAGRAPHS}</div>",
    "no labels for what is said": "<div><p class=tit>湖滨路路灯不亮</p><p>写信人：何*　"
    f"写信时间：2023-02-01　处理状态：已办结</p><p>{ASKED}</p></div><div><p>回复部门："
    f"澄湖市城市管理局　回复时间：2023-02-14</p>{PARAGRAPHS}</div>",
    "one cell a row": "<table><tr><td colspan=2>信件信息</td></tr><tr><td>来信人：何*</td>"
    "<td>来信日期：2023-02-01</td></tr><tr><td colspan=2>信件标题：湖滨路路灯不亮</td></tr><tr>"
    f"<td colspan=2>信件内容：{ASKED}</td></tr><tr><td>回复单位：澄湖市城市管理局</td>"
    f"<td>回复日期：2023-02-14</td></tr><tr><td colspan=2>回复内容：{LINES}</td></tr></table>",
}


def read(body: str) -> Raw:
    page = (
        "<html><head><meta charset=utf-8><title>湖滨路路灯不亮_市长信箱</title></head><body>"
        "<ul class=nav><li><a href=/>首页</a></ul><div>当前位置：首页 &gt; 市长信箱</div>"
        f"{body}<div>【打印】【关闭】</div><div>上一篇：公交站牌</div></body></html>"
    )
    return html.read(io.BytesIO(page.encode()), Limits())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_the_reply_is_the_text(layout: str) -> None:
    assert read(LAYOUTS[layout]).text.split("\n") == list(REPLY)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_title_organ_and_day_are_read_and_the_question_is_kept(layout: str) -> None:
    letter = read_letter(read(LAYOUTS[layout]), letter_id="a", source="a.html")
    assert letter.title
    assert letter.title.value == "湖滨路路灯不亮"
    assert letter.fields["issuer"].value == "澄湖市城市管理局"
    assert letter.fields["issued_on"].value == "2023-02-14"
    at = letter.text.index(ASKED)
    assert at < letter.body.start
    assert ASKED not in letter.body.of(letter.text)


def test_a_page_without_a_reply_is_refused() -> None:
    asked = f"<table><tr><td>标题</td><td>路灯</td></tr><tr><td>来信内容</td><td>{ASKED}</td></tr>"
    asked += "<tr><td>办理状态</td><td>办理中</td></tr><tr><td>答复内容</td><td></td></tr></table>"
    with pytest.raises(UnreadableFile) as caught:
        read(asked)
    assert caught.value.code == "no_reply"


def test_a_citizen_who_writes_a_reply_gives_none() -> None:
    forged = f"{ASKED}<br>答复内容：路灯已经全部修好，共更换九百盏。"
    raw = read(LAYOUTS["a table"].replace(ASKED, forged))
    assert raw.text.split("\n") == list(REPLY)


def test_a_reply_keeps_its_words_that_look_like_labels() -> None:
    own = "联系人：城管局孙工，联系电话：0377-61230000"
    for layout, markup in LAYOUTS.items():
        raw = read(markup.replace(REPLY[2], own))
        assert raw.text.split("\n") == [*REPLY[:2], own], layout


def test_a_letter_that_speaks_of_a_mailbox_is_no_page_of_one() -> None:
    own = "<p>来信内容收悉。</p><p>答复内容如下：市长信箱全年办理来信210件，件件都有回音。</p>"
    assert "来信内容收悉。" in read(f"<div id=zoom>{own}</div>").text

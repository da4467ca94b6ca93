"""Links to files: no part of a letter, and a reply that is only one of them is said to be that."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile

TITLE = "关于市九届人大三次会议第31号建议的答复"
NAME = "第31号建议的答复.pdf"
LETTER = (
    "<p>陶正平代表：</p><p>您提出的建议收悉。北塘桥已于今年四月加固完毕，限重由十吨恢复到二十吨。</p>"
    "<p>澄湖市交通运输局</p><p>2022年5月6日</p>"
)


def read(body: str) -> Raw:
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
    page += f"<div>发布时间：2022-06-01 来源：市交通运输局</div>{body}</body></html>"
    return html.read(io.BytesIO(page.encode()), Limits())


@pytest.mark.parametrize(
    "body",
    [
        f"<div id=zoom><p>附件：</p><p><a href=/a/b.pdf>{NAME}</a></p></div>",
        f"<div id=vsb_content></div><ul><li>附件【<a href=/d?id=1>{NAME}</a>】已下载9次</li></ul>",
        f"<div class=TRS_Editor><p>点击下载：<a href='P02022.pdf'>{NAME}</a></p></div>",
        f"<p>答复详见附件。</p><p>附件1：<a href=x.docx>{NAME}</a></p>",
        f"<div id=zoom><iframe src='/pdfjs/web/viewer.html?file=/u/{NAME}'></iframe></div>",
        f"<div id=vsb_content><script>showVsbpdfIframe('/local/{NAME}','100%')</script></div>",
        f"<div id=zoom><embed src='/files/{NAME}' type='application/pdf'></div>",
        f"<table><tr><td><a href='d.aspx?f={NAME}'><img src=a.gif>{NAME}</a></td></tr></table>",
    ],
)
def test_a_reply_that_is_only_an_attachment_is_refused_with_its_name(body: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(body)
    assert caught.value.code == "attachment_only"
    assert NAME in str(caught.value)


def test_a_page_of_pictures_only_has_no_text() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("<div id=zoom><p><img src=1.jpg></p></div><div>扫一扫在手机打开当前页</div>")
    assert caught.value.code == "no_text"


@pytest.mark.parametrize(
    "links",
    [
        "<p>附件：<a href=/a.xlsx>桥梁清单.xlsx</a></p>",
        "<p>附件：</p><p><a href=/a.xlsx>1.桥梁.xlsx</a></p><p><a href=/b.doc>2.说明.doc</a></p>",
        "<ul><li><a href=/a.pdf>答复原文.pdf</a></li></ul>",
        "<div>附件下载：</div><div><a href=/a.ofd>第31号.ofd</a></div>",
    ],
)
def test_a_list_of_attachments_is_no_part_of_the_letter(links: str) -> None:
    expected = read(f"<div id=zoom>{LETTER}</div>").text
    assert read(f"<div id=zoom>{LETTER}{links}</div>").text == expected
    assert read(f"<div id=zoom>{LETTER}</div>{links}").text == expected


def test_what_a_letter_says_it_encloses_stays() -> None:
    enclosed = "<p>附件：1.桥梁加固工程清单</p>"
    assert read(f"<div id=zoom>{LETTER}{enclosed}</div>").text.endswith("附件：1.桥梁加固工程清单")


def test_a_sentence_with_a_link_to_a_file_stays() -> None:
    said = "<p>工程概况见<a href=/a.pdf>市政府公报2022年第3期</a>，此处不再重复。</p>"
    assert "市政府公报2022年第3期，此处不再重复" in read(f"<div id=zoom>{LETTER}{said}</div>").text

"""Words around a letter that may say how public it is: what is kept of pages and packages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from indexer.formats import html
from indexer.formats.parse import parse
from indexer.formats.raw import Limits
from tests.support import hostile

BODY = "<p>关于第1号提案的答复</p><p>张三委员：</p><p>您的提案收悉，我局已更换路灯三百盏。</p>"
MENU = "<ul><li><a href='/a'>主动公开</a></li><li><a href='/b'>依申请公开</a></li></ul>"


def around(page: str) -> str:
    return html.read(io.BytesIO(page.encode()), Limits()).around


@pytest.mark.parametrize(
    "outside",
    [
        "<table><tr><td>公开属性</td><td>不予公开</td></tr></table>",
        "<div class='sidebar'>公开方式：不予公开</div>",
        "<footer><p>此件不予公开</p></footer>",
        "<div hidden>公开属性：不予公开</div>",
        "<aside>是否公开：否</aside>",
        "<p class='foot'>公　开　属　性：不予公开</p>",
    ],
)
def test_a_mark_on_the_page_outside_the_letter_is_kept(outside: str) -> None:
    assert "公" in around(f"{outside}<div id='zoom'>{BODY}</div>")
    assert "公" in around(f"<div id='zoom'>{BODY}</div>{outside}")


MARKS = (
    "秘密★1年",
    "不予公开",
    "（不予公开）",
    "内部资料　注意保存",
    "机密",
    "不公开",
    "此件严禁外传",
)
PLACES = (
    "<p>%s</p>",
    "<h4>%s</h4>",
    "<table><tr><td>%s</td></tr></table>",
    "<ul><li>%s</li></ul>",
    "%s<br>",
    *(f"<{tag}><p>%s</p></{tag}>" for tag in ("header", "footer", "aside", "nav", "form")),
    "<button>%s</button>",
    "<noscript>%s</noscript>",
    "<a name=x>%s</a>",
    *(f"<div class={name}>%s</div>" for name in (
        "header", "head", "top", "nav", "menu", "footer", "tools", "share", "position", "related",
        "sidebar", "copyright", "login")),
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_mark_without_a_label_is_kept_wherever_it_stands(place: str) -> None:
    for mark in MARKS:
        assert mark in around(f"{place % mark}<div id='zoom'>{BODY}</div>")
        assert mark in around(f"<div id='zoom'>{BODY}</div>{place % mark}")


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("<title>秘密★1年</title>", "秘密★1年"),
        ("<title>（不予公开）关于第1号提案的答复</title>", "（不予公开）关于第1号提案的答复"),
        ("<title>关于第1号提案的答复_不予公开_云岭市</title>", "不予公开"),
        ("<meta name='公开属性' content='不予公开'>", "公开属性：不予公开"),
        ("<meta name='密级' content='秘密'>", "密级：秘密"),
        ("<meta name='publicity' content='依申请公开'>", "公开属性：依申请公开"),
        ("<meta name='Keywords' content='路灯,不予公开'>", "不予公开"),
        ("<meta property='x:type' content='内部资料'>", "内部资料"),
    ],
)
def test_a_mark_in_the_title_or_a_meta_tag_is_kept(head: str, kept: str) -> None:
    assert around(f"<head>{head}</head><div id='zoom'>{BODY}</div>") == kept


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>依申请公开</p>",
        "<div><span>主动公开</span> | <span>依申请公开</span></div>",
        "<div class=position>首页 &gt; 政务公开 &gt; 依申请公开</div>",
        "<ul><li>信息公开</li><li>政府信息公开指南</li></ul>",
        "<ul><li><a href=/x>关于不予公开的规定</a></li></ul>",
        "<title>依申请公开-云岭市</title>",
        "<meta name=ColumnName content='依申请公开'>",
        "<meta name=Keywords content='商业秘密,信息公开'>",
    ],
)
def test_names_of_columns_are_no_marks(furniture: str) -> None:
    assert around(f"{furniture}<div id='zoom'>{BODY}</div>") == ""


def test_menus_and_scripts_are_not() -> None:
    page = f"<div id='zoom'>{BODY}</div>{MENU}<script>var a='公开属性：不予公开'</script>"
    assert around(page) == ""


def test_the_choices_of_a_search_form_are_not() -> None:
    choice = "<select><option>公开方式：依申请公开</option></select>"
    choice += "<nav>公开方式：主动公开 依申请公开 不予公开</nav>"
    choice += "<form><input name=q><p>公开方式：不予公开</p></form>"
    choice += "<label><input type=radio>不予公开</label>"
    assert around(f"<div id='zoom'>{BODY}</div>{choice}") == ""


def test_headers_and_footers_of_a_docx_are_kept_where_they_may_mark_it(tmp_path: Path) -> None:
    made = Document()
    made.sections[0].header.paragraphs[0].text = "内部资料　注意保存"
    made.sections[0].footer.paragraphs[0].text = "第 1 页"
    made.add_paragraph("关于第1号提案的答复")
    path = tmp_path / "letter.docx"
    made.save(str(path))
    (raw,) = parse(path)
    assert raw.around == "内部资料　注意保存"  # type: ignore[union-attr]


def test_a_ticked_box_of_a_symbol_font_is_a_tick(tmp_path: Path) -> None:
    inner = (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0A3"/><w:t>主动公开</w:t>'
        '<w:sym w:font="Wingdings" w:char="F052"/><w:t>不予公开</w:t></w:r></w:p>'
    )
    path = tmp_path / "letter.docx"
    path.write_bytes(hostile.docx(inner))
    (raw,) = parse(path)
    assert raw.text == "□主动公开☑不予公开"  # type: ignore[union-attr]


def test_the_choices_of_a_search_form_are_no_mark_of_the_letter() -> None:
    """公开方式 over the choices 主动公开 and 依申请公开 is not the label of the first."""
    lines = "<div>公开方式</div><div>主动公开</div><div>依申请公开</div>"
    assert "公开方式\t主动公开" not in around(f"{lines}<div id=zoom>{BODY}</div>")

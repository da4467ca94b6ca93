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


def test_menus_and_scripts_are_not() -> None:
    page = f"<div id='zoom'>{BODY}</div>{MENU}<script>var a='公开属性：不予公开'</script>"
    assert around(page) == ""


def test_the_choices_of_a_search_form_are_not() -> None:
    choice = "<select><option>公开方式：依申请公开</option></select><nav>公开方式：不予公开</nav>"
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

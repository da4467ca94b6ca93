"""Words that a web page's styles hide are no words of its letter, and may still mark it."""

from __future__ import annotations

import io
import time

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw

SEEN = "<p>关于第1号提案的答复</p><p>您的提案收悉，我局已更换路灯三百盏。</p>"
SEEN_LINES = ["关于第1号提案的答复", "您的提案收悉，我局已更换路灯三百盏。"]


def read(inside: str, *, style: str = "") -> Raw:
    page = f"<style>{style}</style><div id=zoom>{SEEN}{inside}</div>"
    return html.read(io.BytesIO(page.encode()), Limits())


INLINE = [
    "display:none",
    "DISPLAY : None !important",
    "display:/**/none",
    "dis\\70lay:none",
    "visibility:hidden",
    "visibility:collapse",
    "opacity:0",
    "opacity: 0.00",
    "opacity:0%",
    "filter:alpha(opacity=0)",
    "filter:opacity(0)",
    "font-size:0",
    "font-size:0px",
    "font-size:0.5px",
    "font:0/0 a",
    "height:0;overflow:hidden",
    "max-height:0px;overflow-y:hidden",
    "width:0;overflow:clip",
    "text-indent:-9999px",
    "position:absolute;left:-999em",
    "position:absolute;left:99999px",
    "margin:0 0 0 -5000px",
    "clip:rect(0 0 0 0);position:absolute",
    "clip:rect(1px, 1px, 1px, 1px)",
    "clip-path:inset(50%)",
    "transform:scale(0)",
    "transform:translateX(-9999px)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "content-visibility:hidden",
]


@pytest.mark.parametrize("style", INLINE)
def test_words_that_an_inline_style_hides_are_left_out(style: str) -> None:
    assert read(f"<p style='{style}'>内部掌握</p>").text.split("\n") == SEEN_LINES


@pytest.mark.parametrize("style", INLINE)
def test_they_may_still_mark_the_letter(style: str) -> None:
    assert "内部掌握" in read(f"<p style='{style}'>内部掌握</p>").around


@pytest.mark.parametrize(
    "rule",
    [
        ".zz{display:none}",
        "p.zz{display:none}",
        ".a.zz{display:none}",
        "#yy{visibility:hidden}",
        "h6{display:none}.b , .zz { color:red; display : none !important }",
        "/* x */ .zz/**/{ display:none; }",
        "@media screen{.zz{opacity:0}}",
        "@media print{.zz{display:block}} .zz{display:none}",
        "@import 'a.css'; .zz{font-size:0}",
        "<!-- .zz{display:none} -->",
        ".ZZ{text-indent:-9999px}",
        ".zz{display:block}.zz{display:none}",
        "*{color:red}.zz{display:none",
    ],
)
def test_words_that_a_rule_of_the_page_hides_are_left_out(rule: str) -> None:
    hidden = "<p id=yy class='a zz'>内部掌握</p>"
    assert read(hidden, style=rule).text.split("\n") == SEEN_LINES


@pytest.mark.parametrize(
    "rule",
    [
        "@media print{.zz{display:none}}",
        "@media (max-width:600px){.zz{display:none}}",
        ".zz{display:none}.zz{display:block}",
        ".zz{display:none}.a.zz{display:block}",
        "#yy{display:block}.zz{display:none}",
        ".zz{display:none}.con .zz{display:block}",
        ".zz:hover{display:none}",
        ".zy{display:none}",
        ".zz{text-indent:-2em;margin-left:-100%;opacity:0.9;font-size:0.8em;left:-20px;height:0}",
        ".zz{overflow:hidden;height:auto;width:100%;color:#000;transform:scale(0.9)}",
    ],
)
def test_words_that_a_browser_shows_are_kept(rule: str) -> None:
    assert "一并说明" in read("<p id=yy class='a zz'>一并说明</p>", style=rule).text


def test_what_is_in_a_hidden_element_may_be_shown_again() -> None:
    inside = "<div style='font-size:0'>内<p style='font-size:16px'>一并说明</p>部</div>"
    inside += "<div style='visibility:hidden'>密<p style='visibility:visible'>另附说明</p></div>"
    assert read(inside).text.split("\n") == [*SEEN_LINES, "一并说明", "另附说明"]


def test_an_em_of_nothing_is_nothing() -> None:
    assert (
        "内部" not in read("<div style='font-size:0'><p style='font-size:2em'>内部</p></div>").text
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<dialog>内部掌握</dialog>",
        "<datalist><option>内部掌握</option></datalist>",
        "<noembed>内部掌握</noembed>",
        "<noframes>内部掌握</noframes>",
        *(f"<{tag}>内部掌握</{tag}>" for tag in ("applet", "canvas", "video", "audio", "object")),
        "<p hidden=until-found>内部掌握</p>",
    ],
)
def test_what_only_other_browsers_show_is_left_out(markup: str) -> None:
    assert "内部" not in read(f"{markup}<p>特此函复。</p>").text


def test_a_hidden_item_of_a_list_is_not_counted() -> None:
    items = "<ol><li>甲项</li><li hidden>内部</li><li>乙项</li></ol>"
    assert read(items).text.split("\n") == [*SEEN_LINES, "1.甲项", "2.乙项"]


def test_an_open_dialog_is_shown() -> None:
    assert "一并说明" in read("<dialog open>一并说明</dialog>").text


@pytest.mark.parametrize(
    "page",
    [
        "<style>" + "/*" * 200_000 + "</style>",
        "<style>" + "{" * 200_000 + "</style>",
        "<style>" + "".join(f".a{n}.b{{x{n}:y;color:red}}" for n in range(20_000)) + "</style>"
        "<p class=b>字</p>" * 5000,
        f"<p style='font:{' 0' * 200_000}'>字</p>",
        f"<p style='left:{'-' * 200_000}'>字</p>",
        "<p style='height:0;overflow:hidden'>字" * 10_000,
        "<p>" + "<b hidden>字</b>不" * 30_000,
        "<p>" + "<a href=x>字</a>不" * 30_000,
    ],
)
def test_styles_made_to_be_slow_are_not(page: str) -> None:
    started = time.process_time()
    html.read(io.BytesIO(f"<p>{SEEN}</p>{page}".encode()), Limits())
    assert time.process_time() - started < 60

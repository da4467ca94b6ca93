"""A web page that holds one word more than its letter is not searched; a bare letter is."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits
from kb.errors import UnreadableFile
from tests.conftest import CORPUS

SECRET = "拟不同意"
LETTER = "<h1>关于第1号提案的答复</h1><p>张委员：</p><p>路灯已经修好，同意 &lt;全部&gt; 更换。</p>"
PAGE = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>关于第1号提案的答复'
    '</title></head>\n<body><div id="content" class="article-content">{}</div></body></html>\n'
)


def searched(source: str, encoding: str = "utf-8") -> bool:
    return html.read(io.BytesIO(source.encode(encoding)), Limits()).searched


HIDING = {
    "a comment": f"<!-- {SECRET} -->",
    "a comment that is not closed": f"<!-- {SECRET}",
    "a script": f"<script>var a = '{SECRET}'</script>",
    "a style": f"<style>p:after {{ content: '{SECRET}' }}</style>",
    "a template": f"<template>{SECRET}</template>",
    "what shows without scripts": f"<noscript>{SECRET}</noscript>",
    "hidden words": f"<p hidden>{SECRET}</p>",
    "hidden words of the letter": '<p style="display:none">同意</p>',
    "invisible words": f'<p style="visibility:hidden">{SECRET}</p>',
    "data": f'<p data-note="{SECRET}">更换。</p>',
    "a tip": f'<p title="{SECRET}">更换。</p>',
    "a class": f'<p class="{SECRET}">更换。</p>',
    "a class in Latin letters": '<p class="zhangsan">更换。</p>',
    "an id of digits": '<p id="13812345678">更换。</p>',
    "a number of many digits": '<p width="13812345678">更换。</p>',
    "a picture": f'<img src="a.png" alt="{SECRET}">',
    "a link": '<a href="mailto:zhang@example.cn">更换</a>',
    "a form": f'<form><input type="hidden" value="{SECRET}"></form>',
    "a menu": f"<nav>{SECRET}</nav>",
    "the foot of the site": f"<footer>{SECRET}</footer>",
    "an author": '<meta name="author" content="张三">',
    "a drawing": f"<svg><desc>{SECRET}</desc></svg>",
    "a section of another kind": f"<![CDATA[{SECRET}]]>",
    "an instruction": f"<?note {SECRET}?>",
    "a tag of its own": f"<x-{SECRET}>更换。</x-{SECRET}>",
    "words in an end tag": '<p>更换。</p id="note">',
    "a tag that is not closed": f"<p {SECRET}",
}


def test_a_bare_letter_is_searched() -> None:
    assert searched(PAGE.format(LETTER))
    styled = '<p style="text-align: center; font-size: 16pt; color:#c00">更换。</p>'
    assert searched(PAGE.format(LETTER + styled))
    assert searched(PAGE.format(LETTER).replace("utf-8", "gb2312"), "gb18030")
    assert searched(f"<html><body>{LETTER}</body></html>")


@pytest.mark.parametrize("what", HIDING)
def test_a_page_with_anything_beside_its_letter_is_not_searched(what: str) -> None:
    assert not searched(PAGE.format(LETTER + HIDING[what]))
    if what == "a comment that is not closed":  # it holds the letter then: there is none
        with pytest.raises(UnreadableFile):
            searched(PAGE.format(HIDING[what] + LETTER))
    else:
        assert not searched(PAGE.format(HIDING[what] + LETTER))


def test_a_title_that_the_letter_does_not_have_is_not_searched() -> None:
    assert not searched(PAGE.format(LETTER).replace("<title>", f"<title>{SECRET}"))


@pytest.mark.parametrize("path", sorted((CORPUS / "letters").glob("*.html")), ids=str)
def test_a_page_of_a_site_is_not_searched(path: object) -> None:
    assert not searched(path.read_text("utf-8"))  # type: ignore[attr-defined]

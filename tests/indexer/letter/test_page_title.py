"""A title that stands only on the page, and first lines that are none."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw
from indexer.letter.fields import read
from kb.types import Letter

PAGE = """<html><head><title>{title}-澄江市人民政府</title></head><body><h1>{title}</h1>
<div id="zoom"><p>罗秋实代表：</p><p>您提出的关于疏浚沙河的建议收悉，现答复如下：</p>
<p>沙河今年清淤3公里，明年再清淤5公里。</p><p>澄江市水利局</p><p>2024年5月8日</p></div></body></html>"""


def letter(raw: Raw) -> Letter:
    return read(raw, letter_id="1", source="1.html")


def test_the_title_of_the_page_is_the_letters_title() -> None:
    title = "澄江市水利局关于市八届人大三次会议第64号建议的答复"
    found = letter(html.read(io.BytesIO(PAGE.format(title=title).encode()), Limits()))
    assert found.title is not None
    assert found.title.value == title
    assert found.title.span is not None
    assert found.title.span.of(found.text) == title
    assert found.value("proposal_no") == "64"
    assert found.value("assembly") == "市八届人大三次会议"
    assert found.value("kind") == "建议"
    assert title not in found.body.of(found.text)
    assert [member.value for member in found.lists["addressees"]] == ["罗秋实代表"]


@pytest.mark.parametrize("first", ["罗秋实代表：", "类别：B", "（A类）", "澄水函〔2024〕7号"])
def test_what_is_no_title_is_not_taken_for_one(first: str) -> None:
    text = f"{first}\n您提出的关于疏浚沙河的建议收悉，现答复如下：\n沙河今年清淤3公里。"
    assert letter(Raw(id=None, text=text)).title is None


def test_a_label_is_no_part_of_the_title() -> None:
    found = letter(
        Raw(id=None, text="文件名称：关于市八届人大三次会议第64号建议的答复\n罗秋实代表：\n收悉。")
    )
    assert found.title is not None
    assert found.title.value == "关于市八届人大三次会议第64号建议的答复"

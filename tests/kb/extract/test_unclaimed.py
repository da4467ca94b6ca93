"""What a letter says that it will do, and no promise claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.unclaimed import unclaimed
from kb.types import Heading, Letter, Span
from tests.support.fakes import make_letter

TEXT = """云岭市水利局
一、办理情况
去年已经清淤十二公里，群众反映很好。
四、下一步工作
（一）明年再清淤八公里，并更换节制闸四座。
（二）研究给举报偷排的市民发放奖金。
感谢您对水利工作的支持！
联系人及联系方式：王芳
二〇二四年六月二十八日"""


def letter(text: str = TEXT, *headings: str) -> Letter:
    made = make_letter("渠", text)
    spans = [(one, text.index(one)) for one in headings]
    return Letter(
        id=made.id,
        text=text,
        sha256=made.sha256,
        source="渠",
        title=None,
        body=Span(start=0, end=len(text)),
        headings=tuple(
            Heading(text=one, level=1, span=Span(start=start, end=start + len(one)))
            for one, start in spans
        ),
    )


def told(text: str, *headings: str, claimed: tuple[str, ...] = ()) -> list[str]:
    places = [text.index(words) for words in claimed]
    spans = [Span(start=at, end=at + len(words)) for at, words in zip(places, claimed, strict=True)]
    return [one.text for one in unclaimed(letter(text, *headings), spans)]


HEADINGS = ("一、办理情况", "四、下一步工作")
FIRST, SECOND = "明年再清淤八公里，并更换节制闸四座", "研究给举报偷排的市民发放奖金"


def test_what_stands_under_the_heading_and_is_claimed_by_none_is_told() -> None:
    assert told(TEXT, *HEADINGS) == [FIRST, SECOND]


def test_what_a_promise_has_a_part_of_is_claimed() -> None:
    assert told(TEXT, *HEADINGS, claimed=("更换节制闸四座",)) == [SECOND]
    assert told(TEXT, *HEADINGS, claimed=(FIRST, SECOND)) == []


@pytest.mark.parametrize("heading", ["三、整改措施", "二、处理意见", "五、今后打算"])
def test_headings_alike_are_headings(heading: str) -> None:
    text = f"{heading}\n对三处隐患限期更换老化的管道。"
    assert told(text, heading) == ["对三处隐患限期更换老化的管道"]


def test_a_paragraph_that_begins_with_it_needs_no_heading() -> None:
    text = "现有路灯三百盏，都亮着。\n下一步，我局会同街道补建石桥弄的路灯。"
    assert told(text) == ["下一步，我局会同街道补建石桥弄的路灯"]


@given(st.text(alphabet="一二下步工作，。；\n会同补建路灯（）1.", max_size=80))
def test_every_one_is_verbatim(text: str) -> None:
    made = letter("四、下一步工作\n" + text, "四、下一步工作")
    for one in unclaimed(made, []):
        assert one.span.of(made.text) == one.text
        assert one.text.strip()

"""What a letter is called and what it is about."""

from __future__ import annotations

import pytest

from kb.text.titles import (
    citation_of,
    consulted,
    name_of,
    speaks_of_opinions,
    subject_of,
    subject_words,
    titles_of,
)
from tests.support.heads import citation
from tests.support.letters import make_letter


def test_a_letter_is_called_by_the_proposal_else_its_title_else_its_id() -> None:
    assert name_of(make_letter("a", proposal_title="关于养老的提案")) == "关于养老的提案"
    assert name_of(make_letter("a", title="关于提案的答复")) == "关于提案的答复"
    assert name_of(make_letter("a", title=None)) == "a"


def test_a_letter_is_cited_by_its_name_and_the_fields_that_it_has() -> None:
    letter = make_letter(
        "a", proposal_title="关于养老的提案", number="云民函〔2024〕7号", issued_on="2024-05-06"
    )
    assert citation_of(letter) == citation(
        "a", "关于养老的提案", number="云民函〔2024〕7号", issued_on="2024-05-06"
    )


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("关于推进社区养老的提案", "推进社区养老"),
        ("关于加装电梯的会办意见", "加装电梯"),
        ("对市政协五届二次会议第047号提案的答复", None),
        ("关于市十六届人大二次会议第63号建议的答复", None),
        (None, None),
    ],
)
def test_the_subject_is_what_the_title_is_about(title: str | None, subject: str | None) -> None:
    assert subject_of(make_letter("a", title=title)) == subject
    assert subject_of(make_letter("a", title="别的", proposal_title=title or "")) == subject


def test_words_that_every_title_opens_with_are_not_its_subject() -> None:
    letter = make_letter("a", proposal_title="关于破解老旧小区加装电梯难题的提案")
    assert subject_words(letter) == ("加装电梯",)
    assert subject_words(make_letter("a", title="对市政协第047号提案的答复")) == ()


def test_titles_are_folded_for_looking_words_up() -> None:
    letter = make_letter("a", title="Ｔitle 一", proposal_title="关于 K1 的提案")
    assert titles_of(letter) == "关于k1的提案title一"


@pytest.mark.parametrize(
    "title",
    [
        "对第093号提案的会办意见", "市财政局关于《关于完善停车的提案》会办意见的函", "协办意见",
        "会办意见（关于市政协第012号提案）", "关于市政协五届三次会议第112号提案的协办意见函",
        "关于第112号提案的会办复函", "关于第20号建议的协办意见（2024）", "云岭市公安局会办意见",
        "關於第58號提案會辦答復意見的函",
    ],
)  # fmt: skip
def test_a_consulted_organ_only_gives_an_opinion(title: str) -> None:
    assert consulted(title)


@pytest.mark.parametrize(
    "title",
    [
        None, "对第093号提案的答复", "关于进一步提高会办意见质量的提案的答复",
        "关于规范提案会办工作、回应市政协五届三次会议第112号提案的答复",
        "关于加强协办单位沟通的建议的答复", "关于对“完善会办机制”提案的答复",
        "关于建立会办意见反馈制度的建议办理情况的答复", "关于政协提案协办件办理情况的答复",
    ],
)  # fmt: skip
def test_a_letter_that_only_tells_of_opinions_is_none(title: str | None) -> None:
    assert not consulted(title)


def test_a_question_may_be_about_opinions() -> None:
    assert speaks_of_opinions("公安局的會辦意見怎么说？")
    assert not speaks_of_opinions("校园周边怎么治堵？")

"""What a question names: where it stands, what letters say for it, what it is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.query.given import directory
from kb.query.mentions import Mention, mentions, without
from kb.text.chars import narrow
from kb.text.places import setting
from kb.text.tokens import tokens
from tests.support.heads import head

KNOWN = directory(
    [
        head("lift", "云岭市住房和城乡建设局"),
        head("road", "云岭市交通运输局"),
        head("care", "青河区民政局"),
    ]
)


def found_in(question: str, today: date | None = None) -> tuple[Mention, ...]:
    places = setting(question, KNOWN.places, words=tokens(question)).places
    return mentions(question, KNOWN, places=places, today=today)


def named(question: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.kind, one.text, one.means) for one in found_in(question)]


LIFT = ("云岭市住房和城乡建设局",)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("住建局的答复", [("organ", "住建局", LIFT)]),
        ("市住建局的答复", [("organ", "市住建局", LIFT)]),
        ("区民政局的答复", [("organ", "区民政局", ("青河区民政局",))]),
        ("市民政局的答复", [("organ", "民政局", ("青河区民政局",))]),  # 市 is left, not understood
        ("云岭市住建局", [("organ", "云岭市住建局", LIFT)]),
        ("青河区的答复", [("place", "青河区", ("青河区",))]),
        ("云岭的答复", [("place", "云岭", ("云岭",))]),
        ("2024年和2025年", [("year", "2024年", ("2024",)), ("year", "2025年", ("2025",))]),
        ("２０２３年到2025年", [("year", "2023年到2025年", ("2023", "2024", "2025"))]),
        ("2023-2024年度", [("year", "2023-2024年度", ("2023", "2024"))]),
        ("去年的答复", [("year", "去年", ())]),
        ("Ａ、B类", [("class", "A、B类", ("A", "B"))]),
        ("甲类件", [("class", "甲类", ("甲",))]),
        ("办理结果是C的", [("class", "C", ("C",))]),
        ("见焦建办〔2024〕32号", [("number", "焦建办〔2024〕32号", ())]),
        ("焦建办(2024)32号", [("number", "焦建办(2024)32号", ())]),
        ("第1520135号提案", [("number", "第1520135号提案", ())]),
        ("AB类型的电池，12024年，投资2024万元", []),
        ("", []),
    ],
)
def test_a_question_names_mentions(
    question: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert named(question) == expected


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("今年的答复", "2026"),
        ("今年以来的答复", "2026"),
        ("去年的答复", "2025"),
        ("前年的答复", "2024"),
        ("2023年的答复", "2023"),
        ("明年的答复", None),
        ("后年的", None),
    ],
)
def test_the_day_says_which_year_a_word_means(question: str, year: str | None) -> None:
    (found,) = found_in(question, today=date(2026, 1, 1))
    assert found.means == ((year,) if year else ())
    assert found.text == question.partition("的")[0]


def test_a_question_without_its_mentions_keeps_the_rest() -> None:
    question = "2024年住建局加装电梯补贴多少"
    assert without(question, found_in(question)) == "加装电梯补贴多少"
    assert without(question, found_in(question), gap="，") == "，，加装电梯补贴多少"


NAMES = ["住建局", "云岭市", "2024年", "去年", "B类", "焦建办〔2024〕32号", "市", "𠮷", "Ａ", "的"]


@given(st.lists(st.sampled_from(NAMES) | st.text(max_size=5)))
def test_mentions_are_the_question_at_their_spans_and_never_overlap(parts: list[str]) -> None:
    question = "".join(parts)
    found = found_in(question)
    assert all(one.span.of(narrow(question)) == one.text for one in found)
    ends = [0, *(one.span.end for one in found)]
    assert all(end <= one.span.start for end, one in zip(ends, found, strict=False))

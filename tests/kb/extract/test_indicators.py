"""Figures as records: plain ones only, with their time and place, each verbatim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.indicators import Record, records
from kb.store.protocol import SnapshotReader
from tests.support.letters import make_letter

ISSUER = "云岭市城市管理局"


def told(words: str) -> list[Record]:
    letter = make_letter("x", f"{words}。", issuer=ISSUER, issued_on="2025-07-18")
    return list(records(letter))


@pytest.mark.parametrize(
    ("words", "indicator", "value", "unit", "as_of"),
    [
        (
            "截至2025年6月，全市累计建成高标准农田171.6万亩",
            "高标准农田",
            1_716_000,
            "亩",
            "2025-06-30",
        ),
        ("目前全市护学岗达到38所", "护学岗", 38, "所", "2025-07-18"),
        ("去年发放就餐补贴714万元", "发放就餐补贴", 7_140_000, "元", "2024-12-31"),
        ("撤桶并点小区由36个扩大到400个", "撤桶并点小区", 400, "个", "2025-07-18"),
        ("新建截污管3.6公里", "新增截污管", 3.6, "公里", "2025-07-18"),
        ("我市新能源汽车保有量4.36万辆", "新能源汽车保有量", 43_600, "辆", "2025-07-18"),
        ("建成零工驿站26个", "零工驿站", 26, "个", "2025-07-18"),
    ],
)
def test_a_plain_figure_is_a_record(
    words: str, indicator: str, value: float, unit: str, as_of: str
) -> None:
    (one,) = told(words)
    assert (one.indicator, one.value, one.unit, one.as_of) == (indicator, value, unit, as_of)


@pytest.mark.parametrize(
    "words",
    [
        "2026年年底前将新建停车位6000个",  # promised
        "建议把补助提高到20万元",
        "每部电梯补助12万元",
        "合格率95.8%",  # of what?
        "比周边地块高出132斤",
        "建成12所学校门口的护学岗",  # the figure belongs to what follows
        "总缺口7.7万个",
        "共有3处",
    ],
)
def test_what_is_no_plain_count_is_left_out(words: str) -> None:
    assert told(words) == []


def test_the_place_is_the_one_named_else_that_of_the_organ() -> None:
    assert [one.scope for one in told("石桥区已有老年食堂64家")] == ["石桥区"]
    assert [one.scope for one in told("其中青河区护学岗61所、石桥区30所")] == ["青河区"]
    assert [one.scope for one in told("建成城市书房5座")] == ["云岭市"]
    assert [one.scope for one in told("全市老年食堂64家")] == ["云岭市"]


def test_a_figure_without_a_name_counts_what_the_letter_is_about_where_the_unit_fits() -> None:
    about = {"issuer": ISSUER, "issued_on": "2025-07-18", "proposal_title": "关于加装电梯的建议"}
    (one,) = records(make_letter("x", "到今年4月底，累计投入使用281部。", **about))
    (other,) = records(make_letter("y", "既有住宅加装电梯累计投入使用274部。", **about))
    assert one.indicator == other.indicator == "加装电梯"
    assert records(make_letter("z", "到今年4月底，累计投入使用281个。", **about)) == ()


def test_what_came_about_in_a_year_is_not_what_there_is() -> None:
    (one,) = told("2024年受理报修1574件")
    assert one.during
    (other,) = told("截至2024年底，公用充电桩1574个")
    assert not other.during


def test_a_letter_without_a_date_gives_none() -> None:
    assert records(make_letter("x", "目前全市护学岗达到38所。", issuer=ISSUER)) == ()


def test_records_of_the_sample_letters_are_verbatim_and_many(base: SnapshotReader) -> None:
    found = [
        (one, base.letter(head.id))
        for head in base.letters()
        for one in records(base.letter(head.id))
    ]
    assert len(found) > 50
    for one, letter in found:
        assert one.span.of(letter.text) == one.raw
        assert one.as_of <= (letter.value("issued_on") or "")


@given(
    st.lists(
        st.sampled_from(
            (
                "全市",
                "公用充电桩",
                "123",
                "个",
                "，",
                "。",
                "\n",
                " ",
                "截至2024年底",
                "达到",
                "由",
                "扩大到",
                "４５",
                "万",
                "元",
                "2024年",
                "目前",
                "新建",
                "；",
                "%",
            )
        ),
        max_size=30,
    )
)
def test_every_record_of_any_text_is_verbatim(words: list[str]) -> None:
    letter = make_letter("x", "".join(words), issuer=ISSUER, issued_on="2025-07-18")
    for one in records(letter):
        assert one.raw
        assert one.span.of(letter.text) == one.raw

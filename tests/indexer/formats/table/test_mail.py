"""Exports of mailboxes and hotlines: only replies are the text, and only what is public shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.formats.raw import Raw
from indexer.formats.table.items import Item, Unanswered
from indexer.formats.table.rows import items
from indexer.formats.table.sheet import Line, Sheet
from indexer.letter.fields import read
from kb.errors import UnreadableFile

HEAD = [
    "来信编号",
    "来信标题",
    "来信内容",
    "来信时间",
    "答复单位",
    "答复内容",
    "答复时间",
    "是否公开",
]
ASKED = "滨河路的井盖响了半年，晚上睡不着。"
REPLY = "您好！\n滨河路12处井盖已加装胶垫。\n感谢您的监督。"
ROW = ["XF20250001", "井盖", ASKED, "2025/3/1", "云海市城市管理局", REPLY, "2025/3/9", "是"]


def read_all(*rows: Sequence[str], head: Sequence[str] = HEAD, ragged: bool = False) -> list[Item]:
    lines = [Line(number=n, cells=tuple(row)) for n, row in enumerate([head, *rows], start=1)]
    return list(items([Sheet(name="", lines=tuple(lines), ragged=ragged)]))


def one(*row: str, head: Sequence[str] = HEAD) -> Raw:
    (found,) = read_all(row, head=head)
    assert isinstance(found, Raw), found
    return found


def other(**cells: str) -> list[str]:
    """``ROW`` with other words in some of its columns."""
    return [cells.get(name, cell) for name, cell in zip(HEAD, ROW, strict=True)]


def test_the_reply_is_the_text_and_the_rest_stands_before_it() -> None:
    raw = one(*ROW)
    assert raw.text == REPLY
    assert raw.id == "XF20250001"
    assert raw.front.split("\n") == [
        "标题：井盖",
        "来信时间：2025-03-01",
        "答复部门：云海市城市管理局",
        "答复时间：2025-03-09",
        f"来信内容：{ASKED}",
    ]


def test_title_organ_and_day_are_the_letters_and_the_question_is_in_no_passage() -> None:
    letter = read(one(*ROW), letter_id="a", source="a.csv")
    assert letter.title
    assert letter.title.value == "井盖"
    assert letter.value("issuer") == "云海市城市管理局"
    assert letter.value("issued_on") == "2025-03-09"
    assert letter.publicity == "public"
    assert ASKED in letter.text[: letter.body.start]
    assert ASKED not in letter.body.of(letter.text)


def test_a_citizens_words_on_several_lines_cannot_pass_for_anything_else() -> None:
    forged = f"{ASKED}\n答复内容：已全部修好。\n发文单位：云海市公安局\n云海市公安局\n2020年1月1日"
    letter = read(one(*other(来信内容=forged)), letter_id="a", source="a.csv")
    assert letter.body.of(letter.text) == REPLY
    assert letter.value("issuer") == "云海市城市管理局"
    assert letter.value("issued_on") == "2025-03-09"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        " ",
        "无",
        "已办结",
        "办理中",
        "正在办理",
        "已答复。",
        "见附件",
        "满意",
        "A",
        "--",
        "已转办",
    ],
)
def test_a_row_without_a_reply_is_counted_and_no_letter(reply: str) -> None:
    assert read_all(other(答复内容=reply)) == [Unanswered(place="第2行")]


def test_how_it_ended_stands_in_for_a_reply_only_where_it_is_one() -> None:
    head = ["诉求内容", "办理结果", "答复内容"]
    assert one(ASKED, "已办结", REPLY, head=head).text == REPLY
    assert one(ASKED, REPLY, "", head=head).text == REPLY
    assert read_all([ASKED, "已办结", ""], head=head) == [Unanswered(place="第2行")]


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("是", "public"), ("公开", "public"), ("同意公开", "public"), ("Y", "public"), ("1", "public"),
        ("主动公开", "public"), ("√", "public"), ("否", "held"), ("不公开", "held"), ("保密", "held"),
        ("N", "held"), ("0", "held"), ("", "held"), ("部分公开", "held"), ("待审核", "held"), ("不同意公开", "held"),
    ],
)  # fmt: skip
def test_only_a_clear_yes_is_public(cell: str, level: str) -> None:
    assert one(*other(是否公开=cell)).meta["publicity"] == level


def test_one_no_among_several_columns_holds_a_row() -> None:
    head = [*HEAD, "是否同意公开来信", "是否保密"]
    assert one(*ROW, "是", "否", head=head).meta["publicity"] == "public"
    assert one(*ROW, "否", "否", head=head).meta["publicity"] == "held"
    assert one(*ROW, "是", "是", head=head).meta["publicity"] == "held"


def test_without_a_column_a_hotline_is_held_and_a_mailbox_as_the_setting_says() -> None:
    assert "publicity" not in one(*ROW[:7], head=HEAD[:7]).meta
    head = ["工单编号", "诉求内容", "办理结果"]
    assert one("GD20250001", ASKED, REPLY, head=head).meta["publicity"] == "held"


def test_a_hidden_row_is_held() -> None:
    lines = (Line(number=1, cells=tuple(HEAD)), Line(number=2, cells=tuple(ROW), hidden=True))
    (raw,) = items([Sheet(name="", lines=lines)])
    assert isinstance(raw, Raw)
    assert raw.meta["publicity"] == "held"


@pytest.mark.parametrize("number", ["", "1", "17", "无", "a/b/123456", "..", "井盖来信"])
def test_a_row_without_a_number_of_its_own_is_named_by_its_words(number: str) -> None:
    before, after = other(来信编号=number), other(来信编号="99" if number.isdigit() else number)
    assert (one(*before).id or "").startswith("来信-")
    assert one(*before).id == one(*after).id


def test_what_stands_twice_is_one_letter_and_two_replies_are_two() -> None:
    found = read_all(ROW, ROW, other(答复内容="我局已派人查看。", 答复单位="云海市水务局"), ROW)
    ids = [raw.id for raw in found if isinstance(raw, Raw)]
    assert len(ids) == len(found) == 2
    assert ids[0] == "XF20250001"
    assert (ids[1] or "").startswith("XF20250001-")


@pytest.mark.parametrize(
    "row", [ROW[:7], [*ROW, "多"], ["XF20250001", "井盖", "晚上", "睡不着", *ROW[3:]]]
)
def test_a_row_of_another_width_is_refused_lest_words_change_places(row: Sequence[str]) -> None:
    bad, good = read_all(row, other(来信编号="XF20250002"), ragged=True)
    assert isinstance(bad, UnreadableFile)
    assert (bad.code, str(bad)[:4]) == ("bad_line", "第2行：")
    assert isinstance(good, Raw)


def test_markup_is_taken_off_and_scripts_are_refused() -> None:
    marked = "<p>您好！</p><p>滨河路<b>12处</b>井盖&nbsp;已加装胶垫。</p>"
    assert one(*other(答复内容=marked)).text == "您好！\n滨河路12处井盖 已加装胶垫。"
    (bad,) = read_all(other(答复内容="<p>好</p><script>alert(1)</script>"))
    assert isinstance(bad, UnreadableFile)
    assert "脚本" in str(bad)


def test_signs_of_less_and_more_are_no_markup() -> None:
    text = "PM2.5<35的天数>300，达标。"
    assert one(*other(答复内容=text)).text == text

"""Which mark wins, what holds a letter back, and what of the words around a letter counts."""

from __future__ import annotations

import pytest

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.publicity.forwarding import ROWS, Row, not_to_forward
from indexer.publicity.reading import level_named, verdict
from kb.errors import UnreadableFile
from kb.privacy.publicity import (
    CONFLICT,
    CONTRIBUTION,
    NOT_TO_FORWARD,
    UNKNOWN,
    UNMARKED,
    reasons,
)
from kb.profile import Held
from kb.types import Letter, Publicity
from tests.indexer.publicity.marked import letter

CONSULTED = letter().replace("的答复\n", "的会办意见\n")


def of(text: str, *, source: str = "x.txt", unmarked: Publicity = "public", **raw: str) -> Letter:
    given = raw.pop("given", "")
    meta = {"publicity": given} if given else {}
    meta |= {"title": raw.pop("title")} if "title" in raw else {}
    whole = Raw(id=None, text=text, meta=meta, **raw)
    return read(whole, letter_id="x", source=source, unmarked=unmarked)


def test_two_marks_that_disagree_take_the_stricter_and_say_so() -> None:
    found = verdict("公开属性：依申请公开\n全文\n（此件不予公开）")
    assert (found.publicity, found.flags) == ("closed", (CONFLICT,))
    assert [mark.rule for mark in found.marks] == ["依申请公开", "不予公开"]


def test_the_same_said_twice_is_no_conflict() -> None:
    found = verdict("公开属性：不予公开\n全文\n（此件不公开）")
    assert (found.publicity, found.flags) == ("closed", ())


def test_a_mark_that_is_not_understood_holds_back_what_another_calls_public() -> None:
    found = verdict("公开属性：主动公开\n全文\n是否公开：视情况")
    assert (found.publicity, found.flags) == ("held", (UNKNOWN,))


def test_a_letter_without_a_mark_is_as_the_setting_says() -> None:
    assert (of(letter()).publicity, of(letter()).flags) == ("public", ())
    held = of(letter(), unmarked="held")
    assert (held.publicity, held.flags) == ("held", (UNMARKED,))
    assert of(letter(foot="（此件公开发布）"), unmarked="held").publicity == "public"


@pytest.mark.parametrize(
    "text",
    [
        CONSULTED,
        letter().replace("的答复\n", "的协办意见函\n"),
        letter().replace("的答复\n", "的函\n").replace(
            "您提出的关于加强夜市周边治理的提案收悉，经研究，现答复如下：",
            "贵局主办的第112号提案收悉，现将我局会办意见函告如下：",
        ),
    ],
)  # fmt: skip
def test_a_contribution_is_held_whatever_its_marks_say(text: str) -> None:
    held = of(text)
    assert (held.publicity, held.flags) == ("held", (CONTRIBUTION,))
    marked = of(f"公开属性：主动公开\n{text}")
    assert (marked.publicity, marked.flags) == ("held", (CONTRIBUTION,))
    assert of(text, given="public").publicity == "held"
    assert of(f"公开属性：不予公开\n{text}").publicity == "closed"


def test_where_the_place_says_so_a_contribution_is_as_its_marks_say() -> None:
    shown = Held(contributions=False)
    assert verdict("公开属性：主动公开", contribution=True, held=shown).publicity == "public"
    assert verdict("", contribution=True, held=shown).flags == (CONTRIBUTION,)


@pytest.mark.parametrize(
    "plea",
    [
        "本件仅供贵局答复时参考，请勿直接转发。", "（此件请勿转发）", "请勿转发委员。", "★切勿转发",
        "以上意见供贵委综合答复时参考，请勿将本件直接转给代表。", "此件仅供主办单位参考。",
        "内部资料，请勿转发", "本材料仅供机关内部使用。", "仅供市直机关内部参考",
        "以上意见仅供贵单位答复提案时使用，不得作为正式答复转给委员。", "供你局参阅，请勿转发。",
    ],
)  # fmt: skip
def test_what_is_not_to_be_passed_on_is_not_shown_though_it_says_that_it_is_public(
    plea: str,
) -> None:
    found = of(f"公开属性：主动公开\n{letter(midst=plea)}")
    assert found.publicity in ("held", "closed")
    assert reasons(found.flags)
    assert any(plea[:4].strip("（★") in mark.value for mark in found.lists["publicity"])


@pytest.mark.parametrize(
    "words",
    [
        "我们提醒市民不信谣、不传谣，请勿转发不实信息。", "收到此类短信请勿转发，并拨打96110。",
        "您的来信我们已转交市民政局办理。", "该卡不得转借、转给他人使用。",
        "上述车位不得转让、转租。", "该意见供参考。", "局机关食堂的停车位仅供职工使用。",
    ],
)  # fmt: skip
def test_a_reply_that_tells_others_not_to_pass_something_on_is_public(words: str) -> None:
    assert of(f"公开属性：主动公开\n{letter(midst=words)}").publicity == "public"


def test_where_the_place_says_so_what_is_not_to_be_passed_on_is_as_its_marks_say() -> None:
    text = "公开属性：主动公开\n全文\n本件仅供贵局答复时参考，请勿直接转发。"
    assert verdict(text).flags == (NOT_TO_FORWARD,)
    assert verdict(text, held=Held(not_to_forward=False)).publicity == "public"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_way_to_say_it_finds_its_example(row: Row) -> None:
    assert row.pattern.search(row.example)
    (span,) = not_to_forward(f"您好。\n{row.example}。\n再见。")
    assert span.of(f"您好。\n{row.example}。\n再见。") == row.example


def test_a_reply_that_speaks_of_contributions_is_none() -> None:
    text = letter(midst="市财政局的会办意见已经吸收。").replace(
        "关于市政协", "关于规范提案会办工作、回应市政协"
    )
    assert of(text).publicity == "public"


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ("closed", "closed"), ("on_request", "on_request"), ("held", "held"),
        ("public", "public"),
        ("不予公开", "closed"), ("依申请", "on_request"),
        ("主动公开", "public"), ("暂不公开", "held"),
    ],
)  # fmt: skip
def test_the_publicity_of_a_bulk_import_is_a_mark_like_others(given: str, level: Publicity) -> None:
    assert of(letter(), given=given).publicity == level
    assert of(letter(head="公开属性：不予公开"), given=given).publicity == "closed"


@pytest.mark.parametrize("given", ["geheim", "是", "公开吗", "2"])
def test_other_words_than_those_are_refused_with_those_that_are_known(given: str) -> None:
    with pytest.raises(UnreadableFile, match="on_request") as error:
        of(letter(), given=given)
    assert error.value.code == "bad_line"
    assert given in str(error.value)


@pytest.mark.parametrize(
    "around", ["内部资料　注意保存", "公开属性：不予公开", "秘密★1年", "（此件不公开）"]
)
def test_a_mark_around_the_letter_counts(around: str) -> None:
    found = of(letter(), around=around)
    assert found.publicity == "closed"
    assert {mark.span for mark in found.lists["publicity"]} == {None}


@pytest.mark.parametrize(
    "source", ["不予公开/1.txt", "（不公开）夜市.txt", "夜市-依申请公开.docx",
     "内部资料_3.pdf", "秘密/a/b.txt", "部分公开/2.txt", "不公开的.txt", "不可以公开的/1.txt",
     "不予-公开的.txt", "暂不公开版.docx", "公开的除外.txt", "待公开.txt", "2024年不公开的/a.txt",
     "公开的/不予公开/1.txt"]
)  # fmt: skip
def test_the_names_of_file_and_folders_can_only_bar(source: str) -> None:
    assert of(letter(), source=source).publicity != "public"


@pytest.mark.parametrize(
    "source", ["主动公开/1.txt", "关于内部管理的答复.txt", "政务公开/3.txt",
     "依申请公开工作的建议.txt", "公开的.txt", "可以公开的/2.txt", "2024年公开的答复/a.txt",
     "公开版.pdf", "主动公开的复文/b.docx", "公開的.txt"]
)  # fmt: skip
def test_other_names_say_nothing(source: str) -> None:
    assert of(letter(), source=source).publicity == "public"
    named = read(Raw(id=None, text=letter()), letter_id=source, source=source)
    assert named.publicity == "public"
    assert of(letter(), source=source, unmarked="held").publicity == "held"


def test_a_given_title_is_read_for_marks() -> None:
    assert of(letter(), title="关于夜市的答复（不予公开）").publicity == "closed"


def test_every_flag_has_its_reason() -> None:
    assert len(reasons((CONFLICT, UNKNOWN, UNMARKED, CONTRIBUTION, "masked"))) == 4


def test_level_named_reads_whole_words_only() -> None:
    assert level_named("不予公开的") is None
    assert level_named("") is None
    assert level_named("Closed") == "closed"

"""Mending: broken lines whole, page furniture out, figures closed up, and nothing lost."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.formats.parse import parse
from indexer.letter.mend import FLATTENED, close_up, columns, mend
from tests.conftest import CORPUS
from tests.support import made

LONG = "我们坚持先民生后提升的原则，持续推进老旧小区改造工作，"


def kept(text: str) -> str:
    """The visible characters of ``text`` in order."""
    return "".join(
        c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")
    )


def wrapped(text: str, width: int) -> str:
    """``text`` broken hard at ``width`` characters, paragraphs indented as in print."""
    lines = []
    for paragraph in text.split("\n"):
        whole = "　　" + paragraph
        lines += [whole[i : i + width] for i in range(0, len(whole), width)]
    return "\n".join(lines)


# --- lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        ("提前两年完成省定“十\n\n四五”民生实事任务。", "提前两年完成省定“十四五”民生实事任务。"),
        (
            "推进“社工+养老”、智慧养老、嵌入式托养，智慧养老、嵌入式\n\n托养、医养康养等模式。",
            "推进“社工+养老”、智慧养老、嵌入式托养，智慧养老、嵌入式托养、医养康养等模式。",
        ),
        ("改造小区92个、\n惠及居民。", "改造小区92个、惠及居民。"),
        ("铺设率达到97.7\n%，居全省第一。", "铺设率达到97.7%，居全省第一。"),
        ("先民生后提升\n；再补短板。", "先民生后提升；再补短板。"),
        ("（市民政局\n提供）", "（市民政局提供）"),
        (
            "市直部门及各县等35个单位为成员的工作领导小组，\n\n并建立联席会议工作机制。",
            "市直部门及各县等35个单位为成员的工作领导小组，并建立联席会议工作机制。",
        ),
        (
            "对市政协十五届二次会议\n第1520135号提案的答复",
            "对市政协十五届二次会议第1520135号提案的答复",
        ),
        (
            "对市政协十五届二次会议 第1520135号提案的答复",
            "对市政协十五届二次会议第1520135号提案的答复",
        ),
    ],
)
def test_a_line_broken_inside_a_sentence_is_made_whole(raw: str, whole: str) -> None:
    assert mend(raw).text == whole


@pytest.mark.parametrize(
    "raw",
    [
        "一、基本情况\n（一）整体情况\n1. 完成改造\n（1）小区改造",
        "近年来，我市城镇老旧小区改造工作稳步推进\n一、主要做法",
        "徐秀叶委员：\n您提出的提案收悉。",
        "工作已经完成。\n下一步，我们将继续努力。",
        "感谢您对我们工作的关心和支持\n联系单位：市住建局\n抄送：市政府督查室",
        "云岭市民政局\n2024年5月6日",
        "我们将继续推进老旧小区适老化改造和无障碍设施建设，云岭市民政局\n二〇二四年五月六日",
        "序号\t项目\n1\t老旧小区改造，\n2\t适老化改造",
    ],
)
def test_lines_that_are_whole_stay_apart(raw: str) -> None:
    assert mend(raw).text == raw


def test_words_of_the_latin_alphabet_keep_a_space_at_the_seam() -> None:
    assert mend("引进“COVID\nresponse”方案。").text == "引进“COVID response”方案。"


def test_hard_wrapped_text_becomes_paragraphs() -> None:
    paragraphs = [
        LONG * 4 + "取得成效。",
        LONG * 3 + "惠及居民。",
        "一、下步工作",
        LONG * 5 + "完成。",
    ]
    assert mend(wrapped("\n".join(paragraphs), 32)).text == "\n".join(paragraphs)


def test_wrapped_lines_join_where_a_sentence_ends_at_the_margin_only_inside_a_pair() -> None:
    text = "\n".join(["　　" + "字" * 28 + "，", *(["字" * 30] * 8), "“这样的。", "字" * 30, "”完"])
    assert "“这样的。" + "字" * 30 in mend(text).text


def test_a_flattened_document_gets_its_paragraphs_back() -> None:
    lines = [
        "云岭市民政局文件",
        "签发人：王文成",
        "办理结果：A",
        "关于推进养老服务的提案的答复",
        "徐秀叶委员：",
        "您提出的提案收悉。" + LONG * 8 + "现答复如下：",
        "一、基本情况",
        "1.资金到位。",
        "云岭市民政局",
        "2024年5月6日",
    ]
    flat = " ".join(lines)
    assert len(flat) >= FLATTENED
    assert mend(flat).text == "\n".join(lines)


def test_a_short_line_is_never_taken_for_a_flattened_document() -> None:
    assert mend("签发人：王文成 办理结果：A").text == "签发人：王文成 办理结果：A"


def test_a_space_before_a_figure_does_not_break_a_long_paragraph() -> None:
    raw = "全市老旧小区共 1481 个，" + LONG * 10 + "惠及居民 40 万人。"
    assert mend(raw).text == "全市老旧小区共1481个，" + LONG * 10 + "惠及居民40万人。"


def test_a_long_spaced_out_paragraph_stays_one_paragraph() -> None:
    sentence = "全市老旧小区改造坚持先民生后提升" * 8
    assert mend(" ".join(sentence)).text == sentence


# --- spaces -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "closed"),
    [
        ("共 1481 个，12.6 万户", "共1481个，12.6万户"),
        ("达到 100 %", "达到100%"),
        ("97 . 7%", "97.7%"),
        ("1 2 3 4 户", "1234户"),
        ("投入 1 500 万元", "投入1500万元"),
        ("1 234 567 元", "1234567元"),
        ("第 1520135 号", "第1520135号"),
        ("建设 ， 管理 。", "建设，管理。"),
        ("“ 十四五 ”", "“十四五”"),
        ("2019-2023 年", "2019-2023年"),
        ("　徐秀叶\u3000委员　", "徐秀叶 委员"),
        ("甲\xa0局\u2003乙", "甲 局 乙"),
        ("A B 类", "A B 类"),
    ],
)
def test_spaces_of_typesetting_are_closed_up(raw: str, closed: str) -> None:
    assert close_up(raw) == closed


@pytest.mark.parametrize(
    "raw", ["联系人及联系方式：崔萍 3557209", "崔萍 03913557209", "电话：0391-3557209 0391-3557210"]
)
def test_phones_are_kept_apart_from_names_and_from_each_other(raw: str) -> None:
    assert close_up(raw) == raw


def test_a_label_after_a_figure_keeps_its_space() -> None:
    assert close_up("联系电话：3557209 联系人：崔萍") == "联系电话：3557209 联系人：崔萍"


def test_the_cells_of_a_table_row_stay_parted_by_tabs() -> None:
    assert mend("项目 \t 数量\t\n盲道 \t112 千米").text == "项目\t数量\n盲道\t112千米"


def test_spaced_out_text_is_closed_up_only_where_most_of_it_is() -> None:
    assert mend("签发人：王 文 成").text == "签发人：王 文 成"
    raw = "\n".join(" ".join("全市老旧小区改造完成") + " 。" for _ in range(4))
    assert mend(raw).text == "\n".join(["全市老旧小区改造完成。"] * 4)


def test_invisible_characters_are_dropped() -> None:
    assert mend("\ufeff老旧\u200b小区\u202e改\u00ad造\x07。").text == "老旧小区改造。"


def test_line_ends_of_every_make_are_the_same() -> None:
    assert mend("甲。\r\n乙。\r丙。\x0b丁。").text == "甲。\n乙。\n丙。\n丁。"


def test_columns_count_a_chinese_character_as_two() -> None:
    assert columns("复文ab，") == 8
    assert columns("𠮷") == 2


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "— 3 —",
        "- 3 -",
        "－３－",
        "第3页",
        "第 3 页 共 12 页",
        "第3页，共12页",
        "3/12",
        "Page 3 of 12",
    ],
)
def test_page_numbers_are_dropped(number: str) -> None:
    assert mend(f"工作完成。\n{number}\n继续努力。").text == "工作完成。\n继续努力。"


def test_a_bare_number_is_a_page_number_only_at_the_edge_of_a_page() -> None:
    assert mend("甲。\n3\n乙。").text == "甲。\n3\n乙。"
    assert mend("1\n甲。\n7\n乙。\f丙。\n2").text == "甲。\n7\n乙。\n丙。"


def test_running_headers_are_kept_once() -> None:
    pages = [f"云岭市水利局办理复函\n正文第{n}。\n内部资料" for n in "一二三"]
    assert (
        mend("\f".join(pages)).text
        == "云岭市水利局办理复函\n正文第一。\n内部资料\n正文第二。\n正文第三。"
    )


def test_the_signature_is_kept_where_the_header_names_the_same_organ() -> None:
    pages = [f"云岭市水利局\n{n}甲。\n{n}乙。\n{n}丙。" for n in "一二三"]
    text = mend("\f".join(pages) + "\n云岭市水利局\n2024年6月28日").text
    assert text.count("云岭市水利局\n") == 2
    assert text.endswith("三丙。\n云岭市水利局\n2024年6月28日")


def test_a_repeated_line_in_the_middle_of_a_page_is_kept() -> None:
    pages = [
        f"页眉一行\n页眉二行\n{n}甲。\n责任单位甲。\n{n}乙。\n{n}丙。\n{n}丁。" for n in "一二三"
    ]
    assert mend("\f".join(pages)).text.count("责任单位甲。") == 3


def test_a_sentence_goes_on_over_a_page_break() -> None:
    mended = mend("创新运营模式，推进嵌入式托养、\n— 3 —\n\f医养康养。\n感谢。\f完。")
    assert mended.text == "创新运营模式，推进嵌入式托养、医养康养。\n感谢。\n完。"
    assert [mended.text[at:][:2] for at in mended.pages] == ["医养", "完。"]


def test_each_page_after_the_first_has_its_offset() -> None:
    mended = mend("甲。\f乙。\f\f丁。")
    assert mended.pages == (3, 6, 6)
    assert mended.text[6:] == "丁。"


def test_a_text_without_form_feeds_has_one_page() -> None:
    assert mend("甲。\n乙。").pages == ()


# --- properties -------------------------------------------------------------------------------


@given(st.one_of(made.bodies, made.rough_bodies))
def test_every_visible_character_is_kept_in_order(text: str) -> None:
    assert kept(mend(text).text) == kept(text)


@given(made.bodies, st.integers(12, 40))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    assert kept(mend(wrapped(text, width)).text) == kept(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_of_any_text_only_furniture_is_lost(text: str) -> None:
    left = iter(kept(mend(text).text))
    wanted = next(left, None)
    dropped = ""
    for char in kept(text):
        if char == wanted:
            wanted = next(left, None)
        else:
            dropped += char
    assert wanted is None  # what is left is a subsequence of what was there
    assert re.fullmatch(r"[\d\-—–―－·第页共，,/PpaAgGeof]*", dropped)


@given(made.noisy)
def test_pages_begin_inside_the_text_and_in_order(text: str) -> None:
    mended = mend(text)
    assert list(mended.pages) == sorted(mended.pages)
    assert all(0 <= at <= len(mended.text) for at in mended.pages)


@given(made.noisy)
def test_no_line_is_empty_or_has_spaces_at_its_ends(text: str) -> None:
    text = mend(text).text
    assert all(line and line == line.strip() for line in text.split("\n")) or text == ""


def test_a_long_hard_wrapped_paragraph_is_mended_in_linear_time() -> None:
    paragraph = LONG * 8000
    assert mend(wrapped(paragraph, 32)).text == paragraph.strip()


@given(st.one_of(made.bodies, made.noisy))
@settings(max_examples=200)
def test_mending_a_mended_text_changes_nothing(text: str) -> None:
    once = mend(text).text
    assert mend(once).text == once


def test_mending_the_sample_letters_again_changes_nothing() -> None:
    for path in sorted((CORPUS / "letters").iterdir()):
        for raw in parse(path):
            assert not isinstance(raw, Exception)
            once = mend(raw.text).text
            assert mend(once).text == once


@pytest.mark.shared
def test_the_real_letter_keeps_every_visible_character(real_text: str) -> None:
    once = mend(real_text).text
    assert kept(once) == kept(real_text)
    assert mend(once).text == once
    assert "省定“十四五”民生实事任务" in once
    assert "改造项目共1481个，12.6万户，共争取上级补助资金18亿元" in once
    assert "崔萍 3557209" in once


def test_a_finished_title_never_runs_into_the_addressees() -> None:
    body = "\n".join(["我市中小学校车运营总体平稳，近年来各级财政投入资金逐年增"] * 12)
    raw = f"关于市十二届人大三次会议“第123号”建议的答复\n\n张建国、李梅、王小红代表：\n\n{body}"
    assert "建议的答复\n张建国、李梅、王小红代表：\n" in mend(raw).text


def test_a_figure_broken_at_the_end_of_a_line_or_page_is_whole_again() -> None:
    assert "贷款15.7亿元" in mend("全市发放创业担保贷款15.\n7亿元，惠及两千人。").text
    assert "资金2450万元" in mend("全市投入资金2450\n- 1 -\n万元，新购校车46辆。").text
    assert mend("联系电话：3557209\n2024年6月28日").text.count("\n") == 1


FORM = "报修登记表\n报修人\n联系方式\n小区名称\n楼栋房号\n受理意见\n备注"
PROSE = (
    "　　本办法所称电梯更新是指对使用十五年以上的住宅电梯进行\n"
    "整机更换或者更换主要部件的行为由小区业主共同决定后向街\n"
    "道办事处提出申请街道办事处应当在五个工作日内予以答复并\n"
    "公示。"
)


def test_prose_is_made_whole_beside_forms_on_other_pages() -> None:
    whole = PROSE.replace("\n", "").replace("\u3000", "")
    assert mend("\f".join([PROSE, FORM])).text.startswith(whole + "\n")
    assert mend("\f".join([FORM, PROSE])).text.endswith("\n" + whole)


def test_prose_is_made_whole_beside_a_form_on_its_page() -> None:
    whole = PROSE.replace("\n", "").replace("\u3000", "")
    assert whole in mend(f"{PROSE}\n{FORM}").text.split("\n")


def test_the_lines_of_a_form_or_a_list_stay_lines() -> None:
    organs = "\n".join(f"柏溪县第{number}实验小学附属幼儿园" for number in "一二三四五六")
    assert mend(FORM).text == FORM
    assert mend(organs).text == organs


def test_a_title_broken_before_its_last_character_is_one() -> None:
    raw = "对县十六届人大二次会议第23号建议的答\n　　　　复\n某某代表："
    assert mend(raw).text.startswith("对县十六届人大二次会议第23号建议的答复\n")


def test_what_follows_a_colon_goes_on_over_full_lines() -> None:
    lines = [
        "您提出的关于增设路灯的建议收悉，",
        "现答复如下：去年以来全县共新装路",
        "灯三百二十盏，今年再装一百盏，六",
        "月底前装完，投资一百二十万元整，",
        "全部由县级财政负担。",
    ]
    assert mend("\n".join(lines)).text == "".join(lines)


def test_a_paragraph_goes_on_where_a_sentence_ends_at_the_margin_and_indents_are_known() -> None:
    first = "　　" + "字" * 25 + "完。"
    lines = [
        first,
        "再" * 28,
        "说明完毕。",
        "　　" + "文" * 26,
        "章" * 28,
        "章" * 28,
        "写完。",
        "落款的",
    ]
    assert (
        mend("\n".join([*lines, *lines])).text.split("\n")[0]
        == first.strip("　") + "再" * 28 + "说明完毕。"
    )


def test_who_signs_is_no_part_of_a_paragraph_that_ends_at_the_margin() -> None:
    lines = [
        "　　" + "字" * 26,
        *["字" * 28] * 8,
        "字" * 27 + "。",
        "云岭市水利局",
        "2024年7月15日",
    ]
    assert mend("\n".join(lines)).text.split("\n")[1:] == ["云岭市水利局", "2024年7月15日"]


def test_the_words_that_open_a_reply_go_on_where_a_line_broke_them() -> None:
    lines = [
        "　　" + "字" * 26,
        *["字" * 28] * 8,
        "完。",
        "　　" + "字" * 22 + "收悉，现",
        "答复如下：",
    ]
    assert mend("\n".join(lines)).text.endswith("字收悉，现答复如下：")

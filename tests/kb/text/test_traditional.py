"""Traditional and simplified characters are compared as one, and nothing moves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.training import traditional_table
from kb.models.folding import letter_simplified
from kb.text.chars import fold, searchable
from kb.text.normalize import folded
from kb.text.similarity import pairs
from kb.text.tokens import tokens
from kb.text.traditional import (
    IN_CONTEXT,
    TRADITIONAL,
    InContext,
    simplified,
)
from kb.types import Passage, Span
from tests.support.fakes import make_letter

# As Taiwan or Hong Kong writes it, and as the mainland does.
ASKED = (
    ("老舊小區加裝電梯補貼多少錢", "老旧小区加装电梯补贴多少钱"),
    ("臺北路的羣眾接待室幾點開門", "台北路的群众接待室几点开门"),
    ("裏面的線路誰來維護", "里面的线路谁来维护"),
    ("裡面的綫路誰來維護", "里面的线路谁来维护"),
    ("衞生院啓用了沒有", "卫生院启用了没有"),
    ("衛生院啟用了沒有", "卫生院启用了没有"),
    ("頭髮和發票", "头发和发票"),
    ("隨著車輛增多，停車難怎麼解決", "随着车辆增多，停车难怎么解决"),
    ("沿着河邊的步道", "沿着河边的步道"),
    ("居民樓著火了找誰", "居民楼着火了找谁"),
    ("後天皇后大道復工，反覆停工的責任在誰", "后天皇后大道复工，反复停工的责任在谁"),
    ("請問貴局的答覆什麼時候寄出", "请问贵局的答复什么时候寄出"),
    ("甚麼是宜居城市計畫", "什么是宜居城市计划"),
    ("麵館的油煙、路面的積水", "面馆的油烟、路面的积水"),
    ("乾淨的鐘樓和乾隆年間的石碑", "干净的钟楼和乾隆年间的石碑"),
    ("徵收房屋的複核、長征路的綠化", "征收房屋的复核、长征路的绿化"),
    ("瞭解鄉村醫生的養老金，瞭望塔誰管", "了解乡村医生的养老金，瞭望塔谁管"),
    ("身分證和銀行帳戶怎麼辦理", "身份证和银行账户怎么办理"),
    ("藉由網路平臺籲請，老人得到慰藉", "借由网路平台吁请，老人得到慰藉"),
    ("著名景區的公廁顯著改善了嗎", "著名景区的公厕显著改善了吗"),
    ("公園裏的藝術畫冊、規畫圖", "公园里的艺术画册、规画图"),
    ("妳們學校的午餐多少錢", "你们学校的午餐多少钱"),
)


@pytest.mark.parametrize(("traditional", "simple"), ASKED)
def test_a_question_is_the_same_in_either_characters(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simple
    assert tokens(traditional) == tokens(simple)
    assert pairs(traditional) == pairs(simple)
    assert searchable(traditional) == searchable(simple)


@pytest.mark.parametrize("row", IN_CONTEXT, ids=lambda row: row.pattern[0])
def test_what_depends_on_a_neighbour_has_an_example(row: InContext) -> None:
    assert simplified(row.example) == row.simplified
    assert row.into in row.simplified


@pytest.mark.parametrize("simple", [simple for _, simple in ASKED])
def test_simplified_characters_stay_as_they_are(simple: str) -> None:
    assert simplified(simple) == simple


KEPT = (
    "乾县 瞭望 覆盖率 天翻地覆 设计画面 皇家俱乐部 身分 帐篷 沈阳市 甚至 显著成效 著作权 原著 狼藉"
)


@pytest.mark.parametrize(
    "words",
    KEPT.split(),
)
def test_words_of_simplified_texts_that_look_like_others_stay(words: str) -> None:
    assert simplified(words) == words


@given(
    st.text(
        alphabet=st.sampled_from("著覆瞭藉乾畫画沈甚麼身分證家俱帳户計沿答明显裏電2𠮷 "),
        max_size=20,
    )
)
def test_every_character_stands_where_it_stood(text: str) -> None:
    once = simplified(text)
    assert len(once) == len(text)
    assert simplified(once) == once


def test_offsets_are_those_of_the_text_as_it_is() -> None:
    text = "㎡的臺灣電梯"
    assert [place.of(text) for place in folded(text).each("电梯")] == ["電梯"]
    assert [place.of(text) for place in folded(text, Span(start=2, end=4)).each("台湾")] == ["臺灣"]


def test_folding_is_the_same_before_and_after_simplifying() -> None:
    assert fold("ＡＢ電梯") == fold("ab电梯") == "ab电梯"


def test_the_table_is_that_of_opencc() -> None:
    assert TRADITIONAL.read_text(encoding="utf-8") == traditional_table.table()


def test_a_letter_that_models_read_keeps_its_spans() -> None:
    letter = make_letter("甲", "關於電梯，我局已安排。", title="關於電梯的答覆", issuer="臺中市")
    passage = Passage(
        letter_id="甲", span=letter.body, headings=("辦理情況",), sentences=(letter.body,)
    )
    read, (first,) = letter_simplified(letter, [passage])
    assert first.span.of(read.text) == "关于电梯，我局已安排。"
    assert (first.headings, first.sentences) == (("办理情况",), passage.sentences)
    assert read.title == replace(letter.title, value="关于电梯的答复") if letter.title else False
    assert read.value("issuer") == "台中市"
    assert letter.text.startswith("關於電梯的答覆")

"""Examples for the home page: what a citizen would ask, answered by some letter."""

from __future__ import annotations

import pytest

from kb.search.examples import MOST, Example, examples, thing_of
from kb.store.protocol import SnapshotReader
from kb.text.tokens import tokens
from kb.types import Letter, Scope
from tests.support.fakes import MemoryStore, make_letter
from tests.support.stores import publish

PUBLIC = Scope(public_only=True)


def letter(name: str, title: str, body: str, **fields: str) -> Letter:
    return make_letter(name, body, proposal_title=title, **{"issued_on": "2025-01-01", **fields})


def reader_of(*made: Letter) -> SnapshotReader:
    store = MemoryStore(tokenize=tokens)
    publish(store, *made)
    return store.current()


@pytest.mark.parametrize(
    ("title", "thing"),
    [
        ("关于尽快开工建设市图书馆新馆的提案", "市图书馆"),
        ("关于推动充电网络高质量发展的提案", "充电网络"),
        ("关于巩固垃圾分类成果的建议", "垃圾分类"),
        ("关于破解老旧小区加装电梯难题的提案", "装电梯"),
        ("关于加快高标准农田建设的建议", "高标准农田"),
        ("关于加强农贸市场食品安全管理的提案", "菜市场"),
        ("关于加强管理的建议", ""),
    ],
)
def test_a_letter_is_about_one_short_thing(title: str, thing: str) -> None:
    assert thing_of(letter("a", title, "已办理。")) == thing


@pytest.mark.parametrize(
    ("title", "said", "question"),
    [
        ("关于推动充电网络发展的提案", "充电桩已新建充电桩3200个。", "新建了多少个充电桩？"),
        ("关于加快农村公路建设的建议", "农村公路2026年6月底前通车。", "乡村公路什么时候通车？"),
        ("关于提高高龄津贴的建议", "高龄津贴每人补贴300元。", "高龄津贴每人补贴多少钱？"),
        ("关于夜间公交的建议", "夜间公交票价2元。", "夜班车票价是多少？"),
        ("关于青河大桥的提案", "青河大桥总投资1.2亿元。", "青河大桥投资了多少钱？"),
    ],
)
def test_a_question_asks_for_what_a_sentence_says(title: str, said: str, question: str) -> None:
    reader = reader_of(letter("a", title, f"市交通局\n现答复如下：\n{said}"))
    assert question in examples(reader, scope=PUBLIC)


def test_each_topic_gives_one_and_no_more_than_fit() -> None:
    made = [
        letter(f"{n}", f"关于{thing}的提案", f"{thing}总投资{n + 1}万元。", issuer=f"{thing}局")
        for n, thing in enumerate(
            ("南门大桥", "北门大桥", "东门大桥", "西门大桥", "青河大桥", "白鹭大桥", "云岭大桥")
        )
    ]
    found = examples(reader_of(*made), scope=PUBLIC)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)


def test_what_staff_approved_goes_first_and_personal_data_is_in_none() -> None:
    reader = reader_of(letter("a", "关于青河大桥的提案", "青河大桥总投资1.2亿元。"))
    approved = ("大桥什么时候修好？", "我的电话13812345678怎么查")
    found = examples(reader, scope=PUBLIC, approved=approved)
    assert found[0] == approved[0]
    assert not any("138" in question for question in found)


def test_what_is_not_public_gives_no_example() -> None:
    hidden = letter("a", "关于青河大桥的提案", "青河大桥总投资1.2亿元。", publicity="closed")
    assert examples(reader_of(hidden), scope=PUBLIC) == ()


def test_a_base_whose_letters_say_nothing_of_the_kind_still_gives_some() -> None:
    reader = reader_of(letter("a", "关于加装充电桩的建议", "将研究。", issuer="发改委"))
    assert examples(reader, scope=PUBLIC) == ("加装充电桩，下一步有什么打算？",)


def test_only_what_is_answered_by_its_own_sentence_is_offered_and_no_more_is_tried() -> None:
    things = ("甲桥", "乙桥", "丙桥", "丁桥", "戊桥", "己桥", "庚桥", "辛桥")
    made = [
        letter(
            f"{n}", f"关于青河{thing}的提案", f"青河{thing}总投资{n + 1}万元。", issuer=f"{thing}局"
        )
        for n, thing in enumerate(things)
    ]
    reader, tried = reader_of(*made), list[str]()

    def told(example: Example) -> bool:
        tried.append(example.question)
        return example.letter_id != "7"

    found = examples(reader, scope=PUBLIC, told=told)
    assert len(found) == MOST
    assert not any("辛桥" in question for question in found)
    assert len(tried) == MOST + 1

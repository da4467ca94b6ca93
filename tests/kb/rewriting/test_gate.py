"""A question in a model's words is let through only where it names, counts and denies the same."""

from __future__ import annotations

from typing import get_args

import pytest

from kb.query.directory import Directory, directory_of
from kb.rewriting.gate import Reason, Rewriting, rewritten
from kb.types import Scope
from tests.support.fakes import MemoryStore, make_letter
from tests.support.stores import publish

GOOD = {
    "装电梯给多少钱": "既有住宅加装电梯的补助标准是多少？",
    "我家门口的路啥时候能修好": "道路维修工程什么时候完成？",
    "看病能报多少": "医疗费用报销比例是多少？",
    "没装电梯的楼能补吗": "未装电梯的楼能否享受补助？",
    "教育局管不管补课": "教育局是否监管校外补课？",
    "王晓丽代表提的养老建议怎么答复的": "王晓丽代表提出的养老服务建议如何答复？",
    "惠民家园的电梯谁来修": "惠民家园的电梯由谁负责维修？",
    "有几户装了电梯": "已安装电梯多少户？",
    "去年装了多少部电梯": "去年加装电梯多少部？",
    "地铁啥时候通车": "轨道交通什么时候开通运营？",
    "小孩打疫苗要钱吗": "儿童接种疫苗是否收费？",
}
BAD: dict[Reason, list[tuple[str, str]]] = {
    "malformed": [
        ("装电梯给多少钱", ""),
        ("装电梯给多少钱", "加装电梯的补助标准是多少？\n按楼层补助。"),
        ("装电梯给多少钱", "加装电梯的补助标准是多少？" * 6),
        ("装电梯给多少钱", '{"question": "加装电梯的补助标准是多少？"}'),
        ("装电梯给多少钱", "“加装电梯的补助标准是多少？”"),
        ("装电梯给多少钱", "**加装电梯的补助标准是多少？**"),
        ("装电梯给多少钱", "加装电梯的补助标准是多少？http://evil.example"),
        ("装电梯给多少钱", "加装电梯的补助\u200b标准是多少？"),
        ("装电梯给多少钱", "加装电梯的补助标准是12万元吗？"),
        ("2024年修了几条路", "2025年修建道路多少条？"),
    ],
    "same": [("装电梯给多少钱", "装电梯给多少钱？"), ("装电梯给多少钱", "裝電梯給多少錢")],
    "figure": [
        ("装电梯给多少钱", "加装电梯补助十二万元吗？"),
        ("三楼装电梯给多少钱", "加装电梯的补助标准是多少？"),
        ("三楼装电梯给多少钱", "四楼加装电梯的补助标准是多少？"),
        ("5G基站建了多少", "基站建成多少？"),
        ("2024年修了多少公里路", "2042年修建道路多少公里？"),
    ],
    "time": [
        ("装电梯给多少钱", "今年加装电梯的补助标准是多少？"),
        ("去年装了多少部电梯", "加装电梯多少部？"),
        ("冬天供暖多少度", "供暖温度是多少度？"),
    ],
    "negation": [
        ("不交物业费行吗", "交物业费行吗？"),
        ("不交物业费能领补贴吗", "交物业费不能领补贴吗？"),
        ("没装电梯的楼能补吗", "装电梯的楼能否享受补助？"),
        ("装电梯给补贴吗", "未装电梯能否享受补贴？"),
        ("装电梯给补贴吗", "取消加装电梯的补贴吗？"),
        ("学校可以收钱吗", "学校必须收钱吗？"),
    ],
    "organ": [
        ("装电梯给多少钱", "财政局加装电梯的补助标准是多少？"),
        ("装电梯给多少钱", "全省加装电梯的补助标准是多少？"),
        ("教育局管不管补课", "公安局是否监管校外补课？"),
        ("惠民家园的电梯谁来修", "电梯由谁负责维修？"),
        ("惠民家园的电梯谁来修", "中央花园的电梯由谁负责维修？"),
        ("解放路什么时候修", "道路什么时候维修？"),
        ("北京路堵车怎么治", "道路交通拥堵如何治理？"),
    ],
    "people": [
        ("老人坐公交要钱吗", "学生乘坐公交是否收费？"),
        ("残疾人坐车免费吗", "老年人乘车是否免费？"),
        ("外地孩子能上学吗", "儿童是否可以入学？"),
    ],
    "name": [
        ("装电梯给多少钱", "云岭市加装电梯的补助标准是多少？"),
        ("装电梯给多少钱", "北京加装电梯的补助标准是多少？"),
        ("装电梯给多少钱", "王建军加装电梯的补助标准是多少？"),
        ("王晓丽代表提的养老建议怎么答复的", "养老服务建议如何答复？"),
    ],
    "word": [
        ("装电梯给多少钱", "请问您加装电梯的补助标准是多少？"),
        ("装电梯给多少钱", "惠泽加装电梯的补助标准是多少？"),
        ("有几户装了电梯", "已安装电梯多少部？"),
    ],
    "asked": [
        ("装电梯给多少钱", "加装电梯的补助什么时候发放？"),
        ("电梯坏了谁修", "电梯维修费用是多少？"),
    ],
    "subject": [
        ("电梯坏了谁修", "充电设施由谁负责维修？"),
        ("食堂的卫生谁管", "宿舍的卫生由谁监管？"),
    ],
}


@pytest.fixture(scope="module")
def known() -> Directory:
    store = MemoryStore()
    publish(
        store,
        make_letter("甲", "加装电梯每部补助12万元。", issuer="云岭市住房和城乡建设局"),
        make_letter("乙", "补助由市财政拨付。", issuer="云岭市财政局"),
    )
    return directory_of(store.current(), Scope(public_only=True))


@pytest.mark.parametrize(("question", "text"), GOOD.items())
def test_other_words_for_the_same_are_let_through(
    question: str, text: str, known: Directory
) -> None:
    assert rewritten(f"{text}\n", question, known) == Rewriting(text=text)


def test_every_reason_has_an_example() -> None:
    assert BAD.keys() == {*get_args(Reason)}


@pytest.mark.parametrize(
    ("reason", "question", "text"), [(why, *pair) for why, pairs in BAD.items() for pair in pairs]
)
def test_what_may_ask_another_thing_is_not(
    reason: str, question: str, text: str, known: Directory
) -> None:
    assert rewritten(text, question, known) == reason


def test_it_is_no_longer_than_it_may_be(known: Directory) -> None:
    question, text = "看病能报多少", "医疗费用报销比例是多少？"
    assert rewritten(text, question, known, longest=len(text)) == Rewriting(text=text)
    assert rewritten(text, question, known, longest=len(text) - 1) == "malformed"

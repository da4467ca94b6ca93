"""Which questions ask about promises, what of them, and of which."""

from __future__ import annotations

from datetime import date

import pytest

from kb.query.given import directory
from kb.query.promise_question import PromiseQuestion, promise_question
from kb.text.places import setting
from kb.text.tokens import tokens
from tests.conftest import corpus_rows
from tests.support.heads import head

LIFT, CARE = "云岭市住房和城乡建设局", "云岭市民政局"
KNOWN = directory(
    [
        head("lift", LIFT, issued_on="2024-06-28"),
        head("care", CARE, issued_on="2023-06-28"),
        head("school", "青河区教育局", issued_on="2025-06-28"),
    ]
)


def read(question: str) -> PromiseQuestion | None:
    words = tuple(tokens(question))
    places = setting(question, KNOWN.places, words=words).places
    return promise_question(question, KNOWN, places=places, today=date(2026, 6, 30))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("电梯的事答应过什么", "what"),
        ("关于养老床位你们都许诺过啥", "what"),
        ("有没有承诺过给我们小区通暖气", "what"),
        ("公园答应什么时候建好？", "when"),
        ("社区食堂承诺的开门期限是哪天", "when"),
        ("停车楼的事什么时候能办好", "when"),
        ("说好的公园呢", "done"),
        ("答应的电梯装了吗", "done"),
        ("承诺给老人的补贴兑现了没", "done"),
        ("垃圾站搬走的事办了没有", "done"),
        ("园林局答应过什么还没办", "open"),
        ("承诺的啥到现在还没做到", "unkept"),
        ("哪些承诺快到期了", "soon"),
        ("住建局说到做到了吗", "done"),
        ("公平秤的承诺逾期了吗", "done"),
        ("排口改造逾期了没有", "done"),
        ("逾期的有哪些", "overdue"),
        ("交通局还欠着什么没办", "open"),
        ("有没有哪件事是说了不办的", "unkept"),
        ("有没有逾期的", "overdue"),
        ("到期还没做完的事有哪些", "overdue"),
        ("哪几件事没有按时完成", "overdue"),
        ("养老方面拖着没办的有哪些", "overdue"),
        ("还有哪些没办", "open"),
        ("住建局还有什么事没落实", "open"),
        ("正在办的承诺有哪些", "open"),
        ("哪些承诺落空了", "unkept"),
        ("答应了没做的有哪些", "unkept"),
        ("哪些承诺取消了不办了", "dropped"),
        ("图书馆的承诺黄了吗", "done"),
        ("云民函〔2024〕7号里说的都做到了吗", "done"),
        ("哪些承诺已经兑现了", "kept"),
        ("列出已经完成的承诺", "kept"),
    ],
)
def test_what_is_asked_of_promises(question: str, asked: str) -> None:
    found = read(question)
    assert found
    assert found.asked == asked


@pytest.mark.parametrize(
    "question",
    [
        "信用承诺书在哪里下载",
        "告知承诺制适用哪些事项",
        "听说要修地铁，是真的吗",
        "哪些小区没办房产证",
        "没办残疾证怎么办",
        "逾期缴水费罚多少",
        "过期药品怎么处理",
        "没办法申请补贴怎么办",
        "哪些学校没有完成改造",
        "每部电梯补助多少钱",
        "公积金怎么提取",
        "履约保证金退了吗",
        "正在办理的营业执照多久能拿到",
        "哪些事项可以网上办",
        "下一步打算怎么做",
        "去年答复了多少件",
    ],
)
def test_what_asks_of_something_else(question: str) -> None:
    assert read(question) is None


def test_the_sample_questions_that_name_no_promise_are_none() -> None:
    asked = [row["question"] for row in corpus_rows("questions.jsonl")]
    words = ("答应", "承诺", "说好", "说要", "逾期")
    assert [one for one in asked if read(one) and not any(word in one for word in words)] == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("住建局答应过什么", {"issuers": frozenset({LIFT}), "called": ("住建局",)}),
        ("青河区承诺过什么", {"places": ("青河区",)}),
        ("2023年答应的事办了没有", {"years": ("2023",), "said": True}),
        ("2025年到期没办的有哪些", {"years": ("2025",), "said": False}),
        ("去年答应的事办了吗", {"years": ("2025",), "said": True}),
        ("加装电梯的事答应过什么", {"subject": ("加装电梯",)}),
        ("答應的事辦了沒有", {"subject": ()}),
        ("充电设施还欠着哪些承诺没办", {"subject": ("充电设施",)}),
        ("桥答应什么时候修好", {"subject": ("桥",)}),
    ],
)
def test_of_which_promises_it_is_asked(question: str, expected: dict[str, object]) -> None:
    found = read(question)
    assert found
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    "question", ["这事办了没有", "答应的是哪天", "什么时候办好", "办好了吗", "完成了吗"]
)
def test_without_a_subject_and_the_word_promise_nothing_is_asked(question: str) -> None:
    assert read(question) is None

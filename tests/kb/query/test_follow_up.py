"""Follow-up questions: what is taken over, what is put in another's place, what is let alone."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.errors import WrongUse
from kb.query.follow_up import Resolved, resolved
from kb.query.given import directory
from kb.query.parse import parse
from kb.settings import Settings
from tests.conftest import corpus_rows
from tests.support.heads import head

KNOWN = directory(
    [
        head("lift", "云岭市住房和城乡建设局", number="云建办〔2023〕18号"),
        head("school", "云岭市教育局"),
        head("road", "云岭市交通运输局"),
        head("care", "青河区民政局"),
    ]
)
LIFT = "2024年云岭市住建局加装电梯每部补贴多少钱？"
QUESTIONS = [row["question"] for row in corpus_rows("questions.jsonl")]


def follow(question: str, *before: str) -> Resolved:
    return resolved(parse(question, KNOWN, settings=Settings()), before, KNOWN)


LACKING = [
    # a question of nothing but asking words is led by what the last one was about
    (LIFT, "什么时候完成？", "云岭市住建局 2024年 加装电梯：什么时候完成？"),
    (LIFT, "由哪个部门负责？", "云岭市住建局 2024年 加装电梯：由哪个部门负责？"),
    (LIFT, "需要什么材料", "云岭市住建局 2024年 加装电梯：需要什么材料"),
    (LIFT, "那什么时候完成？", "云岭市住建局 2024年 加装电梯：什么时候完成？"),
    (LIFT, "2025年完成了多少？", "云岭市住建局 加装电梯：2025年完成了多少？"),
    (LIFT, "教育局补贴多少？", "2024年 加装电梯：教育局补贴多少？"),
    ("加装电梯有哪些政策？", "下一步有什么打算？", "加装电梯：下一步有什么打算？"),
    ("加装电梯有哪些政策？", "进展怎么样", "加装电梯：进展怎么样"),
    ("装电梯能不能用公积金？", "怎么申请？", "装电梯 公积金：怎么申请？"),
    ("社区食堂有多少家是亏本的？", "怎么补贴？", "社区食堂 亏本：怎么补贴？"),
    ("青河清淤一期哪段河、哪天完工？", "资金从哪来？", "青河清淤一期：资金从哪来？"),
    ("云建办〔2023〕18号是谁签发的？", "什么时候答复的？", "云建办〔2023〕18号：什么时候答复的？"),
    ("云建办〔2023〕18号是谁签发的？", "它的文号是多少？", "云建办〔2023〕18号：它的文号是多少？"),
    ("第047号提案是谁提的？", "办理结果是什么类？", "第047号提案：办理结果是什么类？"),
    # a pointing word carries, whatever follows it
    (LIFT, "它的维保谁来管？", "云岭市住建局 2024年 加装电梯：它的维保谁来管？"),
    ("加装电梯补贴多少", "这个小区也能领吗？", "加装电梯：这个小区也能领吗？"),
    ("加装电梯补贴多少", "该政策到哪天截止？", "加装电梯：该政策到哪天截止？"),
    # what was resolved is carried on as it was
    ("云岭市住建局 2024年 加装电梯：什么时候完成？", "谁负责？",
     "云岭市住建局 2024年 加装电梯：谁负责？"),
]  # fmt: skip
SWAPPED = [
    (LIFT, "那2025年呢？", "2025年云岭市住建局加装电梯每部补贴多少钱？"),
    (LIFT, "那明年呢？", "明年云岭市住建局加装电梯每部补贴多少钱？"),
    (LIFT, "换成2023年", "2023年云岭市住建局加装电梯每部补贴多少钱？"),
    (LIFT, "2023年怎么样？", "2023年云岭市住建局加装电梯每部补贴多少钱？"),
    (LIFT, "那教育局呢？", "2024年教育局加装电梯每部补贴多少钱？"),
    (LIFT, "那财政局呢？", "2024年财政局加装电梯每部补贴多少钱？"),  # no letter is of it
    (LIFT, "那青河区呢？", "2024年青河区住建局加装电梯每部补贴多少钱？"),
    (LIFT, "那2025年教育局呢？", "2025年教育局加装电梯每部补贴多少钱？"),
    ("云岭市加装电梯补贴多少", "那北京市呢", "北京市加装电梯补贴多少"),
    ("加装电梯补贴多少", "那2025年呢", "2025年加装电梯补贴多少"),
    (
        "云建办〔2023〕18号是谁签发的？",
        "那云建办〔2024〕27号呢？",
        "云建办〔2024〕27号是谁签发的？",
    ),
    ("2024年住建局有哪些A类答复", "那C类呢", "2024年住建局有哪些C类答复"),
    ("2024年住建局答复了多少件", "那B类呢？", "B类2024年住建局答复了多少件"),
    ("加装电梯每部补贴多少钱？", "那充电桩呢？", "充电桩每部补贴多少钱？"),
    (LIFT, "那充电桩呢？", "云岭市住建局 2024年 充电桩每部补贴多少钱？"),
    ("加装电梯市级财政补助多少？", "那区县呢？", "加装电梯区县财政补助多少？"),
    ("加装电梯补助多少钱？", "那市级呢？", "市级加装电梯补助多少钱？"),
    ("老年人乘公交免费吗？", "那残疾人呢？", "残疾人乘公交免费吗？"),
    ("坐公交免费吗？", "那学生呢？", "学生坐公交免费吗？"),
    ("城市自来水普及率是多少？", "那农村呢？", "农村自来水普及率是多少？"),
    ("幼儿园收费标准是多少？", "那小学呢？", "小学收费标准是多少？"),
    ("充电桩建了多少个？", "那换电站呢？", "换电站建了多少个？"),
]
ALONE = [
    # it has a subject of its own
    (LIFT, "社区食堂有多少家？"),
    (LIFT, "垃圾分类这份答复能公开吗？"),
    (LIFT, "关于增加青河新城学位那份建议的答复是什么文号？"),
    (LIFT, "高新区有什么政策？"),
    (LIFT, "其中适老化改造补贴多少？"),
    (LIFT, "这几年新建了多少所学校？"),
    (LIFT, "该不该给电动自行车上牌？"),
    (LIFT, "公交优化了哪些线路呢？"),
    # it names a letter of its own
    (LIFT, "云建办〔2023〕18号什么时候答复的？"),
    (LIFT, "第63号建议是谁提的？"),
    # it asks for a list
    (LIFT, "住建局答复了哪些提案？"),
    (LIFT, "2024年B类有哪些"),
    # the letter with that number is of no other year and of no other organ
    ("云建办〔2023〕18号补贴多少", "那2025年呢"),
    ("云建办〔2023〕18号是谁签发的", "教育局什么时候答复的"),
    # it is no question about anything
    (LIFT, "谢谢"),
    (LIFT, "2025年"),
    (LIFT, "教育局"),
    (LIFT, "？？？"),
    (LIFT, "什么时候完成" * 20),
    # nothing to take over
    ("你好", "什么时候完成？"),
    ("什么时候完成？", "谁负责？"),
    ("", "什么时候完成？"),
]


@pytest.mark.parametrize(("before", "question", "expected"), [*LACKING, *SWAPPED])
def test_what_a_follow_up_lacks_is_taken_over(before: str, question: str, expected: str) -> None:
    found = follow(question, before)
    assert found.question == expected
    assert found.carried


@pytest.mark.parametrize(("before", "question"), ALONE)
def test_a_question_that_may_stand_alone_takes_nothing_over(before: str, question: str) -> None:
    assert follow(question, before) == Resolved(question=question)


def test_what_was_taken_over_is_told_by_kind() -> None:
    found = follow("什么时候完成？", LIFT)
    assert [(one.kind, one.text) for one in found.carried] == [
        ("organ", "云岭市住建局"),
        ("year", "2024年"),
        ("subject", "加装电梯"),
    ]
    assert [one.kind for one in follow("那2025年呢？", LIFT).carried] == ["organ", "subject"]
    assert [one.kind for one in follow("那教育局呢？", LIFT).carried] == ["year", "subject"]


def test_the_latest_question_that_says_anything_is_followed() -> None:
    assert follow("什么时候完成？", LIFT, "公交线网怎么优化？", "谢谢").question == (
        "公交线网 优化：什么时候完成？"
    )
    assert follow("什么时候完成？") == Resolved(question="什么时候完成？")


def test_a_conversation_keeps_its_subject_from_turn_to_turn() -> None:
    asked = [LIFT]
    for question in ("什么时候完成？", "谁负责？", "那2025年呢？", "资金从哪来？"):
        asked.append(follow(question, *asked).question)
    assert asked[-1] == "云岭市住建局 2025年 加装电梯：资金从哪来？"


@pytest.mark.parametrize("before", QUESTIONS[::20])
def test_questions_that_stand_alone_are_never_changed(before: str) -> None:
    assert [q for q in QUESTIONS if follow(q, before).carried] == []


WORDS = [
    "那",
    "呢",
    "2025年",
    "住建局",
    "青河区",
    "云岭市",
    "B类",
    "云建办〔2023〕18号",
    "它",
    "第12号提案",
    "什么时候",
    "完成",
    "充电桩",
    "，",
    "？",
    "：",
]
TURNS = st.lists(st.sampled_from(WORDS), max_size=7).map("".join) | st.text(max_size=40)


@given(TURNS, st.lists(TURNS, max_size=5))
@example("那2025年", ["<+0<<"])  # a subject of two words that do not stand side by side
def test_any_conversation_is_resolved_and_what_is_carried_stands_in_it(
    question: str, before: list[str]
) -> None:
    try:
        found = follow(question, *before)
    except WrongUse:
        return  # an empty question is refused before anything is taken over
    assert found.carried or found.question == question.strip()
    assert all(one.text for one in found.carried)
    words = (word for one in found.carried for word in one.text.split())
    assert all(word in found.question for word in words)
    assert len(found.question) <= len(question) + 300

"""Questions about the letter itself are told from questions about what it says."""

from __future__ import annotations

import pytest

from kb.query.field_question import ASKINGS, CONTENT, Asking, field_question
from tests.conftest import corpus_rows


@pytest.mark.parametrize("row", ASKINGS, ids=lambda row: row.label)
def test_every_row_is_read_from_its_example(row: Asking) -> None:
    asked = field_question(row.example)
    assert asked is not None
    assert asked.asking.field == row.field
    assert asked.subject == ()


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("这份答复的文号是多少", "number"),
        ("发文字号是什么", "number"),
        ("是谁签发的", "signer"),
        ("签发人是谁", "signer"),
        ("那封信签发的领导叫什么", "signer"),
        ("哪个单位答复的", "issuer"),
        ("由哪个部门负责答复", "issuer"),
        ("发文单位是哪个", "issuer"),
        ("办理结果是什么", "result_class"),
        ("属于哪一类", "result_class"),
        ("是A还是B", "result_class"),
        ("这个提案是谁提的", "addressees"),
        ("哪位委员提出的", "addressees"),
        ("提案人是谁", "addressees"),
        ("什么时候答复的", "issued_on"),
        ("何时印发", "issued_on"),
        ("答复日期", "issued_on"),
        ("是第几号提案", "proposal_no"),
        ("提案编号是多少", "proposal_no"),
        ("提案的题目是什么", "proposal_title"),
        ("是哪次会议提出的", "assembly"),
        ("和哪些单位共同研究的", "co_organs"),
        ("会办单位有哪些", "co_organs"),
        ("抄送了哪些单位", "cc"),
        ("联系单位是哪个", "contact_unit"),
    ],
)
def test_questions_about_a_field_are_read_in_many_wordings(question: str, field: str) -> None:
    asked = field_question(question)
    assert asked is not None
    assert asked.asking.field == field


@pytest.mark.parametrize(
    "question",
    [
        "老旧小区改造一共多少个项目",
        "一共帮多少户老人做了适老化改造",
        "盲道铺设率是多少",
        "东苑社区有多少栋楼",
        "地铁什么时候开通",
        "每部电梯补贴多少",
        "今天天气怎么样",
        "谁可以申请补贴",
        "申请补贴要找谁签字",
        "哪些单位设置了无障碍通道",
        "什么时候发放补贴",
        "什么时候发展养老产业",
        "什么时候建成",
        "哪类人可以免费乘车",
        "什么类型的小区可以加装电梯",
        "几类垃圾要分开投放",
        "什么类的垃圾不能扔",
        "什么人能享受高龄津贴",
        "哪位老人可以申请改造",
        "哪年完工",
        "护学岗由谁负责",
        "西干渠什么时候开工",
        "装电梯由谁出钱",
        "停车位归谁管",
        "社区食堂的价格怎么定",
        "家庭医生怎么签约",
        "投诉电话是多少",
        "成立了什么领导小组",
        "村医的养老谁来管",
        "路灯坏了找谁修",
        "哪个部门管噪音",
        "老人免费乘车的年龄是多少",
    ],
)
def test_questions_about_what_a_letter_says_are_left_to_the_text(question: str) -> None:
    assert field_question(question) is None


def test_the_addressee_of_a_contribution_is_no_question_for_co_organs() -> None:
    asked = field_question("公安局的会办意见是给哪个单位的")
    assert asked is not None
    assert asked.asking.field == "addressees"


def test_few_content_questions_of_the_corpus_are_taken_for_field_questions() -> None:
    rows = [r for r in corpus_rows("questions.jsonl") if r["type"] == "fact"]
    taken = [
        r["question"]
        for r in rows
        if (asked := field_question(r["question"])) and asked.asking.field != CONTENT
    ]
    assert len(taken) <= len(rows) * 0.05, taken

"""What a message asks: its last questions out of a story, each of several, greetings left out."""

from __future__ import annotations

import pytest

from kb.query.asked import asked_in, asks, said_beside, unstuttered


@pytest.mark.parametrize(
    ("message", "question"),
    [
        (
            "我家住六楼，爬不动了。邻居都同意装梯子，就差一户。请问一部政府给补多少钱？",
            "一部政府给补多少钱？",
        ),
        (
            "门口那条路坑坑洼洼好几年了，下雨天孩子摔过两回。我就想知道什么时候能修好。谢谢！",
            "什么时候能修好。",
        ),
        (
            "收费员态度很差，我也不是不想交，就是想弄明白，这个价是谁定的，有没有文件？",
            "这个价是谁定的，有没有文件？",
        ),
        (
            "领导好，我是外地来的，孩子今年六岁。租房子住，没有户口。像我们这样的能不能上公办小学？",
            "像我们这样的能不能上公办小学？",
        ),
        (
            "垃圾站天天冒臭气，夏天窗户都不敢开。打过电话没有人管。到底哪天搬走？别又拖到明年。",
            "到底哪天搬走？",
        ),
    ],
)
def test_of_a_story_its_last_question_is_asked(message: str, question: str) -> None:
    asked = asked_in(message)
    assert asked.questions == (question,)
    assert asked.story
    assert question not in asked.story
    assert asked.kind == "story"


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("充电桩有多少个？坏了找谁修？", ("充电桩有多少个？", "坏了找谁修？")),
        (
            "月票多少钱一张，另外几点停止卖票？",
            ("月票多少钱一张", "几点停止卖票？"),
        ),
        ("1. 公园几点关门？\n2. 门票多少钱？", ("公园几点关门？", "门票多少钱？")),
        ("想问两件事：图书馆几点开门；还书要去哪里", ("图书馆几点开门", "还书要去哪里")),
        ("这条路是谁管的，什么时候修？", ("这条路是谁管的", "什么时候修？")),
    ],
)
def test_several_questions_are_parted(message: str, questions: tuple[str, ...]) -> None:
    asked = asked_in(message)
    assert asked.questions == questions
    assert asked.kind == "split"


@pytest.mark.parametrize(
    "message",
    [
        "加装电梯每部补贴多少钱？",
        "老旧小区改造，有没有包括外墙保温",
        "学校放学以后，家长没下班的孩子由谁看管到几点",
        "电梯",
        "云建办〔2023〕18号",
        "为什么这么久还没有修好",
    ],
)
def test_one_question_stays_as_it_is(message: str) -> None:
    asked = asked_in(message)
    assert (asked.questions, asked.kind) == ((message,), None)


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("您好，公交卡在哪里办？谢谢", "公交卡在哪里办？"),
        ("你好 路灯归谁管 谢谢", "路灯归谁管"),
    ],
)
def test_greeting_and_thanks_are_left_out(message: str, question: str) -> None:
    assert asked_in(message).questions == (question,)


def test_a_complaint_asks_nothing() -> None:
    assert not asks("难道要我们自己掏钱吗？")
    assert not asks("还让不让人活了")
    assert asks("要我们自己掏钱吗？")
    assert not asks("我们也不求什么赔偿了。")
    assert asks("摊位费是什么意思？")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("公 交 几 点 收 车", "公交几点收车"),
        ("那个那个路灯什么时候修啊啊啊啊", "那个路灯什么时候修啊"),
        ("二零二零年", "二零二零年"),
        ("2020年的看看", "2020年的看看"),
        ("a b c", "a b c"),
    ],
)
def test_what_is_said_again_and_again_is_said_once(written: str, read: str) -> None:
    assert unstuttered(written) == read


def test_a_little_beside_small_talk_is_no_question() -> None:
    assert said_beside("先去接孙子了，拜拜") == "bye"
    assert said_beside("公交几点收车，拜拜") is None
    assert said_beside("加装电梯补贴，谢谢") is None

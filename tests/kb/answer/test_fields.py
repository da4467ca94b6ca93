"""Questions about the letter itself are answered by its fields, or asked back."""

from __future__ import annotations

import pytest

from kb.answer import fields
from kb.replies import Answer, Refusal, Reply
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.support.asking import base_of, found_in, letter_text, parsed

BODY = "一、情况\n全市建成养老服务中心56处，惠及老人3200人。"


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("one"), letter_text(body=BODY), ids=["care"])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    lift = letter_text(
        "云住函〔2023〕9号",
        organ="云岭市住房和城乡建设局",
        proposal="047",
        subject="加装电梯",
        who="沈佩兰委员",
        day="2023年6月1日",
        body="一、情况\n加装电梯60部。",
    )
    return base_of(
        tmp_path_factory.mktemp("two"), letter_text(body=BODY), lift, ids=["care", "lift"]
    )


def ask(question: str, reader: SnapshotReader, scope: Scope | None = None) -> Reply | None:
    query = parsed(question, reader, scope or Scope())
    assert query.field is not None, question
    return fields.field_answer(query, found_in(reader, question, scope=query.scope), reader)


@pytest.mark.parametrize(
    ("question", "words", "around"),
    [
        ("这份答复的文号", "云民函〔2024〕7号", None),
        ("是谁签发的", "王文成", "签发人：王文成"),
        ("哪个单位答复的", "云岭市民政局", None),
        ("办理结果是什么类", "A", "办理结果：A"),
        ("提案是谁提的", "徐秀叶委员", None),
        ("什么时候答复的", "2024年5月6日", None),
        ("是第几号提案", "086", "对市政协五届三次会议第086号提案的答复"),
        ("提案的题目是什么", "关于推进养老服务的提案", None),
        ("哪次会议的", "市政协五届三次会议", "对市政协五届三次会议第086号提案的答复"),
        ("和哪些单位共同研究的", "市财政局", "经与市财政局共同研究"),
        ("抄送给谁", "市政协提案委", "抄送：市政协提案委"),
        ("联系单位是哪个", "云岭市民政局办公室", "联系单位：云岭市民政局办公室"),
    ],
)
def test_a_field_of_the_only_letter_is_quoted_with_enough_around_it(
    one: SnapshotReader, question: str, words: str, around: str | None
) -> None:
    reply = ask(question, one)
    assert isinstance(reply, Answer)
    quote = reply.quotes[0]
    text = one.letter("care").text
    assert quote.text == (around or words) == quote.span.of(text)
    assert [part.of(text) for part in quote.exact] == ([words] if around else [])
    assert quote.about is not None
    assert reply.confidence == 1.0


def test_among_several_letters_an_unnamed_one_is_asked_back(two: SnapshotReader) -> None:
    reply = ask("这份答复的文号", two)
    assert isinstance(reply, Refusal)
    assert reply.code == "which_letter"
    assert "文号" in reply.reason


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("加装电梯的提案是谁提的", "沈佩兰委员"),
        ("第086号提案是谁提的", "徐秀叶委员"),
        ("云住函(2023)9号是谁提的", "沈佩兰委员"),
        ("推进养老服务那份答复的文号是多少", "云民函〔2024〕7号"),
        ("沈佩兰委员的提案是哪个单位答复的", "云岭市住房和城乡建设局"),
    ],
)
def test_a_letter_is_known_by_its_number_or_its_subject(
    two: SnapshotReader, question: str, words: str
) -> None:
    reply = ask(question, two)
    assert isinstance(reply, Answer)
    assert reply.quotes[0].text == words


def test_a_letter_is_known_by_whom_it_is_written_to(two: SnapshotReader) -> None:
    reply = ask("沈佩兰操心楼里老人上下的那份，文号是多少", two)
    assert isinstance(reply, Answer)
    assert [shown.text for shown in reply.quotes] == ["云住函〔2023〕9号"]
    assert ask("沈佩操心楼里老人上下的那份，文号是多少", two) is None


def test_a_scope_of_one_letter_tells_which_is_meant(two: SnapshotReader) -> None:
    reply = ask("这份答复的文号", two, Scope(letter_ids=("lift",)))
    assert isinstance(reply, Answer)
    assert reply.quotes[0].text == "云住函〔2023〕9号"


def test_a_field_that_the_letter_lacks_is_refused_by_name(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = base_of(
        tmp_path_factory.mktemp("bare"),
        "关于养老服务的提案的答复\n徐秀叶委员：\n您的提案收悉。工作已经完成。",
    )
    reply = ask("是谁签发的", bare)
    assert isinstance(reply, Refusal)
    assert reply.code == "field_absent"
    assert "签发人" in reply.reason


def test_a_subject_that_no_letter_has_is_left_to_the_text(two: SnapshotReader) -> None:
    assert ask("机场扩建的提案是谁提的", two) is None


def test_the_plans_of_a_letter_are_left_to_the_text_or_asked_back(
    one: SnapshotReader, two: SnapshotReader
) -> None:
    assert ask("下一步打算怎么做", one) is None
    reply = ask("下一步打算怎么做", two)
    assert isinstance(reply, Refusal)
    assert reply.code == "which_letter"
    assert ask("养老服务下一步打算怎么做", two) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("这份答复的字号和办理结果", [("文号", "云民函〔2024〕7号"), ("办理结果", "办理结果：A")]),
        ("哪个单位发的，文号是什么", [("发文单位", "云岭市民政局"), ("文号", "云民函〔2024〕7号")]),
        ("答复谁的，哪天写的？", [("称呼", "徐秀叶委员"), ("日期", "2024年5月6日")]),
        (
            "签发人、办理结果以及联系单位",
            [
                ("签发人", "签发人：王文成"),
                ("办理结果", "办理结果：A"),
                ("联系单位", "联系单位：云岭市民政局办公室"),
            ],
        ),
    ],
)
def test_fields_asked_for_together_are_each_quoted(
    one: SnapshotReader, question: str, told: list[tuple[str, str]]
) -> None:
    reply = ask(question, one)
    assert isinstance(reply, Answer)
    assert [(quote.about, quote.text) for quote in reply.quotes] == told


def test_several_letters_that_are_meant_alike_are_all_quoted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    both = base_of(
        tmp_path_factory.mktemp("alike"),
        letter_text("云民函〔2024〕7号", proposal="086", subject="推进养老服务", body=BODY),
        letter_text(
            "云民函〔2025〕9号",
            proposal="091",
            subject="完善养老服务",
            day="2025年5月6日",
            body=BODY,
        ),
        ids=["old", "new"],
    )
    reply = ask("养老服务的提案是什么时候答复的", both)
    assert isinstance(reply, Answer)
    assert {quote.text for quote in reply.quotes} == {"2024年5月6日", "2025年5月6日"}


def test_the_members_of_a_list_are_one_quote(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = letter_text(body=BODY).replace("经与市财政局共同研究", "经会同市财政局、市水利局研究")
    reply = ask("会办单位有哪些", base_of(tmp_path_factory.mktemp("list"), text))
    assert isinstance(reply, Answer)
    (quote,) = reply.quotes
    assert quote.text == "经会同市财政局、市水利局研究"
    assert len(quote.exact) == 2

"""Questions about promises: answered from what staff confirmed, else by the letters' own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.answer.ask import Quoted, Verdict, ask, steps
from kb.promises import NO_PROMISES, Confirmations, ConfirmedPromise, Proof
from kb.replies import Answer, Listing, Refusal, Reply, quotes_of
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Scope, Span
from tests.support.asking import ALL, FakeModel, base_of, letter_text, parsed

SETTINGS = Settings(threshold=0.0)
DAY = date(2026, 6, 30)
LIFT_ORGAN, CARE_ORGAN = "云岭市住房和城乡建设局", "云岭市民政局"
LIFTS = "2025年6月底前新增加装电梯60部"
DEPOT = "计划2026年年底前建成城东公交首末站"
KITCHEN = "2025年年底前新建社区食堂12家"
BEDS = "力争2027年年底前新增护理床位500张"
SCHOOL = "拟于2026年9月底前设立护学岗20处"
NEWS = "到2025年年底只加装电梯48部"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    lift = letter_text(
        "云建函〔2024〕9号",
        organ=LIFT_ORGAN,
        proposal="047",
        subject="加装电梯",
        day="2024年6月1日",
        body=f"一、下步工作\n我局将于{LIFTS}。每部电梯补助8万元。\n二、公共交通\n{DEPOT}。",
    )
    care = letter_text(
        "云民函〔2024〕7号",
        day="2024年5月6日",
        body=f"一、下步工作\n{KITCHEN}。\n{BEDS}。\n{SCHOOL}。",
    )
    later = letter_text(
        "云建函〔2026〕1号",
        organ=LIFT_ORGAN,
        proposal="011",
        subject="加装电梯",
        day="2026年2月1日",
        body=f"一、去年的情况\n{NEWS}，其余的今年补齐。",
    )
    folder = tmp_path_factory.mktemp("data")
    return base_of(folder, lift, care, later, ids=["lift", "care", "later"])


def promise(
    reader: SnapshotReader,
    letter_id: str,
    words: str,
    state: str = "under_way",
    *,
    due_on: str | None = None,
    proof: str = "",
) -> ConfirmedPromise:
    letter = reader.letter(letter_id)
    told = {"under_way": "正在办理", "done": "已完成", "dropped": "不再实施"}[state]
    return ConfirmedPromise(
        letter_id=letter_id,
        span=span(letter.text, words),
        text=words,
        headings=(),
        organ=letter.value("issuer"),
        issued_on=letter.value("issued_on"),
        state=state,
        told=told,
        due_on=due_on,
        due=due_on,
        overdue=state == "under_way" and bool(due_on) and str(due_on) < DAY.isoformat(),
        evidence=(proof_of(reader, proof),) if proof else (),
    )


def proof_of(reader: SnapshotReader, words: str) -> Proof:
    where = span(reader.letter("later").text, words)
    return Proof(letter_id="later", span=where, text=words, says="有进展")


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words))


@pytest.fixture(scope="module")
def confirmed(reader: SnapshotReader) -> Confirmations:
    found = (
        promise(reader, "care", KITCHEN, "done", due_on="2025-12-31"),
        promise(reader, "care", BEDS, due_on="2027-12-31"),
        promise(reader, "lift", LIFTS, due_on="2025-06-30", proof=NEWS),
        promise(reader, "lift", DEPOT, "dropped", due_on="2026-12-31"),
    )
    return Confirmations(promises=found, day=DAY)


def asked(
    question: str, reader: SnapshotReader, promises: Confirmations, scope: Scope = ALL
) -> Reply:
    query = parsed(question, reader, scope)
    return ask(query, reader, FakeModel(), settings=SETTINGS, promises=promises)


def words_of(reply: Reply) -> list[str]:
    return [quote.text for quote in quotes_of(reply)]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("加装电梯答应过什么", [LIFTS]),
        ("住建局答应装的60部电梯兑现了吗", [LIFTS]),
        ("社区食堂的事办了没有", [KITCHEN]),
        ("护理床位承诺什么时候增加", [BEDS]),
        ("说好的公交首末站呢", [DEPOT]),
        ("第047号提案答应的事办了没有", [LIFTS, DEPOT]),
        ("云民函〔2024〕7号承诺了什么", [KITCHEN, BEDS]),
        ("民政局承诺过什么", [KITCHEN, BEDS]),
    ],
)
def test_a_promise_is_told_with_what_became_of_it(
    reader: SnapshotReader, confirmed: Confirmations, question: str, words: list[str]
) -> None:
    reply = asked(question, reader, confirmed)
    assert isinstance(reply, Answer)
    assert sorted(words_of(reply)) == sorted(words)
    for quote in reply.quotes:
        assert quote.standing
        assert quote.span.of(reader.letter(quote.letter_id).text) == quote.text
        for proof in quote.standing.evidence:
            assert proof.span.of(reader.letter(proof.letter_id).text) == proof.text


def test_state_day_and_evidence_are_those_that_staff_confirmed(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    reply = asked("加装电梯答应过什么", reader, confirmed)
    standing = quotes_of(reply)[0].standing
    assert standing
    assert (standing.state, standing.told, standing.due, standing.overdue) == (
        "under_way", "正在办理", "2025-06-30", True,
    )  # fmt: skip
    assert [(proof.text, proof.about) for proof in standing.evidence] == [(NEWS, "有进展")]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("逾期的有哪些", [LIFTS]),
        ("电梯有没有逾期的", [LIFTS]),
        ("还有哪些没办", [LIFTS, BEDS]),
        ("民政局还有哪些没办", [BEDS]),
        ("哪些承诺没有兑现", [LIFTS, DEPOT, BEDS]),
        ("哪些承诺已经完成了", [KITCHEN]),
        ("2027年到期还没办的有哪些", []),
    ],
)
def test_all_in_one_state_are_a_list_in_the_order_of_their_days(
    reader: SnapshotReader, confirmed: Confirmations, question: str, words: list[str]
) -> None:
    reply = asked(question, reader, confirmed)
    assert words_of(reply) == words
    if words:
        assert isinstance(reply, Listing)
        assert reply.count == len(words)
        assert "本单位自己的记录" in reply.caption
        assert "2026年6月30日" in reply.caption
        assert all(row.standing for row in reply.rows)


def test_what_falls_due_within_two_months_is_due_soon(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    late, soon = (date(2027, 10, 1), date(2027, 11, 2))
    question = "民政局哪些承诺快到期了"
    assert isinstance(asked(question, reader, replace(confirmed, day=late)), Refusal)
    assert words_of(asked(question, reader, replace(confirmed, day=soon))) == [BEDS]


@pytest.mark.parametrize("question", ["民政局逾期的有哪些", "社区食堂有没有逾期的"])
def test_that_none_is_overdue_is_told_by_the_record(
    reader: SnapshotReader, confirmed: Confirmations, question: str
) -> None:
    reply = asked(question, reader, confirmed)
    assert isinstance(reply, Refusal)
    assert reply.code == "none_promised"
    assert "本单位自己的记录，截至2026年6月30日" in reply.reason


@pytest.mark.parametrize(
    "question",
    [
        "加装电梯答应过什么",
        "逾期的有哪些",
        "还有哪些没办",
        "加装电梯多少部",
        "社区食堂的事办了没有",
        "民政局说到做到了吗",
    ],
)
def test_without_a_confirmed_promise_no_state_is_told(
    reader: SnapshotReader, question: str
) -> None:
    for promises in (NO_PROMISES, Confirmations(day=DAY)):
        reply = asked(question, reader, promises)
        assert reply == asked(question, reader, NO_PROMISES)
        assert not any(quote.standing for quote in quotes_of(reply))
        assert not (isinstance(reply, Refusal) and reply.code == "none_promised")


@pytest.mark.parametrize(
    "question", ["护学岗答应设多少处", "设立护学岗的事办了没有", "护学岗多少处"]
)
def test_of_a_promise_that_nobody_confirmed_only_the_words_are_told(
    reader: SnapshotReader, confirmed: Confirmations, question: str
) -> None:
    reply = asked(question, reader, confirmed)
    assert isinstance(reply, Answer)
    assert SCHOOL in reply.quotes[0].text
    assert not any(quote.standing for quote in reply.quotes)


@pytest.mark.parametrize(
    "question", ["修地铁答应过什么", "承诺过给村里通暖气吗", "地铁有没有逾期的"]
)
def test_what_no_promise_is_about_is_not_answered_from_the_ledger(
    reader: SnapshotReader, confirmed: Confirmations, question: str
) -> None:
    assert not any(quote.standing for quote in quotes_of(asked(question, reader, confirmed)))


@pytest.mark.parametrize("question", ["加装电梯每部答应补助多少万元", "加装电梯98部的承诺办了没有"])
def test_a_promise_of_something_else_on_the_subject_is_not_meant(
    reader: SnapshotReader, confirmed: Confirmations, question: str
) -> None:
    assert LIFTS not in words_of(asked(question, reader, confirmed))


def test_a_list_of_all_is_less_sure_than_one_that_says_which(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    every, some = (asked(q, reader, confirmed) for q in ("逾期的有哪些", "住建局逾期的有哪些"))
    assert every.confidence < some.confidence == 1.0


def test_a_letter_out_of_scope_promises_nothing(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    scope = Scope(letter_ids=("care",))
    reply = asked("加装电梯答应过什么", reader, confirmed, scope)
    assert LIFTS not in words_of(reply)
    assert words_of(asked("还有哪些没办", reader, confirmed, scope)) == [BEDS]


def test_an_ordinary_answer_that_is_a_promise_tells_what_became_of_it(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    reply = asked("新建社区食堂几家", reader, confirmed)
    assert isinstance(reply, Answer)
    assert KITCHEN in reply.quotes[0].text
    assert reply.quotes[0].standing
    assert reply.quotes[0].standing.told == "已完成"


def test_words_beside_a_promise_are_not_told_its_state(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    reply = asked("每部电梯补助多少万元", reader, confirmed)
    assert isinstance(reply, Answer)
    assert reply.quotes[0].text == "每部电梯补助8万元。"
    assert reply.quotes[0].standing is None


def test_the_steps_give_the_quotes_before_the_verdict(
    reader: SnapshotReader, confirmed: Confirmations
) -> None:
    query = parsed("民政局承诺过什么", reader)
    _, *quoted, last = steps(query, reader, FakeModel(), settings=SETTINGS, promises=confirmed)
    assert isinstance(last, Verdict)
    shown = [step.quote for step in quoted if isinstance(step, Quoted)]
    assert shown == list(quotes_of(last.reply))


@pytest.mark.parametrize("question", ["加装电梯答应过什么", "逾期的有哪些", "加装电梯60部"])
def test_words_that_do_not_stand_in_their_letter_are_never_shown(
    reader: SnapshotReader, confirmed: Confirmations, question: str
) -> None:
    (lifts,) = (one for one in confirmed.promises if one.text == LIFTS)
    (proof,) = lifts.evidence
    other = replace(lifts, evidence=(replace(proof, text="已经加装电梯60部"),))
    reply = asked(question, reader, Confirmations(promises=(other,), day=DAY))
    assert [quote.standing.evidence for quote in quotes_of(reply) if quote.standing] == [()]
    reworded = replace(lifts, text=LIFTS.replace("60", "90"))
    reply = asked(question, reader, Confirmations(promises=(reworded,), day=DAY))
    assert not any(quote.standing for quote in quotes_of(reply))

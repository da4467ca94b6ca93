"""A language model joins the quotes of an answer, or does not: nothing of its own is shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, product
from typing import Any, get_args

import anyio
import pytest
from fastapi.testclient import TestClient

from kb.answer.quotes import quote
from kb.models.endpoint import REST
from kb.replies import Answer
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Quote, Span
from kb.wording.gate import Reason, Wording, Words, phrases
from kb.wording.quotes import to_join
from server.chat import AT_ONCE, Chat, Failure
from server.wording import Writer
from tests.support.fakes import MemoryStore, make_letter
from tests.support.misbehaving import FINANCE, GOOD, HOUSING, HOUSINGS, MOST, answerings
from tests.support.served import ANSWERS, Page, ask, served
from tests.support.stores import publish
from tests.support.wordings import Model, answer, body, cut, model, parts, says, send

QUESTION = "加装电梯补助做了哪些工作"
OUTCOMES = {*get_args(Reason), *get_args(Failure), "not_verbatim", "shown"}


@pytest.fixture(scope="module")
def reader() -> SnapshotReader:
    store = MemoryStore()
    publish(
        store,
        make_letter("甲", HOUSING, issuer="住建局"),
        make_letter("乙", FINANCE, issuer="财政局"),
    )
    return store.current()


@pytest.fixture(scope="module")
def told(reader: SnapshotReader) -> Answer:
    """An answer of every sentence of both letters."""
    quotes: list[Quote] = []
    for letter_id, words in (("甲", HOUSING), ("乙", FINANCE)):
        letter = reader.letter(letter_id)
        start = letter.text.index(words)
        quotes += cut(quote(letter, Span(start=start, end=start + len(words)), score=1.0))
    return answer(*quotes)


@pytest.fixture
def machine() -> Iterator[Model]:
    with model() as made:
        yield made


def of(machine: Model, *, seconds: int = 60) -> Settings:
    return replace(
        ANSWERS, llm_url=machine.url, llm_model="小", llm_key="hush", llm_seconds=seconds
    )


class Asking:
    """A writer that never rests, and what has come of what it was asked."""

    def __init__(self, settings: Settings) -> None:
        ticks = count(0, 2 * REST)
        self.writer = Writer(Chat(settings, clock=lambda: next(ticks)))
        self.came = Counter[str]()

    def __call__(self, answer: Answer, reader: SnapshotReader) -> Wording | None:
        # A question of its own each time: what was let through is kept.
        answer = replace(answer, question=f"补多少？{self.came.total()}")
        before = _counts()
        made = anyio.run(self.writer.wording, answer, reader)
        (outcome,) = _counts() - before
        self.came[outcome] += 1
        return made


def _counts() -> Counter[str]:
    from server.telemetry.metrics import WORDINGS

    found = WORDINGS.collect()[0].samples
    return Counter({one.labels["outcome"]: int(one.value) for one in found})


def test_the_sentences_are_what_these_tests_say(told: Answer) -> None:
    assert len(to_join(told)) == MOST == len(GOOD)


def test_of_two_hundred_bad_answers_none_is_shown(
    told: Answer, reader: SnapshotReader, machine: Model
) -> None:
    asking = Asking(of(machine, seconds=3))  # the slow ones take longer
    wrong, many = answerings(), 0
    for name, said in wrong.items():
        for number, answering in enumerate(said):
            machine.answers = answering
            assert asking(told, reader) is None, (name, number)
            many += 1
    assert len(wrong) >= 20
    assert many >= 200
    assert asking.came.total() == many == len(machine.sent)
    print(many, dict(asking.came))
    assert {*asking.came} == OUTCOMES - {
        "shown", "busy", "resting", "not_verbatim"  # below
    }  # fmt: skip


def test_good_answers_are_shown(told: Answer, reader: SnapshotReader, machine: Model) -> None:
    asking = Asking(of(machine))
    firsts = ["", *phrases()["first"], "关于这个问题，答复中写道："]
    letters = {one: reader.letter(one).text for one in ("甲", "乙")}
    for first, other in product(firsts, ["", "另有答复写道："]):
        said = [*HOUSINGS, *filter(None, [other]), 8]
        machine.answers = says(parts(*filter(None, [first]), *said))
        made = asking(told, reader)
        assert made, said
        for part in made.parts:
            if isinstance(part, Quote):
                assert part.span.of(letters[part.letter_id]) == part.text
        assert [part.text for part in made.parts if isinstance(part, Words)] == [
            *filter(None, [first, other])
        ]
    assert asking.came.total() == asking.came["shown"] >= 20


def test_what_is_sent_is_the_question_masked_and_the_quotes_fenced(
    told: Answer, reader: SnapshotReader, machine: Model
) -> None:
    machine.answers = says(parts(*GOOD))
    asked = replace(told, question="我叫张三，电话13812345678，补多少？")
    writer = Writer(Chat(of(machine)))
    anyio.run(writer.wording, asked, reader)
    anyio.run(writer.wording, replace(asked, question="补多少？"), reader)
    first, second = machine.sent
    system, user = first["messages"]
    assert "13812345678" not in json.dumps(first, ensure_ascii=False)
    fence = user["content"].split("\n")[0]
    assert user["content"].endswith(fence)
    assert user["content"].count(fence) == 2
    assert fence in system["content"]
    assert fence not in json.dumps(second)
    assert HOUSING.split("。")[0] in user["content"]
    assert first["stream"] is False
    assert {key.lower(): value for key, value in machine.headers[0].items()}[
        "authorization"
    ] == "Bearer hush"


def test_after_it_did_not_answer_it_is_left_alone_for_a_while(
    told: Answer, reader: SnapshotReader, machine: Model
) -> None:
    now = [0.0]
    away = replace(of(machine), llm_url="http://127.0.0.1:9/v1")
    writer = Writer(Chat(away, clock=lambda: now[0]))
    before = _counts()
    for at in (1.0, 1.0 + REST - 0.1, 1.0 + REST + 1):
        now[0] = at
        assert anyio.run(writer.wording, told, reader) is None
    assert _counts() - before == Counter(unreachable=2, resting=1)


def test_no_more_than_some_are_asked_about_at_once(
    told: Answer, reader: SnapshotReader, machine: Model
) -> None:
    machine.answers = lambda handler, sent: (
        (machine.over.wait(1) and None) or send(handler, body(parts(*GOOD)))
    )
    writer = Writer(Chat(of(machine, seconds=60)))
    before = _counts()

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for number in range(AT_ONCE + 3):
                one = replace(told, question=f"{number}")
                group.start_soon(writer.wording, one, reader)

    anyio.run(all_at_once)
    assert _counts() - before == Counter(busy=3, shown=AT_ONCE)


def test_what_was_let_through_is_kept_for_the_same_quotes_alone(
    told: Answer, reader: SnapshotReader, machine: Model
) -> None:
    machine.answers = says(parts(*GOOD))
    writer = Writer(Chat(of(machine)))
    for _ in range(3):
        assert anyio.run(writer.wording, told, reader)
    assert len(machine.sent) == 1
    others = replace(told, quotes=(told.quotes[-1], *told.quotes[:-1]))
    assert anyio.run(writer.wording, others, reader)
    assert len(machine.sent) == 2


def test_what_does_not_stand_in_its_letter_is_not_shown(told: Answer, machine: Model) -> None:
    machine.answers = says(parts(*GOOD))
    store = MemoryStore()
    changed = HOUSING.replace("12万元", "13万元")
    publish(store, make_letter("甲", changed), make_letter("乙", FINANCE))
    before = _counts()
    assert anyio.run(Writer(Chat(of(machine))).wording, told, store.current()) is None
    assert _counts() - before == Counter(not_verbatim=1)


def test_without_a_setting_nobody_is_asked(told: Answer, reader: SnapshotReader) -> None:
    assert anyio.run(Writer(Chat(Settings())).wording, told, reader) is None


def town(settings: Settings) -> TestClient:
    store = MemoryStore()
    publish(
        store,
        make_letter(
            "甲", "加装电梯每部补助十万元。申请加装电梯的补助须持有房产证。", issuer="住建局"
        ),
        make_letter("乙", "加装电梯的补助由市财政拨付。", issuer="财政局"),
    )
    return served(settings=settings, store=store)


ASKED = {"model": "fuwen", "messages": [{"role": "user", "content": QUESTION}]}
FIRST, OTHER = "关于这个问题，答复中写道：", "另有答复写道："


def done(client: TestClient) -> dict[str, Any]:
    """The last event of the stream."""
    words = client.post("/api/ask/stream", json={"question": QUESTION}).text
    last = words.strip().split("\n\n")[-1]
    assert "event: done" in last
    made: dict[str, Any] = json.loads(last.split("data: ")[1].split("\n")[0])
    return made


def test_every_way_to_ask_shows_it_and_says_whose_words_are_whose(machine: Model) -> None:
    machine.answers = says(parts(FIRST, 1, OTHER, 2))
    with town(of(machine)) as client:
        reply = ask(client, QUESTION)
        wording = reply["wording"]
        assert "不是原文" in wording["note"]
        assert [part.get("text") for part in wording["parts"]] == [FIRST, None, OTHER, None]
        texts = [part["quote"]["text"] for part in wording["parts"] if part["kind"] == "quote"]
        assert texts == [one["text"] for one in reply["quotes"]]
        assert len(texts) == 2
        assert done(client)["wording"] == wording

        page = Page.of(client.get("/ask", params={"q": QUESTION}).text)
        group = page.one("div", class_="wording")
        made = page.all("p", class_="made")
        assert [one.text for one in made] == [f"〔模型写的：{FIRST}〕", f"〔模型写的：{OTHER}〕"]
        assert "不是原文" in group.text
        assert [q.text for q in page.all("q", class_="letter-words")][:2] == texts
        assert not [q for q in page.all("q") if FIRST in q.text or OTHER in q.text]
        assert len(page.all("article", class_="quote")) == 2  # the quotes are there as before

        chat = client.post("/v1/chat/completions", json=ASKED).json()
        words = chat["choices"][0]["message"]["content"]
        assert f"（模型写的：{FIRST}）\n\n> {texts[0]} [1]" in words
        assert f"（模型写的：{OTHER}）\n\n> {texts[1]} [2]" in words
        assert "不是原文" in words
        for one in chat["choices"][0]["message"]["annotations"]:
            cited = one["url_citation"]
            assert words[cited["start_index"] : cited["end_index"]][2:] in texts
        assert chat["fuwen"]["wording"] == wording


def test_if_it_is_not_let_through_all_is_as_without_a_model(machine: Model) -> None:
    machine.answers = says(parts("补助20万元。", 1, 2))
    with town(of(machine)) as client, town(ANSWERS) as plain:
        before = _counts()
        replies = [ask(one, QUESTION) for one in (client, plain)]
        pages = [one.get("/ask", params={"q": QUESTION}).text for one in (client, plain)]
        chats = [
            one.post("/v1/chat/completions", json=ASKED).json()["choices"]
            for one in (client, plain)
        ]
        ends = [done(one).keys() for one in (client, plain)]
        after = _counts()
    for reply in replies:
        reply.pop("seconds")
    assert "wording" not in replies[0]
    assert replies[0] == replies[1]
    assert pages[0] == pages[1]
    assert chats[0] == chats[1]
    assert ends[0] == ends[1]
    assert len(machine.sent) == 4
    assert after - before == Counter(words=4)


def test_without_a_model_the_document_does_not_speak_of_it(machine: Model) -> None:
    with town(ANSWERS) as plain, town(of(machine)) as client:
        assert "wording" not in json.dumps(plain.get("/openapi.json").json()).lower()
        properties = client.get("/openapi.json").json()["components"]["schemas"]["Reply"]
        assert "wording" in properties["properties"]
        assert not machine.sent

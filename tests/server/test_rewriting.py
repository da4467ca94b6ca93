"""A refused question in a model's words: looked for once, shown as such, undone; or not at all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient

from kb.environment import read
from kb.errors import WrongUse
from kb.rewriting.gate import Reason
from kb.settings import Settings
from kb.staff.database import opened
from kb.text.tokens import tokens
from server.chat import Failure
from server.line import Line, LineFull
from server.question_log import Notes
from tests.server.test_verbatim import held
from tests.support.astray import ASKED, ASTRAY, BROKEN, CHANGED, NOW
from tests.support.fakes import MemoryStore, make_letter
from tests.support.mcp_calls import HEADERS
from tests.support.served import ANSWERS, Page, served
from tests.support.stores import publish
from tests.support.wordings import Model, body, model, says, send

SHARE = "城乡居民住院医疗费用报销比例为百分之七十。"
LABEL = "语言模型换了个说法"


@pytest.fixture
def machine() -> Iterator[Model]:
    with model() as made:
        yield made


def of(machine: Model, **more: Any) -> Settings:
    known = {"llm_url": machine.url, "llm_model": "小", "llm_seconds": 60, "llm_rewrite": "on"}
    return replace(ANSWERS, **{"threshold": 0.9, **known, **more})


def town(settings: Settings, notes: Notes | None = None) -> TestClient:
    store = MemoryStore(tokenize=tokens)
    fill = (make_letter(f"{n}", f"第{n}项工作已经完成，群众满意。") for n in range(20))
    publish(
        store,
        make_letter("医", f"{SHARE}定点药店二十家。", issuer="云岭市医疗保障局"),
        make_letter("轨", "轨道交通一期工程设站十二座。", issuer="云岭市发展和改革委员会"),
        *fill,
    )
    return served(settings=settings, store=store, notes=notes)


def counts() -> Counter[str]:
    from server.telemetry.metrics import REWRITINGS

    found = REWRITINGS.collect()[0].samples
    return Counter({one.labels["outcome"]: int(one.value) for one in found})


def put(client: TestClient, question: str = ASKED, **more: Any) -> dict[str, Any]:
    """The reply, without how long it took."""
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    del told["seconds"]
    return told


def events(client: TestClient, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    text = client.post("/api/ask/stream", json={"question": ASKED, **more}).text
    said = [one.split("\n") for one in text.strip().split("\n\n")]
    fields = [dict(line.split(": ", 1) for line in lines) for lines in said]
    return [(one["event"], json.loads(one["data"])) for one in fields]


def chat(client: TestClient) -> dict[str, Any]:
    sent = {"model": "fuwen", "messages": [{"role": "user", "content": ASKED}]}
    made: dict[str, Any] = client.post("/v1/chat/completions", json=sent).json()
    return made


def test_the_question_of_these_tests_is_refused_as_it_is_typed(machine: Model) -> None:
    with town(of(machine, llm_rewrite="off")) as client:
        refused = put(client)
        assert refused["status"] == "refusal"
        assert refused["code"] in ("not_sure", "nothing_found")
        assert put(client, NOW)["status"] == "answer"
    assert not machine.sent


def test_none_of_what_goes_astray_is_shown(machine: Model) -> None:
    with town(of(machine, llm_rewrite="off")) as plain:
        refused = put(plain)
    before, asked = counts(), 0
    said = {**{name: says(words) for name, words in ASTRAY.items()}, **BROKEN}
    for name, answers in said.items():
        machine.answers = answers
        seconds = 1 if name == "slow" else 60
        # A client each: after an outage the model is let rest.
        with town(of(machine, llm_seconds=seconds)) as client:
            assert put(client) == refused, name
        asked += 1
        assert len(machine.sent) == asked, name
    came = counts() - before
    assert came.total() == asked >= 25
    assert came.keys() <= {*get_args(Reason), *get_args(Failure)}  # none was even looked for


@pytest.mark.parametrize(("question", "now"), CHANGED.items())
def test_what_a_question_says_is_neither_left_out_nor_changed(
    machine: Model, question: str, now: str
) -> None:
    machine.answers = says(now)
    before = counts()
    with town(of(machine)) as client:
        refused = put(client, question)
        assert (refused["status"], refused["resolved"]) == ("refusal", None)
        assert put(client, now)["status"] == "answer"  # so that it is the gate that keeps it out
    assert set(counts() - before) <= {*get_args(Reason)}
    assert len(machine.sent) == 1


def test_an_answer_in_other_words_is_shown_with_whose_words_they_are(machine: Model) -> None:
    machine.answers = says(NOW)
    before = counts()
    with town(of(machine)) as client:
        reply = put(client)
        assert (reply["status"], reply["question"], reply["lead"]) == ("answer", NOW, None)
        mended = [{"kind": "model", "was": ASKED, "now": NOW}]
        assert reply["resolved"] == {"question": NOW, "carried": [], "mended": mended}
        assert [one["text"] for one in reply["quotes"]] == [SHARE]

        told = events(client)
        names = [name for name, _ in told]
        assert names[0] == "meta"
        assert names[-3:] == ["quote", "verdict", "done"]
        assert names.count("verdict") == 1
        assert dict(told)["meta"]["resolved"] is None
        assert dict(told)["verdict"]["resolved"] == reply["resolved"]
        assert dict(told)["quote"]["quote"]["text"] == SHARE

        page = Page.of(client.get("/ask", params={"q": ASKED}).text)
        line = page.one("p", class_="resolved")
        assert LABEL in line.text
        assert f"“{NOW}”" in line.text
        assert page.all("input", name="question")[0].attributes["value"] == ASKED
        assert len(page.all("article", class_="quote")) == 1

        made = chat(client)
        words = made["choices"][0]["message"]["content"]
        assert LABEL in words
        assert NOW in words
        assert f"> {SHARE} [1]" in words
        assert "照我的原话查](http://testserver/ask?q=" in words
        assert made["fuwen"]["resolved"] == reply["resolved"]
    assert len(machine.sent) == 1  # what was let through is kept
    assert counts() - before == Counter(shown=4)


def test_every_quote_that_is_shown_stands_in_its_letter(
    machine: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.answers = says(NOW)
    with town(of(machine)) as client:
        letter = client.get("/api/letters/医").json()
        for start in [one["start"] for one in put(client)["quotes"]]:
            assert letter["text"][start : start + len(SHARE)] == SHARE
        monkeypatch.setattr("tests.server.test_verbatim.TEXTS", {"医": letter["text"]})
        for response in (
            client.post("/api/ask", json={"question": ASKED}),
            client.post("/api/ask/stream", json={"question": ASKED}),
            client.get("/ask", params={"q": ASKED}),
        ):
            assert held(response.headers["content-type"], response.text)


def test_it_is_undone_as_what_is_mended_is(machine: Model) -> None:
    machine.answers = says(NOW)
    with town(of(machine)) as client:
        page = Page.of(client.get("/ask", params={"q": ASKED}).text)
        back = next(one for one in page.all("a") if one.text == "照我的原话查")
        machine.sent.clear()
        refused = Page.of(client.get(back.attributes["href"]).text)
        assert not refused.all("p", class_="resolved")
        assert not refused.all("article", class_="quote")
        assert put(client, carry=False)["status"] == "refusal"
        assert dict(events(client, carry=False))["verdict"]["status"] == "refusal"
    assert not machine.sent


def test_refused_again_the_first_refusal_is_what_is_shown(machine: Model) -> None:
    machine.answers = says(NOW)
    settings = of(machine, threshold=1.0)
    with town(replace(settings, llm_rewrite="off")) as plain:
        refused, told = put(plain), events(plain)
    before = counts()
    with town(settings) as client:
        assert put(client) == refused
        for (name, one), (other, again) in zip(told, events(client), strict=True):
            assert (name, one | {"seconds": 0}) == (other, again | {"seconds": 0})
        assert LABEL not in client.get("/ask", params={"q": ASKED}).text
    assert counts() - before == Counter(refused=3)


class Filling(Line):
    """A line in which there is room for one question, and then no more."""

    def __init__(self) -> None:
        super().__init__(at_once=1)
        self.came = 0

    def check(self, client: str) -> None:
        self.came += 1
        if self.came > 1:
            raise LineFull("提问的人太多", retry_after=5)


def test_where_no_turn_comes_for_it_the_first_refusal_is_what_is_shown(machine: Model) -> None:
    machine.answers = says(NOW)
    before = counts()
    with town(of(machine)) as client:
        line = Filling()
        object.__setattr__(client.app.state.desk, "line", line)  # type: ignore[attr-defined]
        assert put(client)["status"] == "refusal"
    assert line.came == 2
    assert counts() - before == Counter(come_back=1)


def test_where_there_is_nothing_to_word_anew_nobody_is_asked(machine: Model) -> None:
    machine.answers = says(NOW)
    before = counts()
    with town(of(machine, threshold=1.0)) as client:
        assert put(client, "你好")["status"] == "notice"
        refused = {
            "云医函〔2024〕3号说了什么": (),  # there is no such letter
            f"我叫张三，电话13812345678，{ASKED}": (),
            "什么时候完成": (),
            "那2026年呢": (ASKED,),
            "看病能报多少？药店开到几点？": (),
        }
        for question, earlier in refused.items():
            told = put(client, question, before=[*earlier])
            assert told["status"] == "refusal", (question, told)
        call = {"name": "ask", "arguments": {"question": ASKED}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        answered = client.post("/mcp", json=message, headers=HEADERS)
        assert answered.status_code == 200
        assert "result" in answered.json()
    assert counts() == before
    assert not [one for one in machine.sent if "换成政府答复函" in one["messages"][0]["content"]]


def test_while_a_model_thinks_nobody_is_kept_waiting_in_line(machine: Model) -> None:
    working = list[int]()
    with town(of(machine)) as client:
        line = client.app.state.desk.line  # type: ignore[attr-defined]

        def answers(handler: Any, sent: dict[str, Any]) -> None:
            working.append(line._working.total())
            send(handler, body(NOW))

        machine.answers = answers
        assert put(client)["status"] == "answer"
    assert working == [0]


def test_what_is_noted_is_what_was_typed(machine: Model, tmp_path: Path) -> None:
    machine.answers = says(NOW)
    notes = Notes(tmp_path / "staff.db")
    with town(of(machine), notes) as client:
        assert put(client)["status"] == "answer"
        notes.close()
    with opened(tmp_path / "staff.db") as database:
        rows = database.execute("SELECT question, verdict FROM asked").fetchall()
    assert [tuple(row) for row in rows] == [(ASKED, "answer")]


def test_the_model_sees_the_question_between_lines_that_nobody_can_know(machine: Model) -> None:
    machine.answers = says(NOW)
    with town(of(machine)) as client:
        put(client)
    system, user = machine.sent[0]["messages"]
    fence, question, again = user["content"].split("\n")
    assert (question, fence) == (ASKED, again)
    assert fence in system["content"]


def test_it_is_off_unless_it_is_set_and_needs_a_model() -> None:
    assert Settings().llm_rewrite == "off"
    with pytest.raises(WrongUse, match="KB_LLM_URL"):
        read({"KB_LLM_REWRITE": "on"})
    with pytest.raises(WrongUse, match="KB_LLM_REWRITE"):
        read({"KB_LLM_REWRITE": "yes", "KB_LLM_URL": "http://127.0.0.1/v1", "KB_LLM_MODEL": "小"})

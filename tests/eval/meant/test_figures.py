"""Outcomes counted, what is aimed at, and the table that people read."""

from __future__ import annotations

import json

from eval.meant.asking import Replied
from eval.meant.figures import figures, row
from eval.meant.judge import Judged, LeadOutcome
from eval.meant.questions import Meant
from eval.meant.table import as_text
from eval.measures.intervals import wilson
from eval.measures.outcome import OF_UNANSWERABLE, Outcome
from kb.replies import Notice, Part, Refusal, Several


def found(group: str, outcome: Outcome, lead: LeadOutcome | None = None) -> Judged:
    expect = "refuse" if outcome in OF_UNANSWERABLE else "quote"
    asked = Meant(id="q", group=group, question="问", expect=expect)  # type: ignore[arg-type]
    reply = Refusal(
        question="问", snapshot="1", code="not_sure", reason="", nearest=(), confidence=0.0
    )
    return Judged(
        replied=Replied(asked=asked, reply=reply, seconds=0.25), outcome=outcome, lead=lead
    )


FOUND = [
    *(found("yes_no", "right", lead) for lead in ("right", "right", "absent")),
    found("yes_no", "wrong", "wrong"),
    *(found("story", outcome) for outcome in ("right", "partly", "refused", "right")),
    found("refuse", "rightly_refused"),
    found("refuse", "wrongly_answered"),
]


def test_shares_are_of_the_questions_that_can_have_the_outcome() -> None:
    told = figures(FOUND)["all"]
    assert told["n"] == 10
    assert told["right"] == {"count": 5, "share": wilson(5, 8)}
    assert told["wrongly_answered"] == {"count": 1, "share": wilson(1, 2)}


def test_groups_stand_by_themselves_in_the_order_of_the_table() -> None:
    groups = figures(FOUND)["groups"]
    assert list(groups) == ["story", "yes_no", "refuse"]
    assert groups["story"]["right"] == {"count": 2, "share": wilson(2, 4)}
    assert "right" not in groups["refuse"]


def test_an_aim_is_reached_or_not_and_left_out_where_nothing_measures_it() -> None:
    assert figures(FOUND)["reached"] == {"right": True, "wrong": False, "wrongly_answered": False}
    assert figures([found("story", "refused")])["reached"] == {"right": False, "wrong": True}


def test_the_precision_of_leads_is_of_those_that_were_given() -> None:
    assert figures(FOUND)["leads"] == {
        "right": 2, "absent": 1, "wrong": 1, "precision": wilson(2, 3),
    }  # fmt: skip
    assert figures([found("story", "right")])["leads"]["precision"] is None


def test_the_table_has_a_row_for_each_group_and_says_what_is_reached() -> None:
    text = as_text(figures(FOUND), name="小的")
    assert "题集 小的：10 题" in text
    assert "对 ≥ 60% 达到；错 ≤ 8% 没有达到；该拒的答了 ≤ 3% 没有达到" in text
    assert "引语（是、不是、还没有）4 题：对 2，没有 1，错 1，说了的里对 66.7%" in text
    assert "| 长篇来信 | 4 | 2 · 50%（15～85） |" in text
    assert "| 该拒的 | 2 | 1 · 50%（9～91） |  |  | 1 · 50%（9～91） |" in text


def test_without_yes_no_questions_nothing_is_said_of_leads() -> None:
    assert "引语" not in as_text(figures([found("story", "right")]), name="小的")


def test_what_happened_to_a_question_can_be_read_in_json() -> None:
    talk = Notice(question="问", snapshot="1", code="hello", text="您好。", options=("补贴多少",))
    refused = FOUND[0].replied.reply
    assert isinstance(refused, Refusal)
    parts = (Part(label="一", reply=refused), Part(label="二", reply=talk))
    reply = Several(question="问", snapshot="1", kind="questions", parts=parts)
    asked = Meant(id="q7", group="two", question="问", expect="quote", before=("先",))
    told = row(Judged(replied=Replied(asked=asked, reply=reply, seconds=0.25), outcome="refused"))
    assert json.loads(json.dumps(told)) == {
        "id": "q7",
        "group": "two",
        "before": ["先"],
        "question": "问",
        "resolved": "",
        "outcome": "refused",
        "lead": None,
        "seconds": 0.25,
        "status": "several",
        "confidence": 0.0,
        "kind": "questions",
        "parts": [
            {
                "label": "一",
                "status": "refusal",
                "confidence": 0.0,
                "code": "not_sure",
                "quotes": [],
            },
            {
                "label": "二",
                "status": "notice",
                "confidence": 1.0,
                "code": "hello",
                "options": ["补贴多少"],
                "quotes": [],
            },
        ],
    }

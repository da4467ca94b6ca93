"""Labels of a letter's parts by weights, and the promises that they stand for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.commitments import commitments, formal, parts_read, promised
from kb.extract.promise_features import features
from kb.extract.promise_rules import TELLS
from kb.extract.tagger import (
    BEGINS,
    GOES_ON,
    NEVER,
    OUT,
    WEIGHTS,
    Weights,
    labels,
    tagged,
    weights,
    weights_of,
)
from kb.profile import profile
from kb.types import Field, Letter, Span

REPLY = (
    "您好，您反映的问题已收悉。经查，路灯确已损坏。下一步，我局将采取以下措施：1、更换损坏的路灯；"
    "2、三个月内换完井盖；3、加强日常巡查。如有疑问，请致电12345。感谢您的支持！"
)


def reply(text: str, **fields: str) -> Letter:
    return Letter(
        id="甲",
        text=text,
        sha256="",
        source="甲",
        title=None,
        body=Span(start=0, end=len(text)),
        fields={
            name: Field(value=value, span=None, rule="导入")
            for name, value in {"issued_on": "2024-05-06", **fields}.items()
        },
    )


def blank(**changes: object) -> Weights:
    moves = ((0.0, 0.0, NEVER), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    across = ((0.0, 0.0, NEVER),) * 3
    made = Weights(parts={}, within=moves, across=across, eager=0.0, vague={}, conditional={})
    return replace(made, **changes)  # type: ignore[arg-type]


def words_of(letter: Letter) -> list[str]:
    return [one.span.of(letter.text) for one in commitments(letter, profile())]


@pytest.mark.parametrize("row", TELLS, ids=lambda row: row.name)
def test_each_word_that_tells_matches_its_example(row: object) -> None:
    assert row.pattern.search(row.example)  # type: ignore[attr-defined]


def test_the_mailbox_is_read_step_by_step() -> None:
    found = words_of(reply(REPLY))
    assert {"更换损坏的路灯", "三个月内换完井盖", "加强日常巡查"} <= set(found)
    assert not any("致电" in words or "收悉" in words for words in found)


def test_a_reply_with_a_number_is_formal() -> None:
    assert formal(reply(REPLY, number="云水函〔2024〕5号"))
    assert not formal(reply(REPLY))


def test_labels_are_the_likeliest_of_all() -> None:
    letter = reply("我局将更换路灯，并加强巡查，确保安全。明年改造道路。")
    parts = parts_read(letter, profile())
    learned = weights()
    rows = list(features(letter, parts))

    def score(chosen: tuple[int, ...]) -> float:
        total = NEVER if chosen[0] == GOES_ON else 0.0
        for n, label in enumerate(chosen):
            if label != OUT:
                side = 0 if label == BEGINS else 1
                total += learned.eager
                total += sum(learned.parts.get(name, (0, 0))[side] for name in rows[n])
            if n:
                same = parts[n].said is parts[n - 1].said
                moves = learned.within if same else learned.across
                total += moves[chosen[n - 1]][label]
        return total

    best = max(product(range(3), repeat=len(parts)), key=score)
    assert labels(letter, parts, whole=False) == list(best)


def test_what_is_far_longer_than_a_letter_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = reply("我局将更换路灯。" * 4)
    parts = parts_read(letter, profile())
    monkeypatch.setattr("kb.extract.tagger.MOST", 2)
    assert labels(letter, parts, whole=False, by=blank(eager=5.0)) == [BEGINS, BEGINS, OUT, OUT]


def test_nothing_goes_on_into_another_clause() -> None:
    letter = reply("我局更换路灯；街道清扫路面；城管拆除围挡。")
    parts = parts_read(letter, profile())
    eager = blank(parts={"numbered": (0.0, 9.0)}, eager=5.0)
    assert labels(letter, parts, whole=False, by=eager) == [BEGINS] * 3


def test_no_weights_find_nothing_and_no_parts_have_no_labels() -> None:
    letter = reply("您好，我局将更换路灯，感谢您的支持！")
    parts = parts_read(letter, profile())
    shy = blank(eager=-50.0)
    assert set(labels(letter, parts, whole=False, by=shy)) == {OUT}
    assert promised(letter, parts, [OUT] * len(parts), profile=profile(), by=shy) == ()
    assert labels(letter, [], whole=False) == []


def test_a_rule_that_is_sure_is_the_last_word() -> None:
    kept = parts_read(reply("年底前完成改造。"), profile())
    assert labels(reply("年底前完成改造。"), kept, whole=False, by=blank(eager=-50.0)) == [BEGINS]
    out = "暂不考虑改造。"
    parts = parts_read(reply(out), profile())
    assert labels(reply(out), parts, whole=False, by=blank(eager=50.0)) == [OUT]


def test_in_a_formal_letter_whatever_a_rule_bars_stays_out() -> None:
    letter = reply("感谢您一如既往的支持。")
    parts = parts_read(letter, profile())
    eager = blank(eager=50.0)
    assert labels(letter, parts, whole=False, by=eager) == [BEGINS]
    assert labels(letter, parts, whole=True, by=eager) == [OUT]


def test_the_word_that_joins_a_step_to_the_last_is_no_part_of_it() -> None:
    letter = reply("我局将更换路灯，并加强巡查。")
    parts = parts_read(letter, profile())
    spans = [
        part.said.clause.plain.span(promise.start, promise.end).of(letter.text)
        for part, promise in tagged(parts, [BEGINS, BEGINS])
    ]
    assert spans == ["我局将更换路灯", "加强巡查"]


@given(st.text(alphabet="我局将更换路灯，。；并已请待后1、\n（一）年底前：", max_size=80))
def test_promises_are_in_order_and_do_not_overlap(text: str) -> None:
    found = commitments(reply(text), profile())
    ends = [0]
    for one in found:
        assert ends[-1] <= one.span.start < one.span.end <= len(text)
        ends.append(one.span.end)


def test_the_weights_are_small_and_tell_how_they_did() -> None:
    content = json.loads(WEIGHTS.read_bytes())
    assert WEIGHTS.stat().st_size < 1_000_000
    assert weights_of(content, whole=True) == weights(whole=True) != weights()
    assert content["held_out"]["mailbox"]["f1"] > 0.7
    assert content["held_out"]["letters"]["f1"] > 0.91


def test_what_a_model_says_beside_is_added() -> None:
    letter = reply("您好，我局已经更换路灯。下一步，我局将加强巡查。")
    parts = parts_read(letter, profile())
    none = labels(letter, parts, whole=False)
    assert BEGINS in none
    assert labels(letter, parts, whole=False, beside=[(0.0, 0.0)] * len(parts)) == none
    against = labels(letter, parts, whole=False, beside=[(-99.0, -99.0)] * len(parts))
    assert against.count(BEGINS) == sum(bool(p.mark.cue and p.mark.cue.sure) for p in parts)
    ahead = labels(letter, parts, whole=False, beside=[(99.0, 0.0)] * len(parts))
    assert ahead.count(OUT) < none.count(OUT)


class Sure:
    """A model that is sure of a word; remembers what it was asked."""

    name = "sure"

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[str] = []

    def odds(self, text: str, places: Sequence[Span]) -> list[tuple[float, float]]:
        self.asked += [place.of(text) for place in places]
        return [(99.0, -99.0) if self.word in p.of(text) else (0.0, 0.0) for p in places]


def test_a_model_is_asked_of_the_mailbox_alone() -> None:
    text = REPLY.replace("经查，", "经查，路灯的线路逐段检修，")
    tagger = Sure("路灯的线路逐段检修")
    found = commitments(reply(text), profile(), tagger)
    assert "加强日常巡查" in tagger.asked
    assert {one.span.of(text) for one in found} - set(words_of(reply(text)))
    asked = len(tagger.asked)
    letter = reply(text, number="云水函〔2024〕5号")
    assert commitments(letter, profile(), tagger) == commitments(letter, profile())
    assert len(tagger.asked) == asked

"""Sentences that may answer: their features, the weights and the score."""

from __future__ import annotations

import json

import pytest

from kb.answer import refusal, sentences
from kb.answer.sentences import logit
from kb.store.protocol import SnapshotReader
from tests.support.asking import LONG_BODY, base_of, found_in, letter_text, parsed


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return base_of(tmp_path_factory.mktemp("data"), letter_text(body=LONG_BODY), ids=["care"])


def test_the_weights_name_every_feature_and_no_other(reader: SnapshotReader) -> None:
    found = found_in(reader, "养老服务中心建成了多少处")
    ranked = sentences.sentence_candidates(
        parsed("养老服务中心建成了多少处", reader), found, reader, read=8
    )
    stored = json.loads(sentences.WEIGHTS.read_text(encoding="utf-8"))
    assert set(ranked[0].features) == set(stored["sentence"]) - {"intercept"}
    decided = refusal.decision_features(parsed("养老", reader), found, ranked, reader)
    assert set(decided) == set(stored["decision"]) - {"intercept"}
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


def test_the_log_odds_are_the_weighted_sum() -> None:
    assert logit({"a": 2.0, "b": -1.0}, {"intercept": 0.5, "a": 3.0, "b": 4.0}) == 2.5

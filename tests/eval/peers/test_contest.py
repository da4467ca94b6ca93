"""The comparison of peers as a whole, in processes of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.measures.per_question import PerQuestion
from eval.peers import child, contest, inputs
from eval.peers import compare as peers_compare
from eval.peers.peer import DEPTH
from eval.peers.table import PEERS, PeerSpec
from eval.record import read_records
from eval.significance import compare, holm
from eval.suite import Suite
from kb.errors import WrongUse
from kb.settings import Settings
from tests.support.peering import Held

FRAMEWORKS = ("txtai", "langchain", "haystack", "llamaindex")


@dataclass(frozen=True, slots=True)
class Done:
    """A comparison that was held, and where."""

    told: Mapping[str, Any]
    ticks: Sequence[str]
    out: Path


@pytest.fixture(scope="module")
def done(
    held: Held, suite: Suite, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Done]:
    out, ticks = tmp_path_factory.mktemp("peers"), list[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "SAMPLE", 4)
        told = run(suite, held, out, settings, ["bm25"], ticks)
        yield Done(told, ticks, out)


def run(
    suite: Suite,
    held: Held,
    out: Path,
    settings: Settings,
    wanted: Sequence[str],
    ticks: list[str] | None = None,
) -> dict[str, Any]:
    tick = (list[str]() if ticks is None else ticks).append
    return peers_compare.run(
        suite, held, out=out, names=wanted, settings=settings, seed=5, tick=tick
    )


def test_fuwen_is_always_run_since_the_others_are_compared_with_it(done: Done) -> None:
    assert [peer["name"] for peer in done.told["peers"]] == ["fuwen", "bm25"]
    assert done.ticks == ["fuwen", "bm25"]
    assert done.told["absent"] == {}
    assert done.told["questions"] == 11


def test_every_peer_has_its_quality_and_its_costs(done: Done) -> None:
    fuwen, bm25 = done.told["peers"]
    for peer in (fuwen, bm25):
        assert peer["index_seconds"] > 0
        assert 0 < peer["query_p50_ms"] <= peer["query_p95_ms"]
        assert 0 < peer["baseline_megabytes"] < peer["peak_megabytes"]
        assert 0 < peer["figures"]["R@5"] <= 1
        assert 0 < peer["figures"]["passage@5"] <= 1
    assert fuwen["embedding_seconds"] > 0
    assert bm25["embedding_seconds"] is None
    assert bm25["packages"]["rank-bm25"]
    assert fuwen["compared"] == []
    assert [one["measure"] for one in bm25["compared"]] == list(contest.FAMILY)
    assert bm25["compared"][0]["delta"] == pytest.approx(
        bm25["figures"]["nDCG@10"] - fuwen["figures"]["nDCG@10"]
    )


def test_runs_stay_and_bulky_inputs_do_not(done: Done, held: Held) -> None:
    assert json.loads((done.out / "peers.json").read_text(encoding="utf-8")) == done.told
    assert not (done.out / "peers" / "inputs").exists()
    for name in ("fuwen", "bm25"):
        own = done.out / "peers" / name
        assert {path.name for path in own.iterdir()} == {
            "records.jsonl",
            "result.json",
            "run.trec",
        }
        lines = (own / "run.trec").read_text(encoding="utf-8").splitlines()
        assert {line.split()[5] for line in lines} == {name}
    records = read_records(done.out / "peers" / "fuwen" / "records.jsonl")
    longest = max((record.ranking for record in records), key=len)
    assert len(set(longest)) == len(longest)
    assert {*longest} <= {head.id for head in held.reader.letters()}


def test_documents_stand_where_their_best_passage_does(done: Done) -> None:
    for record in read_records(done.out / "peers" / "bm25" / "records.jsonl"):
        by_passage = list(dict.fromkeys(place.docid for place in record.passages))
        assert list(record.ranking[: len(by_passage)]) == by_passage


def test_a_too_long_question_is_cut_and_asked(done: Done, suite: Suite, settings: Settings) -> None:
    assert len(inputs.cut(suite.questions[10], settings)) == settings.question_length
    records = read_records(done.out / "peers" / "fuwen" / "records.jsonl")
    assert records[-1].id == "长 题"
    assert records[-1].ranking


def test_the_page_shows_each_peer_and_what_it_was_given(done: Done) -> None:
    page = (done.out / "peers.md").read_text(encoding="utf-8")
    assert "| fuwen |" in page
    assert "| BM25 |" in page
    assert "（×1）" in page
    assert PEERS["bm25"].given in page
    assert "没有成绩的" not in page


def test_a_result_of_the_same_inputs_is_not_made_again(
    done: Done, held: Held, suite: Suite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "run", _must_not_run)
    assert run(suite, held, done.out, settings, ["bm25"]) == done.told


def test_other_questions_are_asked_anew(
    done: Done, held: Held, suite: Suite, settings: Settings, tmp_path: Path
) -> None:
    before = inputs.digest(held, suite.questions[:3], settings)
    assert inputs.digest(held, suite.questions[:3], settings) == before
    assert inputs.digest(held, suite.questions[:2], settings) != before
    assert inputs.digest(held, suite.questions[:3], replace(settings, depth=7)) != before


def test_an_absent_package_is_told_in_a_line_and_the_others_go_on(
    done: Done, held: Held, suite: Suite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ghost = PeerSpec(label="幽灵", made_by="ghost:Ghost", given="无", needs=("no-such-package",))
    monkeypatch.setitem(_table(), "ghost", ghost)
    told = run(suite, held, done.out, settings, ["ghost", "bm25"])
    assert [peer["name"] for peer in told["peers"]] == ["fuwen", "bm25"]
    line = "幽灵没有跑：没有安装 no-such-package；请运行 pip install '.[peers]' 后再试"
    assert told["absent"] == {"ghost": line}
    assert line in (done.out / "peers.md").read_text(encoding="utf-8")


def test_a_crash_is_told_in_a_line_and_the_others_go_on(
    held: Held,
    suite: Suite,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inputs, "SAMPLE", 4)
    lost = replace(held, data=tmp_path / "gone")  # fuwen finds no snapshot there
    told = run(suite, lost, tmp_path / "out", settings, ["bm25"])
    assert [peer["name"] for peer in told["peers"]] == ["bm25"]
    assert told["absent"]["fuwen"].startswith("fuwen中途出错，没有成绩（kb.errors.NoSnapshot")
    assert told["peers"][0]["compared"] == []
    assert "| BM25 |" in (tmp_path / "out" / "peers.md").read_text(encoding="utf-8")


def test_a_suite_without_an_answerable_question_is_refused(
    held: Held, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(WrongUse, match="没有可答的题"):
        run(Suite(name="空"), held, tmp_path, settings, ["bm25"])


def test_p_values_are_corrected_over_all_peers_and_measures_together() -> None:
    rng = np.random.default_rng(1)
    values: dict[str, PerQuestion] = {
        name: {
            measure: {str(n): float(rng.random() < share) for n in range(40)}
            for measure in ("R@1", "R@5")
        }
        for name, share in {"fuwen": 0.9, "a": 0.4, "b": 0.7}.items()
    }
    found = contest._compared(values, seed=3)
    single = [
        one
        for name in ("a", "b")
        for one in compare(values["fuwen"], values[name], measures=contest.FAMILY, seed=3)
    ]
    assert len(single) == 4
    corrected = holm([one.p for one in single])
    assert [one.p_holm for name in ("a", "b") for one in found[name]] == corrected


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_ranks_the_same_passages_without_the_network(
    name: str, held: Held, suite: Suite, settings: Settings, tmp_path: Path
) -> None:
    try:
        PEERS[name].versions()
    except WrongUse as absent:  # not imported here: some of them would call home
        pytest.skip(str(absent))
    inputs.write(tmp_path, held, suite.questions[:3], settings)
    child.run(name, tmp_path)
    lines = (tmp_path / name / "found.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)[0] for line in lines] == [q.id for q in suite.questions[:3]]
    for line, question in zip(lines, suite.questions, strict=False):
        found = json.loads(line)[2]
        assert 20 <= len(found) <= DEPTH
        assert len(set(found)) == len(found)
        owners = [held.reader.passage(ordinal).letter_id for ordinal in found[:10]]
        assert set(question.relevant) & set(owners)


def _must_not_run(*_: object) -> None:
    raise AssertionError("a known result was made again")


def _table() -> dict[str, PeerSpec]:
    assert isinstance(PEERS, dict)
    return PEERS

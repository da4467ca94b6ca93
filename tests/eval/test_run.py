"""A small suite run the whole way, as ``python -m eval`` runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import eval.asking
import eval.base
from eval.__main__ import main
from eval.compare import comparable
from eval.record import Record, Shown, read_records
from eval.suites import digest
from kb.answer import ask, listing
from kb.answer import quotes as answer_quotes
from kb.models.embedding import Embedder
from kb.replies import Listing, Reply
from kb.store.protocol import SnapshotReader
from kb.types import Quote
from tests.conftest import CORPUS, corpus_rows
from tests.support.asking import parsed

LETTERS = ("fgw-2024-041", "rsj-2025-013")


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )


@pytest.fixture(scope="module", autouse=True)
def loaded_once(model: Embedder) -> Iterator[None]:
    """Every run takes the embedding model that is there already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eval.base, "embedder_of", lambda _: model)
        yield


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bulk letters of the corpus, one of them twice, and what is asked of them."""
    folder = tmp_path_factory.mktemp("suite") / "small"
    folder.mkdir()
    lines = (CORPUS / "letters" / "复文.jsonl").read_text(encoding="utf-8").splitlines()
    documents = [one for row in lines if (one := json.loads(row))["id"] in LETTERS]
    documents.append(documents[0] | {"id": "again"})
    write(folder / "docs.jsonl", documents)
    asked = [row for row in corpus_rows("questions.jsonl") if row["letter"] in LETTERS]
    write(
        folder / "qa.jsonl",
        [
            {"id": r["id"], "docid": r["letter"], "question": r["question"], "answer": r["answer"]}
            for r in asked
        ],
    )
    none = [row for row in corpus_rows("questions.jsonl") if not row["letter"]][:5]
    write(folder / "refuse.jsonl", [{"id": r["id"], "question": r["question"]} for r in none])
    return folder


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def done(suite: Path, work: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "first"
    assert main([str(suite), "--out", str(out), "--work", str(work), "--rate", "20"]) == 0
    return out


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in path.read_text(encoding="utf-8").splitlines()]


def results(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return content


def test_a_run_says_what_it_was(done: Path) -> None:
    said = results(done)
    assert said["suite"]["documents"] == 2
    assert said["suite"]["equal_texts"] == {"again": "fgw-2024-041"}
    assert said["suite"]["unanswerable"] == 5
    assert said["config"]["seed"] == 13
    assert said["snapshot"]
    assert said["fingerprint"]["model"].startswith("e5-small-zh:")
    assert said["broken"] == []
    assert str(Path.home()) not in json.dumps(said)


def test_every_question_has_an_answer_line_with_verbatim_quotes(done: Path, suite: Path) -> None:
    asked = [r["id"] for name in ("qa.jsonl", "refuse.jsonl") for r in rows(suite / name)]
    answers = rows(done / "answers.jsonl")
    texts = {row["id"]: row["text"] for row in rows(done / "letters.jsonl")}
    assert [row["id"] for row in answers] == asked
    quotes = [quote for row in answers for quote in row["quotes"]]
    assert quotes
    assert all(texts[q["docid"]][q["start"] : q["end"]] == q["text"] for q in quotes)
    assert all(0 <= row["confidence"] <= 1 and row["seconds"] > 0 for row in answers)
    assert {row["status"] for row in answers} <= {"answer", "refusal"}


def test_the_run_file_ranks_every_document_for_every_question(done: Path) -> None:
    lines = [one.split() for one in (done / "run.trec").read_text(encoding="utf-8").splitlines()]
    by_question: dict[str, list[str]] = {}
    for question, _, document, *_ in lines:
        by_question.setdefault(question, []).append(document)
    assert len(by_question) == len(rows(done / "answers.jsonl"))
    assert all(sorted(found) == sorted(LETTERS) for found in by_question.values())


def test_every_section_was_measured(done: Path) -> None:
    figures = results(done)["figures"]
    for section in (
        "outcome",
        "ranking",
        "passage",
        "reading",
        "citation",
        "refusal",
        "latency",
        "index",
    ):
        assert figures[section], section
    assert figures["citation"]["validity"] == 1.0
    assert figures["index"]["passages"] > 2
    assert figures["index"]["bytes_per_passage"] > 0
    stages = {"search", "embed", "lexical", "nearest", "read", "answer", "total"}
    assert all(figures["open_loop"][stage]["p95"] > 0 for stage in stages)
    assert set(figures["latency"]) == stages
    assert figures["fields"] is None is figures["commitments"]
    assert (done / "report.html").exists()


def test_the_trec_files_judged_by_the_command_line_give_the_same_figures(done: Path) -> None:
    names = ["nDCG@10", "R@1", "R@5", "RR@10"]
    printed = subprocess.run(
        [
            sys.executable,
            "-m",
            "ir_measures",
            done / "qrels.trec",
            done / "run.trec",
            " ".join(names),
            "--places",
            "6",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    judged = {row.split()[0]: float(row.split()[1]) for row in printed.splitlines()}
    ours = results(done)["figures"]["ranking"]
    assert judged == pytest.approx({name: ours[name] for name in names}, abs=1e-6)


def test_an_interrupted_run_goes_on_and_asks_only_what_is_missing(
    suite: Path, work: Path, done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    kept = (done / "records.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (out / "records.jsonl").write_text("".join(kept[:5]) + kept[5][:30], encoding="utf-8")
    for name in ("run.json", "memory.json"):
        (out / name).write_bytes((done / name).read_bytes())
    asked: list[str] = []
    real = eval.asking.record
    monkeypatch.setattr("eval.run.record", lambda q, base: asked.append(q.id) or real(q, base))
    assert main([str(suite), "--out", str(out), "--work", str(work), "--rate", "0"]) == 0
    ids = [row["id"] for row in rows(done / "answers.jsonl")]
    assert asked == [ids[0], *ids[5:]]  # the first once more, untimed, to warm up
    before, after = results(done)["per_question"], results(out)["per_question"]
    assert before == after


def test_a_base_that_other_rules_made_is_indexed_anew(
    suite: Path, work: Path, done: Path, tmp_path: Path
) -> None:
    again = tmp_path / "work"
    shutil.copytree(work, again)
    given = [str(suite), "--work", str(again), "--rate", "0", "--limit", "2"]
    (manifest,) = (again / "data" / "snapshots").glob("*/manifest.json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["fingerprint"]["tokenizer"] = "jieba 0"
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert main([*given, "--out", str(tmp_path / "out")]) == 0
    assert results(tmp_path / "out")["snapshot"] != results(done)["snapshot"]


def test_a_folder_with_another_run_is_not_overwritten_unless_told(
    suite: Path, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(suite), "--out", str(tmp_path), "--work", str(work), "--rate", "0", "--limit"]
    assert main([*given, "4"]) == 0
    kept = (tmp_path / "results.json").read_bytes()
    assert main([*given, "3"]) == 2
    assert "--fresh" in capsys.readouterr().err
    assert (tmp_path / "results.json").read_bytes() == kept
    assert main([*given, "3", "--fresh"]) == 0
    assert len(rows(tmp_path / "answers.jsonl")) == 3


def test_files_of_somebody_else_are_not_overwritten(
    suite: Path, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.html").write_text("别人的", encoding="utf-8")
    assert main([str(suite), "--out", str(tmp_path), "--work", str(work)]) == 2
    assert "--fresh" in capsys.readouterr().err
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "别人的"


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row | {"confidence": 7},
        lambda row: row | {"ranking": ["nowhere"]},
        lambda row: row | {"ranking": row["ranking"] * 2},
        lambda row: row | {"question": row["question"] | {"answers": ["别的"]}},
        lambda row: {"id": "q"},
        lambda row: None,
    ],
)
def test_records_that_were_tampered_with_are_not_believed(
    suite: Path,
    work: Path,
    done: Path,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("run.json", "memory.json"):
        (tmp_path / name).write_bytes((done / name).read_bytes())
    kept = rows(done / "records.jsonl")
    write(tmp_path / "records.jsonl", [kept[0], change(kept[1]), *kept[2:]])
    assert main([str(suite), "--out", str(tmp_path), "--work", str(work), "--rate", "0"]) == 2
    assert "--fresh" in capsys.readouterr().err


def test_a_baseline_of_other_questions_is_refused_before_anything_is_asked(
    suite: Path, done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = results(done) | {"per_question": {"R@1": {"elsewhere": 1.0}}}
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps(other), encoding="utf-8")
    out = tmp_path / "out"
    assert main([str(suite), "--out", str(out), "--baseline", str(baseline)]) == 2
    assert "没有相同的题" in capsys.readouterr().err
    assert not out.exists()


def test_answering_everything_is_a_loss_of_its_own(
    suite: Path, work: Path, tmp_path: Path, done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_THRESHOLD", "0")
    assert main([str(suite), "--out", str(tmp_path), "--work", str(work), "--rate", "0"]) == 0
    before, after = results(done)["per_question"], results(tmp_path)["per_question"]
    assert sum(after["rejected"].values()) < sum(before["rejected"].values())
    assert sum(after["answered"].values()) >= sum(before["answered"].values())
    assert "threshold" in comparable(results(done), results(tmp_path))


def test_a_shifted_offset_fails_the_run(
    suite: Path,
    work: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = eval.asking.shown

    def shifted(reply: Reply | None) -> tuple[Shown, ...]:
        return tuple(
            Shown(docid=one.docid, start=one.start + 1, end=one.end + 1, text=one.text)
            for one in real(reply)
        )

    monkeypatch.setattr(eval.asking, "shown", shifted)
    given = [str(suite), "--out", str(tmp_path), "--work", str(work), "--rate", "0"]
    assert main(given) == 1
    assert results(tmp_path)["figures"]["citation"]["validity"] < 1
    assert "不是原文" in capsys.readouterr().out


def test_a_quote_that_the_program_itself_rejects_fails_the_run(
    suite: Path, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(quote: Quote, reader: object, **_: object) -> None:
        raise answer_quotes.NotVerbatim("改过")

    monkeypatch.setattr(ask, "verify", broken)
    assert main([str(suite), "--out", str(tmp_path), "--work", str(work), "--rate", "50"]) == 1
    assert results(tmp_path)["broken"]
    assert "error" in {one.status for one in read_records(tmp_path / "records.jsonl")}


def test_answering_every_refusal_with_something_wrong_fails_the_run(
    suite: Path,
    work: Path,
    done: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = eval.asking.record

    def wrong(question: Any, base: Any) -> Record:
        record = real(question, base)
        text = base.texts[LETTERS[0]][:9]
        shown = Shown(docid=LETTERS[0], start=0, end=9, text=text)
        return replace(record, status="answer", quotes=(shown,), forced=(shown,))

    monkeypatch.setattr("eval.run.record", wrong)
    given = [str(suite), "--out", str(tmp_path), "--work", str(work), "--rate", "0"]
    assert main([*given, "--baseline", str(done)]) == 1
    assert "下降" in capsys.readouterr().out
    before, after = (results(one)["figures"]["outcome"]["score"] for one in (done, tmp_path))
    assert after < before


def test_a_baseline_without_outcomes_is_refused_before_anything_is_asked(
    suite: Path, done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = results(done)
    for measure in ("outcome", "refusal_outcome"):
        del old["per_question"][measure]
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps(old), encoding="utf-8")
    out = tmp_path / "out"
    assert main([str(suite), "--out", str(out), "--baseline", str(baseline)]) == 2
    assert "make baseline" in capsys.readouterr().err
    assert not out.exists()


def test_the_answers_of_a_run_score_as_the_run_did(suite: Path, done: Path, tmp_path: Path) -> None:
    out = tmp_path / "score.json"
    assert main(["score", str(suite), str(done / "answers.jsonl"), "--out", str(out)]) == 0
    again = json.loads(out.read_text(encoding="utf-8"))
    for name in ("counts", "estimates", "types", "kinds"):
        assert again["outcome"][name] == results(done)["outcome"][name], name
    assert again["figures"]["outcome"]["cpu_seconds"] > 0


def test_cut_answers_are_asked_for_and_the_run_says_so(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    given = [str(suite), "--out", str(out), "--work", str(work), "--rate", "0"]
    assert main([*given, "--cut"]) == 0
    said = results(out)
    cut = said["suite"]["cut"]
    assert cut["questions"] > 0
    assert said["outcome"]["kinds"]["cut"]["count"] == cut["questions"]
    asked = len(rows(suite / "qa.jsonl"))
    assert said["suite"]["questions"] == asked - cut["questions"] - cut["dropped"]
    assert "--cut" in said["config"]["command"]
    assert "答案从文件里删去了" in capsys.readouterr().out
    assert said["suite"]["digest"] != digest(suite)


def test_a_run_against_itself_is_no_loss(done: Path, tmp_path: Path) -> None:
    deltas = tmp_path / "deltas.tsv"
    assert main(["compare", str(done), str(done), "--deltas", str(deltas)]) == 0
    assert deltas.read_text(encoding="utf-8").count("\n") > 10


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere"),
        (["compare", "nowhere", "nowhere"], "nowhere"),
        (["SUITE", "--limit", "0"], "--limit"),
        (["SUITE", "--rate", "-1"], "--rate"),
        (["SUITE", "--rate", "nan"], "--rate"),
        (["SUITE", "--work", "WORK", "--out", str(Path(__file__))], "test_run.py"),
        (["SUITE", "--commitments", "nowhere.json"], "nowhere.json"),
    ],
)
def test_wrong_use_is_a_sentence_and_not_a_trace(
    suite: Path, work: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"SUITE": str(suite), "WORK": str(work)}
    given = [places.get(word, word) for word in arguments]
    assert main(given) == 2
    assert says in capsys.readouterr().err


def test_a_listing_counts_as_an_answer_that_quotes_its_rows(base: SnapshotReader) -> None:
    reply = listing.list_answer(parsed("哪些B类", base), base)
    assert isinstance(reply, Listing)
    shown = eval.asking.shown(reply)
    assert [one.docid for one in shown] == [row.letter_id for row in reply.rows]
    assert all(base.letter(one.docid).text[one.start : one.end] == one.text for one in shown)
    assert shown

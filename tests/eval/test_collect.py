"""Cases of the staff become a suite that ``python -m eval`` runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import eval.base
from eval.__main__ import main
from eval.collect import Collected, collect
from eval.suites import load
from indexer.update import update
from kb.errors import NoSnapshot, WrongUse
from kb.feedback.questions import Location, group
from kb.feedback.rulings import Gold, Ruling, gold_in, rule
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.staff.database import opened
from kb.store.open import open_store
from kb.types import Span
from tests.conftest import CORPUS
from tests.support.noted import NOON, put, refused

LETTER = "云建办〔2023〕18号.txt"
WORDS = "2023年年底前，将新增建成加装电梯60部"
LIFT, WEATHER = "今年要装多少部电梯？", "明天会下雨吗？"


@pytest.fixture(scope="module")
def settings(model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One letter of the corpus, indexed."""
    found = Settings(data=tmp_path_factory.mktemp("data"))
    inbox = tmp_path_factory.mktemp("inbox")
    (inbox / LETTER).write_bytes((CORPUS / "letters" / LETTER).read_bytes())
    update([inbox], open_store(found), model)
    return found


@pytest.fixture(autouse=True)
def fresh(settings: Settings) -> Iterator[None]:
    yield
    for path in settings.data.glob("staff.db*"):
        path.unlink()


def case(settings: Settings, question: str, gold: Gold | None) -> int:
    """Let ``question`` be missed and made a case."""
    with opened(settings.data / "staff.db") as database:
        put(database, refused(question))
        found = database.execute("SELECT max(id) FROM kin").fetchone()[0]
        seen = group(database, found).event
        ruling = Ruling(group_id=found, seen=seen, became="case", question=question, gold=gold)
        rule(database, ruling, who="王", at=NOON)
    return int(found)


def gold(settings: Settings, words: str = WORDS) -> Gold:
    return gold_in(open_store(settings).current().letter(LETTER), words)


def test_cases_become_a_suite_of_the_form_questions(settings: Settings, tmp_path: Path) -> None:
    case(settings, LIFT, gold(settings))
    case(settings, WEATHER, None)
    assert collect(settings, tmp_path / "suite") == Collected(
        letters=1, answerable=1, unanswerable=1, left_out=()
    )
    suite = load(tmp_path / "suite")
    first, second = suite.questions
    assert (first.question, first.relevant, first.answers) == (LIFT, {LETTER: 1}, (WORDS,))
    assert (second.question, second.answerable) == (WEATHER, False)
    (document,) = suite.documents
    assert document.id == LETTER
    assert document.text == open_store(settings).current().letter(LETTER).text


def test_the_suite_is_run_by_the_command(
    settings: Settings,
    model: Embedder,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(eval.base, "embedder_of", lambda _: model)
    case(settings, LIFT, gold(settings))
    case(settings, WEATHER, None)
    out = tmp_path / "suite"
    assert main(["collect", "--data", str(settings.data), str(out)]) == 0
    assert "文件 1 份，可答 1 题，不可答 1 题" in capsys.readouterr().out
    run = [str(out), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    assert main([*run, "--rate", "0"]) == 0
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert results["suite"]["questions"] == 1
    assert results["figures"]["ranking"]["R@1"] == 1.0


def test_collecting_again_writes_the_same_bytes_over_the_old(
    settings: Settings, tmp_path: Path
) -> None:
    case(settings, LIFT, gold(settings))
    weather = case(settings, WEATHER, None)
    collect(settings, tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    collect(settings, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    with opened(settings.data / "staff.db") as database:
        seen = group(database, weather).event
        rule(database, Ruling(group_id=weather, seen=seen, became="done"), who="王", at=NOON)
    assert collect(settings, tmp_path).unanswerable == 0
    assert (tmp_path / "refuse.jsonl").read_bytes() == b""
    assert len(load(tmp_path).questions) == 1


def test_a_case_whose_letter_is_gone_or_says_so_no_more_is_left_out(
    settings: Settings, tmp_path: Path
) -> None:
    right = gold(settings)
    case(settings, LIFT, right)
    case(settings, WEATHER, replace(right, words="早已改写的一句话"))
    elsewhere = Location(letter_id="已撤下", span=Span(start=0, end=1))
    case(settings, "河道什么时候清淤？", Gold(place=elsewhere, words="甲"))
    said = collect(settings, tmp_path)
    assert (said.answerable, said.unanswerable) == (1, 0)
    gone, withdrawn = said.left_out
    assert "miss-2" in gone
    assert "没有这段原话" in gone
    assert "miss-3" in withdrawn


def test_without_an_answered_case_nothing_is_written(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"没有 .*staff\.db"):
        collect(settings, tmp_path / "suite")
    case(settings, WEATHER, None)
    with pytest.raises(WrongUse, match="还没有带答案的评测题"):
        collect(settings, tmp_path / "suite")
    assert not (tmp_path / "suite").exists()


def test_without_a_snapshot_it_is_said_so(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    case(settings, WEATHER, None)
    with pytest.raises(NoSnapshot):
        collect(settings, tmp_path / "suite")

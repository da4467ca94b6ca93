"""The limited process that reads letters: what it gives, and what ends it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.formats.raw import Limits, Raw
from indexer.letter.fields import read
from indexer.letter.passages import cut
from indexer.worker import Reading
from kb.errors import UnreadableFile
from kb.extract.commitments import commitments
from kb.extract.indicators import records
from kb.models.tagging import OnnxTagger
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.settings import BUNDLED_TAGGER
from tests.conftest import ROOT
from tests.support.asking import letter_text

RAW = Raw(id=None, text=letter_text() + "\n联系人：付小军　13812345678\n")


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker in which a letter with 慢 never ends, one with 大 never fits, 坏 fails, 停 exits."""
    (tmp_path / "planted.py").write_text(
        "import os, sys, time\nfrom indexer import worker\nreal = worker.TASKS['letter']\n"
        "def badly(given, limits):\n"
        "    text = given['raw']['text']\n"
        "    while '慢' in text: pass\n"
        "    if '睡' in text: time.sleep(60)\n"
        "    if '大' in text: bytearray(2 * 1024**3)\n"
        "    if '坏' in text: raise KeyError(text)\n"
        "    if '停' in text: os._exit(3)\n"
        "    return real(given, limits)\n"
        "worker.TASKS = {'letter': badly}\nworker.main(sys.argv[1:])\n"
    )
    runner = tmp_path / "python"
    runner.write_text(
        f"#!/bin/sh\nshift 3\nexport PYTHONPATH={tmp_path}:{ROOT}\n"
        f'exec {sys.executable} -P -m planted "$@"\n'
    )
    runner.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(runner))


def code_of(reading: Reading, text: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        reading.letter(Raw(id=None, text=text), letter_id="甲", source="甲")
    return caught.value.code


def test_what_is_read_there_is_what_is_read_here() -> None:
    shown = redacted(read(RAW, letter_id="甲", source="甲.txt"), profile().masking)
    with Reading(Limits()) as reading:
        found = reading.letter(RAW, letter_id="甲", source="甲.txt")
        assert (found.letter, found.hidden) == (shown.letter, shown.hidden)
        assert found.hidden
        assert found.passages == cut(shown.letter)
        promised = commitments(shown.letter, profile())
        assert reading.commitments(shown.letter) == promised
        assert reading.records(shown.letter, promised) == records(shown.letter, promised)


def test_a_sample_letter_with_promises_and_figures_comes_back_whole() -> None:
    text = (ROOT / "corpus/letters/云建函〔2025〕9号.txt").read_text(encoding="utf-8")
    letter = read(Raw(id=None, text=text), letter_id="甲", source="甲")
    promised = commitments(letter, profile())
    assert any(found.due and found.target for found in promised)
    with Reading(Limits()) as reading:
        assert reading.commitments(letter) == promised
        assert reading.records(letter, promised) == records(letter, promised) != ()


def test_a_model_is_asked_outside_of_the_worker() -> None:
    tagger = OnnxTagger(str(BUNDLED_TAGGER))
    words = "您好，您反映的路灯损坏属实。下一步，我局将于6月底前更换路灯，并加强巡查。"
    letter = read(Raw(id=None, text=words), letter_id="甲", source="甲")
    promised = commitments(letter, profile(), tagger)
    assert "更换路灯" in promised[0].span.of(words)
    with Reading(Limits()) as reading:
        assert reading.commitments(letter, tagger) == promised


def test_a_refusal_comes_back_with_its_code() -> None:
    with Reading(Limits()) as reading:
        assert code_of(reading, "\u200b") == "empty_file"


def test_more_sentences_than_the_limit_are_refused() -> None:
    with Reading(replace(Limits(), sentences=5)) as reading:
        assert code_of(reading, "好。" * 6 + "答复如下。") == "resource_limit"


@pytest.mark.usefixtures("slow")
def test_each_end_has_its_code_and_the_next_letter_is_read() -> None:
    with Reading(replace(Limits(), cpu_seconds=1, wall_seconds=3.0)) as reading:
        assert code_of(reading, "慢") == "too_slow"
        assert code_of(reading, "睡") == "too_slow"
        assert code_of(reading, "大") == "resource_limit"
        assert code_of(reading, "坏") == "damaged_file"
        assert code_of(reading, "停") == "resource_limit"
        assert reading.letter(RAW, letter_id="甲", source="甲").letter.id == "甲"


@pytest.mark.usefixtures("slow")
def test_time_is_counted_for_each_letter_anew() -> None:
    with Reading(replace(Limits(), cpu_seconds=1)) as reading:
        for _ in range(3):
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                reading.letter(RAW, letter_id="甲", source="甲")


def test_nothing_is_left_behind() -> None:
    with Reading(Limits()) as reading:
        reading.letter(RAW, letter_id="甲", source="甲")
        assert reading._process
        process = reading._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)

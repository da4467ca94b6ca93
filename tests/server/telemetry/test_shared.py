"""Several worker processes are counted as one server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.telemetry import shared

ROOT = Path(__file__).resolve().parents[3]
# Two questions wait, three were answered; it says so, and lives until its input ends.
WORKER = """
import sys
from server.telemetry.metrics import QUESTIONS, STARTED, WAITING
QUESTIONS.labels("answer").inc(3)
WAITING.inc(2)
STARTED.set({started})
print("counted", flush=True)
sys.stdin.read()
"""
SCRAPE = """
from tests.support.operated import client
print(client().get("/metrics").text)
"""


def worker(started: int) -> subprocess.Popen[str]:
    made = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(started=started)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert made.stdout
    assert made.stdout.readline() == "counted\n"
    return made


def scraped() -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRAPE], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.stdout.splitlines()


def test_workers_are_added_up_and_the_dead_do_not_wait_any_more() -> None:
    with shared.shared() as folder, worker(100) as first, worker(200) as second:
        assert folder.stat().st_mode & 0o077 == 0
        both = scraped()
        assert 'fuwen_questions_total{outcome="answer"} 6.0' in both
        assert "fuwen_questions_waiting 4.0" in both
        assert "fuwen_start_time_seconds 100.0" in both
        assert {first.pid, second.pid} == {*shared.workers()}
        first.kill()
        first.wait()
        one = scraped()
        assert 'fuwen_questions_total{outcome="answer"} 6.0' in one  # what was counted stays
        assert "fuwen_questions_waiting 2.0" in one
        assert "fuwen_start_time_seconds 200.0" in one
        assert shared.workers() == [second.pid]
    assert not folder.exists()
    assert shared.FOLDER not in os.environ


def test_a_server_alone_is_its_own_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(shared.FOLDER, raising=False)
    assert shared.workers() == [os.getpid()]
    shared.bury()

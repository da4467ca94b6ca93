"""One visitor who asks the same again and again writes nothing that others see."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from kb.feedback.suggested import often
from kb.staff.database import NAME, opened
from tests.attack.conftest import Running

TIMES = 50
# Answered by the sample, with the name of an official; refused; a rumour; with words typed before.
QUESTIONS = (
    "廖振邦签发的老旧小区加装电梯补助多少",
    "加装电梯补助标准是多少",
    "养老服务中心的负责人张建国收了多少钱",
    "停车难什么时候解决",
)
PLACES = ("/", "/ask", "/embed", "/widget.js", "/api/suggestions", "/api/suggestions?q=加装",
          "/api/suggestions?q=廖", "/api/suggestions?q=停车", "/?q=电梯", "/docs")  # fmt: skip


def public(running: Running) -> dict[str, bytes]:
    """What everybody can see."""
    with httpx.Client(timeout=60) as client:
        return {place: client.get(running.url + place).content for place in PLACES}


def noted(running: Running, data: Path) -> int:
    """How many replies were written down, once no more are."""
    counted, before = 0, -1
    while counted != before:
        before = counted
        time.sleep(1)
        with opened(data / NAME) as database:
            counted = database.execute("SELECT count(*) FROM asked").fetchone()[0]
    return counted


@pytest.mark.parametrize("question", QUESTIONS)
def test_asking_the_same_fifty_times_changes_nothing_public(
    running: Running, question: str
) -> None:
    before = public(running)
    with httpx.Client(timeout=60) as client:
        for turn in range(TIMES):
            reply = client.post(f"{running.url}/api/ask", json={"question": question})
            assert reply.status_code in (200, 429), turn
            if reply.status_code == 429:  # the limit for one visitor; what is noted is enough
                break
            if reply.json()["status"] == "answer":
                opinion = {
                    "question": question, "snapshot": reply.json()["snapshot"],
                    "verdict": "answer", "useful": True,
                }  # fmt: skip
                client.post(f"{running.url}/api/feedback", json=opinion)
    assert noted(running, running.data) > 3
    time.sleep(1)
    assert public(running) == before


def test_after_a_minute_it_is_still_so_and_staff_are_not_shown_it_either(running: Running) -> None:
    before = public(running)
    with httpx.Client(timeout=60) as client:
        for _ in range(10):
            client.post(f"{running.url}/api/ask", json={"question": QUESTIONS[1]})
    noted(running, running.data)
    with opened(running.data / NAME) as database:
        assert QUESTIONS[1] not in often(database, limit=20)
    time.sleep(61)  # what is read of the staff's database is kept for a minute
    assert public(running) == before

"""A child that changes statuses until it is killed.

``python -m tests.support.ledger_crash FOLDER N``

Prints the number of each change once it was acknowledged; the parent kills it in the middle.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from kb.environment import read
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.types import Status
from kb.staff.database import NAME, opened, staff_of
from tests.support.postgres import environment_of
from tests.support.promises import PROMISES, WANG, letter_of, put

TURN: tuple[Status, Status] = ("not_started", "under_way")


def prepare(folder: Path) -> None:
    """A ledger of three, confirmed."""
    with opened(folder / NAME) as book:
        put(book, letter_of(*PROMISES))
        for number in range(1, len(PROMISES) + 1):
            edit.move(book, entry(book, number).seen, "not_started", by=WANG)


def burst(folder: Path, changes: int) -> None:
    """Change statuses to and fro, each change in a connection of its own, as requests do."""
    place = staff_of(read({**os.environ, "KB_DATA": str(folder)}))
    for change in range(changes):
        with opened(place) as book:
            one = entry(book, change % len(PROMISES) + 1)
            status = TURN[one.status == TURN[0]]
            edit.move(book, one.seen, status, by=WANG, reason=f"第{change}次")
        os.write(1, f"{change}\n".encode())


def killed_after(folder: Path, *, changes: int, acknowledged: int) -> list[int]:
    """Kill a child once it has acknowledged so many; all that it acknowledged until it died."""
    command = [sys.executable, "-m", "tests.support.ledger_crash", str(folder), str(changes)]
    environment = {**os.environ, **environment_of(folder / NAME)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout
        lines = [child.stdout.readline() for _ in range(acknowledged)]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().splitlines()
    return [int(line) for line in lines if line.strip()]


def lost(folder: Path, acknowledged: list[int], *, since: int) -> list[int]:
    """Which of the acknowledged changes are not among the events after ``since``."""
    with opened(folder / NAME) as book:
        reasons = book.execute(
            "SELECT reason FROM commitment_event WHERE id > ? AND kind = 'moved'", (since,)
        ).fetchall()
    there = {reason for (reason,) in reasons}
    return [change for change in acknowledged if f"第{change}次" not in there]


if __name__ == "__main__":
    burst(Path(sys.argv[1]), int(sys.argv[2]))

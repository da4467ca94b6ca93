"""Half an hour of everything: ``python -m tests.torture soak 30`` (minutes).

Questions, streams, lists, letters, searches, the console, feedback, visitors who leave; another
snapshot every few minutes. What the process holds must not grow once it is warm.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np

from kb.settings import Settings
from kb.staff import accounts
from kb.staff.database import NAME, By, opened
from server import demo
from tests.attack.conftest import Running
from tests.conftest import CORPUS, ROOT, corpus_rows
from tests.torture.ground import Found, Ground, asked, awaited, serving, unbroken
from tests.torture.load import Held, Visit, held, visited

EACH_SECOND = 1.0  # visitors, a few of them at work; low, so that it runs beside other things
SWAP = 180.0  # seconds from one snapshot to the next
LOOK = 2.0  # seconds between two looks at what the process holds
WARM = 1 / 3  # of the time, before anything is counted
GROWTH = 1.0  # MB in ten minutes that memory may grow by, by least squares
ASKED = 40  # questions, so that a round of all takes a few minutes
PASSWORD = "很不容易猜到的一整句话，真的"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
LETTER = quote("云民函〔2022〕14号.txt")
OPEN = (
    "/", "/letters", "/letters?q=" + quote("养老"), f"/letters/{LETTER}", "/feed.atom",
    "/?q=" + quote("加装电梯市级补助每部多少"), "/api/suggestions", "/docs",
    "/openapi.json", "/readyz", "/nothing",
)  # fmt: skip
CONSOLE = (
    "/staff", "/staff/commitments", "/staff/search?q=" + quote("电梯"), "/staff/statistics",
    "/staff/queue", "/staff/weekly", "/staff/due", f"/staff/letters/{LETTER}",
)  # fmt: skip


def soaked(folder: Path, minutes: int) -> Found:
    """So many minutes."""
    ground, found = Ground(folder), Found()
    for number in (2, 4):
        ground.generation(number)
        assert ground.done("update")[0] == 0
    _staff(ground)
    questions = [row["question"] for row in corpus_rows("questions.jsonl")][:ASKED]
    seconds, seen = 60 * minutes, list[tuple[float, Held]]()
    with serving(ground, KB_QUESTION_LOG="masked") as server:
        assert awaited(lambda: asked(server)[0] == 200, 60)
        visits = _visits(questions, _signed_in(server))
        end = time.monotonic() + seconds
        beside = [
            threading.Thread(target=_watch, args=(server, seen, end)),
            threading.Thread(target=_swap, args=(ground, found, end)),
        ]
        for thread in beside:
            thread.start()
        heard = visited(
            server, visits, each_second=EACH_SECOND, until=lambda: time.monotonic() > end
        )
        for thread in beside:
            thread.join()
        found.check(not heard.failed, f"{len(heard.failed)} failed: {heard.failed[:5]}")
        found.check(not unbroken(server), f"the server's log: {unbroken(server)[:3]}")
    found.counts |= {"visits": len(heard.seconds), "p99, ms": round(heard.p(99))}
    _judge(found, seen)
    return found


def _judge(found: Found, seen: list[tuple[float, Held]]) -> None:
    """Slopes after the warm-up."""
    warm = [(at, one) for at, one in seen if at - seen[0][0] > WARM * (seen[-1][0] - seen[0][0])]
    minutes = np.array([at / 60 for at, _ in warm])
    for what, most in (("mb", GROWTH), ("descriptors", 1.0), ("threads", 1.0)):
        values = np.array([getattr(one, what) for _, one in warm], dtype=float)
        slope = 10 * float(np.polyfit(minutes, values, 1)[0])
        found.counts[f"{what} first"], found.counts[f"{what} last"] = values[0], values[-1]
        found.counts[f"{what} more in ten minutes"] = round(slope, 2)
        found.check(slope < most, f"{what} grows by {slope:.2f} in ten minutes")
    found.counts["maps of deleted files, at most"] = max(one.deleted for _, one in warm)


def _watch(server: Running, seen: list[tuple[float, Held]], end: float) -> None:
    while time.monotonic() < end:
        seen.append((time.monotonic(), held(server.process.pid)))
        if len(seen) % 30 == 1:
            print(round(seen[-1][0] - seen[0][0]), seen[-1][1], file=sys.stderr, flush=True)
        time.sleep(LOOK)


def _swap(ground: Ground, found: Found, end: float) -> None:
    command = [sys.executable, "-m", "tests.torture.publishing", str(ground.folder), "1", "0"]
    while time.monotonic() + SWAP < end:
        time.sleep(SWAP)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        found.check(done.returncode == 0, f"a snapshot: {done.stderr[-600:]}")
        found.add("snapshots")


def _staff(ground: Ground) -> None:
    """The demonstration's ledger, and an account to look at it with."""
    settings, reader = Settings(data=ground.data), ground.store().current()
    demo.seed(settings, reader, CORPUS / "decisions.jsonl", now=datetime.now(UTC))
    with opened(ground.data / NAME) as database:
        by = By(who="soak", at=datetime.now(UTC))
        accounts.add(database, "soak", role="manager", password=PASSWORD, by=by)


def _signed_in(server: Running) -> str:
    """The cookie of somebody who signed in."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        form = urlencode({"name": "soak", "password": PASSWORD})
        line.request("POST", "/staff/login", form, FORM)
        answer = line.getresponse()
        assert answer.status == 303, answer.read()
        return (answer.headers["set-cookie"] or "").partition(";")[0]


def _visits(questions: list[str], cookie: str) -> list[Visit]:
    """A round of visits: asking, streams, pages, the console, and who tells or leaves."""
    made: list[Visit] = []
    for number, question in enumerate(questions):
        made += [partial(_ask, question=question), partial(_stream, question=question)]
        made.append(partial(_page, path=OPEN[number % len(OPEN)], cookie=""))
        made.append(partial(_page, path=CONSOLE[number % len(CONSOLE)], cookie=cookie))
        odd = _leave if number % 2 else _tell
        made.append(partial(odd, question=question) if number % 4 < 2 else made[0])
    return made


def _said(server: Running, method: str, path: str, body: object = None, **headers: str) -> bytes:
    """The body of the answer. Raises RuntimeError where that is not what it ought to be."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        sent = None if body is None else json.dumps(body)
        line.request(method, path, sent, headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status >= 500 or (answer.status >= 400 and path != "/nothing"):
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:200]!r}")
        return said


def _page(server: Running, *, path: str, cookie: str) -> str:
    _said(server, "GET", path, **({"cookie": cookie} if cookie else {}))
    return ""


def _ask(server: Running, *, question: str) -> str:
    answer = json.loads(_said(server, "POST", "/api/ask", {"question": question}, **JSON))
    return "" if answer["status"] and answer["snapshot"] else str(answer)


def _stream(server: Running, *, question: str) -> str:
    said = _said(server, "POST", "/api/ask/stream", {"question": question}, **JSON)
    return "" if b"event: done" in said else f"a stream that did not end: {said[-200:]!r}"


def _tell(server: Running, *, question: str) -> str:
    answer = json.loads(_said(server, "POST", "/api/ask", {"question": question}, **JSON))
    told = {"question": question, "snapshot": answer["snapshot"], "verdict": answer["status"]}
    _said(server, "POST", "/api/feedback", {**told, "useful": True}, **JSON)
    return ""


def _leave(server: Running, *, question: str) -> str:
    """Somebody who asks and goes before the answer."""
    body = json.dumps({"question": question}).encode()
    head = (
        "POST /api/ask/stream HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), 60) as line:
        line.sendall(head.encode() + body)
        time.sleep(0.05)
    return ""

"""How fast the console is: ``python -m tests.bench.bench_console [COMMITMENTS] [FOLDER]``.

Fills a ledger as ``tests.bench.bench_ledger`` does (100,000 commitments in 10,000 letters unless
told otherwise) and a store with the same letters, signs a manager in, and asks for every page of
the console through the application, 20 times each after one that is not counted. Milliseconds at
the 50th and 95th, by the clock and, for machines that have other things to do, by the processor. In
FOLDER what was filled stays and is used again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from fastapi.testclient import TestClient

from kb.analysis import repeats, series
from kb.extract.indicators import records
from kb.settings import Settings
from kb.staff import accounts
from kb.staff.database import NAME, opened, writing
from kb.store.local.store import LocalStore
from kb.store.protocol import Store
from kb.text.tokens import tokens
from kb.types import Letter
from server.app import create
from server.question_log import Notes
from tests.bench.bench_ledger import ORGANS, RUNS, asked, fill
from tests.support.promises import TODAY, letter_of
from tests.support.served import AskEmbedder
from tests.support.staffed import PASSWORD, QUICK, join
from tests.support.stores import put

WHO = "量一量"
MOST = 300  # milliseconds at the 95th that are allowed
PAGES = (
    "/staff",
    "/staff/commitments?list=next",
    "/staff/review",
    f"/staff/review?organ={ORGANS[7]}",
    "/staff/commitments",
    "/staff/commitments?list=overdue",
    f"/staff/commitments?organ={ORGANS[7]}&order=changed",
    "/staff/commitments?year=2024&result_class=B",
    "/staff/commitments?kept=late",
    "/staff/commitments?list=pending",
    "/staff/commitments?list=extended",
    f"/staff/commitments?list=extended&organ={ORGANS[7]}",
    "/staff/commitments?words=第777批",
    "/staff/search?q=改造",
    "/staff/search?q=第777批 加装电梯",
    "/staff/search?q=没有这样的话",
    "/staff/commitments/77",
    "/staff/commitments/77/candidates",
    "/staff/letters/000077.txt",
    "/staff/due",
    f"/staff/due?organ={ORGANS[7]}",
    "/staff/statistics",
    f"/staff/statistics?organ={ORGANS[7]}",
    "/staff/compare",
    f"/staff/compare?organ={ORGANS[7]}",
    "/staff/compare?tab=figures",
    "/staff/compare?tab=figures&words=改造",
    "/staff/compare?tab=classes",
    "/staff/weekly",
    f"/staff/weekly?week={TODAY}",
    "/staff/proposals",
    "/staff/before",
    "/staff/queue",
    "/staff/outgoing",
    "/staff/import",
    "/staff/audit",
    "/api/staff/commitments",
)


def letters(book: sqlite3.Connection) -> Iterator[Letter]:
    """The letters that the ledger was filled from, as ``tests.bench.bench_ledger`` made them."""
    rows = book.execute(
        "SELECT letter, words, issuer, issued_on, result_class, name FROM commitment"
        " ORDER BY letter, start"
    )
    for letter_id, group in groupby(rows, key=lambda row: row[0]):
        own = list(group)
        facts = dict(
            zip(("issuer", "issued_on", "result_class", "proposal_title"), own[0][2:], strict=True)
        )
        yield letter_of(*(words for _, words, *_ in own), letter_id=letter_id, **facts)


def prepare(folder: Path, commitments: int) -> Store:
    """The ledger, with what is worked out beside it, and the store."""
    fresh = not (folder / NAME).exists()
    if fresh:
        fill(folder, commitments)
    store = LocalStore(folder / "data", fingerprint={"model": "fake"}, tokenize=tokens)
    with opened(folder / NAME) as book:
        if WHO not in {one.name for one in accounts.accounts(book)}:
            join(book, WHO, role="manager", organs=())
        if not (folder / "data" / "CURRENT").exists():
            with store.draft() as draft:
                for one in letters(book):
                    put(draft, one, source=one.id, digest=one.id)
                    with writing(book):
                        series.store(book, one.id, records(one))
                draft.publish()
            repeats.renew(book)
    return store


def signed_in(store: Store, folder: Path) -> TestClient:
    """A client with a manager's session, over the way that a browser takes."""
    settings = replace(Settings(), rate=0)
    app = create(
        settings,
        store=store,
        embedder_of=AskEmbedder,
        notes=Notes(folder / NAME),
        today=lambda: TODAY,
    )
    client = TestClient(app, base_url="https://testserver")
    client.headers["sec-fetch-site"] = "same-origin"
    fields = {"name": WHO, "password": PASSWORD, "next": "/staff"}
    response = client.post("/staff/login", data=fields)
    assert response.status_code == 200, response.text
    return client


def timed(client: TestClient, address: str) -> tuple[list[float], list[float], int]:
    """Milliseconds of each run in order, by the clock and by the processor; the size in KiB."""
    took: tuple[list[float], list[float]] = [], []
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    for _ in range(RUNS):
        began = time.perf_counter(), time.process_time()
        client.get(address)
        ended = time.perf_counter(), time.process_time()
        for times, start, end in zip(took, began, ended, strict=True):
            times.append(1000 * (end - start))
    return sorted(took[0]), sorted(took[1]), len(response.content) >> 10


def main(commitments: int, folder: Path) -> None:
    accounts.HASHER = QUICK
    began = time.perf_counter()
    store = prepare(folder, commitments)
    print(f"备好，用时 {time.perf_counter() - began:.0f} 秒", flush=True)
    slow = []
    client = signed_in(store, folder)
    for address in PAGES:
        clock, used, size = timed(client, address)
        half, most = RUNS // 2, int(RUNS * 0.95) - 1
        print(
            f"{address}\tp50 {clock[half]:.0f}\tp95 {clock[most]:.0f} 毫秒\t"
            f"处理器 p50 {used[half]:.0f}\tp95 {used[most]:.0f} 毫秒\t{size} KiB",
            flush=True,
        )
        if clock[most] > MOST:
            slow.append(address)
    print(f"{len(PAGES)} 页，p95 超过 {MOST} 毫秒的：{'、'.join(slow) or '没有'}")


if __name__ == "__main__":
    asked(main)

"""Whatever is broken, nobody who is not signed in learns where our files are; the log tells."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.errors import BadSnapshot, KbError, ModelUnusable, NoSnapshot, StoreBusy, StoreFull
from kb.staff.database import StaffUnusable
from server.http.problems import FAULT, OUTWARD, SPEAKING, outward
from server.question_log import Notes
from tests.support.served import ADDRESSES, AskEmbedder, BrokenStore, served
from tests.support.staffing import browser

PLACE = "/srv/fuwen/secret-folder"
ALSO = (
    "/livez", "/readyz", "/version", "/openapi.json", "/docs", "/api/letters/old",
    "/api/suggestions", "/embed", "/widget.js", "/commitments", "/letters/old/original",
    "/calendar/x.ics", "/staff/login", "/staff/oidc", "/staff", "/api/staff/commitments",
)  # fmt: skip
POSTED = ("/api/ask", "/api/ask/stream", "/api/feedback", "/ask/feedback", "/staff/login")


def no_model() -> AskEmbedder:
    raise ModelUnusable(f"向量模型 {PLACE} 无法载入")


def fault_of(error: Exception) -> Callable[[Path], TestClient]:
    return lambda _: served(store=BrokenStore(error))


def broken_staff(path: Path) -> TestClient:
    path.write_bytes(b"no database" * 99)
    return browser(path)


@pytest.mark.parametrize(
    "made",
    [
        fault_of(NoSnapshot(f"{PLACE} 中还没有发布过快照")),
        fault_of(BadSnapshot(f"快照的文件坏了；请从备份恢复 {PLACE}")),
        fault_of(StoreFull(f"写入 {PLACE} 时磁盘已满")),
        fault_of(StoreBusy(f"{PLACE} 正由另一个索引进程写入")),
        fault_of(OSError(2, "No such file", PLACE)),
        lambda _: served(embedder_of=no_model),
        broken_staff,
    ],
    ids=["no snapshot", "bad snapshot", "full", "busy", "fault", "no model", "no staff.db"],
)
def test_no_page_and_no_probe_tells_where_our_files_are(
    tmp_path: Path, made: Callable[[Path], TestClient]
) -> None:
    folder = tmp_path / "secret-folder"
    folder.mkdir()
    client = made(folder / "staff.db")
    body = {"question": "农村公路硬化率是多少"}
    for address in (*ADDRESSES, *ALSO):
        assert "secret-folder" not in client.get(address).text, address
    for address in POSTED:
        for sent in ({"json": body}, {"data": {"name": "王芳", "password": "不是这个密码"}}):
            headers = {"sec-fetch-site": "same-origin"}
            response = client.post(address, headers=headers, **sent)  # type: ignore[arg-type]
            assert "secret-folder" not in response.text, address


@pytest.mark.parametrize(
    "kind", [NoSnapshot, BadSnapshot, ModelUnusable, StaffUnusable, StoreFull, StoreBusy]
)
def test_the_log_tells_what_the_page_does_not(
    kind: type[KbError], caplog: pytest.LogCaptureFixture
) -> None:
    error = kind(f"{PLACE} 坏了")
    with caplog.at_level(logging.WARNING, logger="fuwen.server"):
        words = outward(error)
    assert words == OUTWARD[kind.code]
    assert "管理员" in words or "稍后再试" in words
    assert PLACE in caplog.text


def kinds(of: type[KbError]) -> list[type[KbError]]:
    return [of, *(kind for sub in of.__subclasses__() for kind in kinds(sub))]


def test_a_fault_of_a_new_kind_says_nothing_until_it_is_known_to_be_harmless() -> None:
    class Novel(KbError):
        status, code = 503, "novel"

    assert outward(Novel(PLACE)) == FAULT
    for kind in kinds(KbError):
        if kind.status >= 500 and kind.code not in SPEAKING and kind.__init__ is KbError.__init__:
            assert PLACE not in outward(kind(PLACE))


def test_who_asks_for_what_makes_no_sense_is_told_why() -> None:
    response = served(notes=Notes(None)).post("/api/ask", json={"question": "路" * 1001})
    assert "1000" in response.json()["detail"]

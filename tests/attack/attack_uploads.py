"""Uploads under attack, on the program as it is started: who, from where, what, and in between.

Whatever is sent, nothing lies outside the folder of uploads and citizens are answered.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from kb.intake import uploads
from kb.intake.uploads import Upload
from kb.staff import accounts, sessions
from kb.staff.database import NAME, opened
from kb.staff.permissions import Role
from tests.attack.conftest import Running, start
from tests.support.promises import ORGAN, WANG

PAGE = "/staff/uploads"
LETTER = (
    "云岭市水利局\n王某委员：\n您提出的关于修渠的提案收悉，现答复如下：\n今年修渠六公里。\n"
    "2026年5月1日\n"
)
BOUNDARY = "attack"
MEGABYTE = 1024 * 1024
PATIENCE = 180  # seconds; the machine may be busy


@dataclass
class Door:
    """A server that can be killed and begun again over the same data."""

    server: Running

    def ends(self) -> None:
        """Kill it."""
        with self.server.process as process:
            process.kill()

    def again(self) -> None:
        """Kill it with no time to say anything, and start another."""
        self.ends()
        self.server = start(self.server.data, KB_RATE="0", KB_UPLOAD_MB="4")


@pytest.fixture
def door(sample: Path) -> Iterator[Door]:
    door = Door(start(sample, KB_RATE="0", KB_UPLOAD_MB="4"))
    yield door
    door.ends()


def token(door: Door, role: Role) -> str:
    """A session of somebody of this role."""
    with opened(door.server.data / NAME) as database:
        try:
            account = accounts.account(database, f"试{role}")
        except accounts.AccountNotFound:
            account = accounts.add(
                database, f"试{role}", role=role, organs=(ORGAN,), password=None, by=WANG
            )
        return sessions.begin(database, account, at=datetime.now(UTC), way="test")


def ask(
    door: Door, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", door.server.port, timeout=60)) as line:
        line.request(method, path, body, dict(headers or {}))
        answer: HTTPResponse = line.getresponse()
        return answer.status, answer.read().decode()


def headers_of(door: Door, role: Role = "manager", **more: str) -> dict[str, str]:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    cookie = f"fuwen-local={token(door, role)}"
    return {"cookie": cookie, "sec-fetch-site": "same-origin", "content-type": kind, **more}


def form(name: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"'
    return f"{head}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send(door: Door, name: str, content: bytes = b"1") -> int:
    return ask(door, "POST", PAGE, form(name, content), headers_of(door))[0]


def act(door: Door, number: int, what: str) -> int:
    headers = headers_of(door, **{"content-type": "application/x-www-form-urlencoded"})
    return ask(door, "POST", f"{PAGE}/{number}/{what}", b"", headers)[0]


def latest(door: Door) -> Upload:
    with opened(door.server.data / NAME) as database:
        return uploads.listed(database, states=(*uploads.OPEN, "published"), limit=1)[0]


def settled(door: Door) -> Upload:
    """The latest upload, once the program has done with it."""
    until = time.monotonic() + PATIENCE
    while (found := latest(door)).state in uploads.BUSY:
        assert time.monotonic() < until, found
        time.sleep(0.2)
    return found


def files_of(door: Door) -> set[str]:
    data = door.server.data
    return {one.relative_to(data).as_posix() for one in data.rglob("*") if one.is_file()}


def answered(door: Door) -> float:
    """Seconds in which a citizen has an answer."""
    began = time.monotonic()
    body = json.dumps({"question": "老旧小区加装电梯补助多少"}).encode()
    status, _ = ask(door, "POST", "/api/ask", body, {"content-type": "application/json"})
    assert status == 200
    return time.monotonic() - began


def test_only_who_may_and_only_from_our_own_pages(door: Door) -> None:
    body, before = form("渠.txt", LETTER.encode()), files_of(door)
    for role in ("reader", "reviewer"):
        assert ask(door, "POST", PAGE, body, headers_of(door, role))[0] == 403  # type: ignore[arg-type]
        assert ask(door, "GET", PAGE, b"", headers_of(door, role))[0] == 403  # type: ignore[arg-type]
    kind = headers_of(door)["content-type"]
    nobody = {"sec-fetch-site": "same-origin", "content-type": kind}
    assert ask(door, "POST", PAGE, body, nobody)[0] == 303
    for site in ("cross-site", "same-site", "none"):
        assert ask(door, "POST", PAGE, body, headers_of(door, **{"sec-fetch-site": site}))[0] == 403
    unsaid = headers_of(door)
    del unsaid["sec-fetch-site"]
    assert ask(door, "POST", PAGE, body, unsaid)[0] == 403
    elsewhere = {**unsaid, "origin": "https://evil.example"}
    assert ask(door, "POST", PAGE, body, elsewhere)[0] == 403
    assert {one for one in files_of(door) - before if "uploads" in one} == set()


NAMES = (
    "../../../CURRENT", "..\\..\\staff.db", "/etc/cron.d/x", "....//....//a.txt", "a/../../b.txt",
    "C:\\Users\\x\\a.txt", "%2e%2e%2fa.txt", "a\x7f.txt", "a\u202etxt.exe", "..", ".", "~$a.docx",
    ".ssh", "con\u2028.txt", "甲" * 300 + ".txt", "a;rm -rf ~.txt", "$(touch x).txt", "-rf.txt",
    "<script>alert(1)</script>.txt", "<img src=x onerror=alert(1)>.txt", "--data.txt",
)  # fmt: skip


def test_no_name_leads_out_of_the_folder_nor_becomes_markup(door: Door) -> None:
    before = {name for name in files_of(door) if "uploads" not in name}
    current = (door.server.data / "CURRENT").read_bytes()
    for number, name in enumerate(NAMES):
        assert send(door, name, f"{LETTER}{number}".encode()) == 303, name
        settled(door)
    beside = {one for one in files_of(door) if "uploads" not in one and "staff.db" not in one}
    assert beside <= before
    assert (door.server.data / "CURRENT").read_bytes() == current
    text = ask(door, "GET", PAGE, b"", headers_of(door))[1]
    assert "<script>alert" not in text
    assert "<img" not in text
    assert not Path("x").exists()


def bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", b"0" * (50 * MEGABYTE))
    return inner.getvalue()


def nested() -> bytes:
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("../../逃.txt", LETTER)
        archive.writestr("里.zip", b"PK\x05\x06" + b"\0" * 18)
        archive.writestr("/etc/passwd.txt", LETTER)
    return outer.getvalue()


HOSTILE = {
    "炸弹.zip": bomb, "套娃.zip": nested, "炸弹.docx": bomb,
    "乱.pdf": lambda: b"%PDF-1.4\n" + b"1 0 obj<</Length 9>>" * 20_000,
    "深.html": lambda: b"<div>" * 100_000, "空白.txt": lambda: b"\x00" * MEGABYTE,
    "长行.jsonl": lambda: b'{"id": 1' * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_while_citizens_are_answered(door: Door, name: str) -> None:
    quiet = max(answered(door) for _ in range(2))
    assert send(door, name, HOSTILE[name]()) == 303
    slowest = answered(door)
    found = settled(door)
    assert (found.state, bool(found.code)) == ("refused", True)
    assert slowest < max(3.0, 8 * quiet)
    assert not list(door.server.data.parent.rglob("逃*"))


def test_what_is_too_large_is_refused_while_it_comes(door: Door) -> None:
    body = form("大.txt", b"1" * (6 * MEGABYTE))
    assert ask(door, "POST", PAGE, body, headers_of(door))[0] == 413
    lying = headers_of(door, **{"content-length": "99999999999"})
    assert ask(door, "POST", PAGE, b"", lying)[0] == 413


@pytest.mark.parametrize("wait", [0.0, 0.5, 2.0, 6.0])
def test_killed_at_any_moment_nothing_is_lost(door: Door, wait: float) -> None:
    name = f"渠{wait}.txt"
    text = LETTER.replace("六公里", f"{wait}公里")
    assert send(door, name, text.encode()) == 303
    time.sleep(wait)
    door.again()
    assert settled(door).state == "read"
    assert act(door, latest(door).id, "publish") == 303
    time.sleep(wait)
    door.again()
    found = settled(door)
    assert (found.name, found.state) == (name, "published")
    assert ask(door, "GET", "/letters/" + "".join(f"%{b:02x}" for b in name.encode()))[0] == 200

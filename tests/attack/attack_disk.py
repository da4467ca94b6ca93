"""What lies on the disk: who may read it, and what of it shows to those who are not signed in."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.attack.conftest import ROOT, Running, index, start

PUBLIC = (
    "/", "/?q=电梯", "/ask", "/ask?q=电梯补助多少", "/letters", "/docs", "/commitments",
    "/livez", "/readyz", "/version", "/openapi.json", "/api/suggestions", "/embed", "/widget.js",
    "/staff", "/staff/login", "/staff/oidc", "/nothing", "/letters/nothing", "/api/letters/x",
    "/api/staff/commitments", "/calendar/x.ics", "/letters/../../etc/passwd", "/static/nothing",
)  # fmt: skip


def open_to_others(data: Path) -> list[Path]:
    found = [data, *data.rglob("*")]
    return [path for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077]


@contextmanager
def served(data: Path, **environment: str) -> Iterator[Running]:
    server = start(data, **environment)
    with server.process:
        try:
            yield server
        finally:
            server.process.kill()


@pytest.fixture
def data(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample data, that may be broken."""
    copy = tmp_path / "secret-place" / "data"
    shutil.copytree(sample, copy)
    return copy


def everything(server: Running) -> str:
    """All that anybody can fetch, with its headers."""
    texts = []
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        question = {"question": "老旧小区加装电梯补助多少"}
        form = {"name": "王芳", "password": "不是这个密码的密码"}
        answers = [client.get(address) for address in PUBLIC]
        answers += [
            client.post("/api/ask", json=question),
            client.post("/api/ask/stream", json=question),
            client.post("/staff/login", data=form, headers={"sec-fetch-site": "same-origin"}),
        ]
        texts = [f"{answer.headers}{answer.text}" for answer in answers]
    return "\n".join(texts)


def test_what_indexing_and_serving_make_is_for_their_account_alone(sample: Path) -> None:
    with served(sample) as server:
        everything(server)
        assert not open_to_others(sample)
        assert {"staff.db", "address.key"} <= {path.name for path in sample.iterdir()}


def test_a_folder_that_was_open_is_closed_at_the_start(data: Path) -> None:
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with served(data) as server:
        assert not open_to_others(data)
        assert "已改为只有本账号能用" in server.log.read_text()
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert index(ROOT / "corpus" / "letters", data).returncode == 0
    assert not open_to_others(data)


def emptied(data: Path) -> None:
    (data / "CURRENT").unlink()


def damaged(data: Path) -> None:
    for file in (data / "snapshots").rglob("letters.db"):
        file.chmod(0o600)
        file.write_bytes(b"damaged")


def misnamed(data: Path) -> None:
    (data / "CURRENT").write_text("20200101T000000-00000000\n")


def no_database(data: Path) -> None:
    (data / "staff.db").write_bytes(b"no database" * 99)


def no_originals(data: Path) -> None:
    shutil.rmtree(data / "originals")


@pytest.mark.parametrize("breaks", [emptied, damaged, misnamed, no_database, no_originals])
def test_nothing_that_is_broken_shows_where_it_lies(data: Path, breaks: object) -> None:
    assert callable(breaks)
    breaks(data)
    with served(data) as server:
        shown = everything(server)
    assert "secret-place" not in shown
    assert str(ROOT) not in shown
    assert "Traceback" not in shown


def test_a_planted_dictionary_cache_is_not_read(sample: Path, tmp_path: Path) -> None:
    """A cache in the shared temporary folder, as jieba would take it, that knows no word."""
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(b"planted")
    with served(sample, TMPDIR=str(tmp_path)) as server:
        answer = httpx.get(f"{server.url}/?q=电梯", timeout=60, trust_env=False)
        assert answer.status_code == 200
    assert planted.read_bytes() == b"planted"
    assert "jieba" not in server.log.read_text()
    others = [path for path in tmp_path.iterdir() if path != planted]
    assert not [path for path in others if path.stat().st_mode & 0o077]

"""``python -m server``, started for real on a port of this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from kb.settings import Settings
from kb.store.open import open_store
from server.__main__ import CANNOT_START, main
from tests.conftest import ROOT
from tests.support.fakes import make_letter
from tests.support.stores import publish


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "data"


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """The address of a server over an empty data folder."""
    command = [sys.executable, "-m", "server", "--data", str(data), "--port", "0"]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout
        line = process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        try:
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=20)[0].decode()
            assert "Traceback" not in rest, rest


def test_it_starts_unready_and_becomes_ready_when_something_is_published(
    address: str, data: Path
) -> None:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        assert client.get("/livez").status_code == 200
        empty = client.get("/readyz")
        assert (empty.status_code, empty.json()["code"]) == (503, "no_snapshot")
        store = open_store(replace(Settings(), data=data))
        publish(store, make_letter("a%2Fb"), make_letter("a/b?c"), make_letter("一\n二"))
        assert client.get("/readyz").json()["letters"] == 3
        for letter_id in ("a%2Fb", "a/b?c", "一\n二"):
            found = client.get("/api/letters/" + quote(letter_id, safe=""))
            assert found.json()["id"] == letter_id


def test_the_lines_at_the_start_tell_the_port_that_was_chosen(tmp_path: Path) -> None:
    data, decisions = tmp_path / "data", tmp_path / "decisions.jsonl"
    publish(open_store(replace(Settings(), data=data)), make_letter("a"))
    decisions.touch()
    command = ["-m", "server", "--data", str(data), "--port", "0", "--demo", str(decisions)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line.decode()
            if "复文已启动" in said:
                break
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert "演示账号" in said
    ports = {int(port) for port in re.findall(r"http://127\.0\.0\.1:(\d+)/", said)}
    assert len(ports) == 1, said
    assert ports != {0}
    assert f"http://127.0.0.1:{ports.pop()}/staff" in said


def test_it_does_not_say_what_it_runs_on(address: str) -> None:
    found = httpx.get(address + "/livez", timeout=60, trust_env=False)
    assert "server" not in found.headers


def test_head_has_no_body_on_the_wire(address: str) -> None:
    found = httpx.head(address + "/livez", timeout=60, trust_env=False)
    assert (found.status_code, found.content) == (200, b"")


def test_a_connection_that_is_kept_is_not_kept_waiting(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        took = [client.get("/livez").elapsed.total_seconds() for _ in range(12)]
    assert min(took[1:]) < 0.03  # Nagle's algorithm would make each of them wait 0.04


def exchange(address: str, request: bytes) -> bytes:
    """What comes back for raw bytes, until the server closes or has been silent for 2 s."""
    host, port = address.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=60) as line:
        line.sendall(request)
        line.settimeout(2)
        try:
            while piece := line.recv(65536):
                received += piece
        except TimeoutError:
            pass
    return received


HEAD = b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


def test_a_chunked_body_over_the_limit_is_refused_on_the_wire(address: str) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    received = exchange(address, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2)
    assert received.startswith(b"HTTP/1.1 413")
    assert b"body_too_large" in received


def test_a_client_that_leaves_in_the_middle_of_its_body_does_no_harm(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), timeout=60) as line:
            line.sendall(HEAD + b'Content-Length: 1000\r\n\r\n{"question"')
    assert httpx.get(address + "/livez", timeout=60, trust_env=False).status_code == 200


def test_bytes_that_are_no_http_are_refused(address: str) -> None:
    assert exchange(address, b"\x16\x03\x01\x02\x00\x01\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_a_deep_body_on_the_wire_is_bad_json(address: str) -> None:
    body = b"[" * 60_000
    found = httpx.post(
        address + "/api/ask",
        content=body,
        headers={"content-type": "application/json"},
        timeout=60,
        trust_env=False,
    )
    assert (found.status_code, json.loads(found.content)["code"]) == (400, "bad_json")


def test_a_port_in_use_is_told_and_ends_with_3(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--data", str(tmp_path), "--port", str(port)]) == CANNOT_START
    told = capsys.readouterr().err
    assert str(port) in told
    assert "请换一个端口" in told


@pytest.mark.parametrize(
    ("variable", "value"), [("KB_PORT", "many"), ("KB_MODEL", "/nowhere"), ("KB_PORT", "70000")]
)
def test_a_wrong_setting_is_told_and_ends_with_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert main([]) == CANNOT_START
    told = capsys.readouterr().err
    assert told.startswith("无法启动：")
    assert variable in told


def test_a_file_for_a_data_folder_is_told_before_anything_is_started(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "README.md"
    file.touch()
    assert main(["--data", str(file), "--port=0"]) == CANNOT_START
    assert capsys.readouterr() == (
        "",
        f"无法启动：{file} 不是文件夹；请核对 --data 或 KB_DATA\n",
    )


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_that_cannot_be_is_told_too(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert main([f"--port={port}"]) == CANNOT_START
    assert "端口" in capsys.readouterr().err

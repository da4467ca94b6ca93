"""``fuwen mcp``: the package's own client talks to it as a program of its own, over pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from indexer.update import update
from kb.cli import fuwen
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.open import open_store
from tests.support.asking import letter_text
from tests.support.mcp_calls import converse

HIDDEN = "鹤鸣渡码头的路灯名单共有三百二十盏。"
PRIVATE = letter_text("云民函〔2024〕9号", subject="路灯", body=f"一、情况\n{HIDDEN}").replace(
    "办理结果：A", "办理结果：A\n公开属性：不予公开"
)
PROGRAM = ("-m", "kb.cli.fuwen", "mcp", "--data")


@pytest.fixture(scope="module")
def data(model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text(letter_text(), encoding="utf-8")
    (inbox / "b.txt").write_text(PRIVATE, encoding="utf-8")
    _, tally = update([inbox], open_store(Settings(data=folder / "data")), model)
    assert not tally.refused
    return folder / "data"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_model_asks_cites_follows_up_and_checks(data: Path, mode: str) -> None:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=[*PROGRAM, str(data)],
        env={**os.environ, "KB_THRESHOLD": "0", "KB_READER": "off"},
    )

    async def talk() -> None:
        async with Client(stdio_client(parameters), mode=mode) as client:
            question = "养老服务中心有多少处？"
            await converse(client, question=question, words="养老服务中心", hidden=HIDDEN)
            resources = (await client.list_resources()).resources
            assert [one.name for one in resources] == ["a.txt"]
            refused = await client.call_tool("get_letter", {"letter_id": "b.txt"})
            assert refused.is_error
            promises = await client.call_tool("list_commitments", {})
            assert promises.structured_content["commitments"] == []

    anyio.run(talk)


def test_what_is_wrong_with_a_message_is_told_in_chinese(data: Path) -> None:
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    with subprocess.Popen(
        [sys.executable, *PROGRAM, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "KB_READER": "off"},
    ) as program:  # fmt: skip
        assert program.stdin
        assert program.stdout
        program.stdin.write(json.dumps(message).encode() + b"\n")
        program.stdin.flush()
        error = json.loads(program.stdout.readline())["error"]
        program.stdin.close()
    assert (error["code"], error["message"][:14]) == (-32602, "不用 initialize ")


def test_without_a_base_it_says_so_and_writes_nothing_to_its_client(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, *PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "no_snapshot" in ran.stderr


def test_it_does_without_the_server() -> None:
    told = "import sys, kb.cli.mcp; print([n for n in sys.modules if n.partition('.')[0] in " \
        "('server', 'fastapi', 'indexer', 'torch')])"  # fmt: skip
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_without_the_package_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("kb.cli.mcp", "kb.mcp.service"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    assert fuwen.main(["mcp"]) == 2
    assert "pip install '.[mcp]'" in capsys.readouterr().err

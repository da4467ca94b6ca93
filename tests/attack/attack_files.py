"""Hostile files: names, pipes, ids, a million bad lines, the worst strings of every format.

Each goes through ``fuwen index update`` as a person runs it. Whatever is refused, a good letter
beside it must be indexed, within a time that is stated, and within memory that is bounded.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.attack.conftest import ROOT, index
from tests.support.worst import repeated

LETTER = (ROOT / "corpus/letters/云建函〔2025〕9号.txt").read_text(encoding="utf-8")
MEGABYTE = 1_000_000


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "好的.txt").write_text(LETTER, encoding="utf-8")
    return folder


def updated(inbox: Path, data: Path, *, seconds: float) -> dict[str, Any]:
    """What the update says of itself; it must end well and in time, the good letter indexed."""
    began = time.monotonic()
    done = index(inbox, data)
    took = time.monotonic() - began
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert took < seconds, took
    assert "好的.txt" in ids(data)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def ids(data: Path) -> set[str]:
    """The ids of the letters of the current snapshot."""
    name = (data / "CURRENT").read_text().split()[0]
    with closing(sqlite3.connect(data / "snapshots" / name / "letters.db")) as database:
        return {row[0] for row in database.execute("SELECT id FROM letters")}


def test_names_of_every_sort(inbox: Path, tmp_path: Path) -> None:
    for name in (
        "关于停车的答复.txt".encode("gbk"), b"\xff\xfe.txt", b"a\nb.txt", b"\x1b[2J.txt",
        "\u202etxt.exe.txt".encode(), b"a?b#c.txt", b"-rf.txt", b"..txt", b"x" * 250 + b".txt",
    ):  # fmt: skip
        path = os.path.join(os.fsencode(inbox), name)  # noqa: PTH118
        Path(os.fsdecode(path)).write_text(LETTER, encoding="utf-8")
    said = updated(inbox, tmp_path / "data", seconds=120)
    assert "关于停车的答复.txt" in ids(tmp_path / "data")
    assert {r["code"] for r in said["refused"]} == {"bad_id"}
    assert all(r["file"].isprintable() for r in said["refused"])


def test_pipes_sockets_devices_and_links(inbox: Path, tmp_path: Path) -> None:
    os.mkfifo(inbox / "管道.txt")
    (inbox / "圈.txt").symlink_to("圈.txt")
    (inbox / "设备.txt").symlink_to("/dev/zero")
    (inbox / "别处.txt").symlink_to("/etc/passwd")
    (inbox / "夹").symlink_to("/etc")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(inbox / "s.txt"))
        said = updated(inbox, tmp_path / "data", seconds=60)
    assert {r["file"] for r in said["refused"]} == {
        "管道.txt", "圈.txt", "设备.txt", "别处.txt", "夹", "s.txt",
    }  # fmt: skip


def test_ids_that_lead_elsewhere_or_are_endless(inbox: Path, tmp_path: Path) -> None:
    bad = ["x/../../staff/logout", "../../etc/passwd", "/a", "a\\b", "a?b", "a#b", "%2e%2e/a",
           "甲" * 100_000, "a\u202eb", "a\x00b", "a\rb", "."]  # fmt: skip
    rows = [{"id": name, "text": LETTER} for name in (*bad, "好/2024-1")]
    (inbox / "all.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    said = updated(inbox, tmp_path / "data", seconds=60)
    assert len(said["refused"]) == len(bad)
    assert all(len(r["message"]) < 500 for r in said["refused"])
    assert ids(tmp_path / "data") == {"好的.txt", "好/2024-1"}


def test_a_million_bad_lines_are_told_briefly(inbox: Path, tmp_path: Path) -> None:
    (inbox / "all.jsonl").write_bytes(b'{"id": 1\n' * MEGABYTE)
    script = (
        "import resource, sys; from indexer.__main__ import main; code = main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr); sys.exit(code)"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, "update", str(inbox), "--data", str(tmp_path), "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert len(said["refused"]) == 101
    assert said["refused_more"] == MEGABYTE - 101
    assert len(done.stdout) < MEGABYTE
    assert int(done.stderr.split()[-1]) < 1_000_000  # kB
    assert time.monotonic() - began < 180


WORST = (
    " ", "、", "啊", "1", "（", "一、", "一、好\n", "一是好。", "第1页" + " " * 40, "页码 ",
    "13812345678，", "：：", "好\n", "\f", "。", "联系人：", "抄送：（、", "1万户", "a@b.",
    "2024年5月6日\n",
)  # fmt: skip


# A few, since each costs up to half a minute; tests.bench.bench_linear feeds the rules all of them.
@pytest.mark.parametrize("unit", WORST[::5], ids=[repr(unit)[:12] for unit in WORST[::5]])
def test_a_megabyte_of_the_worst(inbox: Path, tmp_path: Path, unit: str) -> None:
    content = repeated(unit, MEGABYTE).encode()[:MEGABYTE]
    (inbox / "坏.txt").write_text("答复\n" + content.decode(errors="ignore"), encoding="utf-8")
    said = updated(inbox, tmp_path / "data", seconds=200)
    assert {r["code"] for r in said["refused"]} <= {
        "too_slow", "resource_limit", "too_large", "empty_file", "damaged_file",
    }  # fmt: skip


def _docx(path: Path, text: str) -> None:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n"))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        package.writestr(
            "word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>"
        )


def test_the_worst_in_every_format_at_once(inbox: Path, tmp_path: Path) -> None:
    text = repeated("一、好\n", 8000)
    _docx(inbox / "a.docx", text)
    (inbox / "b.html").write_text("<ol>" + "<li>好" * 8000, encoding="utf-8")
    (inbox / "c.html").write_text(
        "<table><tr><td>文号：1<td>标题：2<td>分类：3</table>" * 5000, encoding="utf-8"
    )
    (inbox / "d.txt").write_bytes(b"<!---->" * 4000)
    (inbox / "e.jsonl").write_text(json.dumps({"id": "e", "text": text}), encoding="utf-8")
    (inbox / "f.pdf").write_bytes(b"%PDF-1.4\n" + b"1 0 obj<</Length 9>>" * 20_000)
    (inbox / "g.htm").write_text("<div>" * 200 + "好。" * 4000, encoding="utf-8")
    updated(inbox, tmp_path / "data", seconds=280)

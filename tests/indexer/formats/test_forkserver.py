"""The limited child processes: what they may not do, how their end is told, who starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from indexer.formats import child, forkserver
from indexer.formats.forkserver import ForkServer
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from tests.conftest import ROOT


def on_disk(folder: Path, content: bytes) -> BinaryIO:
    """``content`` as an open file."""
    path = folder / "file"
    path.write_bytes(content)
    return path.open("rb")


def in_child(tmp_path: Path, source: str, *, limits: Limits = Limits()) -> str:  # noqa: B008
    """Run ``read(file, limits)`` of the module text ``source`` as a reader in a real child.

    Gives the letter's text; the reader is planted by a ``sitecustomize``, as no reader that
    is so badly behaved exists.
    """
    (tmp_path / "badly.py").write_text(
        f"from indexer.formats.raw import Raw, refused\ndef read(file, limits):\n    {source}\n"
    )
    (tmp_path / "planted.py").write_text(
        "import sys\nfrom indexer.formats import child, forkserver\n"
        "child.READERS['badly'] = 'badly'\nforkserver.main(sys.argv[1:])\n"
    )
    runner = tmp_path / "python"
    runner.write_text(
        f"#!/bin/sh\nshift 3\nexport PYTHONPATH={tmp_path}:{ROOT}\n"
        f'exec {sys.executable} -P -m planted "$@"\n'
    )
    runner.chmod(0o755)
    server = ForkServer()
    with pytest.MonkeyPatch.context() as patch, on_disk(tmp_path, b"") as file:
        patch.setattr(sys, "executable", str(runner))
        try:
            return server.run("badly", file, limits).text
        finally:
            server.end()


def code_of(tmp_path: Path, source: str, *, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        in_child(tmp_path, source, limits=limits)
    return caught.value.code


def test_a_reader_gives_its_letter_whole(tmp_path: Path) -> None:
    with on_disk(tmp_path, "<p>答复𠮷</p>".encode()) as file:
        assert forkserver.run("html", file, Limits()) == Raw(id=None, text="答复𠮷")


def test_the_file_is_read_from_its_start_wherever_it_stands(tmp_path: Path) -> None:
    with on_disk(tmp_path, b"<p>" + b"x" * 3000 + b"</p>") as file:
        file.read(10)
        file.seek(0)  # moves within the buffer only
        assert len(forkserver.run("html", file, Limits()).text) == 3000


def test_a_refusal_comes_back_with_its_code_and_sentence(tmp_path: Path) -> None:
    refusal = pytest.raises(UnreadableFile, match="不是完整的 PDF")
    with on_disk(tmp_path, b"%PDF-1.4 nothing") as file, refusal as caught:
        forkserver.run("pdf", file, Limits())
    assert caught.value.code == "damaged_file"


def test_lone_surrogates_reach_the_parent_as_they_are(tmp_path: Path) -> None:
    assert in_child(tmp_path, "return Raw(id=None, text='\\ud800')") == "\ud800"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("bytearray(2 * 1024**3)", "resource_limit"),
        ("raise MemoryError", "resource_limit"),
        ("import os; os.abort()", "resource_limit"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "resource_limit"),
        ("raise KeyError('x')", "damaged_file"),
        ("read(file, limits)", "damaged_file"),
        ("import os; os._exit(3)", "damaged_file"),
        ("raise refused('no_text')", "no_text"),
    ],
)
def test_every_end_of_the_child_has_its_code(tmp_path: Path, source: str, expected: str) -> None:
    assert code_of(tmp_path, source) == expected


def test_processor_time_is_limited(tmp_path: Path) -> None:
    began = os.times().children_user
    assert code_of(tmp_path, "while True: pass", limits=Limits(cpu_seconds=1)) == "resource_limit"
    assert os.times().children_user - began < 5


def test_a_child_that_sleeps_is_ended_by_the_clock(tmp_path: Path) -> None:
    source = "import time; time.sleep(60)"  # and then all would be well
    assert code_of(tmp_path, source, limits=Limits(wall_seconds=1.0)) == "resource_limit"


def test_output_is_capped_while_it_is_read(tmp_path: Path) -> None:
    source = "return Raw(id=None, text='x' * 200_000)"
    assert code_of(tmp_path, source, limits=Limits(output_bytes=100_000)) == "resource_limit"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.socket().bind(('127.0.0.1', 0))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "open('written', 'wb').write(b'x' * 10)",
    ],
)
def test_the_child_has_no_network_no_processes_and_no_disk(tmp_path: Path, attempt: str) -> None:
    source = f"import os; os.chdir({str(tmp_path)!r}); {attempt}"
    assert code_of(tmp_path, source) == "damaged_file"
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0


def test_open_files_are_few(tmp_path: Path) -> None:
    assert code_of(tmp_path, "held = [open('/dev/null') for _ in range(99)]") == "damaged_file"


def test_nothing_of_our_environment_reaches_the_child(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUWEN_SECRET", "x")
        source = "import os; return Raw(id=None, text=str('FUWEN_SECRET' in os.environ))"
        assert in_child(tmp_path, source) == "False"


def test_the_working_folder_of_the_parent_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "kb.py").write_text("raise SystemExit(9)")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        with on_disk(tmp_path, "<p>答复</p>".encode()) as file:
            assert forkserver.run("html", file, Limits()).text == "答复"


@pytest.mark.parametrize("reader", sorted(child.READERS))
def test_a_reader_imports_nothing_heavy(reader: str) -> None:
    heavy = "{'numpy', 'torch', 'faiss', 'transformers', 'docx', 'bs4', 'requests'}"
    script = f"import sys, {child.READERS[reader]}; print({heavy} & set(sys.modules) or '')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def children(process: int) -> list[str]:
    """What runs under ``process``."""
    return Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()


@pytest.fixture
def server() -> Iterator[ForkServer]:
    server = ForkServer()
    yield server
    server.end()


def test_no_child_is_left_behind(tmp_path: Path, server: ForkServer) -> None:
    with on_disk(tmp_path, b"%PDF-1.4 nothing") as file, pytest.raises(UnreadableFile):
        server.run("pdf", file, Limits())
    process = process_of(server)
    assert not children(process)
    server.end()
    assert not Path(f"/proc/{process}").exists()


def process_of(server: ForkServer) -> int:
    assert server._process
    return server._process.pid


def test_each_file_has_a_child_of_its_own_and_one_server_starts_them(
    tmp_path: Path, server: ForkServer
) -> None:
    with on_disk(tmp_path, "<p>答复</p>".encode()) as file:
        server.run("html", file, Limits())
        process = process_of(server)
        assert server.run("html", file, Limits()).text == "答复"
    assert process_of(server) == process


def test_a_server_that_was_killed_costs_one_file(tmp_path: Path, server: ForkServer) -> None:
    with on_disk(tmp_path, "<p>答复</p>".encode()) as file:
        server.run("html", file, Limits())
        os.kill(process_of(server), signal.SIGKILL)
        with pytest.raises(UnreadableFile) as caught:
            server.run("html", file, Limits())
        assert caught.value.code == "resource_limit"
        assert server.run("html", file, Limits()).text == "答复"


def test_a_fork_of_the_caller_has_a_server_of_its_own(tmp_path: Path, server: ForkServer) -> None:
    with on_disk(tmp_path, "<p>答复</p>".encode()) as file:
        server.run("html", file, Limits())
        process, fork = process_of(server), os.fork()
        if not fork:
            try:
                well = server.run("html", file, Limits()).text == "答复"
                own = process_of(server) != process
                server.end()
                os._exit(0 if well and own else 1)
            finally:
                os._exit(2)
        assert os.waitpid(fork, 0)[1] == 0
        assert server.run("html", file, Limits()).text == "答复"
    assert process_of(server) == process


def test_the_limits_of_one_file_are_not_those_of_the_next(
    tmp_path: Path, server: ForkServer
) -> None:
    page = "<p>" + "答" * 9000 + "</p>"
    with on_disk(tmp_path, page.encode()) as file:
        with pytest.raises(UnreadableFile) as caught:
            server.run("html", file, Limits(output_bytes=100))
        assert caught.value.code == "resource_limit"
        assert len(server.run("html", file, Limits()).text) == 9000


def test_the_child_holds_no_way_to_the_server(tmp_path: Path) -> None:
    source = "import os; return Raw(id=None, text=' '.join(os.listdir('/proc/self/fd')))"
    held = in_child(tmp_path, source).split()
    assert len(held) <= 4  # standard input, output, error, and the folder that is being listed

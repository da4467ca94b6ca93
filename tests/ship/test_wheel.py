"""The wheel holds what git holds, and runs by itself: ``make test-ship`` builds it first.

``build/clean`` has what ``deploy/lock/run.txt`` pins and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT

PACKAGES = ("kb", "indexer", "server", "eval")
NOT_PACKED = ("server/widget/", "eval/README.md", "eval/RESULTS.md", "eval/pages/README.md")
LETTERS = ("云交函〔2022〕19号.txt", "云交函〔2025〕8号.txt", "云交函〔2026〕4号.txt")


def made(*command: str | Path, cwd: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What a command gives that sees neither this repository nor this environment."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **given}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel() -> Path:
    """What ``make wheel`` built, where an old file lies in ``build/lib``."""
    stale = ROOT / "build" / "lib" / "kb" / "stale.py"
    stale.parent.mkdir(parents=True, exist_ok=True)
    stale.write_text("raise AssertionError\n", encoding="utf-8")
    subprocess.run(["make", "wheel"], cwd=ROOT, check=True, capture_output=True)
    shutil.rmtree(ROOT / "build" / "lib")
    (found,) = (ROOT / "build" / "wheel").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def fuwen(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment of its own: the lock's packages and the wheel."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, symlinks=True)
    (clean,) = (ROOT / "build" / "clean" / "lib").glob("python3.*/site-packages")
    (own,) = (folder / "lib").glob("python3.*/site-packages")
    (own / "locked.pth").write_text(f"{clean}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    return folder / "bin" / "fuwen"


@pytest.fixture(scope="module")
def office(fuwen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from the repository, where three letters have been indexed."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "letters").mkdir()
    for name in LETTERS:
        shutil.copy(CORPUS / "letters" / name, folder / "letters")
    run = made(fuwen, "index", "update", "letters", cwd=folder)
    assert run.returncode == 0, run.stderr
    return folder


def test_the_wheel_holds_what_git_holds_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *PACKAGES], cwd=ROOT, capture_output=True, check=True
    )
    tracked = {name for name in listed.stdout.decode().split("\0") if name}
    wanted = {name for name in tracked if not name.startswith(NOT_PACKED)}
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
        assert held == wanted
        for name in held:
            assert opened.read(name) == (ROOT / name).read_bytes(), name


def test_two_builds_of_one_commit_are_the_same_file(wheel: Path) -> None:
    before = wheel.read_bytes()
    subprocess.run(["make", "wheel"], cwd=ROOT, check=True, capture_output=True)
    assert wheel.read_bytes() == before


def test_an_answer_is_quoted_far_from_the_repository(fuwen: Path, office: Path) -> None:
    run = made(fuwen, "ask", "--json", "龙泉镇公交化改造什么时候完成", cwd=office)
    assert run.returncode == 0, run.stderr
    reply = json.loads(run.stdout)
    quote = reply["quotes"][0]
    shown = made(fuwen, "letter", "--json", quote["letter_id"], cwd=office)
    assert json.loads(shown.stdout)["text"][quote["start"] : quote["end"]] == quote["text"]


def test_nothing_of_the_repository_is_imported(fuwen: Path, office: Path) -> None:
    code = "import kb, indexer, server, eval; print(kb.__file__, server.__file__)"
    run = made(fuwen.with_name("python"), "-c", code, cwd=office)
    assert str(ROOT) not in run.stdout
    assert str(fuwen.parent.parent) in run.stdout


@pytest.fixture
def address(fuwen: Path, office: Path) -> Iterator[str]:
    """Where the installed server listens; it is ended as systemd ends it."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        [fuwen, "serve", "--port", "0"],
        cwd=office,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split("：")[1].split()[0]
        server.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("page", ["readyz", "", "static/fuwen.css", "widget.js", "staff/login"])
def test_the_server_has_its_pages_with_it(address: str, page: str) -> None:
    with urllib.request.urlopen(address + page) as response:
        assert response.status == 200
        assert response.read()

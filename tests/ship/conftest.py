"""What ``make test-ship`` built: a wheel, and an environment with what the lock pins."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT

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


@pytest.fixture(scope="session")
def wheel() -> Path:
    """What ``make wheel`` built, where an old file lies in ``build/lib``."""
    stale = ROOT / "build" / "lib" / "kb" / "stale.py"
    stale.parent.mkdir(parents=True, exist_ok=True)
    stale.write_text("raise AssertionError\n", encoding="utf-8")
    subprocess.run(["make", "wheel"], cwd=ROOT, check=True, capture_output=True)
    shutil.rmtree(ROOT / "build" / "lib")
    (found,) = (ROOT / "build" / "wheel").glob("*.whl")
    return found


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def office(fuwen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from the repository, where three letters have been indexed."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "letters").mkdir()
    for name in LETTERS:
        shutil.copy(CORPUS / "letters" / name, folder / "letters")
    run = made(fuwen, "index", "update", "letters", cwd=folder)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="session")
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

"""The wheel holds what git holds, and runs by itself: ``make test-ship`` builds it first.

``build/clean`` has what ``deploy/lock/run.txt`` pins and nothing else.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.ship.conftest import made

PACKAGES = ("kb", "indexer", "server", "eval", "fuwen")
NOT_PACKED = ("server/widget/", "eval/README.md", "eval/RESULTS.md", "eval/pages/README.md")


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
    code = "import kb, indexer, server, eval, fuwen; print(kb.__file__, server.__file__)"
    run = made(fuwen.with_name("python"), "-c", code, cwd=office)
    assert str(ROOT) not in run.stdout
    assert str(fuwen.parent.parent) in run.stdout


@pytest.mark.parametrize("page", ["readyz", "", "static/fuwen.css", "widget.js", "staff/login"])
def test_the_server_has_its_pages_with_it(address: str, page: str) -> None:
    with urllib.request.urlopen(address + page) as response:
        assert response.status == 200
        assert response.read()

"""The offline bundle, in a network namespace where nothing but loopback can be reached."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT
from tests.ship.conftest import LETTERS

ALONE = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--net", "--map-root-user"]
QUESTION = "龙泉镇公交化改造什么时候完成"
able = shutil.which("unshare") and not subprocess.run([*ALONE, "true"], check=False).returncode
pytestmark = pytest.mark.skipif(not able, reason="no network namespace may be made here")
SERVED = """
import json, subprocess, sys, urllib.request
server = subprocess.Popen([sys.argv[1], "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
address = server.stdout.readline().split("：")[1].split()[0]
asked = urllib.request.Request(address + "api/ask", json.dumps({"question": sys.argv[2]}).encode(),
    {"content-type": "application/json"})
print(urllib.request.urlopen(asked).read().decode())
server.terminate()
"""


def alone(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command where the only network is loopback, and nothing of ours is on its paths."""
    up = ["sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
    return subprocess.run(
        [*ALONE, *up, *map(str, command)],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def fine(*command: str | Path, cwd: Path) -> str:
    """What a command prints that has to succeed."""
    run = alone(*command, cwd=cwd)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, unpacked."""
    subprocess.run(["make", "bundle"], cwd=ROOT, check=True, capture_output=True)
    (packed,) = (ROOT / "build" / "bundle").glob("*.tar.gz")
    folder = tmp_path_factory.mktemp("bundle")
    with tarfile.open(packed) as opened:
        opened.extractall(folder, filter="data")
    (inside,) = folder.iterdir()
    return inside


@pytest.fixture(scope="module")
def newer(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next release: the same but for a page."""
    folder = tmp_path_factory.mktemp("newer") / bundle.name
    shutil.copytree(bundle, folder)
    (folder / "docs" / "CHANGELOG.md").write_text("新的一版\n", encoding="utf-8")
    reseal(folder)
    return folder


@pytest.fixture(scope="module")
def office(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine's folder: the programs in ``opt``, three letters, indexed into ``data``."""
    folder = tmp_path_factory.mktemp("office")
    fine("sh", bundle / "install.sh", "--prefix", folder / "opt", cwd=folder)
    (folder / "letters").mkdir()
    for name in LETTERS:
        shutil.copy(CORPUS / "letters" / name, folder / "letters")
    fine(folder / "opt/current/bin/fuwen", "index", "update", "letters", cwd=folder)
    return folder


def reseal(folder: Path) -> None:
    """Write SHA256SUMS anew."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    rows = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n"
        for path in files
        if path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(rows), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under ``folder`` but the locks that reading makes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_answer_without_any_network(office: Path) -> None:
    said = fine(office / "opt/current/bin/fuwen", "ask", "--json", QUESTION, cwd=office)
    assert json.loads(said)["quotes"]


def test_the_server_answers_without_any_network(office: Path) -> None:
    current = office / "opt/current/bin"
    said = fine(current / "python", "-c", SERVED, current / "fuwen", QUESTION, cwd=office)
    assert json.loads(said)["quotes"]


def test_installing_again_changes_nothing(bundle: Path, office: Path) -> None:
    before = {path: path.lstat().st_mtime_ns for path in (office / "opt").rglob("*")}
    said = fine("sh", bundle / "install.sh", "--prefix", office / "opt", cwd=office)
    assert "已经装过" in said
    assert {path: path.lstat().st_mtime_ns for path in (office / "opt").rglob("*")} == before


def test_upgrade_backup_and_the_way_back(bundle: Path, newer: Path, office: Path) -> None:
    current = office / "opt/current"
    fuwen = current / "bin/fuwen"
    old = str(current.readlink())
    fine(fuwen, "backup", "backups/before", cwd=office)
    data = contents(office / "data")
    said = fine("sh", newer / "install.sh", "--prefix", office / "opt", cwd=office)
    assert str(current.readlink()) != old
    assert str((office / "opt/previous").readlink()) == old
    assert f"ln -sfn {old} " in said
    assert (current / "docs/CHANGELOG.md").read_text(encoding="utf-8") == "新的一版\n"
    assert contents(office / "data") == data, "an upgrade does not touch what is kept"
    assert json.loads(fine(fuwen, "ask", "--json", QUESTION, cwd=office))["quotes"]
    current.unlink()
    current.symlink_to(old)
    fine(fuwen, "restore", "backups/before", "--replace", cwd=office)
    assert json.loads(fine(fuwen, "ask", "--json", QUESTION, cwd=office))["quotes"]


def test_a_damaged_bundle_is_refused_before_anything_is_done(bundle: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(bundle, damaged)
    wheel = next((damaged / "wheels").glob("fuwen-*.whl"))
    body = bytearray(wheel.read_bytes())
    body[len(body) // 2] ^= 1
    wheel.write_bytes(body)
    run = alone("sh", damaged / "install.sh", "--prefix", tmp_path / "opt", cwd=tmp_path)
    assert run.returncode == 1
    assert "SHA256SUMS 对不上" in run.stderr
    assert not (tmp_path / "opt").exists()


def test_an_installation_that_was_broken_off_is_made_anew(bundle: Path, office: Path) -> None:
    release = (office / "opt/current").resolve()
    (release / "complete").unlink()
    shutil.rmtree(release / "lib")
    fine("sh", bundle / "install.sh", "--prefix", office / "opt", cwd=office)
    assert fine(office / "opt/current/bin/fuwen", "--version", cwd=office)


def test_another_python_is_refused(bundle: Path, tmp_path: Path) -> None:
    command = ["sh", bundle / "install.sh", "--prefix", tmp_path / "opt", "--python", "/bin/echo"]
    run = alone(*command, cwd=tmp_path)
    assert run.returncode == 1
    assert "是给 Python 3.11 的" in run.stderr
    assert not (tmp_path / "opt").exists()

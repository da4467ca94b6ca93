"""The systemd units: hardened, and running commands that there are."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kb.cli.fuwen import COMMANDS
from kb.settings import Settings
from tests.conftest import ROOT

SYSTEMD = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))
TIMERS = sorted(path.name for path in SYSTEMD.glob("*.timer"))
MOST_EXPOSED = 2.0  # of 10, as systemd-analyze security counts
analyze = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(analyze is None, reason="systemd-analyze is not installed")


def unit(name: str) -> configparser.ConfigParser:
    """A unit's file; of a key that comes several times the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(SYSTEMD / name, encoding="utf-8")
    return parser


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with our units, and stand-ins for the programs that they start."""
    units = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(SYSTEMD, units)
    programs = tmp_path / "opt" / "fuwen" / "current"
    for program in (programs / "bin" / "fuwen", programs / "backup.sh"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
    for name in ("sysinit", "basic", "shutdown", "network", "network-online", "timers"):
        (units / f"{name}.target").write_text("[Unit]\n", encoding="utf-8")
    return tmp_path


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardly_exposed(root: Path, name: str) -> None:
    command = [str(analyze), "security", "--offline=yes", f"--root={root}", "--no-pager", name]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", run.stdout)
    assert found, run.stderr
    assert float(found[1]) <= MOST_EXPOSED, run.stdout


@needs_systemd
@pytest.mark.parametrize("name", [*SERVICES, *TIMERS])
def test_systemd_understands_every_line(root: Path, name: str) -> None:
    command = [str(analyze), "verify", f"--root={root}", "--man=no", name]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_that_there_is(name: str) -> None:
    program, *words = unit(name)["Service"]["ExecStart"].split()
    if program.endswith(".sh"):
        assert (ROOT / "deploy" / Path(program).name).is_file()
    else:
        assert program == "/opt/fuwen/current/bin/fuwen"
        assert words[0] in COMMANDS


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_has_its_service(name: str) -> None:
    assert name.replace(".timer", ".service") in SERVICES
    assert unit(name)["Install"]["WantedBy"] == "timers.target"


def test_the_environment_file_names_settings_that_there_are() -> None:
    text = (ROOT / "deploy" / "fuwen.env").read_text(encoding="utf-8")
    named = re.findall(r"^#? ?(KB_\w+)=", text, re.MULTILINE)
    known = {f"KB_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert "KB_DATA" in named
    assert set(named) <= known

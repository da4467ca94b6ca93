"""What a shell completes after ``fuwen``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kb.cli import fuwen

BASH = shutil.which("bash")
TRY = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fuwen; printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    assert fuwen.main(["completion", "bash"]) == 0
    path = tmp_path / "fuwen.bash"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script_with_every_command(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fuwen.main(["completion", shell]) == 0
    out = capsys.readouterr().out
    assert "@ROWS@" not in out
    assert " ".join(fuwen.COMMANDS) in out
    assert "'user add --role'" in out


def test_the_shells_that_are_installed_can_read_their_scripts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for shell, check in (("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")):
        fuwen.main(["completion", shell])
        script = capsys.readouterr().out
        if program := shutil.which(shell):
            told = subprocess.run([program, check, "/dev/stdin"], input=script, text=True)
            assert told.returncode == 0, shell


@pytest.mark.skipif(not BASH, reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("",), list(fuwen.COMMANDS)),
        (("in",), ["index"]),
        (("index", "ro"), ["rollback"]),
        (("index", "update", "--re"), ["--rebuild"]),
        (("user", "add", "--role", ""), ["reader", "reviewer", "manager", "admin"]),
        (("user", "add", "王芳", "--role", "ad"), ["admin"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("-",), ["--help", "--version"]),
        (("index", "update", ""), [""]),  # files, by the shell itself
        (("ask", "--data", ""), [""]),
        (("ask", "audit", "v"), [""]),  # what is asked is no command
    ],
)
def test_bash_is_offered_what_may_follow(
    script: Path, typed: tuple[str, ...], offered: list[str]
) -> None:
    assert BASH
    command = [BASH, "-c", TRY, "bash", str(script), "fuwen", *typed]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[:-1] == offered

"""What deploy/ holds, read by the tools of its kind (``deploy/lock/tools.txt``)."""

from __future__ import annotations

import subprocess

import pytest

from tests.conftest import ROOT

TOOLS = ROOT / "build" / "tools" / "bin"
SCRIPTS = ("backup.sh", "bundle/fuwen", "bundle/install.sh", "bundle/make.sh")


@pytest.mark.parametrize(
    "command",
    [
        ["hadolint", "deploy/Dockerfile"],
        ["shellcheck", "--external-sources", *(f"deploy/{name}" for name in SCRIPTS)],
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml"],
    ],
    ids=lambda command: str(command[0]),
)
def test_nothing_is_found_amiss(command: list[str]) -> None:
    run = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr

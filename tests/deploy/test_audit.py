"""``make audit``: what could not be looked up is never passed over as sound."""

from __future__ import annotations

import json
import runpy
import subprocess
from typing import Any

import pytest

from tests.conftest import ROOT

SOUND = {"name": "sound", "version": "1", "vulns": []}
HIT = {"name": "hit", "version": "1", "vulns": [{"id": "X-1"}]}
UNKNOWN = {"name": "unknown", "version": "1", "skip_reason": "not found"}


def audit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: Any
) -> tuple[int, str]:
    """The exit status and what is printed where pip-audit finds this."""

    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], int(HIT in found), found_text, "no way out")

    found_text = json.dumps({"dependencies": found}) if found else ""
    monkeypatch.setattr(subprocess, "run", run)
    main = runpy.run_path(str(ROOT / "deploy" / "audit.py"))["main"]
    return main(["run.txt"]), capsys.readouterr().out


def test_nothing_amiss(monkeypatch: Any, capsys: Any) -> None:
    status, said = audit(monkeypatch, capsys, [SOUND])
    assert (status, said) == (0, "run.txt：依赖 1 个，查了 1 个，其中有漏洞的 0 个\n")


def test_an_advisory_fails_and_is_named(monkeypatch: Any, capsys: Any) -> None:
    status, said = audit(monkeypatch, capsys, [SOUND, HIT])
    assert status == 1
    assert "hit 1 有漏洞" in said
    assert "X-1" in said


def test_what_was_not_found_is_said(monkeypatch: Any, capsys: Any) -> None:
    status, said = audit(monkeypatch, capsys, [SOUND, UNKNOWN])
    assert status == 0
    assert "依赖 2 个，查了 1 个" in said
    assert "没有查的 1 个" in said


def test_no_way_to_the_advisories_is_said(monkeypatch: Any, capsys: Any) -> None:
    status, said = audit(monkeypatch, capsys, [])
    assert status == 0
    assert "没有查：连不上公布漏洞的地方（no way out）" in said

"""The lock files hold what pyproject.toml asks for, each with its hashes."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.conftest import ROOT

LOCK = ROOT / "deploy" / "lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
TORCH = "torch"  # each kind of machine has a build of its own: docs/install.md


def pinned(name: str) -> dict[str, tuple[str, str]]:
    """What ``deploy/lock/name`` pins: package → version and the rest of its entry."""
    text = (LOCK / name).read_text(encoding="utf-8")
    rows = re.findall(r"^([\w.-]+)==([\w.]+)(.*(?:\n    .*)*)", text, re.MULTILINE)
    return {package: (version, rest) for package, version, rest in rows}


def asked(*extras: str) -> dict[str, str]:
    """What pyproject.toml pins: package → version, torch left out."""
    rows = [*PROJECT["dependencies"], *(row for extra in extras for row in EXTRAS[extra])]
    pairs = dict(row.split("==") for row in rows if not row.startswith("fuwen["))
    pairs.pop(TORCH, None)
    return pairs


@pytest.mark.parametrize(
    ("name", "extras"), [("run.txt", ()), ("test.txt", ("dev", "eval", "browser", "torch"))]
)
def test_every_pinned_dependency_stands_in_the_lock(name: str, extras: tuple[str, ...]) -> None:
    locked = {package: version for package, (version, _) in pinned(name).items()}
    missing = {row for row in asked(*extras).items() if locked.get(row[0]) != row[1]}
    assert not missing, "run make lock"


@pytest.mark.parametrize("name", ["build.txt", "run.txt", "test.txt"])
def test_every_entry_has_hashes_and_no_file_names_an_index(name: str) -> None:
    entries = pinned(name)
    assert entries
    for package, (_, rest) in entries.items():
        assert "--hash=sha256:" in rest, package
    text = (LOCK / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--?\w", text, re.MULTILINE), "an option"


def test_tests_run_with_what_is_shipped() -> None:
    shipped, tested = pinned("run.txt"), pinned("test.txt")
    assert {name: tested[name][0] for name in shipped} == {
        name: version for name, (version, _) in shipped.items()
    }


def test_what_is_shipped_has_no_torch() -> None:
    assert TORCH not in pinned("run.txt")
    assert not [name for name in pinned("run.txt") if name.startswith(("nvidia", "transformers"))]

"""The built widget: its size, what it never does, and that it is what its sources give."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import server

STATIC = Path(server.__file__).parent / "static"
WIDGET = Path(server.__file__).parent / "widget"
LAUNCHER = STATIC / "widget.js"
PANELS = sorted(STATIC.glob("widget-*.js"))
BUILT = [LAUNCHER, *PANELS]
SOURCES = sorted((WIDGET / "src").glob("*.ts"))
LAUNCHER_LIMIT = 8_000  # bytes, gzipped
WHOLE_LIMIT = 30_000


def tokens(sheet: Path, part: int) -> dict[str, str]:
    """The colours and types that a style sheet sets at first (part 0) or in the dark (1)."""
    words = sheet.read_text(encoding="utf-8").split("@media")[part]
    return dict(re.findall(r"(--[a-z-]+): ([^;]+);", words))


@pytest.mark.parametrize("part", [0, 1])
def test_widget_and_pages_have_the_same_colours_and_types(part: int) -> None:
    ours, pages = tokens(WIDGET / "src" / "tokens.css", part), tokens(STATIC / "fuwen.css", part)
    both = ours.keys() & pages.keys()
    assert {"--ink", "--paper", "--accent", "--mark"} <= both
    assert {name: ours[name] for name in both} == {name: pages[name] for name in both}


def zipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), mtime=0))


def test_the_launcher_and_the_whole_keep_their_sizes() -> None:
    assert zipped(LAUNCHER) <= LAUNCHER_LIMIT
    assert sum(map(zipped, BUILT)) <= WHOLE_LIMIT


def test_there_is_one_panel_named_by_its_hash_and_the_launcher_asks_for_it() -> None:
    (panel,) = PANELS
    digest = hashlib.sha256(panel.read_bytes()).hexdigest()[:16]
    assert panel.name == f"widget-{digest}.js"
    assert re.findall(r"widget-[0-9a-f]{16}\.js", LAUNCHER.read_text("utf-8")) == [panel.name]


def test_a_wheel_holds_every_template_and_static_file() -> None:
    root = STATIC.parent
    project = tomllib.loads((root.parent / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["server"]
    held = {file for pattern in patterns for file in root.glob(pattern) if file.is_file()}
    shown = {file for room in ("static", "templates") for file in (root / room).rglob("*")}
    assert {file for file in shown if file.is_file()} == held


def test_the_licence_of_what_is_bundled_lies_beside_it() -> None:
    licence = (STATIC / "widget.LICENSE.txt").read_text("utf-8")
    assert licence.startswith("BSD 3-Clause License")
    assert "Google LLC" in licence
    assert "widget.LICENSE.txt" in PANELS[0].read_text("utf-8")[:120]


FORBIDDEN = {
    "markup from text": r"innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|unsafeStatic"
    r"|document\.write|DOMParser|createContextualFragment|srcdoc",
    "code from text": r"\beval\(|new Function",
    "a style the page's policy forbids": r"<style|\sstyle=|styleMap|setAttribute\(.style",
    "storage beyond the tab": r"localStorage|indexedDB|\bcaches\b|document\.cookie|cookieStore",
    "another line to a server": r"EventSource|WebSocket|XMLHttpRequest|sendBeacon|\bImage\(",
    "an address of its own": r"https?://(?!HOST/)",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_source_uses(what: str) -> None:
    assert len(SOURCES) > 10
    for file in SOURCES:
        found = re.search(FORBIDDEN[what], file.read_text("utf-8"))
        assert not found, f"{file.name}: {found and found.group()}"


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("file", BUILT, ids=["launcher", "panel"])
def test_no_built_file_uses(file: Path, what: str) -> None:
    found = re.findall(FORBIDDEN[what], file.read_text("utf-8"))
    # Lit makes its templates, constants of ours, by way of one <template>.
    ours = ["innerHTML"] if (file, what) == (PANELS[0], "markup from text") else []
    assert found == ours


@pytest.mark.parametrize("file", BUILT, ids=["launcher", "panel"])
def test_no_built_file_names_another_site_or_fetches_a_font(file: Path) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|@font-face|url\(", file.read_text("utf-8"))


def test_every_dependency_is_pinned_and_no_address_is_locked() -> None:
    package = json.loads((WIDGET / "package.json").read_text("utf-8"))
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((WIDGET / "package-lock.json").read_text("utf-8"))
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]
    locked = {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted}
    assert locked == wanted


def test_the_built_files_are_what_the_sources_give(tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node or not (WIDGET / "node_modules").is_dir():
        pytest.skip("需要 Node 20，并先在 server/widget 里运行 npm ci")
    command = [node, "build.mjs", "--out", str(tmp_path)]
    subprocess.run(command, cwd=WIDGET, check=True, capture_output=True, timeout=60)
    built = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert built == {name: (STATIC / name).read_bytes() for name in built}
    assert {file.name for file in BUILT} <= set(built)

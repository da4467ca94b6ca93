"""What the documents say is so."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path

from kb.answer.sentences import WEIGHTS
from kb.errors import READING_CODES
from kb.help import HELP
from kb.settings import BUNDLED_MODEL, BUNDLED_READER, BUNDLED_TAGGER, Settings

ROOT = Path(__file__).resolve().parent.parent
CHANGES = ("新增 Added", "变更 Changed", "修复 Fixed")


def test_every_setting_is_documented_with_its_default_and_nothing_else() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(KB_\w+)` \| `(.*?)` \| .+ \|$", text, re.MULTILINE))
    expected = {f"KB_{field.name.upper()}": str(field.default) for field in fields(Settings)}
    expected["KB_MODEL"] = BUNDLED_MODEL.relative_to(ROOT).as_posix()
    expected["KB_READER"] = BUNDLED_READER.relative_to(ROOT).as_posix()
    expected["KB_TAGGER"] = BUNDLED_TAGGER.relative_to(ROOT).as_posix()
    assert rows == expected
    assert set(HELP) == {field.name for field in fields(Settings)}


def test_the_refusal_threshold_is_the_calibrated_one() -> None:
    fitted = json.loads((BUNDLED_READER / "weights.json").read_text(encoding="utf-8"))
    assert Settings().threshold == fitted["threshold"]


def test_measurements_repeat_the_figures_of_the_fit() -> None:
    text = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")
    figures = json.loads(WEIGHTS.read_text(encoding="utf-8"))["held_out"]
    for name in ("auroc", "refused_at_10_percent_false", "threshold_at_10_percent_false"):
        assert f"{figures[name]:.3f}" in text, name
    reached = json.loads((BUNDLED_READER / "weights.json").read_text(encoding="utf-8"))["held_out"]
    for source, row in reached.items():
        for name in ("right", "wrong_among_answered", "score", "auroc_cut"):
            assert f"{row[name]:.3f}" in text, (source, name)


def test_architecture_names_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in ("kb", "indexer", "server", "eval", "fuwen"):
        for folder in (path.parent for path in (ROOT / room).rglob("__init__.py")):
            assert f"{folder.name}/" in text, folder.relative_to(ROOT)


def test_architecture_fits_one_page() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80


def test_every_reading_code_says_what_to_do() -> None:
    for code, sentence in READING_CODES.items():
        assert "；" in sentence, code


def test_links_between_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("[ce]*/*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_changelog_keeps_its_form() -> None:
    """Keep a Changelog: what comes next on top, then versions with their days, newest first."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased, *released = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert unreleased == "[Unreleased]"
    form = re.compile(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)")
    dated = [match for heading in released if (match := form.fullmatch(heading))]
    assert len(dated) == len(released) > 0, released
    versions = [tuple(map(int, match.groups()[:3])) for match in dated]
    days = [date.fromisoformat(match[4]) for match in dated]
    assert versions == sorted(set(versions), reverse=True)
    assert days == sorted(days, reverse=True)
    with (ROOT / "pyproject.toml").open("rb") as file:
        newest = tomllib.load(file)["project"]["version"]
    assert newest == ".".join(map(str, versions[0]))
    for release in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.+)$", release, re.MULTILINE)
        assert kinds == [kind for kind in CHANGES if kind in kinds], "known, once, and in order"
        for part in re.split(r"^### .+$", release, flags=re.MULTILINE)[1:]:
            assert part.startswith("\n- "), part[:40]


def test_no_source_file_is_over_three_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for room in ("kb", "indexer", "server", "eval", "fuwen", "corpus")
        for path in (ROOT / room).rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long


def test_no_function_is_over_forty_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for room in ("kb", "indexer", "server", "eval", "fuwen", "corpus")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    }
    assert not long

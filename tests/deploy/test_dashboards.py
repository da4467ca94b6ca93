"""The dashboard and the alert rules ask for what the server tells, and the page explains it all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.operated import client

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "fuwen.json"
PAGE = ROOT / "docs" / "operating.md"
# What Prometheus itself adds to every target.
ITS_OWN = {"up", "instance", "job"}
_NAME = re.compile(r"\b(?:fuwen_[a-z0-9_]+|up)\b")
_LABELS = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
_BY = re.compile(r"\bby \(([^)]+)\)")


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return found


def queries() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


@pytest.fixture(scope="module")
def exposition(tmp_path_factory: pytest.TempPathFactory) -> str:
    """/metrics of a server that has staff, and of which everything was asked once."""
    from dataclasses import replace

    from kb.staff.database import NAME, opened
    from server.question_log import Notes
    from tests.support.served import ANSWERS

    data = tmp_path_factory.mktemp("data")
    with opened(data / NAME):
        pass
    asking = client(settings=replace(ANSWERS, data=data), notes=Notes(data / NAME))
    return asking.get("/metrics").raise_for_status().text


@pytest.fixture(scope="module")
def exported(exposition: str) -> set[str]:
    """The name of every series that the server can tell."""
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", exposition, re.MULTILINE):
        endings = ("_bucket", "_count", "_sum") if kind == "histogram" else ("",)
        names |= {name + ending for ending in endings}
    return names


def test_every_metric_that_is_asked_for_is_exported(exported: set[str]) -> None:
    asked = {name for query in queries() for name in _NAME.findall(query)}
    assert len(asked) > 15
    assert asked - exported <= {"up"}


def test_every_label_that_is_asked_for_is_one_of_ours() -> None:
    ours = {"route", "method", "status", "outcome", "code", "stage", "limit", "event", "what", "le"}
    asked = {label for query in queries() for label in _LABELS.findall(query)}
    for query in queries():
        asked |= {label.strip() for labels in _BY.findall(query) for label in labels.split(",")}
    assert asked <= ours | ITS_OWN


def test_every_metric_is_on_the_dashboard_or_in_a_rule_and_explained(exposition: str) -> None:
    families = set(re.findall(r"^# TYPE (\S+) ", exposition, re.MULTILINE))
    asked = " ".join(queries())
    told = PAGE.read_text(encoding="utf-8")
    for name in families:
        assert name in asked, name
        assert f"`{name}`" in told, name


def test_every_alert_says_what_to_do() -> None:
    told = PAGE.read_text(encoding="utf-8")
    for rule in rules():
        assert f"`{rule['alert']}`" in told, rule["alert"]
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert {"summary", "description"} <= {*rule["annotations"]}


def test_promtool_takes_the_rules_and_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is not installed (apt install prometheus)")
    asked = [
        {"record": f"panel:{number}", "expr": query.replace("$instance", ".*")}
        for number, query in enumerate(queries())
    ]
    dashboard = tmp_path / "queries.yml"
    dashboard.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": asked}]}))
    for file in (ALERTS, dashboard):
        done = subprocess.run([tool, "check", "rules", file], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_no_two_panels_lie_over_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells

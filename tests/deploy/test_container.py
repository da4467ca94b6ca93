"""The Dockerfile and the compose file, as far as can be told without an engine."""

from __future__ import annotations

import json
import re
import shlex

import yaml

from kb.cli.fuwen import COMMANDS
from kb.settings import Settings
from tests.conftest import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, each with what follows it."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    rows = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [(word, rest) for word, rest in rows]


def last_stage() -> dict[str, str]:
    """Of the stage that is shipped the last instruction of each kind."""
    rows = instructions()
    begin = max(number for number, (word, _) in enumerate(rows) if word == "FROM")
    return dict(rows[begin:])


def context() -> list[str]:
    """What ``.dockerignore`` lets into the build."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*", "nothing but what is named"
    return [rule[1:] for rule in rules if rule.startswith("!")]


def test_what_is_copied_is_there_and_in_the_context() -> None:
    copied = set()
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            copied |= set(shlex.split(rest)[:-1])
    assert copied == set(context())
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_dependencies_come_with_their_hashes() -> None:
    for word, rest in instructions():
        for command in rest.split("&&") if word == "RUN" else ():
            if "pip install" in command:
                assert "--no-deps" in command
                assert "--require-hashes" in command or command.split()[-1] == "."


def test_it_runs_as_an_account_of_its_own_and_tells_how_it_is() -> None:
    stage = last_stage()
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", stage["USER"])
    assert json.loads(stage["ENTRYPOINT"]) == ["fuwen"]
    assert json.loads(stage["CMD"])[0] in COMMANDS
    program = json.loads(stage["HEALTHCHECK"].partition("CMD")[2])
    compile(program[2], "the health check", "exec")
    assert "/readyz" in program[2]
    assert stage["VOLUME"] in stage["ENV"], "KB_DATA"


def test_every_service_is_shut_in() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"mem_limit", "pids_limit", "tmpfs"} <= set(service)
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
        if "command" in service:
            assert service["command"][0] in COMMANDS


def test_the_compose_file_sets_settings_that_there_are() -> None:
    known = {f"KB_{name.upper()}" for name in Settings.__dataclass_fields__}
    for service in COMPOSE["services"].values():
        assert set(service.get("environment", ())) <= known
    gateway = COMPOSE["networks"]["front"]["ipam"]["config"][0]["gateway"]
    assert COMPOSE["services"]["server"]["environment"]["KB_TRUSTED_PROXY"] == gateway

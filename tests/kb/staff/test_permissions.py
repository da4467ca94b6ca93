"""Who may do what, and which organ is one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from kb.staff.permissions import (
    ACTIONS,
    ROLES,
    Account,
    Action,
    NotAllowed,
    Role,
    may,
    own_organs,
    permit,
    rule,
    same_organ,
)
from tests.conftest import ROOT

OWN, OTHER = "云岭市住房和城乡建设局", "云岭市水利局"
WHO = {role: Account(id=n, name=role, role=role, organs=(OWN,)) for n, role in enumerate(ROLES)}


def test_every_role_and_action_has_its_word_and_its_rule() -> None:
    assert set(get_args(Role)) == set(ROLES)
    assert set(get_args(Action)) == set(ACTIONS)
    assert all(rule(role, action) in ("yes", "own", "no") for role in ROLES for action in ACTIONS)


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("read", "reader reviewer manager admin"),
        ("read_unmasked", "reviewer manager admin"),
        ("review", "manager admin"),
        ("extend", "manager admin"),
        ("drop", "manager admin"),
        ("remind", "manager admin"),
        ("comment", "reviewer manager admin"),
        ("reassign", "manager admin"),
        ("import", "manager admin"),
        ("export", "reader reviewer manager admin"),
        ("feed", "manager admin"),
        ("queue", "reviewer manager admin"),
        ("upload", "manager admin"),
        ("correct", "manager admin"),
        ("audit", "manager admin"),
        ("accounts", "admin"),
    ],
)
def test_what_each_role_may_do_to_what_is_not_its_own(action: Action, allowed: str) -> None:
    found = [role for role, account in WHO.items() if may(account, action, organ=OTHER)]
    assert found == allowed.split()


def test_a_reviewer_changes_what_its_own_organ_promised_and_nothing_else() -> None:
    own = [action for action in ACTIONS if rule("reviewer", action) == "own"]
    assert own == ["review", "extend", "drop", "remind", "feed", "correct"]
    for action in own:
        assert may(WHO["reviewer"], action, organ=OWN)
        assert not may(WHO["reviewer"], action, organ=None)
        assert not may(replace(WHO["reviewer"], organs=()), action, organ=OWN)


def test_what_no_table_names_is_not_allowed() -> None:
    stranger = replace(WHO["admin"], role="owner")  # type: ignore[arg-type]
    assert not any(may(stranger, action, organ=OWN) for action in ACTIONS)
    assert not may(WHO["admin"], "destroy", organ=OWN)  # type: ignore[arg-type]


def test_a_disabled_account_may_nothing() -> None:
    for account in WHO.values():
        gone = replace(account, disabled=True)
        assert not any(may(gone, action, organ=OWN) for action in ACTIONS)


def test_the_refusal_says_who_what_and_whom_to_ask() -> None:
    permit(WHO["manager"], "drop", organ=OTHER)
    with pytest.raises(NotAllowed, match=r"由 云岭市水利局 负责；请转给该单位"):
        permit(WHO["reviewer"], "drop", organ=OTHER)
    with pytest.raises(NotAllowed, match=r"角色（查阅）不能改为不再实施；请找管理员"):
        permit(WHO["reader"], "drop", organ=OWN)


def test_the_table_in_the_documents_is_the_one_in_force() -> None:
    text = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
    rows = {cells[0]: cells[1:] for line in text.splitlines() if (cells := _cells(line))}
    assert rows[""] == [f"{word} {role}" for role, word in ROLES.items()]
    said = {"yes": "能", "own": "本单位", "no": "不能"}
    for action, words in ACTIONS.items():
        assert rows[words] == [said[rule(role, action)] for role in ROLES], words


def _cells(line: str) -> list[str]:
    found = [one.strip() for one in line.split("|")[1:-1]]
    return found if len(found) == 1 + len(ROLES) else []


def test_own_organs_are_told_as_they_are_written() -> None:
    written = ["市住建局", OTHER, OWN, "石桥区住建局"]
    assert own_organs(WHO["reviewer"], written) == ("市住建局", OWN)


@pytest.mark.parametrize(
    ("told", "same"),
    [
        (OWN, True),
        ("市住房和城乡建设局", True),
        ("住房和城乡建设局", True),
        ("市住建局", True),
        ("住建局", True),
        ("石桥区住房和城乡建设局", False),
        ("区住房和城乡建设局", False),
        ("省住房和城乡建设厅", False),
        ("明溪市住房和城乡建设局", False),
        ("市水利局", False),
        ("局", False),
        ("", False),
        ("云岭市", False),
        ("市", False),
    ],
)
def test_ways_of_saying_an_organ_and_organs_of_elsewhere(told: str, same: bool) -> None:
    assert same_organ(OWN, told) is same

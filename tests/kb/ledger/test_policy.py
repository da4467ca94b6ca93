"""Which edit takes which permission: every role and every edit, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import pytest

from kb.ledger.columns import CORRECTABLE
from kb.ledger.policy import (
    BY_FIELD,
    may_edit,
    needed,
    organs_open_to,
    own_only,
    permit_edit,
    visible,
    within,
)
from kb.ledger.queries import Wanted
from kb.ledger.types import Status
from kb.staff.permissions import Account, NotAllowed, Role, may
from kb.types import Publicity
from tests.support.outgoing import promised

OURS, THEIRS = "云岭市住房和城乡建设局", "云岭市水利局"
Right = Literal["nobody", "own", "any"]


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit as ``permit_edit`` is asked for it."""

    status: Status | None = None
    fields: tuple[str, ...] = ()


DROPPED: Status = "dropped"
# What is done → the edit, and for whose commitments each role may do it: reader, reviewer,
# manager, administrator.
TABLE: Mapping[str, tuple[Edit, tuple[Right, Right, Right, Right]]] = {
    "add, link, unlink, accept, place, split, merge": (Edit(), ("nobody", "own", "any", "any")),
    **{
        f"make it {status}": (Edit(status=status), ("nobody", "own", "any", "any"))
        for status in get_args(Status)
    },
    "correct what is left as it is": (Edit(fields=()), ("nobody", "own", "any", "any")),
    "correct the organ": (Edit(fields=("organ",)), ("nobody", "nobody", "any", "any")),
    "correct the joint organs": (Edit(fields=("co_organs",)), ("nobody", "own", "any", "any")),
    "correct the action": (Edit(fields=("action",)), ("nobody", "own", "any", "any")),
    "correct the due": (Edit(fields=("due",)), ("nobody", "own", "any", "any")),
    "correct the target": (Edit(fields=("target",)), ("nobody", "own", "any", "any")),
    "correct the strength": (Edit(fields=("strength",)), ("nobody", "own", "any", "any")),
    "correct whether vague": (Edit(fields=("vague",)), ("nobody", "own", "any", "any")),
    "correct the condition": (Edit(fields=("conditional",)), ("nobody", "own", "any", "any")),
    "correct the note": (Edit(fields=("note",)), ("nobody", "own", "any", "any")),
    "correct organ and note": (Edit(fields=("note", "organ")), ("nobody", "nobody", "any", "any")),
    "correct everything": (Edit(fields=CORRECTABLE), ("nobody", "nobody", "any", "any")),
}


def account(role: Role) -> Account:
    return Account(id=1, name="王芳", role=role, organs=(OURS,))


def allowed(who: Account, edit: Edit, organ: str | None) -> bool:
    """What ``permit_edit`` says, and ``may_edit`` with it."""
    try:
        permit_edit(who, organ=organ, status=edit.status, fields=edit.fields)
        said = True
    except NotAllowed:
        said = False
    assert may_edit(who, organ=organ, status=edit.status, fields=edit.fields) == said
    return said


def test_every_field_is_in_the_table() -> None:
    single = {edit.fields[0] for edit, _ in TABLE.values() if len(edit.fields) == 1}
    assert single == set(CORRECTABLE)
    assert set(BY_FIELD) < set(CORRECTABLE)


@pytest.mark.parametrize("done", TABLE)
@pytest.mark.parametrize("place", range(len(get_args(Role))))
def test_a_role_may_do_what_the_table_says(done: str, place: int) -> None:
    edit, rights = TABLE[done]
    who, right = account(get_args(Role)[place]), rights[place]
    assert allowed(who, edit, OURS) == (right in ("own", "any"))
    assert allowed(who, edit, THEIRS) == (right == "any")
    assert allowed(who, edit, None) == (right == "any")
    assert not allowed(replace(who, disabled=True), edit, OURS)


def test_what_takes_another_permission_names_it() -> None:
    assert needed() == ("review",)
    assert needed(status="done") == ("review",)
    assert needed(status=DROPPED) == ("drop",)
    assert needed(fields=["due", "note", "organ"]) == ("review", "reassign", "extend")
    with pytest.raises(NotAllowed, match="不能改变负责单位"):
        permit_edit(account("reviewer"), organ=OURS, fields=["organ"])
    with pytest.raises(NotAllowed, match="只能对本单位的承诺"):
        permit_edit(account("reviewer"), organ=THEIRS)


@pytest.mark.parametrize("role", get_args(Role))
def test_who_may_import_may_make_every_correction_that_an_import_makes(role: Role) -> None:
    who = account(role)
    if may(who, "import"):
        assert allowed(who, Edit(fields=CORRECTABLE), THEIRS)
        assert allowed(who, Edit(fields=CORRECTABLE), None)


@pytest.mark.parametrize("publicity", get_args(Publicity))
@pytest.mark.parametrize("role", get_args(Role))
def test_what_is_not_public_is_for_those_who_see_all(role: Role, publicity: Publicity) -> None:
    entry = replace(promised(), publicity=publicity)
    sees = role != "reader" or publicity == "public"
    assert visible(entry, account(role)) == sees
    wanted = within(Wanted(organ=OURS), account(role))
    assert wanted == Wanted(organ=OURS, publicity="public" if role == "reader" else None)


def test_a_reviewer_is_offered_the_organs_that_are_their_own() -> None:
    known = ["云岭市水利局", "市住房和城乡建设局", OURS]
    assert list(organs_open_to(account("reviewer"), known)) == known[1:]
    assert organs_open_to(account("manager"), known) == known
    assert own_only(account("reviewer"), "feed")
    assert not own_only(account("reader"), "feed")
    assert not own_only(account("manager"), "feed")

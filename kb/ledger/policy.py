"""Who may see and edit what of the ledger: which permissions an edit takes, asked by every page.

What each role is permitted is the table of ``kb.staff.permissions``; which of them an edit takes
is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kb.ledger.queries import Wanted
from kb.ledger.types import KINDS, Entry, Event, Status
from kb.privacy.pii import masked
from kb.staff.permissions import (
    Account,
    Action,
    NotAllowed,
    may,
    own_organs,
    permit,
    rule,
)

EDITING: Action = "review"  # what every edit takes, but for what the tables below say
# A status that takes another permission instead.
BY_STATUS: Mapping[Status, Action] = {"dropped": "drop"}
# Fields that take one more when they are corrected.
BY_FIELD: Mapping[str, Action] = {"organ": "reassign", "due": "extend"}


def needed(*, status: Status | None = None, fields: Collection[str] = ()) -> tuple[Action, ...]:
    """The permissions, all of them, that an edit takes.

    ``status`` is the one that it gives, ``fields`` those that it corrects; without either it is
    any other edit: adding, linking, accepting, placing, splitting, merging.
    """
    more = (action for field, action in BY_FIELD.items() if field in fields)
    return (BY_STATUS.get(status, EDITING) if status else EDITING, *more)


def permit_edit(
    account: Account,
    *,
    organ: str | None,
    status: Status | None = None,
    fields: Collection[str] = (),
) -> None:
    """Raise NotAllowed unless ``account`` may so edit what ``organ`` is responsible for."""
    for action in needed(status=status, fields=fields):
        permit(account, action, organ=organ)


def may_edit(
    account: Account,
    *,
    organ: str | None,
    status: Status | None = None,
    fields: Collection[str] = (),
) -> bool:
    """True if ``permit_edit`` raises nothing."""
    actions = needed(status=status, fields=fields)
    return all(may(account, action, organ=organ) for action in actions)


def permit_undo(account: Account, event: Event, *, organ: str | None) -> None:
    """Raise NotAllowed unless ``account`` may take ``event`` back: whose it is, or an admin."""
    permit(account, EDITING, organ=organ)
    if event.who != account.name and not may(account, "accounts"):
        raise NotAllowed(
            f"上一步“{KINDS[event.kind]}”是{event.who}做的，{account.name} 不能撤销；"
            "请由本人或管理员撤销"
        )


def may_undo(account: Account, event: Event, *, organ: str | None) -> bool:
    """True if ``permit_undo`` raises nothing."""
    own = event.who == account.name or may(account, "accounts")
    return own and may(account, EDITING, organ=organ)


def sees_all(account: Account) -> bool:
    """True if ``account`` may see commitments of letters that are not public."""
    return may(account, "read_unmasked")


def visible(entry: Entry, account: Account) -> bool:
    """True if ``account`` may see this commitment at all."""
    return entry.publicity == "public" or sees_all(account)


def as_seen(entry: Entry, *, unmasked: bool) -> Entry | None:
    """``entry`` as it may be seen by who may not see all: without personal data, character for
    character; None where the letter is not public.
    """
    if unmasked:
        return entry
    if entry.publicity != "public":
        return None
    return replace(
        entry,
        text=masked(entry.text),
        action=masked(entry.action),
        note=masked(entry.note),
        due=replace(entry.due, raw=masked(entry.due.raw)) if entry.due else None,
        target=replace(entry.target, text=masked(entry.target.text)) if entry.target else None,
        headings=tuple(masked(heading) for heading in entry.headings),
        citation=replace(entry.citation, name=masked(entry.citation.name)),
    )


def within(wanted: Wanted, account: Account) -> Wanted:
    """``wanted``, but only what ``account`` may see."""
    return wanted if sees_all(account) else replace(wanted, publicity="public")


def own_only(account: Account, action: Action) -> bool:
    """True if ``account`` may do this for its own organs and for no other."""
    return rule(account.role, action) == "own"


def organs_open_to(account: Account, organs: Sequence[str]) -> Sequence[str]:
    """Those of ``organs`` whose commitments ``account`` may edit, as they are written there."""
    return own_organs(account, organs) if own_only(account, EDITING) else organs

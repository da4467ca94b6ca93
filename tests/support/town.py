"""A ledger of two organs and an account of every role, for tests of who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from kb.intake import uploads
from kb.ledger import edit
from kb.ledger.attachments import Given, attach, attachments_of
from kb.ledger.events import entry
from kb.ledger.files import Limits, checked
from kb.ledger.signing import decide
from kb.ledger.types import Seen
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.staff import accounts, calendar_tokens, views
from kb.staff.database import By, opened
from kb.staff.permissions import Role
from tests.support.fakes import MemoryStore
from tests.support.noted import refused
from tests.support.promises import CARS, LIFTS, NOON, ORGAN, RIVER, WANG, letter_of, put
from tests.support.served import letters
from tests.support.staffing import browser, signed
from tests.support.staffing import put as note
from tests.support.stores import put as cut

WATER = "云岭市水利局"
MOBILE = "13812345678"
SECRET = "军分区大院的名单另行安排"
# Everybody who comes to the door; who has no organ there has a role that needs none.
WHO: Mapping[str, tuple[Role, str]] = {
    "reader": ("reader", ""),
    "neighbour": ("reviewer", WATER),
    "reviewer": ("reviewer", ORGAN),
    "manager": ("manager", ""),
    "admin": ("admin", ""),
    "disabled": ("admin", ""),
}
# 1 is the reviewer's own organ's, 2 the neighbour's, 3 in a letter that is not public.
OWN = letter_of(LIFTS, f"联系电话{MOBILE}", letter_id="甲")
OTHER = letter_of(RIVER, letter_id="乙", issuer=WATER)
CLOSED = letter_of(SECRET, letter_id="密", publicity="closed", title="关于大院提案的答复")


def stored() -> MemoryStore:
    """The letters of the town."""
    store = MemoryStore()
    with store.draft() as draft:
        for letter in (*letters(), OWN, OTHER, CLOSED):
            shown = redacted(letter, profile().masking)
            cut(draft, shown.letter, hidden=shown.hidden)
        draft.publish()
    return store


def founded(path: Path) -> Path:
    """The ledger at ``path``: three promises, a question, two calendars, an upload, accounts."""
    with opened(path) as database:
        put(database, OWN)
        put(database, OTHER, organ=WATER)
        put(database, CLOSED, (SECRET,))
        for name, (role, organ) in WHO.items():
            organs = (organ,) if organ else ()
            accounts.add(database, name, role=role, organs=organs, password=None, by=WANG)
        manager = accounts.account(database, "manager")
        for organ in (ORGAN, WATER):
            calendar_tokens.make(database, organ, account=manager, at=NOON)
    with opened(path) as database:
        number = uploads.add(database, name="桥.txt", size=1, sha256="1", folder="", by=WANG)
        uploads.settle(database, number, "read", by=WANG)
    note(path, refused("电梯什么时候装？"))
    return path


def begun(path: Path) -> Path:
    """A sixth promise, of the reviewer's own organ, is under way; the reader saved a view."""
    with opened(path) as database:
        put(database, letter_of(CARS, letter_id="己"))
        edit.move(database, Seen(id=6, version=1), "under_way", by=WANG)
        reader = accounts.account(database, "reader")
        views.save(database, "年内", {"year": "2024"}, account=reader, at=NOON)
    return path


def worked(path: Path) -> int:
    """More in the ledger at ``path``: 4 is the reviewer's organ's, which waits to be signed and has
    a file, whose number it gives; 5 the neighbour's, who completed it.
    """
    done, built = "将于年底前建成充电桩300个", "将于年底前疏浚沟渠9公里"
    with opened(path) as database:
        for words, letter_id, organ in ((done, "丁", ORGAN), (built, "戊", WATER)):
            put(
                database, letter_of(words, letter_id=letter_id, issuer=organ), (words,), organ=organ
            )
        keep = checked("验收.txt", b"1", Limits(megabytes=1, kinds=("txt",)))
        given = Given(form="document")
        attach(
            database, entry(database, 4).seen, given, relation="fulfils", by=WANG,
            keep=lambda: keep(path.parent),
        )  # fmt: skip
        (file,) = attachments_of(database, 4)
        decide(database, entry(database, 4).seen, "done", by=WANG, two_step=True)
        neighbour = By(who="neighbour", at=NOON)
        edit.move(database, entry(database, 5).seen, "done", by=neighbour, reason="看过")
    return file.id


def came(path: Path, who: str, store: MemoryStore) -> TestClient:
    """The browser of ``who``: somebody of ``WHO``, or nobody."""
    client = browser(path, store=store)
    if who in WHO:
        signed(client, path, who)
    if who == "disabled":  # with a session that outlived it
        with opened(path) as database:
            database.execute("UPDATE account SET disabled = 1 WHERE name = ?", (who,))
    return client


def state(path: Path) -> list[list[tuple[Any, ...]]]:
    """All that staff can change, but for who is signed in."""
    tables = (
        "commitment_event",
        "commitment",
        "evidence",
        "attachment",
        "account",
        "feed",
        "event",
        "upload",
        "field_event",
        "saved_view",
    )
    with opened(path) as database:
        return [database.execute(f"SELECT * FROM {table}").fetchall() for table in tables]

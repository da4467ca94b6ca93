"""Other systems are told what changed: signed, in order, at least once, and nothing private."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.environment import read
from kb.errors import BadSnapshot, WrongUse
from kb.settings import Settings
from kb.staff.database import NAME
from server.notices.send import BATCH, LOCK, Outcome, notify_all
from server.notices.told import NAME as TOLD
from server.reminders.send import alone
from tests.conftest import ROOT
from tests.support.fakes import MemoryStore, make_letter
from tests.support.ledgers import decided, proposed
from tests.support.promises import NOON, TODAY
from tests.support.receivers import Pushed, receiver
from tests.support.stores import publish

SECRET = "hush-hush"
PROMISED = make_letter(
    "车",
    "明年底前完成路灯改造二百盏。",
    issuer="云岭市城管局",
    issued_on="2025-03-01",
    number="城管函〔2025〕1号",
)
HIDDEN = make_letter(
    "密", "密件里说，明年底前完成水闸改造九座。", publicity="closed", issued_on="2025-03-01"
)


class Office:
    """A store and a ledger whose news are sent to one receiver."""

    def __init__(self, folder: Path, kept: Pushed) -> None:
        self.store = MemoryStore()
        self.kept = kept
        self.said: list[str] = []
        self.pauses: list[float] = []
        self.settings = replace(
            Settings(),
            data=folder,
            notify_urls=kept.url,
            notify_secret=SECRET,
            public_address="https://fuwen.example",
        )

    def publish(self, *letters: Any) -> None:
        publish(self.store, *letters)

    def notify(self, *, send: bool = True, **changed: Any) -> Outcome:
        return notify_all(
            replace(self.settings, **changed),
            self.store,
            now=NOON,
            today=TODAY,
            send=send,
            say=self.said.append,
            sleep=self.pauses.append,
        )

    @property
    def events(self) -> list[dict[str, Any]]:
        """All that the receiver got, also what it got again."""
        return [event for told in self.kept.told for event in told["events"]]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with receiver() as kept:
        office = Office(tmp_path, kept)
        office.publish(PROMISED, HIDDEN)
        assert office.notify() == Outcome()  # the first time: what is there is no news
        assert not kept.bodies
        yield office


def other(letter_id: str, text: str = "水渠归村里管。", **given: Any) -> Any:
    return make_letter(letter_id, text, **given)


def test_letters_are_told_once_in_order_and_signed(office: Office) -> None:
    office.publish(
        other("甲", title="甲的题目", number="函〔2025〕2号"),
        other("乙", "又一份。"),
    )
    assert office.notify().sent == 2
    (told,), (headers,), (body,) = office.kept.told, office.kept.headers, office.kept.bodies
    assert [(one["type"], one["letter_id"]) for one in told["events"]] == [
        ("letter.added", "乙"),
        ("letter.added", "甲"),
    ]
    letter = told["events"][1]
    assert (letter["title"], letter["number"]) == ("甲的题目", "函〔2025〕2号")
    assert letter["url"] == "https://fuwen.example/letters/%E7%94%B2"
    assert letter["sha256"] == office.store.current().letter("甲").sha256
    stamped = headers["x-fuwen-timestamp"].encode()
    right = hmac.new(SECRET.encode(), stamped + b"." + body, hashlib.sha256).hexdigest()
    assert headers["x-fuwen-signature"] == f"sha256={right}"
    assert office.notify() == Outcome()
    assert len(office.kept.bodies) == 1


def test_changed_and_removed_letters_are_told(office: Office) -> None:
    changed = make_letter("车", "路灯改造改为三百盏。", issued_on="2025-03-01")
    office.publish(changed)
    office.notify()
    with office.store.draft() as draft:
        draft.drop("车")
        draft.publish()
    office.notify()
    assert office.types == ["letter.changed", "letter.removed"]
    assert office.events[1].keys() == {"id", "type", "letter_id"}


def test_what_becomes_public_is_added_and_what_is_closed_is_removed(office: Office) -> None:
    office.publish(replace(HIDDEN, publicity="public"), replace(PROMISED, publicity="closed"))
    office.notify()
    assert [(one["type"], one["letter_id"]) for one in office.events] == [
        ("letter.added", "密"),
        ("letter.removed", "车"),
    ]
    assert "路灯" not in office.kept.bodies[0].decode()


def test_the_ledger_is_told_when_a_person_confirmed_it_and_never_before(office: Office) -> None:
    path = office.settings.data / NAME
    proposed(path, PROMISED, HIDDEN)
    assert office.notify() == Outcome()
    decided(path, "路灯", "under_way")
    decided(path, "水闸", "under_way")
    office.notify()
    decided(path, "路灯", "done")
    office.notify()
    decided(path, "路灯", "proposed")
    office.notify()
    assert office.types == ["commitment.confirmed", "commitment.changed", "commitment.withdrawn"]
    first, second, third = office.events
    assert PROMISED.text[first["start"] : first["end"]] == first["text"]
    assert (first["state"], second["state"]) == ("under_way", "done")
    assert third.keys() == {"id", "type", "letter_id", "start", "end"}
    sent = b"".join(office.kept.bodies).decode()
    for private in ("水闸", "密", "王芳", "看过"):
        assert private not in sent, private


def test_a_ledger_that_cannot_be_read_withdraws_nothing(office: Office) -> None:
    path = office.settings.data / NAME
    proposed(path, PROMISED)
    decided(path, "路灯", "under_way")
    office.notify()
    path.rename(path.with_suffix(".aside"))
    office.notify()
    path.with_suffix(".aside").rename(path)
    office.notify()
    assert office.types == ["commitment.confirmed"]


def test_it_is_sent_again_after_a_500_with_the_same_ids(office: Office) -> None:
    office.publish(other("甲"))
    office.kept.answers += [(500, ""), (429, "")]
    assert office.notify().sent == 1
    assert len(office.kept.bodies) == 3
    assert len({headers["x-fuwen-delivery"] for headers in office.kept.headers}) == 1
    assert len({event["id"] for event in office.events}) == 1
    assert office.pauses == sorted(office.pauses)


def test_one_that_is_down_for_a_while_gets_all_of_it_later(office: Office) -> None:
    office.kept.answers += [(503, "")] * 6
    for letter in (other("甲"), other("乙")):
        office.publish(letter)
        assert office.notify().failed
    before = {event["id"] for event in office.events if event["letter_id"] == "甲"}
    assert len(before) == 1
    office.publish(other("丙"))
    assert office.notify() == Outcome(sent=3)
    last = office.kept.told[-1]["events"]
    assert [one["letter_id"] for one in last] == ["丙", "乙", "甲"]
    assert before == {one["id"] for one in last if one["letter_id"] == "甲"}
    assert "GEHEIM" not in "".join(office.said)


def test_a_refusal_that_does_not_pass_is_not_tried_again_at_once(office: Office) -> None:
    office.publish(other("甲"))
    office.kept.answers.append((401, ""))
    (why,) = office.notify().failed
    assert "KB_NOTIFY_URLS" in why
    assert "GEHEIM" not in why
    assert len(office.kept.bodies) == 1


def test_a_redirect_is_not_followed(office: Office) -> None:
    office.publish(other("甲"))
    office.kept.answers.append((302, ""))
    assert office.notify().failed
    assert len(office.kept.bodies) == 1


def test_a_run_that_ends_in_the_middle_goes_on_where_it_was(office: Office) -> None:
    office.publish(*(other(f"第{number:03}份") for number in range(BATCH + 5)))
    office.kept.answers += [(200, ""), (400, "")]
    outcome = office.notify()
    assert (outcome.sent, len(outcome.failed)) == (BATCH, 1)
    assert office.notify() == Outcome(sent=5)
    sizes = [len(told["events"]) for told in office.kept.told]
    assert sizes == [BATCH, 5, 5]
    assert office.kept.told[1]["events"] == office.kept.told[2]["events"]
    assert [told["after"] for told in office.kept.told] == [0, BATCH, BATCH]


def test_back_and_forth_are_three_events_of_their_own(office: Office) -> None:
    one, another = other("甲"), other("甲", "改成这样。")
    for letter in (one, another, one, another):
        office.publish(letter)
        office.notify()
    assert office.types == ["letter.added"] + ["letter.changed"] * 3
    assert len({event["id"] for event in office.events}) == 4


def test_one_receiver_that_fails_hinders_no_other(office: Office) -> None:
    with receiver(answers=[(403, "")] * 9) as broken:
        both = f"{broken.url} {office.kept.url}"
        office.notify(notify_urls=both)
        office.publish(other("甲"))
        outcome = office.notify(notify_urls=both)
    assert (outcome.sent, len(outcome.failed)) == (1, 1)
    assert office.types == ["letter.added"]


def test_without_send_nothing_is_sent_and_nothing_noted(office: Office) -> None:
    office.publish(other("甲"))
    assert office.notify(send=False) == Outcome()
    assert "letter.added 甲" in office.said[-1]
    assert not office.kept.bodies
    assert office.notify().sent == 1


def test_two_do_not_send_at_once(office: Office) -> None:
    with alone(office.settings.data, lock=LOCK), pytest.raises(WrongUse, match="fuwen notify"):
        office.notify()


def test_an_older_snapshot_that_stands_in_is_no_news(office: Office) -> None:
    class Degraded(MemoryStore):
        degraded = "快照坏了，用着较早的"

    store = Degraded()
    publish(store, other("甲"))
    office.store = store
    with pytest.raises(BadSnapshot):
        office.notify()
    assert not office.kept.bodies


def test_a_file_that_is_damaged_is_an_error_that_says_what_to_do(office: Office) -> None:
    (office.settings.data / TOLD).write_bytes(b"no database" * 999)
    with pytest.raises(WrongUse, match=TOLD):
        office.notify()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"KB_NOTIFY_URLS": "http://elsewhere.example/hook"}, "KB_NOTIFY_URLS"),
        ({"KB_NOTIFY_URLS": "https://a.example/ ftp://b.example/"}, "KB_NOTIFY_URLS"),
        ({"KB_NOTIFY_URLS": "https://a.example/hook"}, "KB_NOTIFY_SECRET"),
    ],
)
def test_settings_that_cannot_be_sent_by(given: dict[str, str], named: str) -> None:
    with pytest.raises(WrongUse, match=named):
        read({"KB_NOTIFY_SECRET": "x"} | given if named != "KB_NOTIFY_SECRET" else given)


def test_without_a_receiver_it_says_how_to_name_one(office: Office) -> None:
    with pytest.raises(WrongUse, match="KB_NOTIFY_URLS"):
        office.notify(notify_urls="")


def test_a_receiver_can_verify_as_the_documents_say(office: Office) -> None:
    text = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    before, _, after = text.partition("def genuine")
    exec(before.rpartition("```python")[2] + "def genuine" + after.partition("```")[0], names)
    office.publish(other("甲"))
    office.notify()
    (headers,), (body,) = office.kept.headers, office.kept.bodies
    late = int(NOON.timestamp()) + 10
    assert names["genuine"](headers, body, SECRET, now=late)
    assert not names["genuine"](headers, body + b" ", SECRET, now=late)
    assert not names["genuine"](headers, body, "other", now=late)
    assert not names["genuine"](headers, body, SECRET, now=late + 9999)
    assert json.loads(body)["events"]

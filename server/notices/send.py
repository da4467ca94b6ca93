"""Tell every receiver what is otherwise than it was told: shown, or sent in signed batches.

What is sent is found by comparing, so nothing waits in a queue: a receiver that was away gets
what is true now, and each change at least once.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from urllib.parse import urlsplit

from kb.errors import BadSnapshot, WrongUse
from kb.ledger.public import PublicLedger
from kb.settings import Settings
from kb.staff.database import staff_of
from kb.store.protocol import Store
from server.notices.changes import Change, Public, changes, public_now
from server.notices.told import Told, opened
from server.reminders.delivery import NotDelivered, Sleep, persistently
from server.reminders.send import Say, alone
from server.reminders.webhook import post, signature

LOCK = "NOTIFYING"  # the file that one sending holds
BATCH = 100  # events in one push


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    sent: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends what is ``public`` by the settings KB_NOTIFY_*; ``told`` is what was taken."""

    settings: Settings
    public: Public
    told: Told
    now: datetime
    sleep: Sleep

    def pending(self, receiver: str) -> list[Change]:
        """What ``receiver`` is to be told."""
        return [*changes(self.public, self.told.of(receiver))]

    def send(self, address: str) -> Iterator[int]:
        """Send what is to be told there in batches; how many events were taken with each.

        Raises NotDelivered; what was taken before stays taken.
        """
        receiver = name_of(address)
        taken = self.told.taken(receiver) or 0
        pending = self.pending(receiver)
        for first in range(0, len(pending), BATCH):
            some = pending[first : first + BATCH]
            body, delivery = self._body(some, after=taken)
            persistently(partial(self._push, address, body, delivery), sleep=self.sleep)
            taken += len(some)
            self.told.take(receiver, some, taken=taken)
            yield len(some)

    def _body(self, some: Sequence[Change], *, after: int) -> tuple[bytes, str]:
        """A batch, and its id, which is the same for every try."""
        events = [change.event(self.public, after=after) for change in some]
        told = {"snapshot": self.public.snapshot, "after": after, "events": events}
        ids = "\n".join(event["id"] for event in events)
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        return body, hashlib.sha256(ids.encode()).hexdigest()[:32]

    def _push(self, address: str, body: bytes, delivery: str) -> None:
        headers = {"content-type": "application/json; charset=utf-8"} | signature(
            body, secret=self.settings.notify_secret, at=self.now, delivery=delivery
        )
        post(address, body, headers, setting="KB_NOTIFY_URLS")


def notify_all(
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    today: date,
    send: bool,
    say: Say,
    sleep: Sleep = time.sleep,
) -> Outcome:
    """Tell ``say`` what each receiver is to be told and, with ``send``, tell them.

    One that fails hinders no other. A new receiver begins with what is there: it is told of what
    comes after. Raises WrongUse where there is no receiver, or somebody else is sending;
    NoSnapshot; BadSnapshot where an older one stands in, lest that looks like news.
    """
    addresses = settings.notify_urls.split()
    if not addresses:
        raise WrongUse("没有写明送到哪里；请用 KB_NOTIFY_URLS 写明网址，几个用空格隔开")
    outcome = Outcome()
    public = _public(settings, store, today)
    with alone(settings.data, lock=LOCK, command="fuwen notify"), opened(settings.data) as told:
        sender = Sender(settings=settings, public=public, told=told, now=now, sleep=sleep)
        for address in addresses:
            say(_told(sender, address))
            if send:
                _send(sender, address, outcome)
        if send:
            told.keep(map(name_of, addresses))
    return outcome


def _send(sender: Sender, address: str, outcome: Outcome) -> None:
    if sender.told.taken(name_of(address)) is None:
        sender.told.begin(name_of(address), sender.public)
        return
    try:
        for taken in sender.send(address):
            outcome.sent += taken
    except NotDelivered as error:
        outcome.failed.append(str(error))


def _told(sender: Sender, address: str) -> str:
    """What is pending for ``address``, of which the host alone is named: the rest may be a key."""
    host, receiver = urlsplit(address).hostname, name_of(address)
    if sender.told.taken(receiver) is None:
        return f"{host}：新的，记下现在有什么，以后的变动才送"
    pending = sender.pending(receiver)
    some = "；".join(f"{change.word} {change.key}" for change in pending[:3])
    return f"{host}：{len(pending)} 件" + (f"，如 {some}" if some else "")


def name_of(address: str) -> str:
    """What a receiver is called where its address must not stand."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _public(settings: Settings, store: Store, today: date) -> Public:
    reader = store.current()
    if store.degraded:
        raise BadSnapshot(f"{store.degraded}；先修好再送，免得把较早的快照当成变动")
    ledger = PublicLedger(staff_of(settings), today=lambda: today)
    return public_now(reader, ledger.confirmed(reader), site=settings.public_address)

"""Remind everybody who is to be reminded today: shown, or sent and recorded as 催办."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from kb.errors import WrongUse
from kb.ledger.reminding import Batch, batches
from kb.ledger.types import WAYS, Way
from kb.ledger.work import Reminder, remind
from kb.profile import profile
from kb.settings import Settings
from kb.staff.connection import Database
from kb.staff.database import PROGRAM, By, opened, staff_of
from server.reminders.delivery import NotDelivered, Sleep, persistently
from server.reminders.mail import MailServer
from server.reminders.message import AddressOf, Message, message_of
from server.reminders.webhook import Webhook

LOCK = "REMINDING"  # the file that one sending holds, so that two never send the same
COMMITMENT = "/staff/commitments/"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message and the way that it goes, ready to be sent."""

    way: Way
    where: str
    message: Message
    send: Callable[[], None]


@dataclass(slots=True)
class Outcome:
    """What a day's reminding came to."""

    sent: int = 0
    nowhere: int = 0
    failed: list[str] = field(default_factory=list)


def remind_all(
    settings: Settings,
    *,
    now: datetime,
    today: date,
    send: bool,
    say: Say,
    sleep: Sleep = time.sleep,
) -> Outcome:
    """Tell ``say`` whom to remind of what and, with ``send``, remind them.

    Each reminder that was handed over is recorded at once. One that fails hinders no other.
    Raises WrongUse where there is no way to send by, or somebody else is sending.
    """
    mail = MailServer(settings=settings) if settings.smtp_host else None
    webhook = Webhook(settings=settings) if settings.webhook_url else None
    if send and not (mail or webhook):
        raise WrongUse(
            "没有寄提醒的办法；请用 KB_SMTP_HOST 写明邮件服务器，或用 KB_WEBHOOK_URL 写明推送的网址"
        )
    outcome, broken = Outcome(), dict[Way, str]()
    by = By(who=PROGRAM, at=now)
    with alone(settings.data) if send else nullcontext(), opened(staff_of(settings)) as database:
        for batch in _batches(database, settings, today):
            sendings = _sendings(batch, mail, webhook, address_of=address_of(settings), at=now)
            _show(batch, sendings, say)
            outcome.nowhere += not sendings
            for one in sendings if send else ():
                why = broken.get(one.way) or _tried(one, broken, sleep)
                if why:
                    outcome.failed.append(f"{batch.whom}：{why}")
                else:
                    _record(database, one, today=today, by=by)
                    outcome.sent += 1
    return outcome


def _tried(one: Sending, broken: dict[Way, str], sleep: Sleep) -> str:
    """Send it: why it could not be sent, else ""; a way that no other can go either is noted."""
    try:
        persistently(one.send, sleep=sleep)
    except NotDelivered as error:
        if error.general:
            broken[one.way] = str(error)
        return str(error)
    return ""


def address_of(settings: Settings) -> AddressOf:
    """Where a commitment's page is, by KB_PUBLIC_ADDRESS; "" without that."""
    site = settings.public_address
    return lambda number: f"{site}{COMMITMENT}{number}" if site else ""


@contextmanager
def alone(folder: Path, *, lock: str = LOCK, command: str = "fuwen remind") -> Iterator[None]:
    """Hold the lock of those who remind. Raises WrongUse where somebody else holds it."""
    with (folder / lock).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongUse(f"另一个 {command} 正在做；请等它做完") from None
        yield


def _batches(database: Database, settings: Settings, today: date) -> Sequence[Batch]:
    usable: Mapping[Way, str] = {"mail": settings.smtp_host, "push": settings.webhook_url}
    return batches(
        database,
        today=today,
        ahead=settings.remind_days,
        again=settings.remind_again,
        organ_mailboxes=profile().mailboxes,
        ways=[way for way, where in usable.items() if where],
    )


def _sendings(
    batch: Batch,
    mail: MailServer | None,
    webhook: Webhook | None,
    *,
    address_of: AddressOf,
    at: datetime,
) -> list[Sending]:
    """The ways that there are for ``batch``, each with what it was not used for yet."""
    found = []
    if mail and batch.mailbox and batch.by("mail").dues:
        whole = message_of(batch.by("mail"), address_of=address_of)
        found.append(
            Sending(
                way="mail",
                where=batch.mailbox,
                message=whole,
                send=lambda: mail.send(whole, to=batch.mailbox, at=at),
            )
        )
    if webhook and batch.by("push").dues:
        short = message_of(batch.by("push"), address_of=address_of, most=webhook.most)
        found.append(
            Sending(
                way="push",
                where=webhook.settings.webhook_form,
                message=short,
                send=lambda: webhook.send(short, at=at),
            )
        )
    return found


def _show(batch: Batch, ways: Sequence[Sending], say: Say) -> None:
    where = "；".join(f"{WAYS[one.way]} {one.where}" for one in ways) or "没有邮箱，也没有推送"
    message = ways[0].message if ways else message_of(batch, address_of=lambda _: "")
    say(f"■ {batch.whom}（{where}）\n{message.subject}\n{message.text}\n")


def _record(database: Database, one: Sending, *, today: date, by: By) -> None:
    reminder = Reminder(whom=one.message.whom, way=one.way, words=one.message.subject)
    numbers = [due.number for due in one.message.dues]
    remind(database, numbers, reminder, by=by, today=today, sent=True)

"""``fuwen notify``."""

from __future__ import annotations

from datetime import UTC, datetime

from kb.settings import Settings
from kb.store.open import open_store
from server.notices.send import notify_all
from server.reminders.delivery import NotDelivered
from server.reminders.send import Say


def run(settings: Settings, *, send: bool, say: Say) -> None:
    """Show or ``send``. Raises as ``notify_all`` does, NotDelivered."""
    now = datetime.now(UTC)
    store, today = open_store(settings), now.astimezone().date()
    outcome = notify_all(settings, store, now=now, today=today, send=send, say=say)
    if send:
        say(f"收下 {outcome.sent} 件，没有送到 {len(outcome.failed)} 处")
    else:
        say("以上是会送的，什么也没有送；加 --send 才送")
    if outcome.failed:
        raise NotDelivered("；".join(outcome.failed))

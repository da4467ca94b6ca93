"""``fuwen remind``."""

from __future__ import annotations

from datetime import UTC, datetime

from kb.settings import Settings
from server.reminders.delivery import NotDelivered
from server.reminders.send import Say, remind_all


def run(settings: Settings, *, send: bool, say: Say) -> None:
    """Show or ``send``. Raises as ``remind_all`` does, NotDelivered."""
    now = datetime.now(UTC)
    outcome = remind_all(settings, now=now, today=now.astimezone().date(), send=send, say=say)
    if send:
        failed = len(outcome.failed)
        say(f"寄出 {outcome.sent} 份，没有寄成 {failed} 份，没处寄 {outcome.nowhere} 份")
    else:
        say("以上是会寄的样子，什么也没有寄；加 --send 才寄")
    if outcome.failed:
        raise NotDelivered("；".join(outcome.failed))

"""What a reminder says: a subject, a line for each commitment, as many as fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb.ledger.reminding import Batch, Due

WHOLE = 1_000_000  # octets: more than the longest batch has
LONGEST_ACTION = 80  # code points of a commitment in a line
AddressOf = Callable[[int], str]  # of a commitment's page; "" where the site has no address


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A reminder to one person or organ; ``dues`` are those that its text lists."""

    whom: str
    subject: str
    text: str
    dues: tuple[Due, ...]


def message_of(batch: Batch, *, address_of: AddressOf, most: int = WHOLE) -> Message:
    """The reminder of ``batch``, whose text takes at most ``most`` octets of UTF-8."""
    late = sum(due.days < 0 for due in batch.dues)
    soon = len(batch.dues) - late
    counted = "，".join(
        part for part in (late and f"逾期 {late} 条", soon and f"即将到期 {soon} 条") if part
    )
    subject = f"承诺办理提醒：{counted}"
    head = f"{batch.whom}：以下承诺已经逾期或即将到期，请办理，并在工作台更新进展。"
    whole = len(batch.dues) + batch.more
    lines, left = [head], most - len(head.encode()) - len(_rest(whole).encode()) - 1
    for due in batch.dues:
        line = _line(due, address_of(due.number))
        left -= len(line.encode()) + 1
        if left < 0:
            break
        lines.append(line)
    listed = batch.dues[: len(lines) - 1]
    if len(listed) < whole:
        lines.append(_rest(whole - len(listed)))
    return Message(whom=batch.whom, subject=subject, text="\n".join(lines), dues=listed)


def _line(due: Due, address: str) -> str:
    action = due.action.replace("\n", " ")
    if len(action) > LONGEST_ACTION:
        action = action[: LONGEST_ACTION - 1] + "…"
    parts = (f"{due.standing}（{due.last}）", f"第 {due.number} 号", action, due.letter, address)
    return "- " + "，".join(part for part in parts if part)


def _rest(number: int) -> str:
    return f"\n另有 {number} 条，请在工作台查看。"

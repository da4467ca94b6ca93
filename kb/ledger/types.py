"""What the ledger speaks of: a commitment as it is kept, its statuses, what may become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Literal

from kb.errors import KbError, WrongUse
from kb.extract.types import Due, Relation, Strength, Target
from kb.types import Citation, Letter, Publicity, Span

Status = Literal[
    "proposed", "not_started", "under_way", "done", "unverifiable", "dropped",
    "rejected", "replaced", "withdrawn",
]  # fmt: skip
Stage = Literal["queue", "open", "closed", "off"]
Where = Literal["found", "changed", "gone"]
Kind = Literal[
    "proposed", "found", "carried", "vanished", "withdrawn", "added", "moved", "corrected",
    "extended", "split", "merged", "linked", "unlinked", "accepted", "assigned", "reminded",
    "commented", "attached", "dated", "submitted", "signed", "sent_back", "undone",
]  # fmt: skip
Kept = Literal["on_time", "late", "unknown"]  # how what is done was done
Way = Literal["phone", "visit", "document", "message", "mail", "push", "other"]
Need = Literal["nothing", "reason", "proof"]  # proof: evidence that it is so, or else a reason

STATUSES: Mapping[Status, str] = {
    "proposed": "待核实",
    "not_started": "未启动",
    "under_way": "进行中",
    "done": "已完成",
    "unverifiable": "无法核实",
    "dropped": "不再实施",
    "rejected": "不是承诺",
    "replaced": "已拆分或合并",
    "withdrawn": "程序已撤回",
}
OVERDUE = "逾期"  # what an open one is called after its last day; never stored
# What is done was done in time or not; unknown where one of the two days is.
KEPT: Mapping[Kept, str] = {
    "on_time": "按期完成",
    "late": "逾期完成",
    "unknown": "是否按期不明",
}
SIGNED: frozenset[Status] = frozenset(("done", "dropped"))  # what two people may have to decide
OPEN: frozenset[Status] = frozenset(("not_started", "under_way"))
OFF: frozenset[Status] = frozenset(("rejected", "replaced", "withdrawn"))  # on no list
PLACES: Mapping[Where, str] = {"found": "原文", "changed": "原文有改动", "gone": "原文已变"}
KINDS: Mapping[Kind, str] = {
    "proposed": "程序提出",
    "found": "程序重读",
    "carried": "随新版复文移位",
    "vanished": "原文已变",
    "withdrawn": "程序撤回",
    "added": "人工补录",
    "moved": "改变状态",
    "corrected": "更正",
    "extended": "延期",
    "split": "拆分",
    "merged": "合并",
    "linked": "关联佐证",
    "unlinked": "取消佐证",
    "accepted": "确认原文改动",
    "assigned": "指定责任人",
    "reminded": "催办",
    "commented": "评论",
    "attached": "附上佐证",
    "dated": "更正完成日期",
    "submitted": "报请签批",
    "signed": "签批",
    "sent_back": "退回",
    "undone": "撤销上一步",
}
# What is said beside a commitment, which nobody's decision about it has to wait for.
ASIDE: frozenset[Kind] = frozenset(("reminded", "commented"))

# How somebody was reminded.
WAYS: Mapping[Way, str] = {
    "phone": "电话",
    "visit": "当面",
    "document": "发文",
    "message": "短信、微信等",
    "mail": "邮件",
    "push": "消息推送",
    "other": "其他",
}

# What may become of what, and what it takes. Everything can be taken back, with a reason.
MOVES: Mapping[tuple[Status, Status], Need] = {
    ("proposed", "not_started"): "nothing",
    ("proposed", "under_way"): "nothing",
    ("proposed", "done"): "proof",
    ("proposed", "unverifiable"): "reason",
    ("proposed", "dropped"): "reason",
    ("proposed", "rejected"): "nothing",
    ("not_started", "under_way"): "nothing",
    ("not_started", "done"): "proof",
    ("not_started", "unverifiable"): "reason",
    ("not_started", "dropped"): "reason",
    ("not_started", "rejected"): "reason",
    ("not_started", "proposed"): "reason",
    ("under_way", "not_started"): "reason",
    ("under_way", "done"): "proof",
    ("under_way", "unverifiable"): "reason",
    ("under_way", "dropped"): "reason",
    ("under_way", "rejected"): "reason",
    ("under_way", "proposed"): "reason",
    ("done", "under_way"): "reason",
    ("done", "unverifiable"): "reason",
    ("done", "proposed"): "reason",
    ("unverifiable", "not_started"): "nothing",
    ("unverifiable", "under_way"): "nothing",
    ("unverifiable", "done"): "proof",
    ("unverifiable", "dropped"): "reason",
    ("unverifiable", "proposed"): "reason",
    ("dropped", "not_started"): "reason",
    ("dropped", "under_way"): "reason",
    ("dropped", "proposed"): "reason",
    ("rejected", "proposed"): "reason",
    ("replaced", "proposed"): "reason",
    ("withdrawn", "proposed"): "reason",
}


class CommitmentNotFound(KbError):
    """The ledger has no commitment of this number."""

    status, code = 404, "commitment_not_found"


class OrganNotFound(KbError):
    """Neither the ledger nor an account knows an organ of this name."""

    status, code = 404, "organ_not_found"


class CommitmentOutdated(KbError):
    """Somebody else changed the commitment in the meantime."""

    status, code = 409, "commitment_outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A commitment as somebody saw it: a change to a later version than that is refused."""

    id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Words of a letter, verbatim. Made by ``excerpt`` alone, so that they are."""

    letter_id: str
    span: Span
    text: str
    text_sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A commitment as the ledger keeps it.

    ``citation``, ``publicity`` and ``topics`` repeat what its letter is, so that lists need no
    other file.
    ``text`` is verbatim what stands at ``span`` of the letter; where ``place`` is "gone" what
    stood there. ``owner`` is the name of the account that answers for it beside ``organ``.
    ``decided`` once a person did anything to it; ``extensions`` counts how often its last day was
    put off, ``reminders`` how often somebody was reminded, the last time on ``reminded_on``.
    """

    id: int
    version: int
    status: Status
    citation: Citation
    publicity: Publicity
    topics: tuple[str, ...]
    span: Span
    text: str
    place: Where
    headings: tuple[str, ...]
    organ: str | None
    owner: str | None
    co_organs: tuple[str, ...]
    action: str
    due: Due | None
    target: Target | None
    strength: Strength
    vague: bool
    conditional: bool
    note: str
    decided: bool
    extensions: int
    reminders: int
    reminded_on: str | None
    original_last: str | None
    done_on: str | None
    kept: Kept | None
    pending: Status | None
    pending_by: str | None
    pending_on: str | None
    split_from: int | None
    merged_into: int | None
    changed_at: datetime

    @property
    def seen(self) -> Seen:
        """The number and version that a change names which was decided by this entry."""
        return Seen(id=self.id, version=self.version)

    def overdue(self, today: date) -> bool:
        """True if it is still to be done and its last day is over."""
        return self.status in OPEN and self.past(today)

    def past(self, today: date) -> bool:
        """True if its last day is over, whatever became of it."""
        return bool(self.due and self.due.last and self.due.last < today.isoformat())

    @property
    def put_off_from(self) -> str | None:
        """The last day before it was put off, if it is another one now."""
        last = self.due.last if self.due else None
        return self.original_last if self.original_last != last else None

    def label(self, today: date) -> str:
        """Its status in words, 逾期 included."""
        return OVERDUE if self.overdue(today) else STATUSES[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of a letter that say something of a commitment, confirmed by a person.

    ``of`` is the commitment that it was linked to, which may since be merged into another.
    """

    id: int
    of: int
    relation: Relation
    letter_id: str
    span: Span
    text: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change, as it was recorded: ``was`` and ``became`` hold what differs.

    Where somebody was reminded, ``became`` tells ``whom`` and by which ``way`` too.
    """

    id: int
    at: datetime
    who: str
    kind: Kind
    version: int
    was: Mapping[str, object]
    became: Mapping[str, object]
    reason: str
    relation: Relation | None
    quote: Excerpt | None


def text_sum(letter: Letter) -> str:
    """The SHA-256 of the text, by which a version of it is known."""
    return sha256(letter.text.encode()).hexdigest()


def excerpt(letter: Letter, span: Span) -> Excerpt:
    """The words at ``span``. Raises WrongUse where there are none."""
    words = span.of(letter.text)
    if not 0 <= span.start < span.end <= len(letter.text) or not words.strip():
        raise WrongUse(f"复文 {letter.id} 的第 {span.start} 至 {span.end} 字没有文字；请重新选取")
    return Excerpt(letter_id=letter.id, span=span, text=words, text_sum=text_sum(letter))


def stage_of(status: Status) -> Stage:
    """Where a status belongs: still to be looked at, to be done, closed, on no list."""
    if status in OFF:
        return "off"
    if status in OPEN:
        return "open"
    return "queue" if status == "proposed" else "closed"


def need_of(was: Status, becomes: Status) -> Need:
    """What a change of status takes. Raises WrongUse, naming those that are allowed."""
    need = MOVES.get((was, becomes))
    if need is None:
        allowed = "、".join(STATUSES[to] for start, to in MOVES if start == was)
        wanted = STATUSES.get(becomes, becomes)
        raise WrongUse(f"“{STATUSES[was]}”不能改为“{wanted}”；可以改为：{allowed}")
    return need

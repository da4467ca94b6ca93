"""What the forms of a commitment's page do: one function each, and the table that they are in."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from kb.errors import WrongUse
from kb.extract.types import RELATIONS, Due, Precision, Relation, Target
from kb.feedback.rulings import gold_in
from kb.ledger import edit, regroup, signing
from kb.ledger.events import Proof, entry
from kb.ledger.policy import permit_edit, visible
from kb.ledger.types import CommitmentNotFound, Entry, Seen, Status, excerpt
from kb.staff.connection import Database
from kb.store.protocol import SnapshotReader
from kb.types import Letter, Span
from server.console.access.auth import StaffRequest
from server.console.access.forms import Fields, one, seen_of
from server.console.ledger.finished import finished
from server.console.ledger.known import NEW, known
from server.console.letters import letter_of, seen
from server.http.numbers import number_in
from server.present import views


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a form of the page asks for, of which commitment, and with what at hand."""

    database: Database
    entry: Entry
    fields: Fields
    reader: SnapshotReader
    visit: StaffRequest
    today: date
    two_step: bool = False

    @property
    def seen(self) -> Seen:
        """The commitment as the form's maker saw it. Raises WrongUse."""
        return seen_of(f"{self.entry.id}:{self.value('version')}")

    def value(self, name: str) -> str:
        """The value of a field; "" where there is none."""
        return one(self.fields, name)

    def permit(self, *, status: Status | None = None, fields: Collection[str] = ()) -> None:
        """Raise NotAllowed unless the visitor may so edit the commitment."""
        permit_edit(self.visit.account, organ=self.entry.organ, status=status, fields=fields)

    def place(self) -> tuple[Letter, Span]:
        """The words that the form quotes, in the letter that it names. Raises WrongUse."""
        name = self.value("letter") or self.entry.citation.letter_id
        letter = letter_of(name, self.reader, self.visit)
        start, end = self.value("start"), self.value("end")
        if span := views.span_of(start, end, length=len(letter.text)):
            return letter, span
        return letter, self.found(letter, self.value("words"))

    def found(self, letter: Letter, words: str) -> Span:
        """Where ``words`` stand in ``letter`` as the visitor sees it. Raises WrongUse."""
        return gold_in(seen(letter, self.reader, self.visit), words).place.span

    def proof(self) -> Proof | None:
        """The evidence that the form gives, if it does."""
        if not (self.value("words") or self.value("end")):
            return None
        letter, span = self.place()
        return Proof(
            relation=relation_named(self.value("relation")),
            quote=excerpt(letter, span),
            on=letter.value("issued_on"),
        )


def entry_for(database: Database, number: int, visit: StaffRequest) -> Entry:
    """The commitment of this number, if ``visit`` may see it. Raises CommitmentNotFound."""
    commitment = entry(database, number)
    if not visible(commitment, visit.account):
        raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
    return commitment


def _move(doing: Doing) -> str:
    status: Status = doing.value("status")  # type: ignore[assignment]
    doing.permit(status=status)
    proof = doing.proof()
    given = doing.value("done_on") or None
    fulfils = proof if status == "done" and proof and proof.relation == "fulfils" else None
    found = finished(fulfils.quote.text, fulfils.on, doing.entry) if fulfils and not given else None
    proposed = found.day if found and not found.late else None
    done_on = (given or proposed) if status == "done" else None
    in_force = signing.decide(
        doing.database,
        doing.seen,
        status,
        by=doing.visit.by,
        two_step=doing.two_step,
        reason=doing.value("reason"),
        proof=proof,
        done_on=done_on,
    )
    told = "状态已改" if in_force else "已报请，等另一个人签批"
    if found is None:
        return told
    if found.late:
        return f"{told}；佐证复文的日期 {found.day} 晚于末日，没有当作完成日期，请写明实际哪天办完"
    return f"{told}；完成日期按佐证{'的原话' if found.said else '复文'}记为 {done_on}"


def _correct(doing: Doing) -> str:
    doing.permit()
    wanted = _corrections(doing)
    doing.permit(fields=wanted)
    if wanted.keys() & set(_ORGANS):
        organs = known(doing.database, doing.reader, doing.visit, doing.value(NEW))
        organs.check_fields(doing.entry, wanted)
    edit.correct(
        doing.database, doing.seen, wanted, by=doing.visit.by, reason=doing.value("reason")
    )
    return "更正已记下" if wanted else "没有改动"


_ORGANS = ("organ", "co_organs")


def _corrections(doing: Doing) -> dict[str, Any]:
    """What differs between the form and the commitment, by the names of ``CORRECTABLE``.

    Organs that the form does not have stay as they are.
    """
    now = doing.entry
    due, target = _due(doing), _target(doing)
    given = {
        "organ": doing.value("organ") or None,
        "co_organs": tuple(filter(None, doing.value("co_organs").split("、"))),
        "action": doing.value("action"),
        "strength": doing.value("strength"),
        "vague": bool(doing.value("vague")),
        "conditional": bool(doing.value("conditional")),
        "note": doing.value("note"),
        "due": due,
        "target": target,
    }
    return {
        name: value
        for name, value in given.items()
        if (name not in _ORGANS or name in doing.fields) and value != getattr(now, name)
    }


def _due(doing: Doing) -> Due | None:
    if not doing.value("due_raw"):
        return None
    precision: Precision = doing.value("due_precision")  # type: ignore[assignment]
    return Due(
        raw=doing.value("due_raw"),
        first=doing.value("due_first") or None,
        last=doing.value("due_last") or None,
        precision=precision,
    )


def _target(doing: Doing) -> Target | None:
    if not doing.value("target_text"):
        return None
    typed = doing.value("target_value")
    try:
        value = float(typed)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):  # float() also reads "nan", "inf" and "1e999"
        raise WrongUse(f"目标的数值“{typed}”不是数；请改正")
    return Target(value=value, unit=doing.value("target_unit"), text=doing.value("target_text"))


def _link(doing: Doing) -> str:
    doing.permit()
    letter, span = doing.place()
    edit.link(
        doing.database,
        doing.seen,
        letter,
        span,
        relation=relation_named(doing.value("relation")),
        by=doing.visit.by,
        reason=doing.value("reason"),
    )
    return "佐证已关联"


def _unlink(doing: Doing) -> str:
    doing.permit()
    number = number_in(doing.value("evidence")) or 0
    edit.unlink(doing.database, doing.seen, number, by=doing.visit.by, reason=doing.value("reason"))
    return "佐证已取消"


def _accept(doing: Doing) -> str:
    doing.permit()
    edit.accept(doing.database, doing.seen, by=doing.visit.by, reason=doing.value("reason"))
    return "已确认原文的改动"


def _place(doing: Doing) -> str:
    doing.permit()
    letter, span = doing.place()
    edit.place(
        doing.database, doing.seen, letter, span, by=doing.visit.by, reason=doing.value("reason")
    )
    return "原文的位置已改"


def _split(doing: Doing) -> str:
    doing.permit()
    letter = letter_of(doing.entry.citation.letter_id, doing.reader, doing.visit)
    lines = [line for line in doing.value("parts").split("\n") if line.strip()]
    parts = [
        regroup.Part(span=doing.found(letter, line), fields={"action": line[:60]}) for line in lines
    ]
    regroup.split(
        doing.database,
        doing.seen,
        letter,
        parts,
        by=doing.visit.by,
        reason=doing.value("reason"),
    )
    return f"已拆分为 {len(parts)} 条"


def _merge(doing: Doing) -> str:
    doing.permit()
    numbers = [part.strip() for part in doing.value("others").replace("，", "、").split("、")]
    others = [
        entry_for(doing.database, number_in(part) or 0, doing.visit) for part in numbers if part
    ]
    for other in others:
        permit_edit(doing.visit.account, organ=other.organ)
    regroup.merge(
        doing.database,
        doing.seen,
        [other.seen for other in others],
        by=doing.visit.by,
        reason=doing.value("reason"),
    )
    return f"已把 {len(others)} 条并入这一条"


def relation_named(name: str) -> Relation:
    """The relation of evidence that a form names. Raises WrongUse."""
    if name not in get_args(Relation):
        raise WrongUse(f"佐证要说明是哪一种：{'、'.join(RELATIONS.values())}；请选择")
    return name  # type: ignore[return-value]


ACTS: Mapping[str, Callable[[Doing], str]] = {
    "move": _move,
    "correct": _correct,
    "link": _link,
    "unlink": _unlink,
    "accept": _accept,
    "place": _place,
    "split": _split,
    "merge": _merge,
}

"""What is asked of a change to the ledger before it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kb.errors import WrongUse
from kb.ledger.columns import UNDATED
from kb.ledger.events import Book, Proof
from kb.ledger.types import OFF, OPEN, STATUSES, Excerpt, Seen
from kb.types import Letter, Span


def fulfilled(book: Book, number: int) -> bool:
    """True if evidence is linked that it was done."""
    return (
        book.database.execute(
            "SELECT 1 FROM evidence WHERE commitment = ?1 AND relation = 'fulfils' UNION ALL"
            " SELECT 1 FROM attachment WHERE commitment = ?1 AND relation = 'fulfils'",
            (number,),
        ).fetchone()
        is not None
    )


def check_successors(book: Book, number: int) -> None:
    """What was split comes back only once none of its parts is left to count twice."""
    parts = book.database.execute(
        "SELECT id FROM commitment WHERE split_from = ? AND live = 1 ORDER BY id", (number,)
    ).fetchall()
    if parts:
        left = "、".join(str(part) for (part,) in parts)
        raise WrongUse(f"拆分出来的第 {left} 号承诺还在台账里；请先把它们改为“不是承诺”")


def check_parts(row: Mapping[str, Any], letter: Letter, spans: Sequence[Span]) -> None:
    """Parts are two or more, inside the words of the whole, none over another."""
    whole = Span(start=row["start"], end=row["stop"])
    if row["letter"] != letter.id or whole.of(letter.text) != row["words"]:
        raise WrongUse("原文已变，不能按原来的位置拆分；请先重新选取原文")
    last = whole.start
    for span in sorted(spans, key=lambda span: span.start):
        if span.start < last or not whole.holds(span):
            raise WrongUse("拆分的各段要在原来的文字之内，互不重叠；请重新选取")
        last = span.end
    if len(spans) < 2:
        raise WrongUse("至少要拆成两段；请重新选取")


def check_merge(
    keep: Seen, kept: Mapping[str, Any], other: Seen, row: Mapping[str, Any], *, today: date
) -> None:
    """Raise WrongUse where ``keep`` would hide that ``other`` is to be done, or by when, or late.

    What nobody confirmed yet and is not over may go into any.
    """
    last, status = row["due_last"], row["status"]
    over = last is not None and last < today.isoformat()
    if status == "proposed" and not over:
        return
    waiting = OPEN if status in OPEN else OPEN | {"proposed"}
    if status in (*OPEN, "proposed") and kept["status"] not in waiting:
        raise WrongUse(
            f"第 {other.id} 号承诺是“{STATUSES[status]}”，并入“{STATUSES[kept['status']]}”的"
            f"第 {keep.id} 号就不用再办了；请先改好状态，或者反过来并"
        )
    if last is not None and (kept["due_last"] or UNDATED) > last:
        raise WrongUse(
            f"第 {other.id} 号承诺的末日是 {last}，早于第 {keep.id} 号的"
            f"（{kept['due_last'] or '没有末日'}），合并以后就看不到了；请并入末日最早的那一条"
        )
    if row["kept"] == "late" and kept["kept"] != "late":
        raise WrongUse(
            f"第 {other.id} 号承诺是逾期完成的，并入第 {keep.id} 号就看不到了；请反过来并"
        )


SHORTEST = 4  # characters of a quote, white space aside: fewer say nothing


def check_words(quote: Excerpt) -> None:
    """Raise WrongUse where a quote is too short to say anything."""
    if len("".join(quote.text.split())) < SHORTEST:
        raise WrongUse(f"原话“{quote.text}”太短；请至少选 {SHORTEST} 个字")


def check_proof(row: Mapping[str, Any], proof: Proof) -> None:
    """Raise WrongUse for words of the promise itself, too few, or older than what they fulfil."""
    quote = proof.quote
    check_words(quote)
    promised = row["issued_on"]
    if proof.relation == "fulfils" and proof.on and promised and proof.on < promised:
        raise WrongUse(
            f"佐证的复文是 {proof.on} 的，早于作出承诺的 {promised}，不能说明已兑现；请另选佐证"
        )
    if quote.letter_id == row["letter"] and (
        quote.span.start < row["stop"] and row["start"] < quote.span.end
    ):
        raise WrongUse("承诺的原文不能作它自己的佐证；请选取别处的文字")


def still_live(seen: Seen, row: Mapping[str, Any]) -> None:
    """What is off the lists is put back before it is changed. Raises WrongUse."""
    if row["status"] in OFF:
        raise WrongUse(
            f"第 {seen.id} 号承诺已是“{STATUSES[row['status']]}”，不能再改；请先放回待核实"
        )


def nothing_waits(seen: Seen, row: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
    """Raise WrongUse where ``columns`` would change what somebody is asked to sign.

    A note beside it may be written all the same.
    """
    if row["pending"] is not None and any(
        row[name] != value for name, value in columns.items() if name != "note"
    ):
        report = f"{row['pending_by']}报请改为“{STATUSES[row['pending']]}”"
        raise WrongUse(
            f"第 {seen.id} 号承诺正等签批（{report}），不能更正、拆分或并入别的；"
            "请先签批或退回，或由报请的人撤销上一步收回，再改"
        )


def put_off(row: Mapping[str, Any], columns: Mapping[str, Any]) -> bool:
    """True if the last day becomes a later one, or none, where there was one."""
    if "due_raw" not in columns or row["due_last"] is None:
        return False
    last: str | None = columns["due_last"]
    return last is None or last > row["due_last"]

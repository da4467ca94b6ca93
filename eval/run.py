"""The main flow of an evaluation: ask everything, measure, write."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.asking import record
from eval.base import Base, peak_memory
from eval.plan import Plan
from eval.provenance import answering, code_digest
from eval.record import Record, answer_line, line, read_records, write_lines
from eval.scores import scored
from eval.suite import Suite
from kb.errors import WrongUse

OUTPUTS = (
    "run.json", "records.jsonl", "results.json", "run.trec", "qrels.trec", "answers.jsonl",
    "letters.jsonl", "report.html", "deltas.tsv", "memory.json",
)  # fmt: skip
Tick = Callable[[int], object]  # questions done since the last call


def run(
    suite: Suite,
    base: Base,
    out: Path,
    *,
    plan: Plan,
    fresh: bool = False,
    tick: Tick = lambda _: None,
) -> dict[str, Any]:
    """Ask ``base`` everything in ``suite`` and write all but the report to ``out``.

    A run that was interrupted goes on where it stopped. Raises WrongUse where ``out`` holds a
    run of something else, unless ``fresh``. Returns the content of ``results.json``.
    """
    out.mkdir(parents=True, exist_ok=True)
    identity = _identity(suite, base, plan)
    _begin(out, identity, fresh=fresh)
    records = _asked(suite, base, out, tick=tick)
    results = scored(suite, records, base, out, plan=plan, asking=_memory(out))
    _write(out, records, base)
    write_lines(out / "results.json", [json.dumps(results, ensure_ascii=False, indent=1)])
    return results


def _identity(suite: Suite, base: Base, plan: Plan) -> dict[str, Any]:
    """What records must share to stand in one file."""
    asked = "\n".join(f"{q.id}\t{q.question}\t{sorted(q.relevant)}" for q in suite.questions)
    return {
        "suite": plan.digest,
        "questions": hashlib.sha256(asked.encode()).hexdigest()[:16],
        "limit": plan.limit,
        "seed": plan.seed,
        "snapshot": base.reader.snapshot.version,
        "code": code_digest(),
        "settings": answering(base.settings),
        "folds": list(base.readers.names),
    }


def _begin(out: Path, identity: Mapping[str, Any], *, fresh: bool) -> None:
    """Claim ``out`` for this run, or find the same run begun in it."""
    path = out / "run.json"
    outputs = [name for name in OUTPUTS if (out / name).exists()]
    if outputs and not fresh:
        known = _read(path) if path.exists() else {}
        if known == identity:
            return
        differ = "、".join(name for name in identity if known.get(name) != identity[name])
        raise WrongUse(
            f"{out} 里是另一次评测（不同处：{differ}）；请换一个 --out，或加 --fresh 覆盖它"
        )
    for name in outputs:
        (out / name).unlink()
    write_lines(path, [json.dumps(identity, ensure_ascii=False)])


def _read(path: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WrongUse(f"{path} 不是评测写的 JSON；请加 --fresh 重新评测") from error
    return known


def _asked(suite: Suite, base: Base, out: Path, *, tick: Tick) -> list[Record]:
    """A record of every question, those that are there already among them."""
    path = out / "records.jsonl"
    known = read_records(path) if path.exists() else []
    done = _checked(known, suite, base, path)
    write_lines(path, (line(stored) for stored in known))  # without a line cut off in the middle
    tick(len(done))
    if len(done) < len(suite.questions):
        record(suite.questions[0], base)  # what is loaded at the first question is no delay
    with path.open("a", encoding="utf-8", newline="\n") as file:
        for question in suite.questions:
            if question.id not in done:
                done[question.id] = record(question, base)
                file.write(line(done[question.id]) + "\n")
                file.flush()
                tick(1)
    _note_memory(out)
    return [done[question.id] for question in suite.questions]


def _checked(known: Sequence[Record], suite: Suite, base: Base, path: Path) -> dict[str, Record]:
    """By id, records that can be of this run. Raises WrongUse for one that can't."""
    asked = {question.id: question for question in suite.questions}
    indexed = set(base.letter_ids)
    for stored in known:
        sound = asked.get(stored.id) == stored.question and 0 <= stored.confidence <= 1
        if (
            not sound
            or len(set(stored.ranking)) < len(stored.ranking)
            or not indexed >= {*stored.ranking}
        ):
            raise WrongUse(f"{path} 里 {stored.id} 的记录不是这次评测的；请加 --fresh 重新评测")
    return {stored.id: stored for stored in known}


def _note_memory(out: Path) -> None:
    """Keep the memory of the process that asked; later ones only measure."""
    path = out / "memory.json"
    if not path.exists():
        write_lines(path, [json.dumps({"peak_bytes": peak_memory()})])


def _memory(out: Path) -> int | None:
    peak: int | None = _read(out / "memory.json").get("peak_bytes")
    return peak


def _write(out: Path, records: Sequence[Record], base: Base) -> None:
    """``answers.jsonl``, and ``letters.jsonl`` with the texts that its offsets point into."""
    write_lines(out / "answers.jsonl", map(answer_line, records))
    named = {
        shown.docid
        for question_record in records
        for shown in (*question_record.quotes, *question_record.forced)
    }
    named |= {docid for question_record in records for docid in question_record.question.relevant}
    letters = (base.reader.letter(letter_id) for letter_id in base.letter_ids if letter_id in named)
    rows = ({"id": letter.id, "sha256": letter.sha256, "text": letter.text} for letter in letters)
    write_lines(out / "letters.jsonl", (json.dumps(row, ensure_ascii=False) for row in rows))

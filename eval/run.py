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
    text = json.dumps(results, ensure_ascii=False, indent=1)
    (out / "results.json").write_text(text + "\n", encoding="utf-8")
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
    }


def _begin(out: Path, identity: Mapping[str, Any], *, fresh: bool) -> None:
    """Claim ``out`` for this run, or find the same run begun in it."""
    path = out / "run.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    if known == identity and not fresh:
        return
    if known is not None and not fresh:
        differ = "、".join(name for name in identity if known.get(name) != identity[name])
        raise WrongUse(
            f"{out} 里是另一次评测（不同处：{differ}）；请换一个 --out，或加 --fresh 覆盖它"
        )
    for name in OUTPUTS:
        (out / name).unlink(missing_ok=True)
    path.write_text(json.dumps(identity, ensure_ascii=False, indent=1), encoding="utf-8")


def _asked(suite: Suite, base: Base, out: Path, *, tick: Tick) -> list[Record]:
    """A record of every question, those that are there already among them."""
    path = out / "records.jsonl"
    done = {one.id: one for one in read_records(path)} if path.exists() else {}
    write_lines(path, (line(one) for one in done.values()))  # without a line cut off in the middle
    tick(len(done))
    base.embedder.question("预热")
    with path.open("a", encoding="utf-8", newline="\n") as file:
        for question in suite.questions:
            if question.id not in done:
                done[question.id] = record(question, base)
                file.write(line(done[question.id]) + "\n")
                file.flush()
                tick(1)
    _note_memory(out)
    return [done[question.id] for question in suite.questions]


def _note_memory(out: Path) -> None:
    """Keep the memory of the process that asked; later ones only measure."""
    path = out / "memory.json"
    if not path.exists():
        path.write_text(json.dumps({"peak_bytes": peak_memory()}), encoding="utf-8")


def _memory(out: Path) -> int | None:
    peak: int | None = json.loads((out / "memory.json").read_text(encoding="utf-8"))["peak_bytes"]
    return peak


def _write(out: Path, records: Sequence[Record], base: Base) -> None:
    """``answers.jsonl``, and ``letters.jsonl`` with the texts that its offsets point into."""
    write_lines(out / "answers.jsonl", map(answer_line, records))
    named = {shown.docid for one in records for shown in (*one.quotes, *one.forced)}
    named |= {docid for one in records for docid in one.question.relevant}
    letters = (base.reader.letter(letter_id) for letter_id in base.letter_ids if letter_id in named)
    rows = ({"id": one.id, "sha256": one.sha256, "text": one.text} for one in letters)
    write_lines(out / "letters.jsonl", (json.dumps(row, ensure_ascii=False) for row in rows))

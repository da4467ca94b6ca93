"""What an update tells: as JSON, as lines for the terminal, as one line of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from indexer.tally import Tally
from kb.ledger.propose import Proposed
from kb.privacy.publicity import NAMES
from kb.store.register import counts
from kb.types import Publicity, Snapshot

NAMED = 5  # refused files that one line names


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An update that is done.

    ``barred`` says how many letters of each kind citizens don't see, ``registers`` what became
    of the rows of registers (``kb.store.register.counts``), ``proposed`` what came of it for the
    ledger, where there is one. ``news`` is False where the snapshot is the one of before.
    """

    snapshot: Snapshot
    tally: Tally
    news: bool
    barred: Mapping[Publicity, int]
    seconds: float
    proposed: Proposed | None
    registers: Mapping[str, int] = field(default_factory=lambda: counts(()))


def as_object(report: Report) -> dict[str, object]:
    """The report as JSON has it."""
    counts = asdict(report.tally)
    refused, held_back = counts.pop("refused"), counts.pop("held_back")
    return {
        "snapshot": report.snapshot.version,
        "letters": report.snapshot.letters,
        **counts,
        "passages": report.snapshot.passages,
        "refused": refused,
        "not_public": report.barred,
        "held_back": [
            {**found, "message": letter.message}
            for found, letter in zip(held_back, report.tally.held_back, strict=True)
        ],
        "registers": dict(report.registers) if report.registers["rows"] else None,
        "commitments": asdict(report.proposed) if report.proposed else None,
        "seconds": round(report.seconds, 3),
    }


def as_text(report: Report) -> str:
    """The report in lines: what was refused and what is held back first, then the counts."""
    snapshot, tally = report.snapshot, report.tally
    lines = [f"拒收 {r.file}（{r.code}）：{r.message}" for r in tally.refused]
    if tally.refused_more:
        lines.append(f"另有 {tally.refused_more} 件也被拒收，不一一列出")
    lines += [
        f"市民看不到 {letter.letter}（{NAMES[letter.publicity]}）：{letter.message}"
        for letter in tally.held_back
    ]
    lines.append(
        f"快照 {snapshot.version}：复文 {snapshot.letters} 份、段落 {snapshot.passages} 个；"
        f"{_counted(tally)}；用时 {report.seconds:.1f} 秒"
    )
    if report.barred:
        kinds = "、".join(f"{NAMES[level]} {count}" for level, count in report.barred.items())
        lines.append(f"市民看不到的复文 {sum(report.barred.values())} 份：{kinds}")
    if tally.unanswered:
        lines.append(f"来信还没有答复的 {tally.unanswered} 件，没有编入")
    if report.registers["rows"]:
        lines.append(registers_told(report.registers))
    if report.proposed:
        lines += [f"没有找承诺 {sentence}" for sentence in report.proposed.skipped]
        lines.append(f"台账：{report.proposed.summary()}")
    return "\n".join(lines)


def registers_told(counted: Mapping[str, int]) -> str:
    """What became of the rows of registers, in a sentence; ``counted`` by ``register.counts``."""
    return (
        f"交办表 {counted['files']} 个、{counted['rows']} 件：有复文的 {counted['joined']} 件"
        f"（与复文有出入的 {counted['contradicting']} 件），还没有的 {counted['unanswered']} 件，"
        f"说不准是哪一份的 {counted['ambiguous']} 件；用 fuwen index registers 看是哪些"
    )


def as_line(report: Report) -> str:
    """What changed, in one line."""
    tally = report.tally
    line = f"快照 {report.snapshot.version}：{_counted(tally)}；用时 {report.seconds:.1f} 秒"
    refused = [f"{one.file}（{one.code}）" for one in tally.refused]
    if refused:
        more = len(refused) - NAMED + tally.refused_more
        line += f"；拒收的：{'、'.join(refused[:NAMED])}" + (
            f"，另有 {more} 件" if more > 0 else ""
        )
    if tally.held_back:
        line += f"；先不公开 {len(tally.held_back)} 份"
    return line


def _counted(tally: Tally) -> str:
    return (
        f"新增 {tally.added}、更新 {tally.changed}、撤下 {tally.removed}、未变 {tally.unchanged}、"
        f"拒收 {len(tally.refused) + tally.refused_more}"
    )

"""Index reply letters and look after the snapshots: ``python -m indexer update DIR``."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from indexer.formats import office
from indexer.tally import Tally
from indexer.update import LIMITS, Tick, update
from indexer.worker import Reading
from kb.analysis.refresh import refresh_ledger
from kb.cli import program
from kb.errors import BadSnapshot, NoSnapshot
from kb.ledger.propose import Proposed
from kb.models.embedding import embedding_model
from kb.privacy.publicity import LEVELS, NAMES
from kb.settings import Settings
from kb.staff.database import NAME, PROGRAM, By, opened
from kb.store import modes
from kb.store.open import open_local
from kb.store.protocol import Store
from kb.types import Publicity, Snapshot


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return program.main(command_line("python -m indexer"), arguments)


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser; ``prog`` is what is typed before a command."""
    parser = argparse.ArgumentParser(prog=prog, description="把复文编成可以提问的快照")
    commands = parser.add_subparsers(required=True, metavar="命令")
    updating = program.add_command(commands, "update", "编入文件或文件夹，发布新快照")
    updating.add_argument(
        "inbox",
        nargs="+",
        type=Path,
        help="文件夹或文件（txt html docx pdf ofd zip jsonl，png jpg tif 须装 fuwen[ocr]）",
    )
    updating.add_argument("--rebuild", action="store_true", help="不沿用旧快照，全部重编")
    updating.set_defaults(command=_update)
    verifying = program.add_command(commands, "verify", "逐个文件核对快照的 SHA-256")
    verifying.add_argument("version", nargs="?", help="快照版本，默认当前")
    verifying.set_defaults(command=_verify)
    listing = program.add_command(commands, "list", "列出快照和当前复文")
    listing.set_defaults(command=_list)
    pruning = program.add_command(commands, "prune", "删去旧快照")
    pruning.add_argument("--keep", type=int, default=3, help="保留最新的几个，默认 3")
    pruning.set_defaults(command=_prune)
    rolling = program.add_command(commands, "rollback", "退回到旧快照")
    rolling.add_argument("version", nargs="?", help="快照版本，默认当前快照的上一个")
    rolling.add_argument("--republish", action="store_true", help="让里面后来撤下的复文重新公开")
    rolling.set_defaults(command=_rollback)
    for command in (updating, verifying, listing, pruning, rolling):
        program.add_common(command)
    return parser


def _store(given: argparse.Namespace) -> Store:
    modes.keep_private()
    return open_local(program.settings(given))


def _update(given: argparse.Namespace) -> int:
    modes.keep_private()
    settings = program.settings(given)
    modes.close_to_others(settings.data)
    store = open_local(settings)
    if not given.rebuild:
        _usable(store)
    soffice = office.installed(settings.soffice)
    embedder = embedding_model(settings.model)
    started = time.perf_counter()
    bar: tqdm[Any] = tqdm(unit="份", desc="编入", file=sys.stderr, disable=None)
    with bar:
        snapshot, tally = update(
            given.inbox,
            store,
            embedder,
            rebuild=given.rebuild,
            unmarked=settings.publicity_default,
            tick=_on(bar),
            soffice=soffice,
        )
    seconds = time.perf_counter() - started
    proposed = _propose(settings, store)
    barred = _not_public(store)
    program.say(
        given,
        _as_object(snapshot, tally, barred=barred, seconds=seconds, proposed=proposed),
        _as_text(snapshot, tally, barred=barred, seconds=seconds, proposed=proposed),
    )
    return program.SOME_REFUSED if tally.refused else program.FINE


def _not_public(store: Store) -> Mapping[Publicity, int]:
    """How many letters of each kind citizens don't see."""
    counts = Counter(head.publicity for head in store.current().letters())
    return {level: counts[level] for level in LEVELS if counts[level] and level != "public"}


def _propose(settings: Settings, store: Store) -> Proposed | None:
    """What the letters promise goes to the ledger, where there is one: it begins by hand."""
    path = settings.data / NAME
    if not path.exists():
        return None
    with opened(path) as database, Reading(LIMITS) as reading:
        return refresh_ledger(
            database,
            store.current(),
            by=By(who=PROGRAM, at=datetime.now(UTC)),
            find=reading.commitments,
            figures=reading.records,
        )


def _usable(store: Store) -> None:
    """Raises BadSnapshot rather than leave out letters of a snapshot that can't be read."""
    try:
        store.current()
    except NoSnapshot:
        return
    if store.degraded:
        raise BadSnapshot(
            f"{store.degraded}；在旧的上面编入会丢掉后来的复文，所以什么也没改。"
            "请用 fuwen index update … --rebuild 重编全部文件，或用 fuwen index rollback 退回旧的"
        )


def _on(bar: tqdm[Any]) -> Tick:
    def tick(name: str, letters: int) -> None:
        bar.set_postfix_str(name, refresh=False)
        bar.update(letters)

    return tick


def _as_object(
    snapshot: Snapshot,
    tally: Tally,
    *,
    barred: Mapping[Publicity, int],
    seconds: float,
    proposed: Proposed | None,
) -> dict[str, object]:
    counts = asdict(tally)
    refused, held_back = counts.pop("refused"), counts.pop("held_back")
    return {
        "snapshot": snapshot.version,
        "letters": snapshot.letters,
        **counts,
        "passages": snapshot.passages,
        "refused": refused,
        "not_public": barred,
        "held_back": [
            {**found, "message": letter.message}
            for found, letter in zip(held_back, tally.held_back, strict=True)
        ],
        "commitments": asdict(proposed) if proposed else None,
        "seconds": round(seconds, 3),
    }


def _as_text(
    snapshot: Snapshot,
    tally: Tally,
    *,
    barred: Mapping[Publicity, int],
    seconds: float,
    proposed: Proposed | None,
) -> str:
    lines = [f"拒收 {r.file}（{r.code}）：{r.message}" for r in tally.refused]
    if tally.refused_more:
        lines.append(f"另有 {tally.refused_more} 件也被拒收，不一一列出")
    lines += [
        f"市民看不到 {letter.letter}（{NAMES[letter.publicity]}）：{letter.message}"
        for letter in tally.held_back
    ]
    lines.append(
        f"快照 {snapshot.version}：复文 {snapshot.letters} 份、段落 {snapshot.passages} 个；"
        f"新增 {tally.added}、更新 {tally.changed}、撤下 {tally.removed}、未变 {tally.unchanged}、"
        f"拒收 {len(tally.refused) + tally.refused_more}；用时 {seconds:.1f} 秒"
    )
    if barred:
        kinds = "、".join(f"{NAMES[level]} {count}" for level, count in barred.items())
        lines.append(f"市民看不到的复文 {sum(barred.values())} 份：{kinds}")
    if proposed:
        lines += [f"没有找承诺 {sentence}" for sentence in proposed.skipped]
        lines.append(f"台账：{proposed.summary()}")
    return "\n".join(lines)


def _verify(given: argparse.Namespace) -> int:
    snapshot = _store(given).verify(given.version)
    count = len(snapshot.files)
    sentence = f"快照 {snapshot.version} 完好：{count} 个文件的 SHA-256 全部相符"
    return program.say(given, {"snapshot": snapshot.version, "files": count}, sentence)


def _list(given: argparse.Namespace) -> int:
    store = _store(given)
    heads = store.current().letters()
    versions = store.versions()
    content = {
        "snapshots": [
            {"version": v.version, "current": v.current, "trouble": v.trouble} for v in versions
        ],
        "letters": [asdict(head) for head in heads],
    }
    lines = [
        f"{'*' if v.current else ' '} {v.version} {v.trouble or ''}".rstrip() for v in versions
    ]
    lines += [
        "\t".join((h.id, h.number or "", h.issuer or "", h.issued_on or "", h.title or ""))
        for h in heads
    ]
    return program.say(given, content, "\n".join(lines))


def _prune(given: argparse.Namespace) -> int:
    gone = _store(given).prune(given.keep)
    sentence = f"删去 {len(gone)} 个旧快照" + "".join(f"\n  {version}" for version in gone)
    return program.say(given, {"removed": gone}, sentence)


def _rollback(given: argparse.Namespace) -> int:
    snapshot = _store(given).rollback(given.version, republish=given.republish)
    sentence = f"当前快照已是 {snapshot.version}"
    return program.say(given, {"snapshot": snapshot.version}, sentence)


if __name__ == "__main__":
    sys.exit(main())

"""Index reply letters and look after the snapshots: ``python -m indexer update DIR``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from indexer.formats import office
from indexer.preview import as_object as preview_object
from indexer.preview import as_text as preview_text
from indexer.preview import preview
from indexer.register.told import CONTRADICTING, row_told, standing
from indexer.report import Report, as_line, as_object, as_text, registers_told
from indexer.shards import choosing
from indexer.update import Tick
from indexer.versions import takedown
from indexer.whole import Base, indexed
from kb.analysis import traces
from kb.cli import program
from kb.errors import WrongUse
from kb.models.outside import embedder_of
from kb.models.tagging import tagging_model
from kb.staff.database import PROGRAM, By, staff_of
from kb.store import modes, orders
from kb.store.open import open_store
from kb.store.protocol import Store
from kb.store.register import STANDINGS, counts

ASIDE = {"copy": "副本，同", "older": "较早的版本，现在是"}
MARKS = {"mend": "可以清除", "yours": "请处理", "kept": "照规定留着"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return program.main(command_line("python -m indexer"), arguments)


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser; ``prog`` is what is typed before a command."""
    parser = argparse.ArgumentParser(prog=prog, description="把复文编成可以提问的快照")
    commands = parser.add_subparsers(required=True, metavar="命令")
    updating = _update_command(commands)
    reading = _read_command(commands)
    watching = program.add_command(commands, "watch", "监视一个文件夹，有改动就编入")
    watching.add_argument("folder", type=Path, help="文件夹")
    watching.set_defaults(command=_watch)
    verifying = program.add_command(commands, "verify", "逐个文件核对快照的 SHA-256")
    verifying.add_argument("version", nargs="?", help="快照版本，默认当前")
    verifying.add_argument("--gone", metavar="编号", help="核对这份撤下的复文哪里也没有留下")
    verifying.add_argument("--mend", action="store_true", help="同 --gone：留下的一并清除")
    verifying.set_defaults(command=_verify)
    taking = _takedown_command(commands)
    listing = program.add_command(commands, "list", "列出快照和当前复文")
    listing.set_defaults(command=_list)
    registering = _register_command(commands)
    pruning = program.add_command(commands, "prune", "删去旧快照")
    pruning.add_argument("--keep", type=int, default=3, help="保留最新的几个，默认 3")
    pruning.set_defaults(command=_prune)
    rolling = program.add_command(commands, "rollback", "退回到旧快照")
    rolling.add_argument("version", nargs="?", help="快照版本，默认当前快照的上一个")
    rolling.add_argument("--republish", action="store_true", help="让里面后来撤下的复文重新公开")
    rolling.set_defaults(command=_rollback)
    every = (updating, reading, watching, verifying, taking, listing, registering, pruning, rolling)
    for command in every:
        program.add_common(command)
    return parser


def _update_command(commands: Any) -> Any:
    updating = program.add_command(commands, "update", "编入文件或文件夹，发布新快照")
    updating.add_argument(
        "inbox",
        nargs="*",
        type=Path,
        help="文件夹或文件（txt html docx pdf ofd zip jsonl csv xlsx；"
        "png jpg tif 须装 fuwen[ocr]）",
    )
    updating.add_argument("--uploads", action="store_true", help="只编入工作台上传、更正的")
    updating.add_argument("--rebuild", action="store_true", help="不沿用旧快照，全部重编")
    choosing.add_options(updating)
    updating.set_defaults(command=_update, wrong=updating.error)
    return updating


def _read_command(commands: Any) -> Any:
    reading = program.add_command(commands, "read", "读一个文件，看读出了什么，不编入")
    reading.add_argument("file", type=Path, help="文件")
    reading.set_defaults(command=_read)
    return reading


def _takedown_command(commands: Any) -> Any:
    taking = program.add_command(commands, "takedown", "下令撤下复文，以后也不再收录")
    taking.add_argument("letters", nargs="*", metavar="编号", help="不写则列出；副本、旧版一并撤下")
    taking.add_argument("--reason", default="", help="为什么撤下")
    taking.add_argument("--undo", action="store_true", help="撤销命令，下次编入时重新收录")
    taking.set_defaults(command=_takedown)
    return taking


def _register_command(commands: Any) -> Any:
    registering = program.add_command(commands, "registers", "列出交办表里的每一件和它的复文")
    registering.add_argument(
        "--only",
        choices=[*STANDINGS, CONTRADICTING],
        help="只列有复文的、没有的、说不准的、有出入的",
    )
    registering.set_defaults(command=_registers)
    return registering


def _store(given: argparse.Namespace) -> Store:
    modes.keep_private()
    return open_store(program.settings(given))


def _base(given: argparse.Namespace) -> Base:
    modes.keep_private()
    settings = program.settings(given)
    modes.close_to_others(settings.data)
    return Base(
        settings=settings,
        store=open_store(settings),
        embedder=embedder_of(settings),
        tagger=tagging_model(settings.tagger),
        soffice=office.installed(settings.soffice),
    )


def _update(given: argparse.Namespace) -> int:
    if bool(given.inbox) == given.uploads or (given.uploads and given.rebuild):
        given.wrong("缺少 inbox；--uploads 不与文件夹、--rebuild 同用")
    base = replace(_base(given), runner=choosing.runner(given), shards=given.shards)
    bar: tqdm[Any] = tqdm(unit="份", desc="编入", file=sys.stderr, disable=None)
    with bar:
        report = indexed(given.inbox, base, rebuild=given.rebuild, tick=_on(bar))
    program.say(given, as_object(report), as_text(report))
    return program.SOME_REFUSED if report.tally.refused else program.FINE


def _read(given: argparse.Namespace) -> int:
    settings = program.settings(given)
    found = preview(
        given.file,
        unmarked=settings.publicity_default,
        soffice=office.installed(settings.soffice),
    )
    program.say(given, preview_object(found), preview_text(found))
    return program.SOME_REFUSED if found.refused else program.FINE


def _watch(given: argparse.Namespace) -> int:
    base = _base(given)
    # Imported here: only who watches a folder needs what watches it.
    from indexer.watch import check_apart, watching

    check_apart(given.folder, base.settings.data)

    def tell(report: Report) -> None:
        program.say(given, as_object(report), f"{datetime.now():%H:%M:%S} {as_line(report)}")
        sys.stdout.flush()

    watching(
        given.folder,
        lambda: indexed([given.folder], base),
        tell=tell,
        note=lambda sentence: print(sentence, file=sys.stderr, flush=True),
    )
    return program.FINE


def _on(bar: tqdm[Any]) -> Tick:
    def tick(name: str, letters: int) -> None:
        bar.set_postfix_str(name, refresh=False)
        bar.update(letters)

    return tick


def _verify(given: argparse.Namespace) -> int:
    if given.gone:
        return _verify_gone(given)
    if given.mend:
        raise WrongUse("--mend 要和 --gone 编号 同用")
    snapshot = _store(given).verify(given.version)
    count = len(snapshot.files)
    sentence = f"快照 {snapshot.version} 完好：{count} 个文件的 SHA-256 全部相符"
    return program.say(given, {"snapshot": snapshot.version, "files": count}, sentence)


def _verify_gone(given: argparse.Namespace) -> int:
    """Whether anything is left of a letter; with ``--mend``, after it was taken away."""
    settings, store = program.settings(given), _store(given)
    data, staff = settings.data, staff_of(settings)
    if given.mend:
        reader = store.current()
        present = {*(head.id for head in reader.letters()), *reader.set_aside()}
        by = By(who=PROGRAM, at=datetime.now(UTC))
        found = traces.mend(data, given.gone, present=present, by=by, staff=staff)
        store.tidy()
    else:
        found = traces.traces(data, given.gone, staff=staff)
    left = [trace for trace in found if trace.remedy != "kept"]
    lines = [f"{MARKS[trace.remedy]}：{trace.told}" for trace in found]
    if any(trace.remedy == "mend" for trace in left):
        lines.append(f"能清除的可以用 fuwen index verify --gone {given.gone} --mend 清除")
    lines.append(f"{given.gone} 还留在 {len(left)} 处" if left else f"{given.gone} 哪里也没有留下")
    program.say(given, {"gone": not left, "left": list(map(asdict, found))}, "\n".join(lines))
    return program.SOME_REFUSED if left else program.FINE


def _takedown(given: argparse.Namespace) -> int:
    settings, store, names = program.settings(given), _store(given), given.letters
    data, staff = settings.data, staff_of(settings)
    if given.undo:
        if missing := sorted(set(names) - set(orders.orders(data).by_id)):
            raise WrongUse(f"没有下令撤下 {missing[0]}；请用 fuwen index takedown 列出撤下的复文")
        orders.lift(data, names)
    elif names:
        now = datetime.now(UTC)
        takedown.take_down(names, store=store, data=data, reason=given.reason, now=now, staff=staff)
    standing = orders.orders(data).by_id
    lines = [f"{name}\t{one.at[:10]}\t{one.reason}".rstrip() for name, one in standing.items()]
    lines.append(f"下令撤下的共 {len(standing)} 份")
    if names and not given.undo:
        lines.append(f"还留下什么，请用 fuwen index verify --gone {names[0]} 核对")
    content = {name: asdict(one) for name, one in standing.items()}
    return program.say(given, {"taken_down": content}, "\n".join(lines))


def _list(given: argparse.Namespace) -> int:
    store = _store(given)
    reader = store.current()
    heads, aside = reader.letters(), reader.set_aside().values()
    versions = store.versions()
    content = {
        "snapshots": [
            {"version": v.version, "current": v.current, "trouble": v.trouble} for v in versions
        ],
        "letters": [asdict(head) for head in heads],
        "set_aside": [
            {**asdict(one.head), "served": one.served, "reason": one.reason} for one in aside
        ],
    }
    lines = [
        f"{'*' if v.current else ' '} {v.version} {v.trouble or ''}".rstrip() for v in versions
    ]
    lines += [
        "\t".join((h.id, h.number or "", h.issuer or "", h.issued_on or "", h.title or ""))
        for h in heads
    ]
    lines += [f"{one.head.id}\t{ASIDE[one.reason]} {one.served}" for one in aside]
    return program.say(given, content, "\n".join(lines))


def _registers(given: argparse.Namespace) -> int:
    rows = _store(given).current().registered()
    wanted = [found for found in rows if given.only in (None, *standing(found))]
    content = {"registers": counts(rows), "rows": [asdict(found) for found in wanted]}
    lines = [*map(row_told, wanted), registers_told(counts(rows))]
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

"""``fuwen prune``: what may go by the settings is shown, and deleted where that is asked for."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from itertools import groupby

from kb.backup.prune import KINDS, Item, prune
from kb.cli import program
from kb.errors import WrongUse
from kb.staff.database import PROGRAM, By
from kb.store import modes
from kb.store.open import open_store

SHOWN = 5  # names of each kind
MEGABYTE = 1_000_000


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser of the command."""
    parser = argparse.ArgumentParser(
        prog=prog, description="删去设置说不必再留的：旧快照、原件、旧数据、拒收的上传、旧备份"
    )
    parser.add_argument("--delete", action="store_true", help="真的删去；不写就只列出会删什么")
    program.add_common(parser)
    parser.set_defaults(command=_prune)
    return parser


def _prune(given: argparse.Namespace) -> int:
    modes.keep_private()
    settings = program.settings(given)
    if not settings.data.is_dir():
        raise WrongUse(f"没有数据文件夹 {settings.data}；请核对 --data 或 KB_DATA")
    by = By(who=PROGRAM, at=datetime.now(UTC))
    items = prune(settings, open_store(settings), by=by, delete=given.delete)
    told = [{"kind": item.kind, "name": item.name, "size": item.size} for item in items]
    return program.say(given, {"deleted": given.delete, "items": told}, _text(items, given.delete))


def _text(items: list[Item], deleted: bool) -> str:
    lines = []
    for kind, group in groupby(items, key=lambda item: item.kind):
        of_kind = list(group)
        lines.append(f"{KINDS[kind]}：{len(of_kind)} 个，{_megabytes(of_kind)}")
        lines += [f"  {item.name}" for item in of_kind[:SHOWN]]
        if len(of_kind) > SHOWN:
            lines.append(f"  ……另有 {len(of_kind) - SHOWN} 个")
    if not items:
        lines.append("没有可以删的：都在用，或设置说还要留")
    elif deleted:
        lines.append(f"已删去 {len(items)} 个，腾出 {_megabytes(items)}")
    else:
        lines.append(f"以上可以删，共 {_megabytes(items)}，什么也没有删；加 --delete 才删")
    return "\n".join(lines)


def _megabytes(items: list[Item]) -> str:
    return f"{sum(item.size for item in items) / MEGABYTE:.1f} MB"

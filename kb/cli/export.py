"""``fuwen export``: the letters of the current snapshot as tables, with a data card."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kb.cli import program
from kb.dataset.card import LICENCE, SCOPES
from kb.dataset.export import Wanted, export
from kb.models.tagging import tagging_model
from kb.store import modes
from kb.store.open import open_store

EXPORTING = "把当前快照导出成表：复文、要素、段落、承诺，连同数据卡片"


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser of the command."""
    parser = argparse.ArgumentParser(prog=prog, description=EXPORTING)
    parser.add_argument("folder", type=Path, help="写到这个文件夹：空的，或还没有的")
    parser.add_argument("--parquet", action="store_true", help="另存 Parquet（fuwen[export]）")
    parser.add_argument(
        "--all", action="store_true", help="连不公开的复文一起，只供工作人员用；遮去的字仍是 *"
    )
    parser.add_argument("--licence", default=LICENCE, help="使用条件，写进数据卡片")
    program.add_common(parser)
    parser.set_defaults(command=_export)
    return parser


def _export(given: argparse.Namespace) -> int:
    settings = program.settings(given)
    if given.all:
        modes.keep_private()
    store = open_store(settings)
    reader = store.current()
    if store.degraded:
        sys.stderr.write(f"注意：{store.degraded}\n")
    wanted = Wanted(
        scope="all" if given.all else "public", parquet=given.parquet, licence=given.licence
    )
    bar: tqdm[Any] = tqdm(unit="份", desc="导出", file=sys.stderr, disable=None)
    with bar:
        card = export(
            reader,
            given.folder,
            wanted=wanted,
            tagger=tagging_model(settings.tagger),
            tick=lambda _: bar.update(1),
        )
    told = f"已导出到 {given.folder}：{SCOPES[card.scope]}，" + "、".join(
        f"{name} {count}" for name, count in card.rows.items()
    )
    return program.say(given, asdict(card), told)

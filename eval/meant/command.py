"""``fuwen eval meant SUITE``: whether the program understands what citizens mean."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from tqdm import tqdm

from eval.base import build
from eval.cards import card_of
from eval.meant.asking import Program, replied
from eval.meant.figures import figures, row
from eval.meant.judge import Judged, judged, placed
from eval.meant.mailbox import IDS, REPLIES, ROOT, mailbox
from eval.meant.questions import Meant, read_meant, with_kept
from eval.meant.table import as_text
from eval.record import Texts
from eval.suite import BadSuite, Suite
from kb.cli import program
from kb.models.embedding import embedding_model
from kb.models.reading import reading_model
from kb.store.open import open_local

LETTERS = ROOT / "corpus" / "letters"
BASES = Path("build/eval/bases")
HALVES = ("dev", "kept")
TODAY = date(2026, 11, 29)  # when the questions were written: the year from which 去年 counts


def add_meant(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("suite", type=Path, help="文件夹（dev.jsonl、kept.jsonl）或其中一个文件")
    parser.add_argument("--half", choices=HALVES, help="只问这一半")
    parser.add_argument("--replies", type=Path, default=REPLIES, help="信箱答复的 jsonl.gz")
    parser.add_argument("--work", type=Path, help=f"索引文件夹，默认 {BASES}/meant-…")
    parser.add_argument("--out", type=Path, help="结果和每一题的经过写到这个 JSON")
    parser.add_argument("--data", type=Path, help="已经编好这些复文的数据文件夹；不给就先编入")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Ask the questions and tell the figures; returns the exit code."""
    folder = given.suite if given.suite.is_dir() else given.suite.parent
    of_replies = (folder / IDS).exists()
    if of_replies and not given.replies.exists():
        sys.stdout.write(f"跳过 {given.suite}：没有 {given.replies}，答复的文字不在库里\n")
        return program.FINE
    suite, halves = _suite(given, folder, of_replies=of_replies)
    asked_of = _program(given, suite)
    letters = (head.id for head in asked_of.reader.letters())
    texts = {letter_id: asked_of.reader.unmasked(letter_id).text for letter_id in letters}
    lost = [one.id for asked in halves.values() for one in asked if not placed(one, texts)]
    if lost:
        raise BadSuite(f"{given.suite}：{'、'.join(lost)} 的答案不在编入的复文里；请检查题集和复文")
    found = {name: _judged(asked, asked_of, texts) for name, asked in halves.items()}
    card, told = card_of(folder, digest=""), {name: figures(one) for name, one in found.items()}
    content = {
        "suite": {"name": suite.name, "card": asdict(card) if card else None},
        "config": {"today": TODAY.isoformat(), "snapshot": asked_of.reader.snapshot.version},
        "halves": told,
        "per_question": [row(one) for outcomes in found.values() for one in outcomes],
    }
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    tables = [as_text(half, name=f"{suite.name} {name}") for name, half in told.items()]
    return program.say(given, content, "\n".join(tables))


def _suite(
    given: argparse.Namespace, folder: Path, *, of_replies: bool
) -> tuple[Suite, dict[str, tuple[Meant, ...]]]:
    """The documents, and the questions of each half. Raises BadSuite."""
    name = f"meant-{folder.resolve().name}"
    files = (
        [folder / f"{half}.jsonl" for half in HALVES if given.half in (None, half)]
        if given.suite.is_dir()
        else [given.suite]
    )
    if not of_replies:
        return Suite(name=name, letters=LETTERS), {path.stem: read_meant(path) for path in files}
    held = mailbox((folder / IDS).read_text(encoding="utf-8").split(), given.replies)
    return replace(held.suite, name=name), {
        path.stem: with_kept(read_meant(path, replies=held.replies), held.suite.equal)
        for path in files
    }


def _program(given: argparse.Namespace, suite: Suite) -> Program:
    """The program with the documents of ``suite``, or with those of ``--data``."""
    settings = program.settings(given)
    if given.data is None:
        settings = build(suite, given.work or BASES / suite.name, settings=settings).settings
    return Program(
        reader=open_local(settings).current(),
        embedder=embedding_model(settings.model),
        model=reading_model(settings.reader),
        settings=settings,
        today=TODAY,
    )


def _judged(asked: Sequence[Meant], asked_of: Program, texts: Texts) -> list[Judged]:
    bar = tqdm(asked, unit="问", desc="提问", file=sys.stderr, disable=None)
    return [judged(replied(one, asked_of), texts) for one in bar]

"""``fuwen eval meant SUITE``: whether the program understands what citizens mean."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from tqdm import tqdm

from eval.base import build
from eval.cards import Card, card_of
from eval.meant.asking import Program, replied
from eval.meant.figures import figures, row
from eval.meant.judge import Judged, judged, placed
from eval.meant.mailbox import IDS, REPLIES, ROOT, mailbox
from eval.meant.questions import Meant, read_meant, with_kept
from eval.meant.table import as_text
from eval.suite import BadSuite, Suite
from kb.cli import program
from kb.models.outside import embedder_of
from kb.models.reading import reading_model
from kb.store.open import open_store

LETTERS = ROOT / "corpus" / "letters"
BASES = Path("build/eval/bases")
HALVES = ("dev", "kept")
TODAY = date(2026, 11, 29)  # when the questions were written: the year from which 去年 counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One suite: its questions by the half they are of, and the documents they are about."""

    suite: Suite
    halves: Mapping[str, tuple[Meant, ...]]
    card: Card | None


def add_meant(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "suites",
        type=Path,
        nargs="+",
        metavar="题集",
        help="文件夹（dev.jsonl、kept.jsonl）或其中一个文件；几个的另有合计",
    )
    parser.add_argument("--half", choices=HALVES, help="只问这一半")
    parser.add_argument("--replies", type=Path, default=REPLIES, help="信箱答复的 jsonl.gz")
    parser.add_argument("--out", type=Path, help="结果和每一题的经过写到这个 JSON")
    parser.add_argument(
        "--data", type=Path, help="已经编好这些复文的数据文件夹；不给就编入 build/eval/bases"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Ask the questions and tell the figures; returns the exit code."""
    asked = [read for path in given.suites if (read := _asked(path, given))]
    found = {
        f"{one.suite.name} {half}": judgements
        for one in asked
        for half, judgements in _judged(one, given).items()
    }
    every = [judgement for judgements in found.values() for judgement in judgements]
    if not every:
        return program.FINE
    told = {name: figures(judgements) for name, judgements in found.items()}
    told |= {"合计": figures(every)} if len(found) > 1 else {}
    content = {
        "suites": {one.suite.name: asdict(one.card) if one.card else None for one in asked},
        "config": {"today": TODAY.isoformat()},
        "figures": told,
        "per_question": [
            {"suite": name, **row(judgement)}
            for name, judgements in found.items()
            for judgement in judgements
        ],
    }
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    tables = (as_text(part, name=name) for name, part in told.items())
    return program.say(given, content, "\n".join(tables))


def _asked(path: Path, given: argparse.Namespace) -> Asked | None:
    """The suite at ``path``; None, which is told, where the replies it asks about are absent.

    Raises BadSuite.
    """
    folder = path if path.is_dir() else path.parent
    if (folder / IDS).exists() and not given.replies.exists():
        sys.stderr.write(f"跳过 {path}：没有 {given.replies}，答复的文字不在库里\n")
        return None
    halves = [half for half in HALVES if given.half in (None, half)]
    every = [folder / f"{half}.jsonl" for half in halves] if path.is_dir() else [path]
    files = [file for file in every if file.exists()] or every  # a suite may have one half alone
    suite, replies = Suite(name="", letters=LETTERS), dict[str, str]()
    if (folder / IDS).exists():
        held = mailbox((folder / IDS).read_text(encoding="utf-8").split(), given.replies)
        suite, replies = held.suite, dict(held.replies)
    return Asked(
        suite=replace(suite, name=folder.resolve().name),
        halves={
            file.stem: with_kept(read_meant(file, replies=replies), suite.equal) for file in files
        },
        card=card_of(folder, digest=""),
    )


def _judged(asked: Asked, given: argparse.Namespace) -> dict[str, list[Judged]]:
    """The outcome of each question. Raises BadSuite where answers stand in no letter."""
    asked_of = _program(asked.suite, given)
    letters = (head.id for head in asked_of.reader.letters())
    texts = {letter_id: asked_of.reader.unmasked(letter_id).text for letter_id in letters}
    every = [one for half in asked.halves.values() for one in half]
    if lost := "、".join(one.id for one in every if not placed(one, texts)):
        raise BadSuite(f"{asked.suite.name}：{lost} 的答案不在编入的复文里；请检查题集和复文")
    with tqdm(total=len(every), unit="问", desc="提问", file=sys.stderr, disable=None) as bar:

        def outcome(one: Meant) -> Judged:
            bar.update()
            return judged(replied(one, asked_of), texts)

        return {name: [outcome(one) for one in half] for name, half in asked.halves.items()}


def _program(suite: Suite, given: argparse.Namespace) -> Program:
    """The program with the documents of ``suite``, or with those of ``--data``."""
    settings = program.settings(given)
    if given.data is None:
        settings = build(suite, BASES / f"meant-{suite.name}", settings=settings).settings
    return Program(
        reader=open_store(settings).current(),
        embedder=embedder_of(settings),
        model=reading_model(settings.reader),
        settings=settings,
        today=TODAY,
    )

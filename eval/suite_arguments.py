"""What a command line says of the suite: which it is, what is done to it, where it is kept."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from eval.base import build, documents
from eval.cards import Card, card_of
from eval.cut import as_texts, cut
from eval.suite import Suite, merged, sampled, with_background
from eval.suites import background, digest, load
from kb.cli import program
from kb.errors import WrongUse

BUILD = Path("build/eval")
SEED = 13


def add_questions(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which questions are asked of which documents."""
    parser.add_argument("suite", type=Path, help="题集：文件夹或文件（见 eval/README.md）")
    parser.add_argument("--format", help="题集的形式；默认自己认")
    parser.add_argument("--background", nargs="+", type=Path, default=[], metavar="文件")
    parser.add_argument("--work", type=Path, help=f"索引文件夹，默认 {BUILD}/bases/…")
    parser.add_argument(
        "--cut",
        action="store_true",
        help="把一半能答的题的答案从文件里删去再编入，看该不该拒的拒不拒得了",
    )
    parser.add_argument("--limit", type=int, help="只抽这么多题")
    parser.add_argument("--seed", type=int, default=SEED, help=f"抽题、检验用的种子，默认 {SEED}")


def add_suite(parser: argparse.ArgumentParser) -> None:
    """The arguments of a suite that is indexed and asked."""
    add_questions(parser)
    parser.add_argument("--out", type=Path, help=f"结果文件夹，默认 {BUILD}/题集名")
    parser.add_argument(
        "--folds",
        type=Path,
        help="交叉验证的阅读模型：每题用没见过它那份文件的模型（含 folds.json）",
    )
    parser.add_argument("--fresh", action="store_true", help="不沿用 --out 里已有的结果")


def suite_of(given: argparse.Namespace) -> tuple[Suite, str]:
    """The suite that is asked for, and a digest of the files it came from."""
    if given.limit is not None and given.limit < 1:
        raise WrongUse("--limit 应是正整数")
    suite = load(given.suite, form=given.format)
    if given.background:
        if suite.letters:
            raise WrongUse(f"{suite.name} 直接编入一个文件夹，不能再加 --background")
        suite = with_background(suite, background(given.background))
    files = (digest(given.suite, form=given.format), *map(digest, given.background))
    mark = hashlib.sha256("".join(files).encode()).hexdigest()[:12]
    suite = sampled(merged(suite), given.limit, seed=given.seed)
    return _cut(suite, mark, given) if given.cut else (suite, mark)


def card(given: argparse.Namespace) -> Card | None:
    """The card of the suite that is asked for, if it has one. Raises BadSuite."""
    return card_of(given.suite, digest=digest(given.suite, form=given.format))


def _cut(suite: Suite, mark: str, given: argparse.Namespace) -> tuple[Suite, str]:
    """``suite`` with half of its answers cut out, and the digest of that.

    A folder of letters is indexed as it is first: its texts are what is cut.
    """
    if suite.letters:
        work = given.work / "whole" if given.work else places_of(given, suite, mark)[1]
        base = build(suite, work, settings=program.settings(given))
        suite = as_texts(suite, documents(base))
    told = f"{mark} cut {given.seed} {given.limit}"
    return cut(suite, seed=given.seed), hashlib.sha256(told.encode()).hexdigest()[:12]


def places_of(given: argparse.Namespace, suite: Suite, mark: str) -> tuple[Path, Path]:
    """The folder of the results, and that of the index."""
    out = given.out or BUILD / (suite.name + ("-cut" if suite.cut else ""))
    return out, given.work or BUILD / "bases" / f"{suite.name}-{mark}"


def command_of(given: argparse.Namespace) -> str:
    """What runs this again, without the paths of this machine."""
    words = ["python -m eval run", given.suite.resolve().name]
    words += ["--format", given.format] if given.format else []
    if given.background:
        words += ["--background", *(path.name for path in given.background)]
    words += ["--folds", given.folds.resolve().name] if given.folds else []
    words += ["--limit", str(given.limit)] if given.limit else []
    words += ["--cut"] if given.cut else []
    return " ".join([*words, "--seed", str(given.seed), "--rate", f"{given.rate:g}"])

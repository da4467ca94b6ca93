"""Score the program: ``python -m eval SUITE``, ``peers SUITE``, ``compare A B``, and more."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval import annotated, masking
from eval.acceptance import add_acceptance
from eval.base import build
from eval.bench.command import add_bench
from eval.collect import collect
from eval.compare import (
    NO_OUTCOME,
    BadResults,
    as_text,
    comparable,
    compared,
    losses,
    read_results,
    write_deltas,
)
from eval.evidence import add_evidence
from eval.exporting import EXPORTING, add_export
from eval.meant.command import add_meant
from eval.peers import compare as peers_compare
from eval.peers.table import PEERS
from eval.plan import Plan
from eval.record import Place, Texts
from eval.report import write_report
from eval.run import run
from eval.score_answers import read_answers, score_answers
from eval.suite import Suite
from eval.suite_arguments import (
    SEED,
    add_questions,
    add_suite,
    card,
    command_of,
    places_of,
    suite_of,
)
from eval.summary import answers_summary, summary
from kb.cli import program
from kb.errors import WrongUse
from kb.store.open import open_store
from kb.types import Letter


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 1 for a loss or a quote that is not verbatim."""
    return program.main(command_line("python -m eval"), arguments)


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser; ``prog`` is what is typed before a command."""
    parser = argparse.ArgumentParser(prog=prog, description="给 fuwen 打分；不写命令就是 run")
    parser.set_defaults(unnamed="run")
    commands = parser.add_subparsers(required=True, metavar="命令")
    _add_run(program.add_command(commands, "run", "跑一个题集，写出结果和报告"))
    _add_score(program.add_command(commands, "score", "给任何系统的回答打分：answers.jsonl"))
    _add_peers(program.add_command(commands, "peers", "同一题集、同一机器上与其他系统比"))
    comparing = program.add_command(commands, "compare", "比较两次评测")
    comparing.add_argument("a", type=Path, help="基线：评测文件夹或 results.json")
    comparing.add_argument("b", type=Path, help="本次")
    comparing.add_argument("--seed", type=int, default=SEED)
    comparing.add_argument("--deltas", type=Path, help="逐题的差写到这个 TSV")
    comparing.set_defaults(command=_compare_runs)
    collecting = program.add_command(commands, "collect", "把工作人员做的评测题写成题集")
    collecting.add_argument("out", type=Path, help="写到这个文件夹")
    program.add_data(collecting)
    collecting.set_defaults(command=_collect)
    add_export(program.add_command(commands, "export", EXPORTING))
    _add_commitments(
        program.add_command(commands, "commitments", "给找承诺的程序打分：逐句标注过的答复")
    )
    add_evidence(
        program.add_command(commands, "evidence", "给“后来怎么说”打分：承诺和后来的话成对")
    )
    masking_scores = program.add_command(commands, "masking", "给遮盖个人信息打分：标注过的文字")
    masking_scores.add_argument(
        "file",
        type=Path,
        nargs="?",
        default=masking.ANNOTATIONS,
        help="标注过的 jsonl，默认项目自带的",
    )
    masking_scores.add_argument("--half", help="只算这一半：文件里 half 的值，如 dev、test")
    masking_scores.add_argument("--faults", action="store_true", help="逐条列出漏遮和误遮的")
    masking_scores.set_defaults(command=_masking_scored)
    add_meant(program.add_command(commands, "meant", "市民这样问，懂不懂：长信、追问、清单、闲谈"))
    add_acceptance(program.add_command(commands, "acceptance", "验收一个存储：客户的 Milvus"))
    add_bench(program.add_command(commands, "bench", "多快、用多少内存：与其他系统同表，服务开环"))
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    add_suite(parser)
    parser.add_argument("--rate", type=float, default=5.0, help="开环延迟：每秒几问，0 为不测")
    parser.add_argument("--baseline", type=Path, help="与它比较（评测文件夹或 results.json）")
    parser.add_argument(
        "--commitments", type=Path, help="别的程序找到的承诺（JSON），代替 kb 自己找的"
    )
    parser.set_defaults(command=_run)


def _add_score(parser: argparse.ArgumentParser) -> None:
    add_questions(parser)
    parser.add_argument("answers", type=Path, help="每题一行的 answers.jsonl（见 eval/README.md）")
    parser.add_argument("--out", type=Path, help="结果写到这个 JSON，可以用 compare 比较")
    parser.set_defaults(command=_scored)


def _add_peers(parser: argparse.ArgumentParser) -> None:
    add_suite(parser)
    names = "、".join(PEERS)
    parser.add_argument("--only", nargs="+", metavar="名", help=f"只跑这些：{names}")
    parser.set_defaults(command=_peers)


def _add_commitments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--replies",
        type=Path,
        required=True,
        help='答复的 jsonl（可以是 .gz），每行 {"id", "reply"}',
    )
    parser.add_argument(
        "--data", type=Path, help="其余复文（如示例文件）的快照所在的数据文件夹；不给就不算它们"
    )
    parser.add_argument("--out", type=Path, help="数字写到这个 JSON")
    parser.set_defaults(command=_commitments_found)


def _run(given: argparse.Namespace) -> int:
    suite, mark = suite_of(given)
    out, work = places_of(given, suite, mark)
    if not (given.rate == 0 or 0.01 <= given.rate <= 1000):
        raise WrongUse("--rate 应是 0（不测），或 0.01 到 1000 之间的数")
    baseline = read_results(given.baseline) if given.baseline else None
    if baseline:
        _ask_the_same(baseline, suite, mark)
    promises = _commitments(given.commitments) if given.commitments else None
    plan = Plan(
        command=command_of(given),
        digest=mark,
        limit=given.limit,
        seed=given.seed,
        rate=given.rate,
        commitments=promises,
        card=card(given),
    )
    base = build(suite, work, settings=program.settings(given), folds=given.folds)
    with _bar(len(suite.questions), unit="问", desc="提问") as bar:
        results = run(suite, base, out, plan=plan, fresh=given.fresh, tick=bar.update)
    page = write_report(out, baseline=baseline)
    sys.stdout.write(
        summary(results) + f"种子 {given.seed}；结果 {out / 'results.json'}，报告 {page}\n"
    )
    lost = _compare(baseline, results, out / "deltas.tsv", given.seed) if baseline else False
    return int(bool(results["broken"]) or lost)


def _bar(total: int, *, unit: str, desc: str) -> tqdm[Any]:
    """A progress bar, where somebody is looking."""
    bar: tqdm[Any] = tqdm(total=total, unit=unit, desc=desc, file=sys.stderr, disable=None)
    return bar


def _ask_the_same(baseline: Mapping[str, Any], suite: Suite, mark: str) -> None:
    """Raises BadResults before anything is asked, where the baseline can't be compared with."""
    ids = dict.fromkeys((question.id for question in suite.questions), 0)
    comparable(baseline, {"suite": {"name": suite.name, "digest": mark}, "per_question": {"": ids}})
    known = any(question.answers for question in suite.questions)
    if known and not baseline["per_question"].get("outcome"):
        raise BadResults(NO_OUTCOME)


def _commitments(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        rows = list(json.loads(path.read_text(encoding="utf-8"))["commitments"])
        for row in rows:
            Place(docid=row["letter_id"], start=int(row["start"]), end=int(row["end"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUse(
            f'{path} 读不出 {{"commitments": [{{"letter_id", "start", "end", …}}]}}；请检查文件'
        ) from error
    return rows


def _compare(a: Mapping[str, Any], b: Mapping[str, Any], deltas: Path | None, seed: int) -> bool:
    """Say what was gained and lost from ``a`` to ``b``; True if a loss is significant."""
    warning = comparable(a, b)
    if warning:
        sys.stderr.write(f"注意：{warning}\n")
    comparisons = compared(a, b, seed=seed)
    sys.stdout.write(as_text(comparisons))
    if deltas:
        write_deltas(deltas, a, b)
    return bool(losses(comparisons))


def _compare_runs(given: argparse.Namespace) -> int:
    lost = _compare(read_results(given.a), read_results(given.b), given.deltas, given.seed)
    sys.stdout.write(f"种子 {given.seed}\n")
    return int(lost)


def _scored(given: argparse.Namespace) -> int:
    suite, mark = suite_of(given)
    texts: Texts = {document.id: document.text for document in suite.documents}
    if suite.letters:
        work = places_of(given, suite, mark)[1]
        texts = build(suite, work, settings=program.settings(given)).texts
    records = read_answers(given.answers, suite, texts)
    results = score_answers(suite, records, texts, digest=mark, seed=given.seed)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sys.stdout.write(answers_summary(results))
    return int(bool(results["broken"]))


def _peers(given: argparse.Namespace) -> int:
    suite, mark = suite_of(given)
    out, work = places_of(given, suite, mark)
    base = build(suite, work, settings=program.settings(given), folds=given.folds)
    names = given.only or list(PEERS)
    if given.fresh:
        shutil.rmtree(out / "peers", ignore_errors=True)
    with _bar(len(names), unit="个", desc="系统") as bar:
        peers_compare.run(
            suite,
            base,
            out=out,
            names=names,
            settings=base.settings,
            seed=given.seed,
            tick=lambda _: bar.update(1),
        )
    sys.stdout.write((out / "peers.md").read_text(encoding="utf-8"))
    sys.stdout.write(f"种子 {given.seed}；结果 {out / 'peers.json'}\n")
    return program.FINE


def _collect(given: argparse.Namespace) -> int:
    collected = collect(program.settings(given), given.out)
    sys.stdout.write(
        f"题集 {given.out}：文件 {collected.letters} 份，可答 {collected.answerable} 题，"
        f"不可答 {collected.unanswerable} 题\n"
        + "".join(f"没有写入：{line}\n" for line in collected.left_out)
    )
    return program.FINE


def _commitments_found(given: argparse.Namespace) -> int:
    letters: dict[str, Letter] = {}
    sentences = annotated.annotated()
    if given.data:
        reader = open_store(program.settings(given)).current()
        held = {head.id for head in reader.letters()}
        letters = {
            letter_id: reader.letter(letter_id)
            for letter_id in {sentence.letter for sentence in sentences} & held
        }
    figures = annotated.scored(sentences, annotated.replies(given.replies), letters)
    if not figures["all"]["sentences"]:
        raise WrongUse(f"{given.replies} 里没有标注过的答复；请检查是不是同一份数据")
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(annotated.as_text(figures))
    return program.FINE


def _masking_scored(given: argparse.Namespace) -> int:
    found = [masking.scored(text) for text in masking.annotated_texts(given.file, half=given.half)]
    sys.stdout.write(masking.as_text(found, faults=given.faults))
    return program.FINE


if __name__ == "__main__":
    sys.exit(main())

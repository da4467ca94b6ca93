"""The report of a run: one page that needs neither the network nor a script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eval import outcome_section
from eval.compare import Changes, Results, changes, comparable, compared, read_results
from eval.legend import UNMEASURED, label, written
from eval.parts import Table
from eval.record import Record, Texts, read_records
from eval.sections import comparison_table, sections
from eval.worst import cases, tally

PAGE = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What changed since the baseline; ``questions`` holds the words of each question."""

    name: str
    warning: str
    table: Table
    changes: Changes
    questions: Mapping[str, str]


def write_report(out: Path, *, baseline: Results | None) -> Path:
    """Write ``out/report.html`` from the files of the finished run in ``out``.

    The same files give the same bytes. Raises BadResults where they can't be read, or where
    ``baseline`` shares no question with them.
    """
    results = read_results(out)
    records = read_records(out / "records.jsonl")
    per_question = results["per_question"]
    outcome = results.get("outcome") or {}
    page = _pages().get_template(PAGE)
    text = page.render(
        name=results["suite"].get("name", ""),
        facts=_facts(results),
        asked=_asked(results["suite"]),
        seen=results["suite"].get("seen_in_training"),
        documents_seen=results["suite"].get("documents_seen"),
        card=_card(results["suite"].get("card")),
        summary=outcome_section.summary(outcome),
        bars=outcome_section.bars(outcome),
        baselines=outcome_section.baselines_table(outcome),
        broken=results.get("broken") or (),
        against=_against(baseline, results, records) if baseline else None,
        sections=sections(results, records),
        total=len(records),
        tally=tally(records, per_question),
        cases=cases(records, per_question, texts=_texts(out / "letters.jsonl")),
        conditions=_conditions(results),
        not_indexed=results["suite"].get("not_indexed") or (),
    )
    path = out / PAGE
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"score": written, "measure": label}
    return pages


def _texts(path: Path) -> Texts:
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    letters = [json.loads(line) for line in lines if line]
    return {letter["id"]: letter["text"] for letter in letters}


def _facts(results: Results) -> list[tuple[str, str]]:
    """What the run was: the lines under the heading."""
    commit = str(results.get("commit") or UNMEASURED)[:12]
    config, made = results.get("config") or {}, results.get("fingerprint") or {}
    return [
        ("评测时间", _moment(results.get("when"))),
        ("程序版本", commit + ("（另有未提交的改动）" if results.get("changed") else "")),
        ("快照", results.get("snapshot") or UNMEASURED),
        ("向量模型", made.get("model") or UNMEASURED),
        ("随机种子", str(config.get("seed", UNMEASURED))),
        ("题集指纹", results["suite"].get("digest") or UNMEASURED),
    ]


def _card(card: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What is said of the suite, under the heading; empty where nothing is."""
    if not card:
        return []
    models = card["seen_in_training"]
    trained = (
        {True: "见过", False: "没有见过"}[models] if isinstance(models, bool) else "、".join(models)
    )
    names = {"origin": "来历", "licence": "许可", "made": "怎么做的", "split": "怎么分的"}
    return [*((label, card[name]) for name, label in names.items()), ("训练时", trained)]


def _moment(when: str | None) -> str:
    """2026年11月22日 23:00（UTC）."""
    if not when:
        return UNMEASURED
    moment = datetime.fromisoformat(when)
    zone = moment.tzname() or "未注明时区"
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}（{zone}）"


def _asked(suite: Mapping[str, Any]) -> str:
    """How much was asked of how much, as a sentence."""
    background, equal = suite.get("background"), suite.get("equal_texts")
    sentence = f"在 {written(suite.get('documents'), 'count')} 份文件里问了"
    sentence += f" {written(suite.get('questions'), 'count')} 个能答的问题"
    sentence += f"和 {written(suite.get('unanswerable'), 'count')} 个答不了的问题。"
    if background:
        sentence += f"其中 {background:,} 份是背景文件，没有问题问到它们。"
    if cut := suite.get("cut"):
        sentence += f"其中 {cut['questions']:,} 题的答案从文件里删去了（{cut['sentences']:,} 句），"
        sentence += f"另有 {cut['dropped']:,} 题的答案因此也没有了，没有问。"
    if equal:
        sentence += f"另有 {len(equal):,} 份与别的文件文字相同，合为一份。"
    return sentence


def _against(baseline: Results, results: Results, records: Sequence[Record]) -> Against:
    warning = comparable(baseline, results)
    comparisons = compared(baseline, results, seed=(results.get("config") or {}).get("seed", 0))
    return Against(
        name=f"{str(baseline.get('commit', ''))[:12]} {_moment(baseline.get('when'))}".strip(),
        warning=warning,
        table=comparison_table(comparisons),
        changes=changes(baseline, results),
        questions={record.id: record.question.question for record in records},
    )


def _conditions(results: Results) -> list[tuple[str, str]]:
    """Settings, versions and the machine: what it takes to get the same figures again."""
    config = results.get("config") or {}
    limit = config.get("limit")
    rows = [
        ("抽题", "全部" if limit is None else f"抽 {limit:,} 题"),
        ("处理器核数", str(results.get("cores", UNMEASURED))),
        ("Python", str(results.get("python", UNMEASURED))),
    ]
    for part in (config.get("settings"), results.get("fingerprint"), results.get("packages")):
        rows += [(name, str(value)) for name, value in (part or {}).items()]
    return rows

"""The sections of the report: figures with their meaning, tables, and charts with their table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from eval import charts, outcome_section
from eval.compare import HEAD, Results, cells
from eval.legend import FIELDS, MEANINGS, OF_A_QUESTION, STAGES, label, milliseconds, written
from eval.parts import Chart, Section, Table, figures_of
from eval.record import Record
from eval.significance import Comparison

QUANTILES = ("p50", "p95", "p99")


def sections(results: Results, records: Sequence[Record]) -> list[Section]:
    """Every section in the order of the report, empty ones too."""
    figures = results.get("figures") or {}
    return [
        outcome_section.section(results),
        _ranking(figures.get("ranking") or {}),
        _plain("passage", "段落", "答案在不在排在前面的段落里。", figures),
        _plain(
            "reading",
            "文字",
            "摘录与标准答案的文字有多接近，供改程序的人参考。",
            figures,
        ),
        _plain("citation", "依据", "每条摘录是否属实，合起来是否盖住了标准答案。", figures),
        _refusal(results, records),
        _fields(figures.get("fields") or {}),
        _plain("commitments", "承诺", "从复文里找出的承诺，与人工标注比较。", figures),
        _groups(results.get("groups") or {}),
        _latency(figures.get("latency") or {}, figures.get("open_loop") or {}),
        Section(
            id="cost",
            title="用量",
            says="建库与答题花了多少时间和内存。",
            rows=figures_of("index", figures) + figures_of("asking", figures),
        ),
    ]


def comparison_table(comparisons: Iterable[Comparison]) -> Table:
    """The comparison with a baseline."""
    return Table(
        caption="各指标的差", head=HEAD, rows=[cells(comparison) for comparison in comparisons]
    )


def _plain(part: str, title: str, says: str, figures: Mapping[str, Any]) -> Section:
    missing = (figures.get(part) or {}).get("missing", "")
    rows = figures_of(part, figures)
    return Section(id=part, title=title, says=says, rows=rows, missing=missing)


def _ranking(values: Mapping[str, float | None]) -> Section:
    at = {
        int(name[2:]): value
        for name in MEANINGS["ranking"]
        if name.startswith("R@") and (value := values.get(name)) is not None
    }
    drawn = Chart(
        title="翻看几份文件能找到",
        says="横轴是从第一份起翻看几份，纵轴是平均找到多少；数字同上表。",
        svg=charts.recall(at) if at else Markup(),
    )
    return Section(
        id="ranking",
        title="检索",
        says="能回答问题的文件排得靠不靠前（TREC 口径，run.trec 与 qrels.trec 可用任何工具复算）。",
        rows=figures_of("ranking", {"ranking": values}),
        charts=[drawn] if at else [],
    )


def _refusal(results: Results, records: Sequence[Record]) -> Section:
    threshold = ((results.get("config") or {}).get("settings") or {}).get("threshold")
    figures = results.get("figures") or {}
    curve = results.get("risk_coverage") or {}
    drawn = []
    if curve.get("coverage"):
        drawn.append(_risk(curve["coverage"], curve["risk"], records, threshold=threshold))
    if figures.get("refusal") and records:
        drawn.append(_confidence(records, threshold=threshold))
    return Section(
        id="refusal",
        title="拒答",
        says="没有把握时应当拒答：该拒的有没有拒，能答的有没有误拒。",
        rows=figures_of("refusal", figures),
        charts=drawn,
    )


def _risk(
    coverage: Sequence[float],
    errors: Sequence[float],
    records: Sequence[Record],
    *,
    threshold: float | None,
) -> Chart:
    def at(share: float) -> float:
        return min(zip(coverage, errors, strict=True), key=lambda point: abs(point[0] - share))[1]

    point = None
    if threshold is not None and records:
        share = sum(record.confidence >= threshold for record in records) / len(records)
        point = (share, at(share)) if share else None
    tenths = [tenth / 10 for tenth in range(1, 11)]
    return Chart(
        title="答多少，错多少",
        says="把题按把握从高到低排好依次作答：答到一定比例时，答了的题里有多少是错的。",
        svg=charts.risk(coverage, errors, point=point),
        table=Table(
            caption="各比例的错误率",
            head=("答的比例", "错误率"),
            rows=[(f"{share:.0%}", f"{at(share):.1%}") for share in tenths],
        ),
    )


def _confidence(records: Sequence[Record], *, threshold: float | None) -> Chart:
    kinds = [
        charts.shares(
            [record.confidence for record in records if record.question.answerable is kind]
        )
        for kind in (True, False)
    ]
    bins = zip(range(charts.BINS), *kinds, strict=True)
    return Chart(
        title="把握的分布",
        says="能答的题应当靠右，答不了的应当靠左；两者重叠处怎么定门槛都会出错。",
        svg=charts.confidence(*kinds, threshold=threshold),
        table=Table(
            caption="占同类题的比例",
            head=("把握", "能答", "答不了"),
            rows=[
                (f"{n / 10:.1f}–{(n + 1) / 10:.1f}", f"{can:.1%}", f"{cannot:.1%}")
                for n, can, cannot in bins
            ],
        ),
    )


def _fields(values: Mapping[str, Mapping[str, float | None]]) -> Section:
    names = [name for name in FIELDS if name in values]
    table = Table(
        caption="各要素与人工标注比较",
        head=("要素", "准确率", "召回率", "F1", "标注条数"),
        rows=[
            (
                FIELDS[name],
                *(
                    written(values[name].get(measure), "rate")
                    for measure in ("precision", "recall")
                ),
                written(values[name].get("f1")),
                written(values[name].get("gold"), "count"),
            )
            for name in names
        ],
    )
    says = "读出的要素里对的占多少（准确率），标注的要素里读对了多少（召回率），F1 兼顾两者。"
    return Section(id="fields", title="要素", says=says, tables=[table] if names else [])


def _groups(values: Mapping[str, Mapping[str, float | None]]) -> Section:
    table = Table(
        caption="各类问题的得分",
        head=("指标", *values),
        rows=[
            (label(name), *(written(row.get(name), meaning.kind) for row in values.values()))
            for name, meaning in OF_A_QUESTION.items()
            if any(name in row for row in values.values())
        ],
    )
    says = "同一指标在各类问题上的平均。"
    return Section(id="groups", title="分类", says=says, tables=[table] if values else [])


def _latency(closed: Mapping[str, Any], open_loop: Mapping[str, Any]) -> Section:
    tables = [
        _quantiles("一题一题地问，每步用时", closed),
        _quantiles(_arriving(open_loop), open_loop),
    ]
    drawn = Chart(
        title="时间花在哪一步",
        says="横线从一半的题所需的时间到 99% 的题所需的时间；数字同上表。",
        svg=charts.latency(closed) if closed else Markup(),
    )
    return Section(
        id="latency",
        title="速度",
        says="p50 是一半的题不超过的时间，p95、p99 是 95%、99% 的题不超过的时间。",
        tables=[table for table in tables if table.rows],
        charts=[drawn] if closed else [],
    )


def _arriving(open_loop: Mapping[str, Any]) -> str:
    rate, asked = open_loop.get("rate", 0), open_loop.get("requests", 0)
    return f"不等上一题答完，每秒来 {rate:g} 题（共 {asked:,} 题），从来题到答完"


def _quantiles(caption: str, stages: Mapping[str, Any]) -> Table:
    rows = [
        (STAGES.get(name, name), *(milliseconds(quantiles.get(quantile)) for quantile in QUANTILES))
        for name, quantiles in stages.items()
        if isinstance(quantiles, Mapping)
    ]
    return Table(caption=caption, head=("步骤", *QUANTILES), rows=rows)

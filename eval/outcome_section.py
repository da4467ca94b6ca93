"""The head of the report: outcomes as bars, beside what no program would score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from eval import charts
from eval.legend import KINDS, OUTCOMES, UNMEASURED, written
from eval.measures.baselines import ALWAYS_REFUSE, FIRST_PASSAGE
from eval.measures.outcome import OF_ANSWERABLE, OF_UNANSWERABLE
from eval.parts import Chart, Figure, Section, Table, figures_of

OURS = "本次"
BASELINES = {FIRST_PASSAGE: "总是摘第一段", ALWAYS_REFUSE: "总是拒答"}
HEADLINE = ("score", *OF_ANSWERABLE, "rightly_refused")
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """A part of a bar: its outcome, what it is called, and its share of the whole, 0 to 1."""

    name: str
    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The outcomes of the answerable questions of one row."""

    label: str
    parts: Sequence[BarPart]

    @property
    def says(self) -> str:
        """The bar in words."""
        return f"{self.label}：" + "，".join(f"{p.label} {p.share:.1%}" for p in self.parts)


def summary(outcome: Plain) -> list[Figure]:
    """The headline's figures, each with its interval."""
    estimates = outcome.get("estimates") or {}
    return [
        Figure(
            label=meaning.label,
            name=name,
            value=written(value[0] if value else None, meaning.kind),
            says=(_interval(value, meaning.kind) if value else "") + meaning.says,
        )
        for name, meaning in OUTCOMES.items()
        if name in HEADLINE
        for value in [estimates.get(name)]
    ]


def bars(outcome: Plain) -> list[Bar]:
    """This run's bar, and those of the baselines under it; none without answerable questions."""
    rows = [(OURS, outcome.get("counts") or {})]
    rows += [
        (BASELINES.get(name, name), row["counts"])
        for name, row in (outcome.get("baselines") or {}).items()
    ]
    return [
        Bar(
            label=label,
            parts=[
                BarPart(name=name, label=OUTCOMES[name].label, share=counts.get(name, 0) / whole)
                for name in OF_ANSWERABLE
            ],
        )
        for label, counts in rows
        if (whole := sum(counts.get(name, 0) for name in OF_ANSWERABLE))
    ]


def baselines_table(outcome: Plain) -> Table:
    """The numbers of the bars, and how many unanswerable questions each refused."""
    own = (outcome.get("estimates") or {}).get("score")
    rows = [(OURS, own[0] if own else None, outcome.get("counts") or {})]
    rows += [
        (BASELINES.get(name, name), row["score"], row["counts"])
        for name, row in (outcome.get("baselines") or {}).items()
    ]
    names = (*OF_ANSWERABLE, *OF_UNANSWERABLE)
    return Table(
        caption="题数",
        head=("", OUTCOMES["score"].label, *(OUTCOMES[name].label for name in names)),
        rows=[
            (label, written(score), *(f"{counts.get(name, 0):,}" for name in names))
            for label, score, counts in rows
        ]
        if outcome
        else [],
    )


def section(results: Plain) -> Section:
    """What else is known of the outcomes: by type, by kind, and whether confidence holds."""
    outcome = results.get("outcome") or {}
    figures = results.get("figures") or {}
    tables = [
        _apart("各题型", "题型", outcome.get("types") or {}),
        _apart("各种问法", "问法", outcome.get("ways") or {}),
        _kinds(outcome.get("kinds") or {}),
    ]
    bins = outcome.get("reliability") or []
    return Section(
        id="outcome",
        title="人看到的",
        says="对：第一条摘录盖住标准答案八成以上，不超过 200 字；部分对：全部摘录盖住三成以上；"
        "只有标准答案所在的文件里的才算。",
        rows=[row for row in figures_of("outcome", figures) if row.name not in HEADLINE],
        tables=[table for table in tables if table.rows],
        charts=[_reliability(bins)] if bins else [],
    )


def _interval(value: Sequence[float], kind: str) -> str:
    low, high = (f"{each:.1%}" if kind == "rate" else f"{each:.3f}" for each in value[1:])
    return f"{low}～{high}。"


def _apart(caption: str, name: str, parts: Plain) -> Table:
    """Answerable questions by what tells them apart: how many, their shares, their mean."""
    rows = []
    for part, row in parts.items():
        counts = row["counts"]
        whole = sum(counts.values())
        shares = (f"{counts.get(each, 0) / whole:.1%}" for each in OF_ANSWERABLE)
        value = row["value"]
        rows.append(
            (part or "未注明", f"{whole:,}", *shares, f"{value[0]:+.3f}", _interval(value, "score"))
        )
    head = (name, "题数", *(OUTCOMES[each].label for each in OF_ANSWERABLE), "平均", "95% 区间")
    return Table(caption=caption, head=head, rows=rows)


def _kinds(kinds: Plain) -> Table:
    rows = [
        (
            KINDS.get(kind, kind),
            f"{row['count']:,}",
            written(row["rightly_refused"][0], "rate"),
            _interval(row["rightly_refused"], "rate"),
            written(row["auroc"]),
        )
        for kind, row in kinds.items()
    ]
    head = ("答不了的题", "题数", "拒答了", "95% 区间", "AUROC")
    return Table(caption="各类答不了的题，AUROC 是与能答的题比", head=head, rows=rows)


def _reliability(bins: Sequence[Plain]) -> Chart:
    return Chart(
        title="把握与答对",
        says="把（不拒答时的）回答按把握分组：点在虚线上，把握说几成就对几成；竖线是 95% 区间。",
        svg=charts.reliability([(each["confidence"], *each["right"]) for each in bins])
        if bins
        else Markup(),
        table=Table(
            caption="各组答对的比例",
            head=("把握", "题数", "平均把握", "答对"),
            rows=[
                (
                    f"{each['low']:.1f}–{each['high']:.1f}",
                    f"{each['count']:,}",
                    f"{each['confidence']:.3f}",
                    f"{each['right'][0]:.1%}" if each["count"] else UNMEASURED,
                )
                for each in bins
            ],
        ),
    )

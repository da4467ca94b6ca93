"""Charts as inline SVG: their text stays text, in the page's type and colours.

A chart is laid out with the font that comes with matplotlib and fixed margins, and the page
sets it in its own fonts, so that the same figures give the same bytes on every machine.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from eval.legend import STAGES

BINS = 10  # of confidence, each 0.1 wide; a bin holds its lower edge, the last one 1.0 too
SIZE = (360, 216)  # points; the page scales it

# Colours that matplotlib draws with → those of the page, light or dark.
INK, ACCENT, QUIET, LINE = "#1b1f24", "#0b4f9e", "#4a5560", "#d5dae1"
_PAGE = {INK: "currentColor", ACCENT: "var(--accent)", QUIET: "var(--quiet)", LINE: "var(--line)"}
_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 12,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}
_PERCENT = FuncFormatter(lambda value, _: f"{value:.0%}")
_PLAIN = FuncFormatter(lambda value, _: f"{value:g}")


@mpl.rc_context(_STYLE)
def recall(at: Mapping[int, float]) -> Markup:
    """Recall at each k, ``at[k]`` from 0 to 1, every point with its figure."""
    figure, axes = _panel(across="前几份文件", up="召回")
    places = range(len(at))
    axes.plot(places, list(at.values()), color=ACCENT, marker="o", markersize=5)
    for place, value in zip(places, at.values(), strict=True):
        axes.annotate(
            f"{value:.3f}", (place, value), (0, -17), textcoords="offset points", ha="center"
        )
    axes.set_xticks(places, [str(k) for k in at])
    axes.set(xlim=(-0.4, len(at) - 0.6), ylim=(0, 1.05))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.grid(visible=False, axis="x")
    values = "，".join(f"前 {k} 份 {value:.3f}" for k, value in at.items())
    return _inline(figure, name="recall", says=f"召回随份数的变化：{values}")


@mpl.rc_context(_STYLE)
def risk(
    coverage: Sequence[float], errors: Sequence[float], *, point: tuple[float, float] | None
) -> Markup:
    """Error among the questions answered by the share answered; ``point`` is in use now."""
    figure, axes = _panel(across="回答的题占全部的比例", up="答了的题里答错的比例", lines=2)
    axes.plot(coverage, errors, color=ACCENT)
    caption = f"从最有把握的题答到全部，答错的比例从 {errors[0]:.1%} 变到 {errors[-1]:.1%}"
    if point:
        now = f"现在的门槛：答 {point[0]:.1%}，错 {point[1]:.1%}"
        caption += f"；{now}"
        axes.plot(*point, color=INK, marker="o", markersize=7, linestyle="", label=now)
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), frameon=False, borderpad=0, handletextpad=0
        )
    axes.set(xlim=(0, 1), ylim=(0, max(0.1, *errors) * 1.15))
    axes.xaxis.set_major_formatter(_PERCENT)
    axes.yaxis.set_major_formatter(_PERCENT)
    return _inline(figure, name="risk", says=caption)


def shares(confidences: Sequence[float]) -> list[float]:
    """The share of ``confidences`` (each 0–1) in each of BINS bins; zeros for none."""
    counts, _ = np.histogram(confidences, bins=BINS, range=(0, 1))
    return [float(count) / max(1, len(confidences)) for count in counts]


@mpl.rc_context(_STYLE)
def confidence(
    answerable: Sequence[float], unanswerable: Sequence[float], *, threshold: float | None
) -> Markup:
    """How sure the program was: two rows of ``shares``, filled and outlined."""
    figure, axes = _panel(across="把握", up="占同类题的比例", lines=3)
    edges = np.linspace(0, 1, BINS + 1)
    axes.stairs(answerable, edges, fill=True, color=ACCENT, alpha=0.45, label="能答的题")
    axes.stairs(unanswerable, edges, color=INK, linewidth=1.8, label="答不了的题")
    caption = "能答与答不了的题的把握分布，数字见表"
    if threshold is not None:
        caption += f"；拒答门槛 {threshold:.3f}"
        axes.axvline(threshold, color=QUIET, linestyle="--", label=f"拒答门槛 {threshold:.3f}")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False, borderpad=0)
    axes.set(xlim=(0, 1), ylim=(0, max(0.1, *answerable, *unanswerable) * 1.08))
    axes.yaxis.set_major_formatter(_PERCENT)
    axes.grid(visible=False, axis="x")
    return _inline(figure, name="confidence", says=caption)


@mpl.rc_context(_STYLE)
def reliability(points: Sequence[tuple[float, float, float, float]]) -> Markup:
    """Mean confidence, share of right, and that share's interval, of each group of answers."""
    figure, axes = _panel(across="把握", up="答对的比例")
    axes.plot([0, 1], [0, 1], color=QUIET, linestyle="--", linewidth=1)
    for confidence, right, low, high in points:
        axes.plot([confidence, confidence], [low, high], color=ACCENT, linewidth=1.5)
        axes.plot(confidence, right, color=INK, marker="o", markersize=6, linestyle="")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.yaxis.set_major_formatter(_PERCENT)
    values = "，".join(f"{point[0]:.2f} 对 {point[1]:.1%}" for point in points)
    return _inline(figure, name="reliability", says=f"各组的平均把握与答对的比例：{values}")


@mpl.rc_context(_STYLE)
def latency(stages: Mapping[str, Mapping[str, float]]) -> Markup:
    """Median, 95th and 99th percentile of each stage in milliseconds, on a logarithmic axis."""
    figure, axes = _panel(across="毫秒（对数刻度）", up="", left=102)
    marks = (("p50", "o", "一半的题不超过"), ("p95", "D", "95%"), ("p99", "|", "99%"))
    rows = range(len(stages))
    for row, quantiles in zip(rows, stages.values(), strict=True):
        ends = [quantiles["p50"], quantiles["p99"]]
        axes.plot(ends, [row, row], color=ACCENT, linewidth=1.5)
    for key, marker, name in marks:
        values = [quantiles[key] for quantiles in stages.values()]
        axes.plot(values, rows, color=ACCENT, marker=marker, markersize=7, linestyle="", label=name)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_yticks(rows, [STAGES.get(name, name) for name in stages])
    axes.set_ylim(len(stages) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=3,
        frameon=False,
        borderpad=0,
        columnspacing=3,
        handletextpad=0.2,
    )
    return _inline(figure, name="latency", says="各步用时的中位数、95% 和 99%，数字见表")


def _panel(*, across: str, up: str, left: int = 52, lines: int = 1) -> tuple[Figure, Axes]:
    """Axes with room above for ``lines`` of text, and the name of each axis at its end."""
    width, height = SIZE
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_visible(False)
    top = height - 10 - 17 * lines
    axes = figure.add_axes(
        (left / width, 42 / height, (width - left - 18) / width, (top - 42) / height)
    )
    axes.patch.set_visible(False)
    axes.set_xlabel(across, loc="right")
    figure.text(0, 1 - 13 / height, up, color=QUIET)
    return figure, axes


def _inline(figure: Figure, *, name: str, says: str) -> Markup:
    """``figure`` as an element of a page; ``says`` is read to those who can't see it."""
    drawn = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # the page has the font
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    text = drawn.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*">', "<g>", text)  # not unique within a page of many charts
    for drawn_with, shown_with in _PAGE.items():
        text = text.replace(drawn_with, shown_with)
    _, _, inner = text[text.index("<svg") :].partition(">")
    width, height = SIZE
    opening = Markup('<svg role="img" viewBox="0 0 {} {}" aria-label="{}">').format(
        width, height, says
    )
    return opening + Markup(inner)  # matplotlib escapes the words that it draws

"""The report of a run: safe, whole without the network, honest about what wasn't measured."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval import charts
from eval.compare import BadResults
from eval.legend import UNMEASURED
from eval.record import write_lines
from eval.report import write_report
from kb.answer.refusal import REASONS
from tests.support.finished import (
    finish,
    letter,
    per_question,
    question,
    record,
    records,
    results,
    shown,
)

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'>"
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """Every element with its attributes, the words outside <style>, and tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def page_of(out: Path, *, baseline: dict[str, object] | None = None) -> tuple[str, Page]:
    path = write_report(out, baseline=baseline)
    assert path == out / "report.html"
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    return text, page


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Page]:
    out = finish(tmp_path_factory.mktemp("run"))
    return page_of(out, baseline=results(per_question=per_question(luck=2), commit="feedface"))


def test_the_page_asks_nothing_of_another_site(finished: tuple[str, Page]) -> None:
    text, page = finished
    for tag, attributes in page.elements:
        assert tag not in ("script", "link", "img", "iframe", "object", "base", "form")
        assert not {"src", "srcset", "action", "data", "poster"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "xlink:href"):
            assert attributes.get(name, "#").startswith("#")
    assert not re.search(r"https?:|@import|url\((?!#)", text)


def test_ids_are_unique_and_every_reference_has_its_target(finished: tuple[str, Page]) -> None:
    text, page = finished
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = re.findall(r'(?:url\(#|href="#|aria-labelledby=")([^")]+)', text)
    assert named
    assert set(named) <= set(ids)


def test_the_heading_says_what_was_run(finished: tuple[str, Page]) -> None:
    _, page = finished
    for words in (
        "ncp 评测报告",
        "2026年11月22日 23:00（UTC）",
        "0123456789ab（另有未提交的改动）",
        "20261122T224545-b8336625",
        "e5-small-zh:43c061d9",
        "0123abcd",
        "1,755 份文件",
        "20 个能答的问题和 10 个答不了的问题",
        "1,469 份是背景文件",
        "另有 1 份",
        "坏.pdf",
        "没有文字层",
    ):
        assert words in page.words, words


def test_figures_are_written_by_their_kind(finished: tuple[str, Page]) -> None:
    _, page = finished
    words = page.words.replace("\N{NO-BREAK SPACE}", " ")
    for value in (
        "0.812",
        "60.5%",
        "100.0%",
        "24.5 ms",
        "12.3 秒",
        "812.5 MB",
        "12,345",
        "每秒来 5 题",
    ):
        assert value in words, value
    assert "0.81234" not in words


def test_hostile_words_are_shown_and_never_run(tmp_path: Path) -> None:
    bad = replace(
        record(
            10,
            question=question(10, id=HOSTILE, question=HOSTILE, answers=(HOSTILE,), group=HOSTILE),
            quotes=(replace(shown(10, "我们"), text=HOSTILE, docid=HOSTILE),),
        )
    )
    out = finish(
        tmp_path,
        ran=[bad, record(17, code=HOSTILE)],
        broken=[HOSTILE],
        commit=HOSTILE,
        snapshot=HOSTILE,
        groups={HOSTILE: {"R@1": 1.0}},
        suite=results()["suite"] | {"name": HOSTILE},
        per_question={"R@1": {HOSTILE: 0.0}},
    )
    text, page = page_of(out)
    assert page.count("script") == page.count("img") == 0
    assert "<img" not in text
    assert page.words.count(HOSTILE) > 8


def test_stage_names_cannot_break_out_of_a_chart() -> None:
    drawn = charts.latency({HOSTILE: {"p50": 1.0, "p95": 2.0, "p99": 3.0}})
    page = Page(str(drawn))
    assert page.count("img") == page.count("script") == 0
    assert HOSTILE in page.words


def test_a_run_of_which_nothing_was_measured_still_has_a_report(tmp_path: Path) -> None:
    out = finish(
        tmp_path, ran=[], outcome={}, figures={}, groups=None, risk_coverage=None, per_question={}
    )
    _, page = page_of(out)
    assert page.words.count("未测。") == 11
    assert page.count("svg") == 0
    assert "没有答错，也没有误拒。" in page.words


def test_the_least_that_results_hold_is_enough(tmp_path: Path) -> None:
    finish(tmp_path, ran=[])
    least = {"suite": {"name": "空"}, "per_question": {}}
    (tmp_path / "results.json").write_text(json.dumps(least), encoding="utf-8")
    (tmp_path / "letters.jsonl").unlink()
    _, page = page_of(tmp_path)
    assert "空 评测报告" in page.words


@pytest.mark.parametrize("part", [*results()["figures"]])
def test_any_section_may_be_null(tmp_path: Path, part: str) -> None:
    out = finish(tmp_path, figures=results()["figures"] | {part: None})
    assert UNMEASURED in page_of(out)[1].words


@pytest.mark.parametrize("part", ["ranking", "passage", "reading", "citation", "refusal"])
def test_any_figure_may_be_null(tmp_path: Path, part: str) -> None:
    figures = results()["figures"]
    figures[part] = dict.fromkeys(figures[part])
    assert UNMEASURED in page_of(finish(tmp_path, figures=figures))[1].words


def test_why_something_was_not_measured_is_told(finished: tuple[str, Page]) -> None:
    assert "未测：还没有找承诺的程序" in finished[1].words


def test_quotes_that_are_not_verbatim_stand_before_everything_else(tmp_path: Path) -> None:
    _, page = page_of(finish(tmp_path, broken=["q01 的摘录与原文不符"]))
    words = page.words
    assert "有 1 处摘录与原文不一致" in words
    assert words.index("q01 的摘录与原文不符") < words.index("概要")


def test_the_comparison_shows_each_measure_and_whose_questions_changed(
    finished: tuple[str, Page],
) -> None:
    words = finished[1].words
    assert "与基线比较" in words
    assert "基线：feedface" in words
    assert "无显著差异" in words
    assert "进步最多的题（结果 outcome）" in words
    assert "退步最多的题（结果 outcome）" in words


def test_the_head_shows_what_people_see_beside_what_no_program_would_score(
    finished: tuple[str, Page],
) -> None:
    _, page = finished
    words = page.words
    # 10 right, 5 wrong, 5 refused of 20; 4 answered, 6 refused of 10
    assert words.index("得分") < words.index("检索")
    for said in ("得分 0.240", "对 50.0%", "部分对 0.0%", "错 25.0%", "该拒的拒了 60.0%"):
        assert said in words, said
    bars = [each for tag, each in page.elements if tag == "div" and each.get("class") == "bar"]
    assert [each["aria-label"] for each in bars] == [
        "本次：对 50.0%，部分对 0.0%，错 25.0%，拒答 25.0%",
        "总是摘第一段：对 0.0%，部分对 100.0%，错 0.0%，拒答 0.0%",
        "总是拒答：对 0.0%，部分对 0.0%，错 0.0%，拒答 100.0%",
    ]
    for table in ("各题型", "各类答不了的题", "各组答对的比例"):
        assert table in words, table


def test_a_suite_that_the_model_has_seen_says_so_before_everything(tmp_path: Path) -> None:
    card = dict.fromkeys(("origin", "licence", "made", "split"), "某处")
    card |= {"seen_in_training": True}
    about = results()["suite"] | {"card": card, "seen_in_training": True}
    words = page_of(finish(tmp_path, suite=about))[1].words
    assert words.index("训练时见过：分数偏高") < words.index("份文件里问了")
    assert "某处" in words


def test_a_suite_without_a_card_says_so(finished: tuple[str, Page]) -> None:
    assert "没有题集说明" in finished[1].words


def test_what_was_cut_is_told(tmp_path: Path) -> None:
    cut = {"questions": 9, "dropped": 2, "sentences": 14}
    words = page_of(finish(tmp_path, suite=results()["suite"] | {"cut": cut}))[1].words
    assert "其中 9 题的答案从文件里删去了（14 句），另有 2 题" in words


def test_without_a_baseline_there_is_no_comparison(tmp_path: Path) -> None:
    assert "基线" not in page_of(finish(tmp_path))[1].words


def test_a_baseline_of_another_suite_is_warned_of_on_the_page(tmp_path: Path) -> None:
    other = results(suite=results()["suite"] | {"digest": "ffff"})
    assert "题集不同" in page_of(finish(tmp_path), baseline=other)[1].words


def test_a_baseline_without_a_common_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match="没有相同的题"):
        write_report(finish(tmp_path), baseline=results(per_question={"R@1": {"别的": 1.0}}))


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    before = results(per_question=per_question(luck=2))
    one = write_report(finish(tmp_path / "a"), baseline=before).read_bytes()
    other = write_report(finish(tmp_path / "b"), baseline=before).read_bytes()
    assert one == other
    assert write_report(tmp_path / "a", baseline=before).read_bytes() == one


def test_a_refusal_shows_why_and_what_it_would_have_shown(finished: tuple[str, Page]) -> None:
    words = finished[1].words
    assert f"拒答：{REASONS['not_sure'].label}（not_sure）；假如不拒答，会显示" in words
    assert "应当拒答：没有文件能回答它" in words
    assert "第 63–74 字" in words
    assert "出错 0 题，答错 5 题，答不了却答了 4 题，能答却拒答 5 题。" in words


def test_a_failed_check_is_shown_as_a_fault(tmp_path: Path) -> None:
    out = finish(tmp_path, ran=[record(3, status="error", quotes=())])
    words = page_of(out)[1].words
    assert "摘录没有通过程序自己的核对" in words
    assert "出错 1 题" in words


def test_charts_carry_their_text(finished: tuple[str, Page]) -> None:
    text, page = finished
    assert page.count("svg") == 5
    drawn = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert all(one["role"] == "img" and one["aria-label"] for one in drawn)
    words = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", text))
    for word in (
        "答对的比例",
        "召回",
        "前几份文件",
        "0.860",
        "现在的门槛",
        "拒答门槛 0.411",
        "能答的题",
        "词面检索",
        "毫秒",
    ):
        assert word in words, word
    assert "font-family: 'DejaVu Sans'" in text  # laid out alike everywhere; the page's CSS wins
    assert re.search(r"\.chart text \{ font-family: var\(--font-ui\) !important", text)


def test_charts_take_the_colours_of_the_page(finished: tuple[str, Page]) -> None:
    text, _ = finished
    for drawn in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        assert not re.search(r"#[0-9a-f]{6}\b", drawn.split(">", 1)[1])
        assert "currentColor" in drawn
        assert "var(--accent)" in drawn


def test_a_run_without_unanswerable_questions_has_its_charts(tmp_path: Path) -> None:
    _, page = page_of(finish(tmp_path, ran=records()[:20]))
    assert page.count("svg") == 5


def test_letters_of_odd_line_ends_are_read_whole(tmp_path: Path) -> None:
    out = finish(tmp_path, ran=[record(10)])
    docid, text = letter(10)
    row = {"id": docid, "sha256": "", "text": "卷首\u2028\x85" + text}
    write_lines(out / "letters.jsonl", [json.dumps(row, ensure_ascii=False)])
    assert "卷首" in page_of(out)[1].words

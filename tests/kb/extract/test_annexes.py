"""Titles of attachments are found, and promise nothing; what stands in an attachment may."""

from __future__ import annotations

import pytest

from kb.extract.annexes import annex_titles
from kb.extract.commitments import commitments
from kb.profile import profile
from tests.support.letters import make_letter

TITLES = (
    ("附件：2025年食堂改造学校完成时限表", ["附件：2025年食堂改造学校完成时限表"]),
    ("附件\n2025年食堂改造学校完成时限表\n序号 学校", ["2025年食堂改造学校完成时限表"]),
    ("附件2\n责任分工及完成时限\n1. 年底前建成。", ["责任分工及完成时限"]),
    (
        "附件：1. 2026年新增停车位计划\n2. 今年完成的老旧小区改造项目",
        ["附件：1. 2026年新增停车位计划", "2. 今年完成的老旧小区改造项目"],
    ),
    ("附表一：年内完成的电梯加装工程", ["附表一：年内完成的电梯加装工程"]),
    ("2026年重点任务分工表\n一、石桥区：10月底前开餐。", ["2026年重点任务分工表"]),
    ("2026年助餐点新增任务清单", ["2026年助餐点新增任务清单"]),
    ("年底前公布首批机构名单", []),
    ("2. 编制2026年改造任务清单", []),
    ("详见附件：2026年底前完成改造12处。", []),
    ("附件\n1. 市民政局9月底前完成选址。", []),
)


@pytest.mark.parametrize(("text", "titles"), TITLES)
def test_titles_of_attachments_are_found(text: str, titles: list[str]) -> None:
    assert [span.of(text) for span in annex_titles(text)] == titles


@pytest.mark.parametrize(("text", "titles"), [row for row in TITLES if row[1]])
def test_a_title_promises_nothing(text: str, titles: list[str]) -> None:
    fields = {"issued_on": "2025-03-01", "number": "云教函〔2025〕4号", "issuer": "云岭市教育局"}
    body = f"我局将于年底前新增停车位200个。\n{text}"
    letter = make_letter("甲", body, title=None, **fields)
    found = [one.span.of(letter.text) for one in commitments(letter, profile())]
    assert "我局将于年底前新增停车位200个" in found
    assert not any(part in title for title in titles for part in found)

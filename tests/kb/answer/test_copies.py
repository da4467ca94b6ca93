"""A letter that stands in the base twice is found once, and a corrected one beside it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.answer.copies import found_once
from tests.support.asking import base_of, found_in, letter_text

TEXT = letter_text()
OTHER = letter_text("云民函〔2024〕9号", proposal="090", subject="加装扶手")


def found(folder: Path, *texts: str) -> list[str]:
    ids = "abcd"[: len(texts)]
    reader = base_of(folder, *texts, ids=list(ids))
    hits = found_once(found_in(reader, "建成养老服务中心多少处"), reader).hits
    return sorted({hit.passage.letter_id for hit in hits})


@pytest.mark.parametrize("copy", [TEXT, TEXT + "\n打印 关闭", "首页 政务公开\n" + TEXT])
def test_passages_of_a_copy_are_left_out(tmp_path: Path, copy: str) -> None:
    shown = found(tmp_path, TEXT, copy, OTHER)
    assert len(shown) == 2
    assert "c" in shown


@pytest.mark.parametrize(("words", "other"), [("56处", "65处"), ("将新建", "不新建")])
def test_passages_of_a_corrected_letter_stay(tmp_path: Path, words: str, other: str) -> None:
    assert found(tmp_path, TEXT, TEXT.replace(words, other)) == ["a", "b"]

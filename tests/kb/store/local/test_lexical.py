"""Words are found and scored as BM25 says, and opening the index leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.store.local import lexical
from tests.support.fakes import make_letter, tokenize
from tests.support.stores import ALL, ask, local, publish


def test_opening_leaves_no_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(lexical.tempfile, "tempdir", str(tmp_path / "tmp"))
    assert ask(publish(local(tmp_path), make_letter("a", "水库。")), "水库") == ["a"]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_scores_are_bm25_over_title_headings_and_body(tmp_path: Path) -> None:
    letters = [
        make_letter("a", "水库水库。", title="道路"),
        make_letter("b", "桥梁。", title="水库水电站"),
        make_letter("c", "校车安全事项。", title="校车"),
    ]
    reader = publish(local(tmp_path), *letters, headings=("一、水",))
    hits = dict(reader.lexical(["水"], limit=9, scope=ALL))
    texts = [
        [*tokenize(one.title.value), "一", "、", "水", *tokenize(one.body.of(one.text))]
        for one in letters
        if one.title
    ]
    for ordinal in range(3):
        assert hits[ordinal] == pytest.approx(bm25("水", texts[ordinal], texts), rel=1e-4)


def bm25(word: str, text: list[str], texts: list[list[str]]) -> float:
    """Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75, idf as in Lucene and tantivy."""
    bearing = sum(word in one for one in texts)
    idf = np.log(1 + (len(texts) - bearing + 0.5) / (bearing + 0.5))
    mean = sum(map(len, texts)) / len(texts)
    times = text.count(word)
    return float(idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(text) / mean)))


def test_equal_passages_of_many_segments_stand_in_ordinal_order(tmp_path: Path) -> None:
    reader = publish(local(tmp_path), make_letter("a", "同一句。\n" * 3000))
    hits = reader.lexical(["同"], limit=3000, scope=ALL)
    assert [ordinal for ordinal, _ in hits] == list(range(3000))

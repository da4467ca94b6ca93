"""The last check: a quote is shown only where its letter says it word for word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kb.answer.quotes import NotVerbatim, columns_over, verify
from kb.errors import KbError
from kb.store.protocol import SnapshotReader
from kb.types import Quote, Span
from tests.support.asking import Lying, two_letters
from tests.support.heads import citation


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return two_letters(tmp_path_factory.mktemp("data"))


def test_a_quote_that_is_not_in_its_letter_is_never_shown(reader: SnapshotReader) -> None:
    lying: Any = Lying(reader)
    quote = Quote(
        citation=citation("lift"),
        title=None,
        span=Span(start=0, end=3),
        text="云岭市",
        headings=(),
        score=0.0,
    )
    verify(quote, reader)
    lying.lies = True
    with pytest.raises(NotVerbatim, match="lift"):
        verify(quote, lying)
    with pytest.raises(NotVerbatim):
        verify(replace(quote, text="", span=Span(start=0, end=0)), reader)
    with pytest.raises(NotVerbatim):
        verify(replace(quote, span=Span(start=9000, end=9003)), reader)
    assert isinstance(NotVerbatim("x"), KbError)


TABLE = (
    "各县区如下：\n县区\t个数\t达标率\n明溪县\t352\t94.0%\n青河区\t133\t100.0%\n没有达标的35个。"
)


@pytest.mark.parametrize(
    ("words", "heads"),
    [
        ("青河区\t133\t100.0%", ("表头：县区、个数、达标率",)),
        ("明溪县\t352\t94.0%", ("表头：县区、个数、达标率",)),
        ("县区\t个数\t达标率\n明溪县\t352\t94.0%", ()),
        ("没有达标的35个。", ()),
    ],
)
def test_a_row_of_a_table_is_told_with_the_heads_of_its_columns(
    words: str, heads: tuple[str, ...]
) -> None:
    start = TABLE.index(words)
    assert columns_over(TABLE, Span(start=start, end=start + len(words))) == heads

"""Of a row that was found the cell of the column asked for is emphasised."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.answer.emphasis import answering
from kb.types import Span
from tests.support.asking import base_of, letter_text, parsed

TABLE = "一、情况\n渡口\t航程（公里）\t票价（元）\t开航时间\n" + (
    "柳渡\t3.4\t12\t2023年5月\n石渡\t5\t15\t2024年1月"
)


@pytest.mark.parametrize(
    ("question", "found", "cell"),
    [
        ("柳渡票价多少元", "3.4\t12", "12"),
        ("柳渡的航程多少公里", "3.4\t12", "3.4"),
        ("石渡开航时间", "15\t2024年1月", "2024年1月"),
        ("石渡怎么样", "5\t15", "5\t15"),
    ],
)
def test_the_cell_of_the_column_asked_for(
    tmp_path: Path, question: str, found: str, cell: str
) -> None:
    reader = base_of(tmp_path, letter_text(body=TABLE))
    letter = reader.letter("0")
    start = letter.text.index(found)
    span = Span(start=start, end=start + len(found))
    passage = next(
        passage
        for passage in map(reader.passage, reader.passages_of("0"))
        if passage.span.holds(span)
    )
    part = answering(parsed(question, reader), letter, passage, span)
    assert part is not None
    assert part[1].of(letter.text) == cell

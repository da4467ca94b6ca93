"""Lines read from scans are found again in the letter, with how sure they are."""

from __future__ import annotations

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.recognised import placed
from kb.text.recognised import doubts, is_doubtful
from kb.types import Letter, Span

LINES = (
    ("关于第19号建议的答复", 0.98),
    ("魏青禾代表：", 0.99),
    ("您提出的建议收悉。河西片区现有公厕九座，", 0.97),
    ("建四座，九月底前开放，由环卫所管护。", 0.55),
    ("— 1 —", 0.4),
)


def letter(*pages: tuple[tuple[str, float], ...]) -> Letter:
    text = "\f".join("\n".join(words for words, _ in page) for page in pages)
    return read(Raw(id=None, text=text, recognised=pages), letter_id="a", source="a.png")


def spans(found: Letter) -> list[str]:
    return ["".join(line.span.of(found.text).split()) for line in found.recognised]


def test_each_line_is_found_where_it_stands_after_mending() -> None:
    found = letter(LINES)
    assert "九座，建四座" in found.text
    assert spans(found) == ["".join(words.split()) for words, _ in LINES[:4]]
    assert [line.confidence for line in found.recognised] == [0.98, 0.99, 0.97, 0.55]


def test_lines_of_a_second_page_are_found_on_it() -> None:
    found = letter(LINES, (("建四座，九月底前开放，由环卫所管护。", 0.6), ("特此答复。", 0.97)))
    last = found.recognised[-2]
    assert last.span.start >= found.pages[0]
    assert last.confidence == 0.6


def test_only_what_meets_a_doubtful_line_is_doubtful() -> None:
    found = letter(LINES)
    start = found.text.index("九月底前开放")
    assert is_doubtful(found, Span(start=start, end=start + 6))
    assert not is_doubtful(found, Span(start=0, end=start - 20))
    assert [span.of(found.text)[:3] for span in doubts(found)] == ["建四座"]


def test_a_page_is_doubtful_where_a_doubtful_line_is_lost() -> None:
    text = "甲乙丙丁"
    assert [line.span for line in placed([[("戊己", 0.2)]], text, ())] == [Span(start=0, end=4)]
    assert not list(placed([[("戊己", 0.95), ("- 2 -", 0.2)]], text, ()))


def test_pages_with_a_layer_of_text_are_not_doubted() -> None:
    text = "第一页\n第二页"
    found = list(placed([[], [("第二页", 0.3)]], text, (4,)))
    assert [line.span for line in found] == [Span(start=4, end=7)]

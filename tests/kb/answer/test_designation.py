"""What is said of one number of a kind does not answer for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.answer.designation import designated
from kb.answer.sentences import Candidate
from kb.types import Hit, Span
from tests.support.asking import base_of, letter_text, parsed

BODY = "一、情况\n第7号泵站排水四方。第8号泵站排水五方。第9号泵站排水六方。泵站全年无事故。"


def said(folder: Path, question: str, *found: str) -> list[str]:
    """What is left for ``question`` where these sentences were found."""
    reader = base_of(folder, letter_text(body=BODY))
    letter = reader.letter("0")
    ordinal = next(
        n for n in reader.passages_of("0") if "泵站" in reader.passage(n).span.of(letter.text)
    )
    hit = Hit(ordinal=ordinal, passage=reader.passage(ordinal), score=1.0)
    ranked = []
    for words in found:
        span = Span(start=(at := letter.text.index(words)), end=at + len(words))
        ranked.append(
            Candidate(letter=letter, hit=hit, span=span, exact=span, features={}, score=1.0)
        )
    return [c.span.of(letter.text) for c in designated(parsed(question, reader), ranked)]


@pytest.mark.parametrize("question", ["第8号泵站排水多少", "8号泵站排水几方", "第008号泵站的排水"])
def test_the_sentence_of_the_one_asked_for_is_quoted(tmp_path: Path, question: str) -> None:
    found = ("第7号泵站排水四方。", "第8号泵站排水五方。第9号泵站排水六方。")
    assert said(tmp_path, question, *found) == ["第8号泵站排水五方。"]


def test_of_one_that_is_nowhere_nothing_is_quoted(tmp_path: Path) -> None:
    assert said(tmp_path, "第5号泵站排水多少", "第7号泵站排水四方。") == []


@pytest.mark.parametrize("question", ["泵站排水多少", "第7号泵站和第9号泵站排水多少"])
def test_a_question_of_none_or_several_leaves_all(tmp_path: Path, question: str) -> None:
    assert said(tmp_path, question, "第9号泵站排水六方。") == ["第9号泵站排水六方。"]


def test_what_names_no_number_stays(tmp_path: Path) -> None:
    assert said(tmp_path, "第8号泵站有事故吗", "泵站全年无事故。") == ["泵站全年无事故。"]

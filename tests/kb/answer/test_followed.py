"""What later letters say of the matter of a quote: one sentence, word for word, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answer import followed as following
from kb.answer.followed import followed
from kb.answer.quotes import NotVerbatim, quote, verify
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER, Letter, Quote, Scope, Span


def quoting(words: str, letter_id: str, reader: SnapshotReader) -> Quote:
    letter = reader.letter(letter_id)
    start = letter.text.index(words)
    return quote(letter, Span(start=start, end=start + len(words)), score=0.0)


def facts(words: str, letter_id: str, reader: SnapshotReader) -> list[tuple[str, str | None]]:
    found = followed(quoting(words, letter_id, reader), reader, scope=EVERY_LETTER)
    return [(one.letter.id, one.fact.text if one.fact else None) for one in found]


LIBRARY = "我局力争2023年6月底前开工建设市图书馆新馆。"


@pytest.mark.parametrize(
    ("words", "letter_id", "newest"),
    [
        (
            "我局力争2025年6月底前开工建设市图书馆新馆。",
            "云文旅函〔2024〕8号.txt",
            "经市政府今年4月专题会议研究，市图书馆新馆不再单独建设，青河新城预留的38亩地保留五年。",
        ),
        (
            "截至2022年6月，全市公用充电桩1460个",
            "云发改函〔2022〕36号.txt",
            "截至2025年6月，全市公用充电桩5240个，其中快充桩2086个，两年里翻了一番多。",
        ),
        (
            "今年上半年市区公交日均客运量17.6万人次",
            "云交函〔2022〕19号.txt",
            "2025年市区公交日均客运量21.9万人次，四年来首次接近22万。",
        ),
    ],
)
def test_the_newest_letter_says_what_became_of_it(
    base: SnapshotReader, words: str, letter_id: str, newest: str
) -> None:
    assert facts(words, letter_id, base)[0][1] == newest


def test_a_letter_that_says_nothing_of_the_matter_has_no_fact(base: SnapshotReader) -> None:
    told = facts("市级补助今年1月由每部5万元提高到8万元。", "云建办〔2022〕12号.txt", base)
    assert told[0] == ("云建函〔2026〕3号.txt", None)


def test_the_letterhead_and_fields_are_no_fact(base: SnapshotReader) -> None:
    head = quoting("云岭市文化广电和旅游局", "云文旅函〔2022〕9号.txt", base)
    field = replace(quoting(LIBRARY, "云文旅函〔2022〕9号.txt", base), about="发文单位")
    for one in (head, field):
        found = followed(one, base, scope=EVERY_LETTER)
        assert found
        assert not any(later.fact for later in found)


def test_facts_are_words_of_their_letters(base: SnapshotReader) -> None:
    found = followed(quoting(LIBRARY, "云文旅函〔2022〕9号.txt", base), base, scope=EVERY_LETTER)
    told = [one.fact for one in found if one.fact]
    assert told
    for fact in told:
        verify(fact, base)


def test_a_fact_that_is_not_in_its_letter_is_never_shown(
    base: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_up(letter: Letter, span: Span, *, score: float) -> Quote:
        return replace(quote(letter, span, score=score), text="新馆已经开工。")

    quoted = quoting(LIBRARY, "云文旅函〔2022〕9号.txt", base)
    monkeypatch.setattr(following, "quoted", made_up)
    with pytest.raises(NotVerbatim):
        followed(quoted, base, scope=EVERY_LETTER)


def test_a_scope_keeps_later_letters_out(base: SnapshotReader) -> None:
    quoted = quoting(LIBRARY, "云文旅函〔2022〕9号.txt", base)
    assert followed(quoted, base, scope=Scope(letter_ids=(quoted.letter_id,))) == ()

"""What stands beside a quote: the years that its words mean, and what older letters answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb import serialize
from kb.types import Quote, Span
from server.present import cards
from tests.support.heads import citation

TODAY = date(2026, 3, 1)


def quoted(text: str, *, issued_on: str = "2024-06-28", title: str | None = None) -> Quote:
    return Quote(
        citation=replace(citation("a"), issued_on=issued_on),
        title=title,
        span=Span(start=30, end=30 + len(text)),
        text=text,
        headings=(),
        score=1.0,
    )


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("今年已建成56处。", ["原文的“今年”指 2024 年"]),
        (
            "去年714万元，今年800万元，去年底结转。",
            ["原文的“去年”指 2023 年", "原文的“今年”指 2024 年"],
        ),
        ("上半年办结1574件。", ["原文的“上半年”指 2024 年上半年"]),
        ("2025年底前完成。", []),
    ],
)
def test_the_year_that_a_word_means_is_told_beside_the_quote(text: str, notes: list[str]) -> None:
    assert cards.notes(quoted(text)) == notes


def test_a_letter_without_a_proper_date_tells_no_year() -> None:
    assert cards.notes(quoted("今年建成56处。", issued_on="二〇二四年")) == []


def test_the_json_has_the_years_at_their_places_and_the_older_answers() -> None:
    older = quoted("全市1460个。", issued_on="2022-07-15")
    plain = serialize.quote(replace(quoted("到今年5月有3870个。"), earlier=(older,)))
    assert plain["glosses"] == [{"start": 31, "end": 33, "year": 2024}]
    assert [row["text"] for row in plain["earlier"]] == ["全市1460个。"]
    assert "earlier" not in plain["earlier"][0]


def test_an_older_answer_is_shown_with_its_day_its_words_and_its_place() -> None:
    older = replace(
        quoted("全市公用充电桩1460个。", issued_on="2022-07-15"), exact=(Span(start=37, end=42),)
    )
    (row,) = cards.earlier(replace(quoted("全市3870个。"), earlier=(older,)), today=TODAY)
    assert row["told"] == "2022年7月15日的答复"
    assert "".join(piece["text"] for piece in row["pieces"]) == "全市公用充电桩1460个。"
    assert [piece["text"] for piece in row["pieces"] if piece["exact"]] == ["1460个"]
    assert row["href"].endswith("?start=30&end=43#quote")


def test_an_opinion_is_said_to_be_none_of_the_organ_in_charge() -> None:
    assert "会办意见" in cards.kind_of(quoted("设护学岗。", title="关于第093号提案的会办意见"))
    assert cards.kind_of(quoted("设护学岗。", title="关于第093号提案的答复")) == ""

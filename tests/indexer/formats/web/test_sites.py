"""Pages of eight content systems: the letter whole, nothing of the site, fields of all of it."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw
from indexer.letter.fields import read as read_letter
from tests.indexer.formats.web.sites import LETTER, TITLE, pages

PAGES = pages()
UNSIGNED = pages(LETTER[:-2])


def read(markup: str) -> Raw:
    return html.read(io.BytesIO(markup.encode()), Limits())


@pytest.mark.parametrize("name", PAGES)
def test_the_letter_is_whole_and_nothing_of_the_site_is_in_it(name: str) -> None:
    lines = [line.strip() for line in read(PAGES[name]).text.split("\n")]
    assert [line for line in lines if line != TITLE] == list(LETTER)


@pytest.mark.parametrize("name", PAGES)
def test_the_fields_are_read_from_all_of_the_page(name: str) -> None:
    letter = read_letter(read(PAGES[name]), letter_id="a", source="a.html")
    fields = {key: field.value for key, field in letter.fields.items()}
    assert letter.title
    assert letter.title.value == TITLE
    assert fields["assembly"].endswith("市九届人大三次会议")
    assert (fields["proposal_no"], fields["kind"]) == ("27", "建议")
    assert (fields["issuer"], fields["issued_on"]) == ("澄湖市水务局", "2022-07-08")
    assert [field.value for field in letter.lists["addressees"]] == ["蒋素英代表"]
    assert fields.get("number") == ("澄水函〔2022〕27号" if "澄水函" in PAGES[name] else None)


@pytest.mark.parametrize("name", PAGES)
def test_every_span_is_a_place_in_the_text(name: str) -> None:
    letter = read_letter(read(PAGES[name]), letter_id="a", source="a.html")
    for key, field in letter.fields.items():
        if field.span and key != "issued_on":
            assert field.span.of(letter.text) == field.value
    assert letter.title
    assert letter.title.span
    assert letter.title.span.of(letter.text) == TITLE


@pytest.mark.parametrize("name", UNSIGNED)
def test_a_letter_without_a_signature_has_the_day_that_the_page_gives(name: str) -> None:
    letter = read_letter(read(UNSIGNED[name]), letter_id="a", source="a.html")
    day = letter.fields.get("issued_on")
    given = [day for day in ("2022-07-08", "2022-08-01") if day in UNSIGNED[name]]
    dated = given or ["2022-08-01"] * any(
        words in UNSIGNED[name] for words in ("2022- 08", "2022-8-1", "2022年8月1日")
    )
    assert (day.value if day else "") == (dated[0] if dated else "")

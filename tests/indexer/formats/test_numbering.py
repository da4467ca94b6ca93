"""The numbers that Word shows before headings and in lists."""

from __future__ import annotations

import io

import pytest

from indexer.formats import docx as formats_docx
from indexer.formats.numbering import chinese, written
from indexer.formats.raw import Limits
from tests.support import hostile
from tests.support.hostile import paragraph


def text(content: bytes) -> str:
    return formats_docx.read(io.BytesIO(content), Limits()).text


def level(depth: int, style: str, pattern: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


LEVELS = (
    level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircle", "%4")
    + level(4, "bullet", "●")
)
NUMBERING = (
    f'<w:numbering xmlns:w="{hostile.W}">'
    f'<w:abstractNum w:abstractNumId="9">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="9"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
)
STYLES = (
    f'<w:styles xmlns:w="{hostile.W}">'
    '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Sub"><w:basedOn w:val="H"/></w:style>'
    '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
    '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
)


def numbered(words: str, depth: int, number: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(words, properties)


def test_headings_get_the_numbers_that_word_shows() -> None:
    depths = [0, 1, 1, 2, 2, 3, 0, 1, 2, 4]
    inner = "".join(numbered("事", depth) for depth in depths)
    found = text(hostile.docx(inner, numbering=NUMBERING)).split("\n")
    shown = ["一、", "（一）", "（二）", "1.", "2.", "①", "二、", "（一）", "1.", ""]
    assert found == [number + "事" for number in shown]


def test_a_list_that_restarts_counts_on_its_own() -> None:
    inner = numbered("事", 0) + numbered("事", 0, 2) + numbered("事", 0, 2) + numbered("事", 0)
    found = text(hostile.docx(inner, numbering=NUMBERING)).split("\n")
    assert found == ["一、事", "五、事", "六、事", "二、事"]


def test_numbers_come_from_paragraph_styles_too_and_can_be_turned_off() -> None:
    inner = (
        paragraph("事", '<w:pStyle w:val="H"/>')
        + paragraph("事", '<w:pStyle w:val="Sub"/>')
        + paragraph("事", '<w:pStyle w:val="H"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("事", '<w:pStyle w:val="A"/>')
    )
    found = text(hostile.docx(inner, numbering=NUMBERING, styles=STYLES)).split("\n")
    assert found == ["一、事", "二、事", "事", "事"]


def test_numbers_of_lists_that_do_not_exist_are_not_invented() -> None:
    odd = '<w:numPr><w:ilvl w:val="x"/><w:numId w:val="77"/></w:numPr>'
    assert text(hostile.docx(paragraph("事", odd) + numbered("事", 99))) == "事\n事"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (105, "一百零五")],
)
def test_numbers_are_counted_in_chinese(number: int, words: str) -> None:
    assert chinese(number) == words


def test_number_formats_are_chosen_by_table_and_unknown_ones_are_decimal() -> None:
    assert written(12, "ideographDigital") == "一二"
    assert written(3, "lowerLetter") == "c"
    assert written(27, "upperLetter") == "AA"
    assert written(10, "decimalFullWidth") == "１０"
    assert written(21, "decimalEnclosedCircle") == "21"
    assert written(4, "hebrew1") == "4"
    assert written(10**9, "chineseCounting") == "1000000000"

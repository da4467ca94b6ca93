"""The ledger on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from kb.errors import WrongUse
from kb.ledger.formats import docx
from kb.ledger.formats.table import Line
from tests.support.outgoing import line_of, promised
from tests.support.promises import LIFTS, ORGAN, TODAY


def written(path: Path, *lines: Line, printed: date = TODAY) -> Any:
    count = docx.write(
        path / "台账.docx",
        lines,
        caption="2024年、B 类",
        printed=printed,
        status_of=lambda line: f"● {line.entry.label(line.today)}",
    )
    assert count == len(lines)
    return Document(str(path / "台账.docx"))


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_page_is_a4_across_and_says_what_and_when(tmp_path: Path) -> None:
    document = written(tmp_path, line_of())
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (29.7, 21.0)
    title, caption, organ = (one.text for one in document.paragraphs)
    assert title == "承诺事项台账"
    assert caption == "2024年、B 类　共 1 项　打印日期：2026年6月30日"
    assert organ == f"{ORGAN}（1 项）"


def test_a_row_holds_the_words_of_the_letter_and_where_they_are_from(tmp_path: Path) -> None:
    document = written(tmp_path, line_of(evidence=2, note="催办\n两次"))
    head, row = rows(document.tables[0])
    assert head == [name for name, _ in docx.COLUMNS]
    assert row == [
        "1",
        "● 待核实",
        LIFTS,
        "云岭市财政局",
        "2025年6月底前\n2025年6月30日止",
        "60部",
        f"{promised().citation.name}\n云建函〔2024〕3号\n2024年5月6日",
        "2",
        "催办\n两次",
    ]


def test_the_heading_is_repeated_and_no_row_is_broken(tmp_path: Path) -> None:
    table = written(tmp_path, line_of(), line_of(id=2)).tables[0]
    first, *others = (row._tr.trPr for row in table.rows)
    assert first.find(qn("w:tblHeader")) is not None
    assert all(one.find(qn("w:tblHeader")) is None for one in others)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_every_organ_has_its_table_those_of_nobody_last(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        line_of(organ=None),
        line_of(id=2, organ="市水利局"),
        line_of(id=3),
        line_of(id=4, organ="市水利局"),
    )
    headings = [one.text for one in document.paragraphs[2:]]
    assert headings == [f"{ORGAN}（1 项）", "市水利局（2 项）", "未写明负责单位（1 项）"]
    assert [[row[0] for row in rows(one)[1:]] for one in document.tables] == [
        ["3"],
        ["2", "4"],
        ["1"],
    ]


def test_the_letters_words_are_set_in_fangsong_and_ours_in_song(tmp_path: Path) -> None:
    document = written(tmp_path, line_of())
    faces = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Words", "Row", "Title", "Heading 1")
    }
    assert faces == {"Words": "仿宋", "Row": "宋体", "Title": "宋体", "Heading 1": "宋体"}
    cells = document.tables[0].rows[1].cells
    assert [cell.paragraphs[0].style.name for cell in cells[1:4]] == ["Row", "Words", "Row"]


def test_pages_are_numbered(tmp_path: Path) -> None:
    footer = written(tmp_path, line_of()).sections[0].footer.paragraphs[0]
    fields = [one.get(qn("w:instr")) for one in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_what_xml_cannot_hold_or_would_read_stands_as_text(tmp_path: Path) -> None:
    document = written(tmp_path, line_of(note="<b>&\x07\x0b", organ="<&>"))
    assert rows(document.tables[0])[1][-1] == "<b>&\ufffd\ufffd"
    assert document.paragraphs[2].text == "<&>（1 项）"


def test_more_than_anybody_prints_is_refused_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docx, "MOST", 2)
    with pytest.raises(WrongUse, match="缩小范围"):
        written(tmp_path, *[line_of(id=number) for number in range(3)])
    assert not list(tmp_path.iterdir())


def test_one_without_due_target_or_letter_number_is_written_too(tmp_path: Path) -> None:
    citation = replace(promised().citation, number=None, issued_on=None)
    document = written(tmp_path, line_of(due=None, target=None, citation=citation))
    assert rows(document.tables[0])[1][4:7] == ["", "", citation.name]

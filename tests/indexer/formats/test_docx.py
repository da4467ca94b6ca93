"""DOCX: what is text, in which order, and what is wrong with a file."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from indexer.formats import docx as formats_docx
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from tests.support import hostile
from tests.support.hostile import body, paragraph


def text(content: bytes) -> str:
    return formats_docx.read(io.BytesIO(content), Limits()).text


def code(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        formats_docx.read(io.BytesIO(content), Limits())
    return caught.value.code


def test_a_docx_of_python_docx_is_read_in_document_order(tmp_path: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "页眉"
    made.sections[0].footer.paragraphs[0].text = "— 1 —"
    made.add_paragraph("关于第1号提案的答复")
    table = made.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("县区", "达标率"), ("明溪县", "94.0%")), strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    made.add_paragraph("　　感谢您的关心。\n2024年6月28日\t印发")
    path = tmp_path / "letter.docx"
    made.save(str(path))
    (raw,) = parse(path)
    assert raw == Raw(
        id=None,
        text="关于第1号提案的答复\n县区\t达标率\n明溪县\t94.0%\n"
        "　　感谢您的关心。\n2024年6月28日\t印发",
    )


def test_deleted_moved_and_hidden_words_are_left_out() -> None:
    inner = (
        "<w:p><w:r><w:t>同意</w:t></w:r>"
        "<w:del><w:r><w:delText>不</w:delText><w:t>不</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>采纳</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部意见</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>。</w:t></w:r></w:p>'
    )
    assert text(hostile.docx(inner)) == "同意采纳。"


def test_field_codes_and_footnotes_are_left_out_and_field_results_kept() -> None:
    inner = (
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>甲</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="1"/></w:r>'
        "<w:hyperlink><w:r><w:t>乙</w:t></w:r></w:hyperlink>"
        "<w:fldSimple><w:r><w:t>丙</w:t></w:r></w:fldSimple></w:p>"
    )
    notes = "<w:footnotes/>"
    assert text(hostile.docx(inner, footnotes=notes)) == "甲乙丙"


def test_breaks_tabs_and_hyphens_become_characters() -> None:
    inner = (
        "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/>"
        '<w:t xml:space="preserve"> 丁</w:t></w:r></w:p>'
    )
    assert text(hostile.docx(inner)) == "甲\t乙\n丙- 丁"


def test_the_characters_of_a_ruby_are_kept_and_their_sounds_left_out() -> None:
    inner = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>bo</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>亳</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    assert text(hostile.docx(inner)) == "亳"


def test_a_text_box_is_read_once_before_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('云岭市文件')}</w:txbxContent>"
    inner = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="urn:mc">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent><w:t>正文</w:t></w:r></w:p>"
    )
    assert text(hostile.docx(inner)) == "云岭市文件\n正文"


def test_content_controls_are_read_unless_nobody_filled_them_in() -> None:
    inner = (
        f"<w:sdt><w:sdtContent>{paragraph('已填')}</w:sdtContent></w:sdt>"
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{paragraph('单击此处输入文字')}</w:sdtContent></w:sdt>"
    )
    assert text(hostile.docx(inner)) == "已填"


def table(*rows: tuple[tuple[str, ...], ...]) -> str:
    def cell(lines: tuple[str, ...]) -> str:
        return f"<w:tc>{''.join(map(paragraph, lines))}</w:tc>"

    lines = ["".join(map(cell, row)) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def test_a_table_used_for_layout_keeps_its_paragraphs() -> None:
    long = "一、" + "工作" * 60
    framed = table((("关于提案的答复", "徐秀叶委员："),), (("答复内容",), (long, "二、下一步")))
    expected = ["关于提案的答复", "徐秀叶委员：", "答复内容", long, "二、下一步"]
    assert text(hostile.docx(framed)).split("\n") == expected


def test_cells_stay_in_their_columns() -> None:
    data = table((("县区",), ("达标", "率"), ("",)), (("明溪",), ("",), ("无",)))
    assert text(hostile.docx(data)) == "县区\t达标 率\n明溪\t\t无"


# ── what is wrong with a file ────────────────────────────────────────────────────────────


def test_macros_are_flagged_and_not_read() -> None:
    content = hostile.package(
        [("word/document.xml", body(paragraph("答复"))), ("word/vbaProject.bin", b"Sub x()")]
    )
    assert formats_docx.read(io.BytesIO(content), Limits()) == Raw(
        id=None, text="答复", flags=("macros",)
    )


def test_the_main_part_may_have_another_name() -> None:
    relations = hostile.RELATIONS.replace("word/document.xml", "/word/document2.xml")
    content = hostile.package(
        [("_rels/.rels", relations), ("word/document2.xml", body(paragraph("答复")))]
    )
    assert text(content) == "答复"


def test_a_scan_pasted_into_word_is_no_text() -> None:
    content = hostile.package(
        [("word/document.xml", body("<w:p/>")), ("word/media/image1.png", b"x")]
    )
    assert code(content) == "no_text"


def test_xml_of_a_hundred_thousand_levels_is_a_typed_error() -> None:
    deep = body("<w:x>" * 100_000 + paragraph("答复") + "</w:x>" * 100_000)
    limits = Limits(ratio=10_000)
    with pytest.raises(UnreadableFile) as caught:
        formats_docx.read(io.BytesIO(hostile.docx(document=deep)), limits)
    assert caught.value.code == "damaged_file"


def test_cut_and_broken_packages_are_damaged() -> None:
    whole = hostile.docx(paragraph("答复"))
    assert code(whole[: len(whole) // 2]) == "damaged_file"
    assert code(hostile.docx(document="<w:p>")) == "damaged_file"
    assert code(hostile.docx(document="<x/>")) == "damaged_file"
    assert code(hostile.package([("word/other.xml", "<x/>")])) == "damaged_file"
    spoilt = bytearray(whole)
    spoilt[whole.index(b"word/document.xml") + 30] ^= 0xFF
    assert code(bytes(spoilt)) in ("damaged_file", "zip_bomb")

"""DOCX: what is text, in which order, with which numbers; and packages that attack."""

from __future__ import annotations

import io
import time
import zipfile
import zlib
from pathlib import Path

import docx
import pytest

from indexer.formats import docx as formats_docx
from indexer.formats.numbering import chinese, written
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from tests.support import hostile
from tests.support.hostile import body, paragraph

MEGABYTE = 1024 * 1024


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


# ── automatic numbers ────────────────────────────────────────────────────────────────────


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


ENTITIES = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x">%a;]>',
    "bare": "<!DOCTYPE x>",
}


@pytest.mark.parametrize("declaration", ENTITIES.values(), ids=ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_declarations_are_refused(declaration: str, encoding: str) -> None:
    whole = declaration + body(paragraph("答复&a;"))
    assert code(hostile.docx(document=whole.encode(encoding))) == "xml_dtd_forbidden"


def test_a_declaration_in_any_part_is_refused() -> None:
    content = hostile.docx(paragraph("答复"), settings=ENTITIES["external"] + "<x/>")
    assert code(content) == "xml_dtd_forbidden"


def test_a_declaration_in_an_encoding_that_hides_it_is_refused() -> None:
    whole = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x [+ADw-!ENTITY a "b"+AD4-]>'
    content = hostile.docx(document=(whole + body(paragraph("答复"))).encode())
    assert code(content) in ("xml_dtd_forbidden", "damaged_file")
    ebcdic = '<?xml version="1.0" encoding="cp037"?><!DOCTYPE x>' + body("")
    assert code(hostile.docx(document=ebcdic.encode("cp037"))) in (
        "xml_dtd_forbidden",
        "damaged_file",
    )


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


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = hostile.package([("word/document.xml", body(""))] * 2)
    assert code(content) == "damaged_file"


def test_an_encrypted_member_needs_a_password() -> None:
    content = bytearray(hostile.docx(paragraph("答复")))
    content[content.index(b"PK\1\2") + 8] |= 1
    assert code(bytes(content)) == "needs_password"


def test_a_zip64_package_is_refused() -> None:
    content = hostile.docx(paragraph("答复"))
    at = content.rindex(b"PK\5\6")
    locator = b"PK\6\7" + bytes(16)
    assert code(content[:at] + locator + content[at:]) == "damaged_file"


def test_a_directory_of_many_entries_is_refused_before_it_is_read() -> None:
    content = hostile.raw_package([("word/document.xml", b"\3\0", 0, 0)], overlap=20_000)
    began = time.perf_counter()
    assert code(content) == "zip_bomb"
    assert time.perf_counter() - began < 0.1


# ── bombs ────────────────────────────────────────────────────────────────────────────────

START = f'<w:document xmlns:w="{hostile.W}"><w:body>'.encode()
END = b"</w:body></w:document>"


def test_one_text_of_400_megabytes_is_refused_by_its_declared_size() -> None:
    content = hostile.swollen_docx(
        START + b"<w:p><w:r><w:t>", b"a" * MEGABYTE, 400, b"</w:t></w:r></w:p>" + END
    )
    assert len(content) < 600_000
    assert code(content) == "zip_bomb"


def test_400_paragraphs_of_a_megabyte_are_refused() -> None:
    chunk = paragraph("a" * MEGABYTE).encode()
    assert code(hostile.swollen_docx(START, chunk, 400, END)) == "zip_bomb"


@pytest.mark.parametrize("millions", [20, 4])
def test_millions_of_empty_paragraphs_are_refused(millions: int) -> None:
    content = hostile.swollen_docx(START, b"<w:p/>" * 200_000, 5 * millions, END)
    assert len(content) < 600_000
    assert code(content) == "zip_bomb"


def test_a_member_larger_than_it_says_is_stopped() -> None:
    long = START + paragraph("a" * 40 * MEGABYTE).encode() + END
    assert code(hostile.lying_docx(long, declared=1000)) == "zip_bomb"


def test_a_member_that_hides_text_behind_its_declared_size_is_stopped() -> None:
    first = START + paragraph("公开").encode() + END
    content = hostile.lying_docx(first + b"<!-- more -->", declared=len(first))
    assert code(content) in ("zip_bomb", "damaged_file")


def test_a_member_smaller_than_it_says_is_damaged() -> None:
    packed = hostile.deflated(b"<x/>", 1)
    content = hostile.raw_package([("word/document.xml", packed, 9, zlib.crc32(b"<x/>"))])
    assert code(content) == "damaged_file"


def test_overlapping_entries_are_refused() -> None:
    packed = hostile.deflated(b" " * MEGABYTE, 10)
    content = hostile.raw_package([("word/document.xml", packed, 100, 0)], overlap=40)
    assert code(content) == "zip_bomb"


def test_many_parts_that_are_small_alone_are_counted_together() -> None:
    part = b"<x>" + bytes(range(65, 91)) * 40_000 + b"</x>"  # one megabyte each
    content = hostile.package((f"word/{number}.xml", part) for number in range(70))
    assert code(content) == "zip_bomb"


def test_pictures_are_never_inflated_and_do_not_count() -> None:
    file = io.BytesIO(hostile.docx(paragraph("答复")))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.bmp", bytes(80 * MEGABYTE))
    assert text(file.getvalue()) == "答复"

"""DOCX: merged cells, the head in the page's header, notes, changes that were accepted."""

from __future__ import annotations

import io

import pytest

from indexer.formats import docx as formats_docx
from indexer.formats.raw import Limits, Raw
from tests.support import hostile
from tests.support.hostile import W, body, paragraph

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = f"{R}/header"


def raw(content: bytes) -> Raw:
    return formats_docx.read(io.BytesIO(content), Limits())


def lines(inner: str, **parts: str) -> list[str]:
    return raw(hostile.docx(inner, **parts)).text.split("\n")


# ── merged cells ─────────────────────────────────────────────────────────────────────────


def cell(words: str = "", *, span: int = 1, merge: str = "") -> str:
    over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    down = {"": "", "top": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[merge]
    return f"<w:tc><w:tcPr>{over}{down}</w:tcPr>{paragraph(words)}</w:tc>"


def table(*rows: str | tuple[str, str]) -> str:
    made = [row if isinstance(row, tuple) else ("", row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{how}{cells}</w:tr>' for how, cells in made)}</w:tbl>"


def test_the_name_of_a_row_is_repeated_where_its_cell_goes_on() -> None:
    inner = table(
        cell("乡镇") + cell("项目") + cell("金额"),
        cell("松坪镇", merge="top") + cell("水渠") + cell("30"),
        cell(merge="on") + cell("便桥") + cell("12"),
        cell("柏溪镇") + cell("路灯") + cell("8"),
    )
    assert lines(inner) == [
        "乡镇\t项目\t金额",
        "松坪镇\t水渠\t30",
        "松坪镇\t便桥\t12",
        "柏溪镇\t路灯\t8",
    ]


def test_a_head_of_two_rows_names_every_column() -> None:
    inner = table(
        cell("学校", merge="top") + cell("上学期", span=2) + cell("下学期", span=2),
        cell(merge="on") + cell("班级") + cell("人数") + cell("班级") + cell("人数"),
        cell("一小") + cell("6") + cell("240") + cell("7") + cell("281"),
    )
    assert lines(inner) == [
        "学校\t上学期\t上学期\t下学期\t下学期",
        "学校\t班级\t人数\t班级\t人数",
        "一小\t6\t240\t7\t281",
    ]


def test_a_value_over_several_columns_is_said_once_and_takes_its_places() -> None:
    inner = table(
        cell("姓名") + cell("某甲") + cell("界别") + cell("农业"),
        cell("案由", span=2) + cell("修渠") + cell("二类"),
        cell("备注") + cell("已办", span=2) + cell("是"),
    )
    assert lines(inner)[1:] == ["案由\t\t修渠\t二类", "备注\t已办\t\t是"]


def test_a_cell_merged_both_ways_keeps_its_columns() -> None:
    inner = table(
        cell("县", span=2, merge="top") + cell("甲") + cell("乙"),
        cell(span=2, merge="on") + cell("1") + cell("2"),
    )
    assert lines(inner)[1].split("\t")[2:] == ["1", "2"]
    assert lines(inner)[1].startswith("县\t")


def test_columns_before_the_first_cell_are_kept() -> None:
    skipped = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    assert lines(table(cell("甲") + cell("乙") + cell("丙"), (skipped, cell("1") + cell("2"))))[
        1
    ] == ("\t1\t2")


def test_running_text_in_a_merged_cell_is_not_repeated() -> None:
    long = "办理情况" * 20
    inner = table(
        cell(long, merge="top") + cell("一") + cell("二"),
        cell(merge="on") + cell("三") + cell("四"),
    )
    assert "\n".join(lines(inner)).count(long) == 1
    assert lines(inner)[1] == "\t三\t四"


def test_the_label_of_a_layout_table_is_not_repeated() -> None:
    long = "<w:tc>" + paragraph("一、" + "修路" * 60) + paragraph("二、通车") + "</w:tc>"
    inner = table(cell("意见", merge="top") + long, cell(merge="on") + long)
    assert lines(inner).count("意见") == 1


def test_absurd_spans_are_bounded() -> None:
    inner = table(cell("甲", span=999_999) + cell("乙"))
    assert len(lines(inner)[0]) < 100


def test_a_deleted_row_and_a_deleted_cell_are_out() -> None:
    gone = "<w:trPr><w:del/></w:trPr>"
    inner = table(cell("甲") + cell("乙"), (gone, cell("丙") + cell("丁")))
    assert lines(inner) == ["甲\t乙"]


# ── the head in the header ───────────────────────────────────────────────────────────────


def with_header(
    *words: str, kind: str = "first", title: bool = True, own: str = "", more: str = ""
) -> bytes:
    """A letter whose section has a header of ``kind`` with ``words`` and ``more`` XML."""
    section = (
        f'<w:sectPr xmlns:r="{R}"><w:headerReference w:type="{kind}" r:id="rId3"/>'
        + ("<w:titlePg/>" if title else "")
        + "</w:sectPr>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId3" Type="{KIND}" Target="header5.xml"/></Relationships>'
    )
    letter = "".join(map(paragraph, (*filter(None, [own]), "关于第7号建议的答复", "河堤已修好。")))
    header = f'<w:hdr xmlns:w="{W}">{"".join(map(paragraph, words))}{more}</w:hdr>'
    return hostile.package(
        [
            ("_rels/.rels", hostile.RELATIONS),
            ("word/document.xml", body(letter + section)),
            ("word/_rels/document.xml.rels", relations),
            ("word/header5.xml", header),
        ]
    )


@pytest.mark.parametrize(
    "words",
    [
        ("柏溪县水务局文件", "柏水函〔2023〕7号"),
        ("柏溪县水务局", "签发人：某甲"),
        ("柏水函［2023］7号",),
        ("柏溪县水务局（函）",),
        ("柏溪县水务局",),
        ("办理结果：B",),
        ("柏溪县人民政府办公室",),
    ],
)
def test_the_header_of_the_first_page_is_the_head_of_the_letter(words: tuple[str, ...]) -> None:
    assert raw(with_header(*words)).text.split("\n")[: len(words)] == list(words)


def test_a_running_header_gives_only_what_a_head_says() -> None:
    found = raw(
        with_header("柏水函〔2023〕7号", "欢迎使用", "第 2 页", kind="default", title=False)
    )
    assert found.text.startswith("柏水函〔2023〕7号\n关于第7号建议的答复")


@pytest.mark.parametrize(
    "words", ["页眉", "复文汇编", "第 1 页 共 3 页", "柏溪县水务局", "内部资料"]
)
def test_a_running_header_that_is_no_head_stays_outside(words: str) -> None:
    found = raw(with_header(words, kind="default", title=False))
    assert found.text.startswith("关于第7号建议的答复")


def test_the_running_header_is_not_that_of_a_first_page_of_its_own() -> None:
    assert "7号\n" not in raw(with_header("柏水函〔2023〕7号", kind="default")).text
    assert "函" not in raw(with_header("柏水函〔2023〕7号", kind="first", title=False)).text


def test_a_head_that_the_body_has_too_is_not_said_twice() -> None:
    found = raw(with_header("柏水函〔2023〕7号", own="柏水函 〔2023〕7号"))
    assert found.text.count("〔2023〕7号") == 1


def test_a_mark_in_the_header_still_marks_the_letter() -> None:
    found = raw(with_header("柏水函〔2023〕7号", "内部资料　注意保存"))
    assert "内部资料　注意保存" in found.around
    assert not found.searched


def test_hidden_words_of_a_header_do_not_become_text() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏字</w:t></w:r></w:p>"
    found = raw(with_header("柏水函〔2023〕7号", more=hidden))
    assert "柏水函" in found.text
    assert "藏字" not in found.text


# ── notes ────────────────────────────────────────────────────────────────────────────────


def cited(words: str, *, kind: str = "footnote", number: int = 4) -> str:
    return f'<w:p><w:r><w:t>{words}</w:t><w:{kind}Reference w:id="{number}"/></w:r></w:p>'


def notes(kind: str, **words: str) -> str:
    inner = f'<w:{kind} w:type="separator" w:id="-1">{paragraph("线")}</w:{kind}>'
    for name, said in words.items():
        inner += f'<w:{kind} w:id="{name[1:]}">{paragraph(said)}</w:{kind}>'
    return f'<w:{kind}s xmlns:w="{W}">{inner}</w:{kind}s>'


def test_a_footnote_stands_at_the_foot_of_its_paragraph() -> None:
    inner = cited("共筹资九百万元。") + paragraph("二、打算")
    told = lines(inner, footnotes=notes("footnote", n4="省级出三成。"))
    assert told == ["共筹资九百万元。", "脚注：省级出三成。", "二、打算"]


def test_an_endnote_is_kept_too_and_each_note_once() -> None:
    inner = cited("甲。", kind="endnote") + cited("乙。", kind="endnote")
    assert lines(inner, endnotes=notes("endnote", n4="见附件。")) == [
        "甲。",
        "尾注：见附件。",
        "乙。",
    ]


def test_a_note_of_a_cell_stands_after_the_table() -> None:
    row = f"<w:tc>{cited('12')}</w:tc><w:tc>{paragraph('30')}</w:tc>"
    told = lines(
        f"<w:tbl><w:tr>{row}</w:tr></w:tbl>" + paragraph("完"),
        footnotes=notes("footnote", n4="含续建。"),
    )
    assert told == ["12\t30", "脚注：含续建。", "完"]


def test_notes_that_nothing_cites_or_that_were_deleted_are_out() -> None:
    deleted = f"<w:p><w:del><w:r>{cited('删')}</w:r></w:del><w:r><w:t>留</w:t></w:r></w:p>"
    assert lines(deleted, footnotes=notes("footnote", n4="不再说。", n5="没人引。")) == ["留"]


def test_a_letter_with_notes_is_not_searched() -> None:
    content = hostile.docx(cited("甲。"), footnotes=notes("footnote", n4="乙。"))
    assert not raw(content).searched


# ── changes ──────────────────────────────────────────────────────────────────────────────


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>今年修</w:t></w:r></w:p>"
    assert lines(first + paragraph("渠三里。")) == ["今年修渠三里。"]
    assert lines(first) == ["今年修"]


def test_accepted_changes_are_flagged() -> None:
    inserted = "<w:p><w:ins><w:r><w:t>好</w:t></w:r></w:ins></w:p>"
    assert raw(hostile.docx(inserted)).flags == ("tracked_changes",)
    assert raw(hostile.docx(paragraph("好"))).flags == ()


def test_parts_whose_words_are_not_read_are_flagged() -> None:
    members = [("word/document.xml", body(paragraph("答复"))), ("word/charts/chart1.xml", "<c/>")]
    assert raw(hostile.package(members)).flags == ("unread_parts",)

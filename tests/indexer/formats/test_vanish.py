"""Words that Word does not show are no words of the letter, and may still mark it."""

from __future__ import annotations

import io
import time

import pytest

from indexer.formats import docx
from indexer.formats.raw import Limits, Raw
from tests.support import hostile
from tests.support.hostile import W, paragraph

SEEN = paragraph("甲")
HIDDEN = "内部掌握"


def read(inner: str, **parts: str | bytes) -> Raw:
    return docx.read(io.BytesIO(hostile.docx(inner, **parts)), Limits())


def styles(inner: str) -> str:
    return f'<w:styles xmlns:w="{W}">{inner}</w:styles>'


def style(name: str, properties: str, *, kind: str = "paragraph", based: str = "") -> str:
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}">{base}<w:rPr>{properties}</w:rPr></w:style>'
    )


def run(words: str, properties: str) -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r></w:p>"


def table(row: str, *, properties: str = "") -> str:
    seen = f"<w:tr><w:tc>{paragraph('甲')}</w:tc></w:tr>"
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{seen}{row}</w:tbl>"


def row(properties: str, *, cell: str = "") -> str:
    return (
        f"<w:tr><w:trPr>{properties}</w:trPr>"
        f"<w:tc><w:tcPr>{cell}</w:tcPr>{paragraph(HIDDEN)}</w:tc></w:tr>"
    )


IN_STYLE = '<w:pStyle w:val="a"/>'
DEEP = "".join(style(f"s{n}", "", based=f"s{n + 1}") for n in range(9)) + style("s9", "<w:vanish/>")
TABLE_STYLE = '<w:tblStyle w:val="t"/>'


@pytest.mark.parametrize(
    ("inner", "known"),
    [
        (paragraph(HIDDEN, IN_STYLE), style("a", "<w:vanish/>")),
        (paragraph(HIDDEN, IN_STYLE), style("a", '<w:vanish w:val="true"/>')),
        (paragraph(HIDDEN, IN_STYLE), style("a", "", based="b") + style("b", "<w:vanish/>")),
        (paragraph(HIDDEN, '<w:pStyle w:val="s0"/>'), DEEP),
        (run(HIDDEN, '<w:rStyle w:val="c"/>'), style("c", "<w:vanish/>", kind="character")),
        (run(HIDDEN, '<w:rStyle w:val="c"/>'), style("c", "<w:webHidden/>", kind="character")),
        (run(HIDDEN, "<w:vanish/>"), ""),
        (run(HIDDEN, "<w:specVanish/>"), ""),
        (run(HIDDEN, "<w:webHidden/>"), ""),
        (run(HIDDEN, '<w:vanish w:val="0"/><w:webHidden/>'), ""),
        (table(row("<w:hidden/>")), ""),
        (table(row('<w:hidden w:val="1"/>')), ""),
        (table(row('<w:del w:id="1" w:author="x"/>')), ""),
        (table(row("", cell='<w:cellDel w:id="1"/>')), ""),
    ],
)
def test_hidden_words_are_left_out_and_may_mark_the_letter(inner: str, known: str) -> None:
    raw = read(SEEN + inner, styles=styles(known))
    assert HIDDEN not in raw.text
    assert "甲" in raw.text
    assert HIDDEN in raw.around


def test_the_default_style_and_the_defaults_of_the_document_may_hide() -> None:
    seen = run("甲", '<w:vanish w:val="0"/>')
    usual = style("n", "<w:vanish/>").replace("w:styleId", 'w:default="1" w:styleId')
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    defaults = f"<w:docDefaults><w:rPrDefault>{hidden}</w:rPrDefault></w:docDefaults>"
    assert read(seen + paragraph(HIDDEN), styles=styles(usual)).text == "甲\n"
    assert read(seen + paragraph(HIDDEN), styles=styles(defaults)).text == "甲\n"


def test_a_table_style_may_hide() -> None:
    hidden = f"<w:tbl><w:tblPr>{TABLE_STYLE}</w:tblPr>{row('')}</w:tbl>"
    raw = read(SEEN + hidden, styles=styles(style("t", "<w:vanish/>", kind="table")))
    assert (raw.text, raw.around) == ("甲", HIDDEN)


@pytest.mark.parametrize(
    ("inner", "known"),
    [
        (paragraph("乙", IN_STYLE), style("a", '<w:vanish w:val="0"/>', based="b")
         + style("b", "<w:vanish/>")),
        (run("乙", '<w:rStyle w:val="c"/><w:vanish w:val="false"/>'), style("c", "<w:vanish/>")),
        (paragraph("乙", "<w:rPr><w:vanish/></w:rPr>"), ""),
        (paragraph("乙", IN_STYLE), style("b", "<w:vanish/>")),
        (paragraph("乙", IN_STYLE), style("a", "", based="b") + style("b", "", based="a")),
        (table(row('<w:hidden w:val="0"/>').replace(HIDDEN, "乙")), ""),
        (table(row('<w:ins w:id="1"/>').replace(HIDDEN, "乙")), ""),
    ],
)  # fmt: skip
def test_words_that_are_shown_stay(inner: str, known: str) -> None:
    assert "乙" in read(SEEN + inner, styles=styles(known)).text


VML = (
    '<w:p xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape>'
    '<v:textpath string="%s"/></v:shape></w:pict></w:r></w:p>'
)


@pytest.mark.parametrize("mark", ["秘密★1年", "内部资料", "不予公开"])
def test_watermarks_may_mark_the_letter(mark: str) -> None:
    header = f'<w:hdr xmlns:w="{W}">{VML % mark}</w:hdr>'
    assert read(SEEN + VML % mark).around == mark
    assert read(SEEN, header1=header).around == mark
    assert read(SEEN + VML % "样稿").around == ""


def test_comments_may_mark_the_letter() -> None:
    comment = f'<w:comment w:id="1">{paragraph("不予公开")}</w:comment>'
    comments = f'<w:comments xmlns:w="{W}">{comment}</w:comments>'
    assert read(SEEN, comments=comments).around == "不予公开"


@pytest.mark.parametrize(
    "name", ["keywords", "category", "subject", "description", "contentStatus"]
)
def test_properties_of_the_document_may_mark_the_letter(name: str) -> None:
    assert _with("core", f"<p xmlns='c'><{name}>秘密</{name}><creator>张三</creator></p>") == "秘密"


def test_properties_with_names_of_their_own_are_labels() -> None:
    custom = '<p xmlns="c"><property name="公开属性"><lpwstr>不予公开</lpwstr></property></p>'
    assert _with("custom", custom) == "公开属性：不予公开"


def _with(name: str, part: str) -> str:
    members = [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", hostile.RELATIONS),
        ("word/document.xml", hostile.body(SEEN)),
        (f"docProps/{name}.xml", part),
    ]
    return docx.read(io.BytesIO(hostile.package(members)), Limits()).around


def test_many_styles_that_are_based_on_each_other_are_not_slow() -> None:
    many = "".join(style(f"s{n}", "", based=f"s{n + 1}") for n in range(20_000))
    started = time.process_time()
    read(paragraph("甲", '<w:pStyle w:val="s0"/>') * 2000, styles=styles(many))
    assert time.process_time() - started < 60

"""A docx that holds one word more than its letter is not searched; a plain one is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from corpus import build
from indexer.formats import docx as formats_docx
from indexer.formats.raw import Limits
from tests.support import hostile
from tests.support.hostile import W, body, paragraph

SECRET = "拟不同意"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LETTER = paragraph("关于第1号提案的答复") + paragraph("路灯已经修好，同意。")


def searched(content: bytes) -> bool:
    return formats_docx.read(io.BytesIO(content), Limits()).searched


def plain(more: str = "", **parts: str | bytes) -> bytes:
    """A plain letter with ``more`` in its body, and other parts of word/."""
    return hostile.docx(LETTER + more, **parts)


def with_member(name: str, content: str | bytes) -> bytes:
    file = io.BytesIO(plain())
    with zipfile.ZipFile(file, "a") as package:
        package.writestr(name, content)
    return file.getvalue()


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def part(root: str, inner: str) -> str:
    return f'<w:{root} xmlns:w="{W}">{inner}</w:{root}>'


def core(inner: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{inner}</cp:coreProperties>"
    )


PICTURE = (
    '<w:drawing><wp:inline xmlns:wp="urn:x"><wp:docPr id="1" name="图" descr="{}"/></wp:inline>'
)
HIDING: dict[str, Callable[[], bytes]] = {
    "a deletion": lambda: plain(f"<w:p><w:del><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>"),
    "a deletion of words that the letter has": lambda: plain(
        "<w:p><w:del><w:r><w:delText>同意</w:delText></w:r></w:del></w:p>"),
    "who inserted": lambda: plain(
        '<w:p><w:ins w:author="张三"><w:r><w:t>。</w:t></w:r></w:ins></w:p>'),
    "moved away": lambda: plain(f"<w:p><w:moveFrom><w:r><w:t>{SECRET}</w:t></w:r></w:moveFrom></w:p>"),
    "hidden words": lambda: plain(run(f"<w:rPr><w:vanish/></w:rPr><w:t>{SECRET}</w:t>")),
    "a field code": lambda: plain(run(f"<w:instrText>MERGEFIELD {SECRET}</w:instrText>")),
    "a bookmark": lambda: plain(f'<w:p><w:bookmarkStart w:id="0" w:name="{SECRET}"/></w:p>'),
    "a content control": lambda: plain(
        f'<w:sdt><w:sdtPr><w:alias w:val="{SECRET}"/></w:sdtPr><w:sdtContent/></w:sdt>'),
    "words over words": lambda: plain(f"<w:p><w:r><w:ruby><w:rt><w:r><w:t>{SECRET}</w:t></w:r></w:rt></w:ruby></w:r></w:p>"),
    "what a picture is said to show": lambda: plain(run(PICTURE.format(SECRET) + "</w:drawing>")),
    "the name of a style": lambda: plain(
        styles=part("styles", f'<w:style w:styleId="a"><w:name w:val="{SECRET}"/></w:style>')),
    "the name of a font": lambda: plain(
        run(f'<w:rPr><w:rFonts w:ascii="{SECRET}"/></w:rPr><w:t>灯</w:t>')),
    "a variable": lambda: plain(
        settings=part("settings", f'<w:docVars><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars>')),
    "a number that dials": lambda: plain('<w:p><w:pPr><w:spacing w:after="13812345678"/></w:pPr></w:p>'),
    "the text of a list that is not used": lambda: plain(numbering=part(
        "numbering", f'<w:abstractNum><w:lvl><w:lvlText w:val="%1{SECRET}"/></w:lvl></w:abstractNum>')),
    "comments": lambda: plain(comments=part("comments", f"<w:comment>{paragraph(SECRET)}</w:comment>")),
    "a header": lambda: plain(header1=part("hdr", paragraph(SECRET))),
    "a footer": lambda: plain(footer1=part("ftr", paragraph(SECRET))),
    "footnotes": lambda: plain(footnotes=part("footnotes", paragraph(SECRET))),
    "endnotes": lambda: plain(endnotes=part("endnotes", paragraph(SECRET))),
    "its author": lambda: with_member("docProps/core.xml", core("<dc:creator>张三</dc:creator>")),
    "who saved it": lambda: with_member(
        "docProps/core.xml", core("<cp:lastModifiedBy>zhangsan</cp:lastModifiedBy>")),
    "a company": lambda: with_member(
        "docProps/app.xml", "<Properties><Company>某局</Company></Properties>"),
    "properties of its own": lambda: with_member(
        "docProps/custom.xml", "<Properties><property name='密'/></Properties>"),
    "custom XML": lambda: with_member("customXml/item1.xml", f"<a>{SECRET}</a>"),
    "an embedded file": lambda: with_member("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"),
    "a picture": lambda: with_member("word/media/image1.png", b"\x89PNG"),
    "a thumbnail": lambda: with_member("docProps/thumbnail.jpeg", b"\xff\xd8\xff"),
    "a link": lambda: with_member(
        "word/_rels/document.xml.rels",
        '<Relationships><Relationship Id="rId1" Target="mailto:zhang@x.cn"/></Relationships>'),
    "a comment of the XML": lambda: hostile.docx(document=body(LETTER) + f"<!-- {SECRET} -->"),
    "a comment inside": lambda: plain(f"<!-- {SECRET} -->"),
    "an instruction": lambda: plain(f"<?note {SECRET}?>"),
    "words between the elements": lambda: plain(f"{SECRET}"),
    "a namespace": lambda: plain('<w:p xmlns:x="urn:zhangsan"/>'),
    "another namespace's words": lambda: plain(f'<x:t xmlns:x="urn:x">{SECRET}</x:t>'),
    "bytes before the archive": lambda: SECRET.encode() + plain(),
    "a part that is no XML": lambda: plain(settings=SECRET),
}  # fmt: skip


def test_a_plain_document_is_searched() -> None:
    assert searched(plain())
    styled = part("styles", '<w:style w:styleId="a3"><w:name w:val="List Paragraph"/></w:style>')
    assert searched(plain(run("<w:rPr><w:b/></w:rPr><w:t>同意</w:t><w:br/>"), styles=styled))


def test_a_document_of_an_office_program_without_its_properties_is_searched() -> None:
    letter = build.blank()
    letter.add_paragraph("关于第1号提案的答复")
    letter.add_table(1, 2, style="Table Grid").rows[0].cells[1].text = "明溪县"
    letter.core_properties.author = letter.core_properties.comments = ""
    letter.core_properties.title = ""
    file = io.BytesIO()
    letter.save(file)
    assert searched(build.repacked(file.getvalue()))


def test_as_an_office_program_leaves_it_it_is_not() -> None:
    made = docx.Document()
    made.add_paragraph("关于第1号提案的答复")
    file = io.BytesIO()
    made.save(file)
    assert not searched(file.getvalue())


@pytest.mark.parametrize("what", HIDING)
def test_a_document_with_anything_beside_its_letter_is_not_searched(what: str) -> None:
    assert not searched(HIDING[what]())


@pytest.mark.parametrize("where", ["comment", "extra", "behind"])
def test_nor_is_an_archive_with_bytes_of_its_own(where: str) -> None:
    file = io.BytesIO(plain())
    with zipfile.ZipFile(file, "a") as package:
        if where == "comment":
            package.comment = SECRET.encode()
        elif where == "extra":
            member = zipfile.ZipInfo("word/settings.xml")
            member.extra = b"\x99\x99\x04\x00note"
            package.writestr(member, part("settings", ""))
    content = file.getvalue() + (b"behind" if where == "behind" else b"")
    assert not searched(content)

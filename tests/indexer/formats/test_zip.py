"""Packages that attack: what they declare, what they hide, and how large they become."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from indexer.formats import docx as formats_docx
from indexer.formats.raw import Limits
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


class Counted(io.BytesIO):
    """A file that counts the bytes that are read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.count += len(piece)
        return piece


def test_a_directory_of_many_entries_is_refused_before_it_is_read() -> None:
    file = Counted(hostile.raw_package([("word/document.xml", b"\3\0", 0, 0)], overlap=20_000))
    with pytest.raises(UnreadableFile) as caught:
        formats_docx.read(file, Limits())
    assert caught.value.code == "zip_bomb"
    assert file.count < 100_000 < len(file.getvalue())


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

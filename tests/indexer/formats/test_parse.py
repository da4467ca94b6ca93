"""The table of parsers: what a file is, who reads it, and how each refusal reads."""

from __future__ import annotations

import io
import os
import random
import resource
import time
import tracemalloc
from pathlib import Path

import pytest

from indexer.formats.parse import FORMATS, Limits, Raw, parse, sniff
from kb.errors import READING_CODES, UnreadableFile
from tests.conftest import ROOT
from tests.support import hostile

LETTER = "徐秀叶委员：\n　　您提出的提案收悉。"
DOCX = hostile.docx("".join(map(hostile.paragraph, LETTER.split("\n"))))
PDF = hostile.pdf(hostile.pdf_text("Reply"))
PAGE = f"<!DOCTYPE html><html><body><p>{LETTER}</p></body></html>".encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
OFD = hostile.package([("OFD.xml", "<x/>")])
XLSX = hostile.package([("xl/workbook.xml", "<x/>")])


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path, limits: Limits = Limits()) -> UnreadableFile:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        parse(path, limits=limits)  # at once, before the first letter is asked for
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", LETTER.encode("gb18030"), LETTER),
        ("a.TEXT", LETTER.encode("utf-16-le"), LETTER),
        ("a.html", PAGE, "徐秀叶委员：　　您提出的提案收悉。"),
        ("a.HTM", b"<p>x</p>", "x"),
        ("a.docx", DOCX, LETTER),
        ("a.pdf", PDF, "Reply"),
        ("a.pdf", b"HTTP/1.1 200 OK\r\n\r\n" + PDF, "Reply"),
        ("a.jsonl", b'{"id": "1", "text": "x"}', "x"),
    ],
)
def test_every_format_gives_its_text(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    (raw,) = parse(put(tmp_path, name, content))
    assert isinstance(raw, Raw)
    assert raw.text == text
    assert (raw.id is not None) == name.endswith(".jsonl")


def test_a_docm_is_read_as_text_and_flagged(tmp_path: Path) -> None:
    (raw,) = parse(put(tmp_path, "a.docm", DOCX))
    assert isinstance(raw, Raw)
    assert raw.flags == ("macros",)


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("a.docx", PDF, "format_mismatch", "PDF"),
        ("a.docx", PAGE, "format_mismatch", "网页"),
        ("a.docx", b"{\\rtf1 x}", "format_mismatch", "RTF"),
        ("a.docx", XLSX, "format_mismatch", "Excel"),
        ("a.docx", OFD, "format_mismatch", "OFD"),
        ("a.docx", LETTER.encode(), "format_mismatch", "纯文本"),
        ("a.docx", hostile.package([("a.txt", "x")]), "format_mismatch", "ZIP"),
        ("a.pdf", DOCX, "format_mismatch", "Word"),
        ("a.pdf", PNG, "format_mismatch", "图片"),
        ("a.pdf", LETTER.encode(), "format_mismatch", "纯文本"),
        ("a.txt", DOCX, "format_mismatch", "Word"),
        ("a.txt", PDF, "format_mismatch", "PDF"),
        ("a.txt", PAGE, "format_mismatch", "网页"),
        ("a.txt", PAGE.decode().encode("utf-16"), "format_mismatch", "网页"),
        ("a.txt", hostile.ole("WordDocument"), "format_mismatch", "旧版"),
        ("a.html", PDF, "format_mismatch", "PDF"),
        ("a.html", LETTER.encode(), "format_mismatch", "纯文本"),
        ("a.html", b"From: x\r\nMIME-Version: 1.0\r\n\r\n<html>", "format_mismatch", "mht"),
        ("a.jsonl", DOCX, "format_mismatch", "Word"),
        ("a.docx", hostile.ole("WordDocument"), "legacy_doc", "docx"),
        ("a.docx", hostile.ole("EncryptedPackage"), "needs_password", "密码"),
        ("a.doc", hostile.ole("WordDocument"), "legacy_doc", "另存为"),
        ("a.doc", DOCX, "legacy_doc", "另存为"),
        ("a.wps", hostile.ole("WordDocument"), "legacy_doc", "LibreOffice"),
        ("a", b"x", "unsupported_format", "无"),
        ("a.ofd", DOCX, "format_mismatch", "Word"),
        ("a.ofd", OFD, "damaged_file", "没有一页"),
        ("a.png", DOCX, "format_mismatch", "Word"),
        ("a.zip", DOCX, "format_mismatch", "Word"),
        ("a.zip", hostile.package([]), "empty_file", "没有文件"),
        ("a.odt", b"x", "unsupported_format", ".ofd"),
        ("a.txt", b"", "empty_file", "0 字节"),
        ("a.pdf", b"", "empty_file", "0 字节"),
        ("a.txt", " \n　\n".encode(), "empty_file", "没有任何文字"),
        ("a.html", b"<p> </p>", "empty_file", "没有任何文字"),
        ("a.docx", hostile.docx("<w:p/>"), "empty_file", "没有任何文字"),
        ("a.txt", b"abc\0\1\2", "encoding_unknown", "UTF-8"),
        ("a.docx", DOCX[:300], "damaged_file", "重新导出"),
        ("a.docx", bytes(2000), "damaged_file", "二进制"),
        ("a.pdf", PDF[:200], "damaged_file", "重新导出"),
    ],
)
def test_a_refusal_names_the_file_the_reason_and_the_way_out(
    tmp_path: Path, name: str, content: bytes, code: str, says: str
) -> None:
    error = refusal(put(tmp_path, name, content))
    assert error.code == code
    assert str(error).startswith(f"{name}：")
    assert str(error).endswith(READING_CODES[code])
    assert says in str(error)


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_random_bytes_never_give_text(tmp_path: Path, suffix: str) -> None:
    content = random.Random(suffix).randbytes(5000)
    path = put(tmp_path, f"a{suffix}", content)
    if suffix in (".doc", ".wps"):
        assert refusal(path).code == "legacy_doc"
    elif suffix in (".xls", ".et"):
        assert refusal(path).code == "legacy_table"
    elif suffix == ".jsonl":
        assert all(isinstance(found, UnreadableFile) for found in parse(path))
    else:
        assert refusal(path).code in ("damaged_file", "format_mismatch", "encoding_unknown")


def test_a_bad_line_names_the_file_and_the_line(tmp_path: Path) -> None:
    path = put(tmp_path, "导入.jsonl", b'{"id": 1, "text": "x"}\n{\n{"id": 2, "text": "y"}')
    first, bad, last = parse(path)
    assert isinstance(first, Raw)
    assert isinstance(last, Raw)
    assert isinstance(bad, UnreadableFile)
    assert bad.code == "bad_line"
    assert str(bad).startswith("导入.jsonl：第2行：")


def test_files_over_the_cap_are_too_large_and_bulk_imports_have_their_own(tmp_path: Path) -> None:
    limits = Limits(file_bytes=100, jsonl_bytes=1000)
    line = b'{"id": 1, "text": "' + b"x" * 200 + b'"}'
    assert refusal(put(tmp_path, "a.txt", bytes(101)), limits).code == "too_large"
    assert len(list(parse(put(tmp_path, "a.jsonl", line), limits=limits))) == 1
    assert refusal(put(tmp_path, "b.jsonl", line * 5), limits).code == "too_large"


def test_paths_that_cannot_be_read_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")  # opening it would wait for a writer for ever
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    for name in ("pipe.txt", "folder.txt", "loop.txt", "missing.txt"):
        error = refusal(tmp_path / name)
        assert error.code == "unreadable_path"
        assert name in str(error)


def test_odd_file_names_are_shown_harmlessly(tmp_path: Path) -> None:
    odd = put(tmp_path, "a\n\x1b[31m<img onerror=x>\u202e.xyz", b"x")
    assert str(refusal(odd)).startswith("a\\n\\x1b[31m<img onerror=x>\\u202e.xyz：")
    broken = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.xyz"))
    str(refusal(broken)).encode()


def test_a_name_that_is_no_text_can_still_hold_a_letter(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.html"))
    path.write_bytes(PAGE)
    assert len(list(parse(path))) == 1


def test_reading_a_file_does_not_change_it(tmp_path: Path) -> None:
    path = put(tmp_path, "a.docx", DOCX)
    before = path.stat().st_mtime_ns
    list(parse(path))
    assert path.read_bytes() == DOCX
    assert path.stat().st_mtime_ns == before
    assert os.listdir(tmp_path) == ["a.docx"]  # noqa: PTH208


def test_a_bomb_is_refused_without_a_child_and_without_memory(tmp_path: Path) -> None:
    start = hostile.body("<w:p><w:r><w:t>").removesuffix("</w:body></w:document>").encode()
    end = b"</w:t></w:r></w:p></w:body></w:document>"
    bomb = hostile.swollen_docx(start, b"a" * 1024 * 1024, 400, end)
    path = put(tmp_path, "bomb.docx", bomb)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code == "zip_bomb"
    assert peak < 5 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == children


def test_hostile_packages_are_refused_through_the_child_too(tmp_path: Path) -> None:
    entity = '<!DOCTYPE x [<!ENTITY a "ha">]>' + hostile.body(hostile.paragraph("&a;"))
    lying = hostile.lying_docx(b"a" * 1_000_000, declared=1000)
    deep = hostile.docx("<w:x>" * 20_000 + "</w:x>" * 20_000)
    for content, code in (
        (hostile.docx(document=entity), "xml_dtd_forbidden"),
        (lying, "zip_bomb"),
        (deep, "damaged_file"),
    ):
        assert refusal(put(tmp_path, "a.docx", content)).code == code


def test_a_letter_with_lone_surrogates_is_bad_text(tmp_path: Path) -> None:
    # JSON is the only format that can hold one; the rest decode strictly or by their library.
    (bad,) = parse(put(tmp_path, "a.jsonl", b'{"id": "1", "text": "\\ud800"}'))
    assert isinstance(bad, UnreadableFile)
    assert bad.code == "bad_text"


def test_what_is_sniffed_does_not_depend_on_the_extension() -> None:
    import io

    for content, kind in ((DOCX, "docx"), (PDF, "pdf"), (PAGE, "html"), (OFD, "ofd")):
        assert sniff(io.BytesIO(content)) == kind


SAMPLES = sorted(path for path in (ROOT / "corpus/letters").glob("*") if path.suffix in FORMATS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_letter_of_the_corpus_is_read(path: Path) -> None:
    found = list(parse(path))
    assert found
    for raw in found:
        assert isinstance(raw, Raw), raw
        assert len(raw.text) > 300
        assert "云岭市" in raw.text
        assert ("索引号：" in raw.front) == (path.suffix == ".html")
        assert "网站地图" not in raw.text


@pytest.mark.parametrize("filler", [b"<!---->", b"<!-- -->", b"<?x?>", b"<!--><!-->", b" \n"])
def test_what_stands_before_a_page_does_not_keep_it_from_being_sniffed(filler: bytes) -> None:
    """Sixty comments without a page after them once took longer than anybody waits."""
    began = time.monotonic()
    assert sniff(io.BytesIO(filler * 4096)) == "text"
    assert sniff(io.BytesIO(filler * 20 + b"<html>")) == "html"
    assert time.monotonic() - began < 60

"""Archives of letters: each member by itself, the bad ones told, nothing believed."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from tests.support import hostile

LETTER = "周明代表：\n您提出的建议收悉，水渠已经清淤。"
DOCX = hostile.docx("".join(map(hostile.paragraph, LETTER.split("\n"))))


def put(folder: Path, members: Iterable[tuple[str, str | bytes]]) -> Path:
    path = folder / "一批.zip"
    path.write_bytes(hostile.package(members))
    return path


def read(path: Path, limits: Limits = Limits()) -> list[Raw | UnreadableFile]:  # noqa: B008
    return list(parse(path, limits=limits))


def codes(path: Path, limits: Limits = Limits()) -> list[str]:  # noqa: B008
    return [
        raw.code if isinstance(raw, UnreadableFile) else raw.place for raw in read(path, limits)
    ]


def refusal(path: Path, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        parse(path, limits=limits)
    return caught.value.code


def test_each_letter_has_its_name_as_its_place(tmp_path: Path) -> None:
    path = put(tmp_path, [("水务/a.docx", DOCX), ("b.txt", LETTER)])
    first, second = read(path)
    assert isinstance(first, Raw)
    assert isinstance(second, Raw)
    assert (first.id, first.place, first.text) == (None, "水务/a.docx", LETTER)
    assert (second.id, second.place, second.text) == (None, "b.txt", LETTER)


def test_a_bad_member_is_told_by_its_name_and_the_rest_goes_on(tmp_path: Path) -> None:
    members = [("坏.docx", DOCX[:300]), ("空.txt", ""), ("b.xyz", "x"), ("好.txt", LETTER)]
    path = put(tmp_path, members)
    bad, empty, odd, good = read(path)
    assert [getattr(raw, "code", "") for raw in (bad, empty, odd, good)] == [
        "damaged_file",
        "empty_file",
        "unsupported_format",
        "",
    ]
    assert str(bad).startswith("一批.zip：坏.docx：")


def test_names_in_gbk_and_in_utf8_without_its_bit_are_read(tmp_path: Path) -> None:
    content = hostile.package([("AAAA.txt", LETTER), ("BBBBBB.txt", LETTER)])
    content = content.replace(b"AAAA", "水渠".encode("gbk"))
    path = tmp_path / "一批.zip"
    path.write_bytes(content.replace(b"BBBBBB", "道路".encode()))
    assert codes(path) == ["水渠.txt", "道路.txt"]


def test_archives_in_archives_are_refused(tmp_path: Path) -> None:
    names = ("a.zip", "b.RAR", "c.7z", "d.tar.gz", "e.tgz")
    inner = hostile.package([("a.txt", LETTER)])
    assert codes(put(tmp_path, [(name, inner) for name in names])) == ["nested_archive"] * 5
    disguised = put(tmp_path, [("a.docx", inner), ("b.txt", inner)])
    assert codes(disguised) == ["format_mismatch"] * 2


def test_what_is_no_letter_by_its_name_is_left_out(tmp_path: Path) -> None:
    names = ("__MACOSX/._a.txt", ".DS_Store", "~$a.docx", "readme.md", "folder/", "水/.git/x.txt")
    path = put(tmp_path, [*((name, "") for name in names), ("a.txt", LETTER)])
    assert codes(path) == ["a.txt"]


def test_names_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    names = ("../a.txt", "/etc/a.txt", "a/../../b.txt", "a?.txt", "./a.txt")
    assert codes(put(tmp_path, [(name, LETTER) for name in names])) == ["bad_id"] * 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["一批.zip"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "一批.zip"
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert codes(path) == ["unreadable_path"]


def test_an_encrypted_member_needs_a_password_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = put(tmp_path, [("a.txt", LETTER), ("b.txt", LETTER)])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    assert codes(path) == ["needs_password", "b.txt"]


def test_a_member_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    path = put(tmp_path, [("a.txt", LETTER), ("b.txt", LETTER)])
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.index(b"PK\1\2") + 16, 7)
    path.write_bytes(content)
    assert codes(path) == ["damaged_file", "b.txt"]


def test_bombs_are_refused_by_what_they_declare_and_by_what_they_hold(tmp_path: Path) -> None:
    swollen = put(tmp_path, [("a.txt", b"a" * 3_000_000), ("b.txt", LETTER)])
    assert codes(swollen) == ["zip_bomb", "b.txt"]
    lying = bytearray(hostile.package([("a.txt", b"a" * 500_000)]))
    struct.pack_into("<L", lying, lying.index(b"PK\1\2") + 24, 100)
    swollen.write_bytes(lying)
    assert codes(swollen) == ["zip_bomb"]
    assert refusal(put(tmp_path, [("a.txt", LETTER)]), Limits(archive_bytes=10)) == "zip_bomb"


def test_too_many_files_are_refused_and_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = put(tmp_path, [("a.txt", LETTER), ("b.txt", LETTER * 100)])
    assert refusal(path, Limits(members=1)) == "too_large"
    assert codes(path, Limits(file_bytes=200)) == ["a.txt", "too_large"]


def test_an_archive_that_is_cut_off_is_damaged(tmp_path: Path) -> None:
    path = put(tmp_path, [("a.txt", LETTER)])
    path.write_bytes(path.read_bytes()[:-30])
    assert refusal(path) == "damaged_file"


def test_a_bulk_import_in_an_archive_keeps_its_ids_and_names_its_lines(tmp_path: Path) -> None:
    lines = '{"id": "x1", "text": "水渠已经清淤"}\n{\n'
    first, bad = read(put(tmp_path, [("批.jsonl", lines)]))
    assert isinstance(first, Raw)
    assert (first.id, first.place) == ("x1", "批.jsonl 第1行")
    assert str(bad).startswith("一批.zip：批.jsonl：第2行：")


def test_reading_stops_where_nobody_asks_for_more() -> None:
    file = io.BytesIO(hostile.package([("a.txt", LETTER), ("b.txt", LETTER)]))
    from indexer.formats.archive import members

    read: list[str] = []

    def note(_: object, name: str) -> Iterable[Raw]:
        read.append(name)
        return iter((Raw(id=None, text="x"),))

    next(members(file, Limits(), read=note))  # type: ignore[arg-type]
    assert read == ["a.txt"]

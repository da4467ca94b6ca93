"""Evidence that is no letter, and the files of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.ledger import edit, files
from kb.ledger.attachments import (
    AttachmentNotFound,
    Form,
    Given,
    attach,
    attachments_of,
    file_of,
    kept_files,
)
from kb.ledger.events import CommitmentOutdated, entry
from kb.ledger.files import FileMissing, Limits
from kb.ledger.formats.table import lines_of
from kb.ledger.rebuild import LedgerDiffers, verify
from kb.staff.database import opened
from tests.support.promises import PROMISES, TODAY, WANG, confirm, letter_of, put, seen

PDF = b"%PDF-1.7 ..."
TAKES = Limits(megabytes=1, kinds=("pdf", "jpg", "txt", "docx"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        confirm(database)
        yield database
        verify(database)


def document(book: sqlite3.Connection, data: Path, name: str = "验收单.pdf", **more: Any) -> None:
    keep = files.checked(name, PDF, TAKES)
    given = Given(form="document", note="竣工验收单", **more)
    attach(book, seen(book), given, relation="fulfils", by=WANG, keep=lambda: keep(data))


def test_a_file_is_kept_once_by_its_sum_for_its_owner_alone(
    book: sqlite3.Connection, tmp_path: Path
) -> None:
    document(book, tmp_path)
    keep = files.checked("副本.pdf", PDF, TAKES)
    given = Given(form="document", note="竣工验收单")
    attach(book, seen(book, 2), given, relation="fulfils", by=WANG, keep=lambda: keep(tmp_path))
    (first,), (second,) = attachments_of(book, 1), attachments_of(book, 2)
    assert (first.name, second.name, first.bytes) == ("验收单.pdf", "副本.pdf", len(PDF))
    path = files.path_of(tmp_path, str(first.sha256))
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o077 == 0
    assert [one for one in (tmp_path / files.NAME).rglob("*") if one.is_file()] == [path]
    assert file_of(book, 1, first.id).name == "验收单.pdf"
    assert files.check(tmp_path, kept_files(book)) == 1


def test_a_file_is_attached_to_one_commitment_once(
    book: sqlite3.Connection, tmp_path: Path
) -> None:
    document(book, tmp_path)
    with pytest.raises(WrongUse, match="已经附在第 1 号承诺上"):
        document(book, tmp_path, "副本.pdf")
    edit.unlink(book, seen(book), attachments_of(book, 1)[0].id, by=WANG, reason="传错了")
    document(book, tmp_path, "副本.pdf")
    assert [one.name for one in attachments_of(book, 1)] == ["副本.pdf"]


def test_what_tells_of_a_day_before_the_promise_does_not_fulfil_it(
    book: sqlite3.Connection,
) -> None:
    given = Given(form="call", day="2024-05-05", note="街道说已验收")
    with pytest.raises(WrongUse, match="早于作出承诺的 2024-05-06"):
        attach(book, seen(book), given, relation="fulfils", by=WANG)
    attach(book, seen(book), given, relation="progresses", by=WANG)


@pytest.mark.parametrize(
    ("form", "more"),
    [
        ("address", {"address": "https://www.example.gov.cn/验收?id=1", "note": "通车的消息"}),
        ("call", {"day": "2026-06-29", "note": "街道说60部都已验收"}),
    ],
)
def test_an_address_and_the_note_of_a_call_need_no_file(
    book: sqlite3.Connection, form: Form, more: dict[str, Any]
) -> None:
    attach(book, seen(book), Given(form=form, **more), relation="progresses", by=WANG)
    (one,) = attachments_of(book, 1)
    assert (one.form, one.note, one.sha256) == (form, more["note"], None)
    with pytest.raises(AttachmentNotFound):
        file_of(book, 1, one.id)


@pytest.mark.parametrize(
    "given",
    [
        Given(form="address", address="javascript:alert(1)"),
        Given(form="address", address="https://"),
        Given(form="address", address="https://a.cn/ b"),
        Given(form="address", address="https://[a.cn/"),
        Given(form="address", address=f"https://a.cn/{'a' * 1000}"),
        Given(form="address", address="https://a.cn/", day="2026-13-01"),
        Given(form="address", address="https://a.cn/", note="长" * 2001),
        Given(form="address", address="https://a.cn/", day="0001-01-01"),
        Given(form="address", address="https://a.cn/", day="2030-01-01"),
        Given(form="address", address="https://www.gov.cn@evil.example/"),
        Given(form="address", address="https://name:word@a.cn/"),
        Given(form="call", day="0001-01-01", note="说好了"),
        Given(form="call", note="说好了"),
        Given(form="call", day="2026-06-29"),
        Given(form="call", day="2030-06-29", note="说好了"),
        Given(form="document"),
        Given(form="something"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_evidence_of_its_form_is_refused(book: sqlite3.Connection, given: Given) -> None:
    with pytest.raises(WrongUse):
        attach(book, seen(book), given, relation="fulfils", by=WANG)
    assert attachments_of(book, 1) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("程序.exe", b"MZ", "不收"),
        ("没有后缀", PDF, "不收"),
        ("网页.html", b"<script>", "不收"),
        ("空.pdf", b"", "是空的"),
        ("零.txt", bytes(100), "不是文字"),
        ("零.txt", b"\xff\xfe\0\0", "不是文字"),
        ("大.txt", b"a" * 1_000_001, "超过 1 MB"),
        ("假.pdf", b"<html>", "内容不是 pdf"),
        ("假.jpg", PDF, "内容不是 jpg"),
        ("", PDF, "文件名"),
        ("a\u202ecod.pdf", PDF, "文件名"),
        ("长" * 90 + ".pdf", PDF, "文件名"),
    ],
)
def test_a_file_that_is_not_taken_says_why(name: str, content: bytes, why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        files.checked(name, content, TAKES)


def test_of_a_path_only_the_name_is_kept(tmp_path: Path) -> None:
    assert files.checked("C:\\证据\\..\\验收.pdf", PDF, TAKES)(tmp_path).name == "验收.pdf"
    assert files.checked("说明.txt", "验收单".encode("utf-16"), TAKES)(tmp_path).bytes == 8
    assert files.checked("../../etc/验收.PDF", PDF, TAKES)(tmp_path).name == "验收.PDF"


def test_what_the_ledger_refuses_leaves_no_file(book: sqlite3.Connection, tmp_path: Path) -> None:
    old = seen(book)
    confirm(book, status="under_way")
    keep = files.checked("验收单.pdf", PDF, TAKES)
    with pytest.raises(CommitmentOutdated):
        attach(
            book, old, Given(form="document"), relation="fulfils", by=WANG,
            keep=lambda: keep(tmp_path),
        )  # fmt: skip
    assert not (tmp_path / files.NAME).exists()


def test_it_proves_what_is_done_and_counts_as_evidence(
    book: sqlite3.Connection, tmp_path: Path
) -> None:
    document(book, tmp_path)
    edit.move(book, seen(book), "done", by=WANG)  # without a reason
    (line,) = lines_of(book, [entry(book, 1)], today=TODAY)
    assert line.evidence == 1


def test_what_is_taken_away_stays_on_record_with_its_file(
    book: sqlite3.Connection, tmp_path: Path
) -> None:
    document(book, tmp_path)
    (one,) = attachments_of(book, 1)
    edit.unlink(book, seen(book), one.id, by=WANG, reason="传错了")
    assert attachments_of(book, 1) == []
    assert files.check(tmp_path, kept_files(book)) == 1


@pytest.mark.parametrize(("harm", "told"), [("gone", "不见了"), ("changed", "已改变")])
def test_a_file_that_is_gone_or_changed_is_named(
    book: sqlite3.Connection, tmp_path: Path, harm: str, told: str
) -> None:
    document(book, tmp_path)
    path = files.path_of(tmp_path, next(iter(kept_files(book))))
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(b"%PDF-x")
    with pytest.raises(FileMissing, match=f"第 1 号.*验收单.pdf”{told}"):
        files.check(tmp_path, kept_files(book))


def test_what_was_changed_behind_its_back_is_seen(book: sqlite3.Connection, tmp_path: Path) -> None:
    document(book, tmp_path)
    book.execute("UPDATE attachment SET note = '别的'")
    with pytest.raises(LedgerDiffers, match=r"第 1 号（佐证）"):
        verify(book)
    book.execute("UPDATE attachment SET note = '竣工验收单'")


def test_another_commitments_file_is_not_given(book: sqlite3.Connection, tmp_path: Path) -> None:
    document(book, tmp_path)
    (one,) = attachments_of(book, 1)
    with pytest.raises(AttachmentNotFound):
        file_of(book, 2, one.id)

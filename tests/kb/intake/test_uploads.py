"""Uploads: their states, what may become of them, and where their files lie."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.errors import UnreadableFile, WrongUse
from kb.intake import corrections, files, uploads
from kb.intake.uploads import UploadNotFound, UploadOutdated
from kb.staff import audit
from kb.staff.database import opened
from tests.support.promises import WANG


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def added(database: sqlite3.Connection, data: Path, name: str = "渠.txt") -> int:
    token, digest = files.keep(data, name, io.BytesIO("渠道".encode()))
    return uploads.add(database, name=name, size=6, sha256=digest, folder=token, by=WANG)


def test_from_dropped_to_published_and_back(database: sqlite3.Connection, tmp_path: Path) -> None:
    number = added(database, tmp_path)
    uploads.settle(database, number, "read", by=WANG, letters=1)
    uploads.act(database, number, "hold", by=WANG)
    found = uploads.act(database, number, "publish", by=WANG)
    assert found.state == "publishing"
    files.publish(tmp_path, found.folder, found.name)
    files.publish(tmp_path, found.folder, found.name)  # after a crash
    assert [path.name for path in files.public(tmp_path).iterdir()] == ["渠.txt"]
    uploads.settle(database, number, "published", by=WANG)
    uploads.act(database, number, "withdraw", by=WANG)
    files.withdraw(tmp_path, found.folder, found.name)
    files.withdraw(tmp_path, found.folder, found.name)
    assert files.draft(tmp_path, found.folder, found.name).read_text() == "渠道"
    assert not files.is_published(tmp_path, "渠.txt")
    actions = [entry.action for entry in audit.entries(database, limit=10)]
    assert actions == ["upload_withdraw", "upload_publish", "upload_hold", "uploaded"]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("waiting", "publish"),
        ("refused", "publish"),
        ("refused", "hold"),
        ("read", "withdraw"),
        ("publishing", "discard"),
        ("published", "discard"),
        ("published", "again"),
        ("withdrawing", "publish"),
    ],
)
def test_what_may_not_become_of_an_upload_does_not(
    database: sqlite3.Connection,
    tmp_path: Path,
    state: uploads.State,
    act: uploads.Act,
) -> None:
    number = added(database, tmp_path)
    uploads.settle(database, number, state, by=WANG)
    with pytest.raises(UploadOutdated):
        uploads.act(database, number, act, by=WANG)
    assert uploads.get(database, number).state == state


def test_an_unknown_act_and_an_unknown_upload_are_told(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    number = added(database, tmp_path)
    with pytest.raises(WrongUse):
        uploads.act(database, number, "delete", by=WANG)  # type: ignore[arg-type]
    with pytest.raises(UploadNotFound):
        uploads.act(database, 99, "hold", by=WANG)


def test_what_was_not_taken_is_told_and_cannot_be_read_again(
    database: sqlite3.Connection,
) -> None:
    number = uploads.add_refused(
        database, name="..", size=1, code="bad_id", message="文件名不行", by=WANG
    )
    assert uploads.get(database, number).state == "refused"
    with pytest.raises(UploadOutdated):
        uploads.act(database, number, "again", by=WANG)
    uploads.act(database, number, "discard", by=WANG)
    with pytest.raises(UploadNotFound):
        uploads.get(database, number)


def test_corrections_of_a_draft_are_noted_once_it_is_published(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    number = added(database, tmp_path)
    uploads.settle(database, number, "read", by=WANG)
    changes: corrections.Changes = {"issuer": ("", "青山县水利局"), "cc": ((), ("县政协",))}
    uploads.edit(database, number, "渠.txt", changes, by=WANG)
    assert uploads.get(database, number).edits == {"渠.txt": changes}
    assert corrections.in_force(database) == {}
    uploads.act(database, number, "publish", by=WANG)
    expected = {"渠.txt": {"issuer": "青山县水利局", "cc": ("县政协",)}}
    assert corrections.in_force(database) == expected
    assert uploads.get(database, number).edits == {}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("答复.docx", "答复.docx"),
        ("C:\\我的文档\\答复.docx", "答复.docx"),
        ("../../etc/答复.txt", "答复.txt"),
        ("/答复.pdf", "答复.pdf"),
        (" 答 复（2）.PDF ", "答 复（2）.PDF"),
        ("<img src=x>.txt", "<img src=x>.txt"),  # the indexer says what it thinks of it
    ],
)
def test_a_name_is_a_name_without_folders(given: str, name: str) -> None:
    assert files.name_of(given) == name


@pytest.mark.parametrize(
    "given",
    ["", "..", "a/..", "../", ".env", "~$答复.docx", "__MACOSX", ". .", "a\x00.txt", "a\u202etxt",
     "a\n.txt", "复" * 81 + ".txt"],
)  # fmt: skip
def test_a_name_that_can_be_no_file_is_refused(given: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        files.name_of(given)
    assert refused.value.code == "bad_id"


def test_a_token_leads_nowhere_else(tmp_path: Path) -> None:
    for token in ("", "..", "../public", "0" * 31, "0" * 32 + "/.."):
        with pytest.raises(ValueError, match="token"):
            files.draft(tmp_path, token, "a.txt")


def test_drafts_that_nobody_knows_are_tidied_away(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    number = added(database, tmp_path)
    files.keep(tmp_path, "孤.txt", io.BytesIO(b"1"))  # killed before it was noted
    now = datetime.now(UTC)
    files.tidy(tmp_path, uploads.tokens(database), before=now)
    assert len(list((tmp_path / "uploads" / "drafts").iterdir())) == 2  # it may be on its way
    files.tidy(tmp_path, uploads.tokens(database), before=now + timedelta(hours=2))
    folders = [path.name for path in (tmp_path / "uploads" / "drafts").iterdir()]
    assert folders == [uploads.get(database, number).folder]

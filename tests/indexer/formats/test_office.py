"""Legacy documents, through a program that does what LibreOffice does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.formats import office
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile, WrongUse
from kb.store.register import RegisterRow
from tests.support import hostile
from tests.support.tables import as_xlsx

LETTER = "周明代表：\n您提出的建议收悉，水渠已经清淤。"
DOCX = hostile.docx("".join(map(hostile.paragraph, LETTER.split("\n"))))
DOC = hostile.ole("WordDocument")
# Writes its arguments beside it, then what a test wants; $9 is the folder for the result.
HEAD = '#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/arguments"\nenv > "{folder}/environment"\n'


def fake(folder: Path, then: str) -> str:
    """A soffice whose result is what the shell commands ``then`` make."""
    (folder / "made.docx").write_bytes(DOCX)
    program = folder / "soffice"
    program.write_text((HEAD + then + "\n").format(folder=folder), encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def put(folder: Path, name: str, content: bytes = DOC) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path, soffice: str, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        parse(path, soffice=soffice, limits=limits)
    return caught.value.code


@pytest.mark.parametrize("name", ["旧.doc", "旧.wps", "旧.DOC"])
def test_a_legacy_document_is_converted_and_flagged(tmp_path: Path, name: str) -> None:
    soffice = fake(tmp_path, 'cp "{folder}/made.docx" "${{10}}/letter.docx"')
    (raw,) = parse(put(tmp_path, name), soffice=soffice)
    assert isinstance(raw, Raw)
    assert raw.text == LETTER
    assert raw.flags == ("converted",)


def test_the_program_has_a_folder_and_a_profile_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_OIDC_SECRET", "x")
    soffice = fake(tmp_path, 'cp "{folder}/made.docx" "${{10}}/letter.docx"')
    parse(put(tmp_path, "a.doc"), soffice=soffice)
    profile, *options = (tmp_path / "arguments").read_text(encoding="utf-8").splitlines()
    room = profile.removeprefix("-env:UserInstallation=file://").removesuffix("/profile")
    assert options[:1] == ["--headless"]
    assert options[-5:] == ["--convert-to", "docx", "--outdir", f"{room}/out", f"{room}/letter.doc"]
    assert not Path(room).exists()
    environment = (tmp_path / "environment").read_text(encoding="utf-8")
    assert "KB_OIDC_SECRET" not in environment
    assert f"HOME={room}\n" in environment


def test_without_the_program_it_says_what_to_do(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "a.wps"), "") == "legacy_doc"


def test_what_it_makes_nothing_of_is_damaged(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "a.doc"), fake(tmp_path, "exit 1")) == "damaged_file"
    garbage = fake(tmp_path, 'echo x > "${{10}}/letter.docx"')
    assert refusal(put(tmp_path, "a.doc"), garbage) == "damaged_file"


def test_a_link_in_place_of_the_result_is_not_followed(tmp_path: Path) -> None:
    linking = fake(tmp_path, 'ln -s "{folder}/made.docx" "${{10}}/letter.docx"')
    assert refusal(put(tmp_path, "a.doc"), linking) == "damaged_file"


def test_a_program_that_does_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    waiting = fake(tmp_path, 'sleep 600 & echo $! > "{folder}/pid"\nwait')
    assert refusal(put(tmp_path, "a.doc"), waiting, Limits(office_seconds=3)) == "resource_limit"
    started = int((tmp_path / "pid").read_text())
    state = Path(f"/proc/{started}/stat")
    assert not state.exists() or " Z " in state.read_text()


def test_its_output_is_bounded(tmp_path: Path) -> None:
    writing = fake(tmp_path, 'head -c 3000000 /dev/zero > "${{10}}/letter.docx"')
    code = refusal(put(tmp_path, "a.doc"), writing, Limits(file_bytes=100_000))
    assert code in ("damaged_file", "resource_limit")


def test_what_is_no_legacy_document_is_not_given_to_it(tmp_path: Path) -> None:
    soffice = fake(tmp_path, "exit 1")
    assert refusal(put(tmp_path, "a.doc", DOCX), soffice) == "format_mismatch"
    locked = hostile.ole("EncryptedPackage")
    assert refusal(put(tmp_path, "b.doc", locked), soffice) == "needs_password"
    assert not (tmp_path / "arguments").exists()


def test_the_program_is_what_the_setting_says_or_what_is_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soffice = fake(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office.installed("") == soffice
    assert office.installed("off") == ""
    monkeypatch.setenv("PATH", os.devnull)
    assert office.installed("") == ""
    assert office.installed(soffice) == soffice
    with pytest.raises(WrongUse, match="KB_SOFFICE"):
        office.installed(str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["交办表.xls", "交办表.et"])
def test_an_old_workbook_is_converted_and_its_rows_are_read(tmp_path: Path, name: str) -> None:
    soffice = fake(tmp_path, 'cp "{folder}/made.xlsx" "${{10}}/letter.xlsx"')
    (tmp_path / "made.xlsx").write_bytes(
        as_xlsx([["提案号", "案由", "承办单位"], ["7", "路", "甲局"]])
    )
    (row,) = parse(put(tmp_path, name), soffice=soffice)
    assert isinstance(row, RegisterRow)
    assert (row.file, row.numbers) == (name, ("7",))
    assert "xlsx" in (tmp_path / "arguments").read_text(encoding="utf-8").splitlines()


def test_an_old_workbook_without_the_program_says_what_to_do(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "交办表.xls"), "") == "legacy_table"
    assert refusal(put(tmp_path, "交办表.xlsx"), "") == "legacy_table"

"""What a file would become: told, and put nowhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from indexer.__main__ import main
from indexer.preview import as_text, preview
from kb.store.codec import letter_from
from tests.support.asking import letter_text
from tests.support.tables import as_csv

NUMBER = "云民函〔2024〕7号"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "七.txt"
    path.write_text(letter_text(NUMBER), "utf-8")
    return path


def test_a_letter_is_read_as_an_update_would_and_nothing_is_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(file), "--data", str(tmp_path / "data"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    letter = letter_from(told["letters"][0]["letter"])
    assert (letter.id, letter.value("number")) == ("七.txt", NUMBER)
    assert (told["refused"], told["more"]) == ([], False)
    assert not (tmp_path / "data").exists()


def test_a_refused_file_says_why(tmp_path: Path) -> None:
    path = tmp_path / "坏.docx"
    path.write_bytes(b"PK\x03\x04 broken")
    found = preview(path)
    assert not found.letters
    assert found.refused[0].code in ("damaged_file", "format_mismatch")
    assert "坏.docx" in as_text(found)


def test_of_an_archive_each_letter_is_told_and_each_refusal(tmp_path: Path) -> None:
    path = tmp_path / "一批.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("一.txt", letter_text("云民函〔2024〕1号"))
        archive.writestr("二.txt", "")
        archive.writestr("三.txt", letter_text("云民函〔2024〕3号"))
    found = preview(path)
    ids = [prepared.letter.id for prepared in found.letters]
    assert ids == ["一批.zip/一.txt", "一批.zip/三.txt"]
    assert [refusal.code for refusal in found.refused] == ["empty_file"]


def test_of_very_many_letters_the_first_are_told(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    rows = [{"id": f"x{n}", "text": f"第{n}条渠明年修。"} for n in range(120)]
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    found = preview(path)
    assert (len(found.letters), found.more) == (100, True)


def test_an_update_says_what_it_takes_and_never_rebuilds_from_uploads_alone(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "data")]
    for words in ([], ["--uploads", str(file)], ["--uploads", "--rebuild"], ["--rebuild"]):
        assert main(["update", *words, *data]) == 2
        assert "缺少 inbox" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_of_a_register_the_rows_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "交办表.csv"
    head = ["提案号", "案由", "提案人", "主办单位"]
    path.write_bytes(as_csv([head, *([str(n), "关于修渠", "王一", "县水利局"] for n in (1, 2))]))
    found = preview(path)
    assert (found.rows, found.letters, found.refused) == (2, (), ())
    assert "交办表 2 件" in as_text(found)

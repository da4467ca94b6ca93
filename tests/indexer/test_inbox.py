"""What is in an inbox: names in other encodings, what is no file, what stands where it must not."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.inbox import Source, gone, sources
from kb.errors import WrongUse


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def file(folder: Path, name: str | bytes) -> Path:
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))  # noqa: PTH118
    path.write_text("好", encoding="utf-8")
    return path


def named(inbox: Path) -> dict[str, str | None]:
    """The names of what was found, each with the code of what is wrong with it."""
    return {s.name: s.fault.code if s.fault else None for s in sources([inbox])}


@pytest.mark.parametrize(
    "name", ["关于加装电梯的答复.txt", "答复（A类）.txt", "复函〔2024〕3号.txt"]
)
def test_a_name_that_windows_wrote_is_read_as_gb18030(inbox: Path, name: str) -> None:
    file(inbox, name.encode("gbk"))
    (found,) = sources([inbox])
    assert (found.name, found.fault) == (name, None)
    assert found.key == f"{inbox}/{name}"
    assert found.path.read_text(encoding="utf-8") == "好"


def test_a_folder_with_a_name_of_windows_may_hold_one_of_linux(inbox: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(inbox) + b"/" + "卫健委".encode("gbk")))
    folder.mkdir()
    file(folder, "答复.txt")
    assert named(inbox) == {"卫健委/答复.txt": None}


def test_a_name_in_no_encoding_is_refused_as_it_can_be_shown(inbox: Path) -> None:
    file(inbox, b"\xff\xfe\x80.txt")
    assert named(inbox) == {"\\udcff\\udcfe\\udc80.txt": "bad_id"}


def test_two_names_that_read_alike_are_one_letter_and_one_refusal(inbox: Path) -> None:
    file(inbox, "答复.txt")
    file(inbox, "答复.txt".encode("gbk"))
    assert sorted(str(s.fault.code if s.fault else None) for s in sources([inbox])) == [
        "None", "duplicate_id",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["a\nb.txt", "a\r.txt", "\x1b[31m.txt", "a\u202eb.txt", "a\u200bb.txt", "a?b.txt", "a#b.txt",
     "100%.txt", "a\\b.txt", "\x7f.txt", "a\u2028b.txt", "/".join("甲" * 70 for _ in range(3))],
)  # fmt: skip
def test_a_name_that_can_be_no_id_is_refused_on_one_line(inbox: Path, name: str) -> None:
    (inbox / name).parent.mkdir(parents=True, exist_ok=True)
    file(inbox, name)
    ((shown, code),) = named(inbox).items()
    assert code == "bad_id"
    assert shown.isprintable()


@pytest.mark.parametrize(
    "name",
    ["云建函〔2025〕9号.txt", "关于“一老一小”的答复（A类）.docx", "2024 年/附件1：清单.pdf",
     "٣٤.txt", "བོད་ཡིག.txt", "ئۇيغۇر.txt", "𠮷野家.txt", "a&b+c=d, e.txt", "O'Neil [2].txt",
     "№5·甲—乙…！.txt", "好　的.txt"],
)  # fmt: skip
def test_usual_names_are_ids(inbox: Path, name: str) -> None:
    (inbox / name).parent.mkdir(parents=True, exist_ok=True)
    file(inbox, name)
    assert named(inbox) == {name: None}


@pytest.fixture
def odd(inbox: Path) -> Iterator[Path]:
    os.mkfifo(inbox / "管道.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        with contextlib.chdir(inbox):  # names of sockets are short
            listener.bind("s.txt")
        (inbox / "圈.txt").symlink_to("圈.txt")
        (inbox / "断.txt").symlink_to("没有.txt")
        (inbox / "设备.txt").symlink_to("/dev/zero")
        (inbox / "夹").symlink_to(inbox)
        yield inbox


def test_what_is_no_file_is_told_by_name_and_never_opened(odd: Path) -> None:
    file(odd, "好.txt")
    found = named(odd)
    assert found.pop("好.txt") is None
    assert found == dict.fromkeys(
        ["管道.txt", "s.txt", "圈.txt", "断.txt", "设备.txt", "夹"], "unreadable_path"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_told(inbox: Path) -> None:
    (inbox / "关").mkdir(mode=0)
    assert named(inbox) == {"关": "unreadable_path"}


def test_a_given_pipe_is_refused_and_does_not_wait(inbox: Path) -> None:
    os.mkfifo(inbox / "管道.txt")
    (found,) = sources([inbox / "管道.txt"])
    assert found.fault is not None
    assert found.fault.code == "unreadable_path"


def test_a_path_that_does_not_exist_is_a_wrong_use(inbox: Path) -> None:
    with pytest.raises(WrongUse, match="不存在"):
        list(sources([inbox / "x\n.txt"]))


def test_hidden_files_scratch_and_readme_are_no_letters(inbox: Path) -> None:
    for name in (".a.txt", "~$b.docx", "__c.txt", "README.md", "readme.txt"):
        file(inbox, name)
    (inbox / ".git").mkdir()
    file(inbox / ".git", "d.txt")
    assert named(inbox) == {}


def test_what_stood_under_a_folder_and_is_gone_is_known_by_its_key(inbox: Path) -> None:
    here = Source(path=inbox / "a.txt", key=f"{inbox}/a.txt", name="a.txt")
    known = {f"{inbox}/a.txt": "", f"{inbox}/b.txt": "", f"{inbox}2/c.txt": ""}
    assert gone([inbox], [here.key], known) == [f"{inbox}/b.txt"]

"""The data folder is for the account that runs fuwen, and for nobody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.store import modes
from kb.store.modes import close_to_others, make_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A data folder as an older program made it, under the usual umask."""
    root = tmp_path / "data"
    for name in ("snapshots/20260101T000000-00000000/words", "originals", "drafts"):
        (root / name).mkdir(parents=True)
    for name, bits in {
        "CURRENT": 0o644,
        "LOCK": 0o664,
        "staff.db": 0o666,
        "staff.db-wal": 0o644,
        "staff.db.before-20260101T000000": 0o640,
        "address.key": 0o604,
        "originals/0a": 0o444,
        "snapshots/20260101T000000-00000000/letters.db": 0o444,
        "snapshots/20260101T000000-00000000/words/meta.json": 0o444,
    }.items():
        (root / name).touch()
        (root / name).chmod(bits)
    for folder in (root, *root.rglob("*")):
        if folder.is_dir():
            folder.chmod(0o755)
    return root


def test_a_new_folder_is_for_its_account_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "data")
    make_folder(tmp_path / "a" / "data")
    assert mode(tmp_path / "a" / "data") == 0o700


def test_what_others_may_do_is_taken_from_them_once(root: Path) -> None:
    everything = [root, *root.rglob("*")]
    assert close_to_others(root) == len(everything)
    assert not [path for path in everything if mode(path) & 0o077]
    assert mode(root) == 0o700
    assert mode(root / "staff.db") == 0o600
    assert mode(root / "originals" / "0a") == 0o400
    assert close_to_others(root) == 0


@pytest.mark.parametrize("bits", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o677])
def test_any_bit_of_others_is_one_too_many(root: Path, bits: int) -> None:
    close_to_others(root)
    (root / "staff.db").chmod(bits)
    assert close_to_others(root) == 1
    assert mode(root / "staff.db") == 0o600


def test_a_folder_with_other_things_in_it_stays_as_it_is_and_ours_is_closed(root: Path) -> None:
    (root / "homework").touch()
    (root / "homework").chmod(0o644)
    close_to_others(root)
    assert (mode(root), mode(root / "homework")) == (0o755, 0o644)
    assert not mode(root / "staff.db") & 0o077
    assert not mode(root / "snapshots") & 0o077


def test_no_link_leads_out_of_the_folder(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    outside.chmod(0o755)
    (outside / "file").touch()
    (outside / "file").chmod(0o644)
    (root / "originals" / "link").symlink_to(outside)
    (root / "staff.db-link").symlink_to(outside / "file")
    close_to_others(root)
    assert (mode(outside), mode(outside / "file")) == (0o755, 0o644)


def test_where_there_is_no_folder_there_is_nothing_to_close(tmp_path: Path) -> None:
    assert close_to_others(tmp_path / "none") == 0


def test_what_cannot_be_closed_is_told_with_the_command_that_does_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ours(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", not_ours)
    with pytest.raises(WrongUse, match=f"chmod -R go-rwx {root}"):
        close_to_others(root)
    monkeypatch.undo()
    root.chmod(0o750)
    monkeypatch.setattr(Path, "chmod", not_ours)
    close_to_others(root)  # nobody else gets that far


def test_what_a_process_makes_is_its_own() -> None:
    was = os.umask(0o022)
    try:
        modes.keep_private()
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(was)

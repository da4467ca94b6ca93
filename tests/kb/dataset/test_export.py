"""A snapshot goes out as tables: whole or not at all, the same bytes each time."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kb.cli import fuwen
from kb.dataset import export as exporting
from kb.dataset.card import CARD, README
from kb.dataset.export import Wanted, export
from kb.dataset.tables import TABLES, fault
from kb.errors import WrongUse
from kb.store.local.store import LocalStore
from kb.store.protocol import SnapshotReader
from kb.text.tokens import tokens
from tests.support.asking import base_of, letter_text

PROMISE = "一、情况\n全市建成养老服务中心56处。\n二、下一步打算\n我们将在2025年年底前新建食堂12家。"


@pytest.fixture
def reader(tmp_path: Path) -> SnapshotReader:
    """Two letters, an older version of one of them, and one that is not public."""
    older = letter_text(day="2024年3月1日", body=PROMISE.replace("56", "50"))
    held = f"公开属性：依申请公开\n{letter_text('云民函〔2024〕9号', proposal='099')}"
    other = letter_text("云民函〔2024〕8号", proposal="087", subject="加装电梯")
    texts = (letter_text(body=PROMISE), older, held, other)
    return base_of(tmp_path / "data", *texts, ids=["care", "care-old", "held", "lift"])


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    lines = (folder / f"{table}.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def out(reader: SnapshotReader, folder: Path, **wanted: Any) -> Path:
    export(reader, folder, wanted=Wanted(**wanted), tagger=None)
    return folder


def test_every_row_has_the_columns_that_the_card_tells_and_stands_where_it_says(
    reader: SnapshotReader, tmp_path: Path
) -> None:
    folder = out(reader, tmp_path / "out")
    texts = {row["id"]: row["text"] for row in rows(folder, "letters")}
    for table in TABLES:
        found = rows(folder, table)
        assert found or table == "recognised"
        for row in found:
            assert fault(row, table) is None
            if table in ("passages", "sentences", "commitments"):
                assert texts[row["letter_id"]][row["start"] : row["end"]] == row["text"]
    (promise,) = [row for row in rows(folder, "commitments") if row["letter_id"] == "care"]
    assert (promise["due"], promise["due_last"], promise["target_value"]) == (
        "2025年年底前", "2025-12-31", 12.0,
    )  # fmt: skip


def test_the_public_gets_what_the_public_may_see(reader: SnapshotReader, tmp_path: Path) -> None:
    assert reader.letter("held").publicity == "on_request"
    folder = out(reader, tmp_path / "out")
    found = {row["id"]: row["served"] for row in rows(folder, "letters")}
    assert found == {"care": None, "care-old": "care", "lift": None}
    assert "held" not in "".join(path.read_text("utf-8") for path in folder.iterdir())
    everything = out(reader, tmp_path / "all", scope="all")
    assert {row["id"] for row in rows(everything, "letters")} == {*found, "held"}
    assert "不要外传" in (everything / README).read_text("utf-8")


def test_a_public_version_of_a_letter_that_is_not_public_stays_inside(tmp_path: Path) -> None:
    held = f"公开属性：依申请公开\n{letter_text()}"
    older = letter_text(day="2024年3月1日", body=PROMISE)
    base_of(tmp_path / "data", held, older, ids=["now", "before"])
    store = LocalStore(tmp_path / "data", fingerprint={}, tokenize=tokens)
    with store.draft() as draft:
        draft.set_aside({"before": ("now", "older")})
        draft.publish()
    assert store.current().set_aside()["before"].head.publicity == "public"
    assert rows(out(store.current(), tmp_path / "out"), "letters") == []


def test_what_is_personal_is_as_masked_as_everywhere(base: SnapshotReader, tmp_path: Path) -> None:
    hidden = [head.id for head in base.letters() if base.unmasked(head.id) != base.letter(head.id)]
    assert hidden
    folder = out(base, tmp_path / "out", scope="all")
    shown = {row["id"]: row["text"] for row in rows(folder, "letters")}
    assert all(shown[one] == base.letter(one).text for one in hidden)
    assert any("*" in shown[one] for one in hidden)


def test_the_same_snapshot_gives_the_same_bytes_and_the_card_their_sums(
    reader: SnapshotReader, tmp_path: Path
) -> None:
    one, other = (out(reader, tmp_path / name, parquet=True) for name in ("one", "other"))
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
    card = json.loads((one / CARD).read_text("utf-8"))
    assert sorted(card["files"]) == [name for name in names if name not in (CARD, README)]
    for name, stated in card["files"].items():
        assert hashlib.sha256((one / name).read_bytes()).hexdigest() == stated
    assert card["snapshot"] == reader.snapshot.version
    assert card["rows"] == {table: len(rows(one, table)) for table in TABLES}
    assert set(card["tables"]) == set(TABLES)


def test_parquet_holds_the_same_rows(reader: SnapshotReader, tmp_path: Path) -> None:
    folder = out(reader, tmp_path / "out", parquet=True)
    for table in TABLES:
        assert pq.read_table(folder / f"{table}.parquet").to_pylist() == rows(folder, table)


def test_the_terms_of_use_stand_in_the_card(reader: SnapshotReader, tmp_path: Path) -> None:
    folder = out(reader, tmp_path / "out", licence="可以自由使用，须注明出处")
    assert "须注明出处" in (folder / README).read_text("utf-8")
    assert json.loads((folder / CARD).read_text("utf-8"))["licence"].endswith("出处")


def test_a_folder_with_something_in_it_is_left_as_it_is(
    reader: SnapshotReader, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "kept").write_text("x")
    with pytest.raises(WrongUse, match="已经有东西"):
        out(reader, folder)
    assert [path.name for path in folder.iterdir()] == ["kept"]
    (folder / "kept").unlink()
    assert (out(reader, folder) / CARD).exists()


def test_what_goes_wrong_half_way_leaves_nothing(
    reader: SnapshotReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_card", fail)
    with pytest.raises((OSError, TypeError)):
        out(reader, tmp_path / "there" / "out")
    assert list((tmp_path / "there").iterdir()) == []


def test_without_pyarrow_it_says_what_to_install(
    reader: SnapshotReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(WrongUse, match=r"fuwen\[export\]"):
        out(reader, tmp_path / "out", parquet=True)
    assert not (tmp_path / "out").exists()
    assert rows(out(reader, tmp_path / "out"), "letters")


def test_the_command_tells_what_it_did(
    base: SnapshotReader, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("KB_TAGGER", "off")
    folder = tmp_path / "out"
    assert fuwen.main(["export", str(folder), "--data", str(settings.data)]) == 0
    assert "只有公众看得到的复文，letters 36" in capsys.readouterr().out
    assert fuwen.main(["export", str(folder), "--data", str(settings.data)]) == 2
    assert "已经有东西" in capsys.readouterr().err

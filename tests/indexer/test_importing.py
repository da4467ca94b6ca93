"""An export comes back as the snapshot it was made of, or not at all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer.importing import imported
from indexer.update import update
from kb import serialize
from kb.answer.ask import ask
from kb.cli import fuwen
from kb.dataset.card import CARD, README, content_of
from kb.dataset.export import Wanted, export
from kb.dataset.files import BadExport
from kb.errors import StoreBusy, WrongUse
from kb.models.reading import OnnxReader
from kb.query.directory import directory_of
from kb.query.understand import understood
from kb.settings import Settings
from kb.store import disk
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER
from tests.conftest import CORPUS, corpus_rows
from tests.support.asking import FakeModel, letter_text

Rows = list[dict[str, Any]]
# Of the database all but where a letter came from and when, which an export does not tell.
SAME = (
    "SELECT id, title, number, issuer, issued_on, result_class, proposal_no, kind, publicity,"
    " sha256 FROM letters ORDER BY id",
    "SELECT * FROM texts ORDER BY id",
    "SELECT * FROM passages ORDER BY id, position",
    "SELECT * FROM outlines ORDER BY id",
    "SELECT * FROM keys ORDER BY what, key, id",
    "SELECT id, first, passages, first_sentence, sentences FROM places ORDER BY id",
    "SELECT * FROM aside ORDER BY id",
)


def settings_of(folder: Path) -> Settings:
    return replace(Settings(), data=folder, tagger="off")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the sample letters and an older version of one."""
    folder = tmp_path_factory.mktemp("corpus")
    inbox = folder / "more"
    inbox.mkdir()
    for name, day in (("a.txt", "2024年5月6日"), ("z.txt", "2024年3月1日")):
        text = letter_text(
            "云民函〔2024〕907号", proposal="907", day=day, body=f"一、{day}的情况。"
        )
        (inbox / name).write_text(text, "utf-8")
    settings = settings_of(folder / "data")
    update([CORPUS / "letters", inbox], open_store(settings), FakeModel())
    return folder / "data"


@pytest.fixture(scope="module")
def exported(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of it, exported."""
    return out(corpus, tmp_path_factory.mktemp("exported") / "out", scope="all")


def out(data: Path, folder: Path, **wanted: Any) -> Path:
    reader = open_store(settings_of(data)).current()
    export(reader, folder, wanted=Wanted(**wanted), tagger=None)
    return folder


def back(folder: Path, data: Path) -> SnapshotReader:
    settings = settings_of(data)
    store = open_store(settings)
    imported(folder, store, FakeModel(), settings=settings)
    return store.current()


def snapshot_in(data: Path) -> Path:
    return data / "snapshots" / open_store(settings_of(data)).current().snapshot.version


def test_the_snapshot_is_the_same_and_so_is_what_is_exported_of_it(
    corpus: Path, exported: Path, tmp_path: Path
) -> None:
    reader = back(exported, tmp_path / "data")
    assert reader.set_aside()["z.txt"].served == "a.txt"
    old, new = snapshot_in(corpus), snapshot_in(tmp_path / "data")
    for query in SAME:
        tables = []
        for folder in (old, new):
            with closing(sqlite3.connect(folder / "letters.db")) as database:
                tables.append(database.execute(query).fetchall())
        assert tables[0] == tables[1]
        assert tables[0]
    for name in ("trained.faiss", *(f"parts/1/{n}" for n in ("vectors.npy", "sentences.npy"))):
        assert (old / name).read_bytes() == (new / name).read_bytes()
    again = out(tmp_path / "data", tmp_path / "again", scope="all")
    for path in exported.iterdir():
        if path.name not in (CARD, README):  # which name the snapshot
            assert path.read_bytes() == (again / path.name).read_bytes()
    cards = [json.loads((folder / CARD).read_text("utf-8")) for folder in (exported, again)]
    assert {name for name in cards[0] if cards[0][name] != cards[1][name]} == {"snapshot"}


def test_it_answers_the_same(
    corpus: Path, exported: Path, tmp_path: Path, reading: OnnxReader
) -> None:
    readers = [open_store(settings_of(corpus)).current(), back(exported, tmp_path / "data")]
    questions = [row["question"] for row in corpus_rows("questions.jsonl")[:20]]
    for question in questions:
        one, other = (answer(question, reader, reading) for reader in readers)
        assert one == other
    assert len(questions) == 20


def answer(question: str, reader: SnapshotReader, model: OnnxReader) -> str:
    settings = Settings()
    known = directory_of(reader, EVERY_LETTER)
    today = date(2026, 1, 1)
    found = understood(question, known, settings=settings, today=today, reader=reader)
    reply = ask(found.query, reader, FakeModel(), model=model, settings=settings)
    told = json.dumps(serialize.reply(reply, seconds=0), ensure_ascii=False)
    return told.replace(reader.snapshot.version, "")


def test_what_is_public_comes_back_too(corpus: Path, tmp_path: Path) -> None:
    reader = back(out(corpus, tmp_path / "out"), tmp_path / "data")
    whole = open_store(settings_of(corpus)).current()
    public = [head for head in whole.letters() if head.publicity == "public"]
    assert list(reader.letters()) == public != list(whole.letters())
    assert all(reader.letter(head.id) == whole.letter(head.id) for head in public)


def test_an_imported_base_takes_in_new_letters_and_knows_its_older_versions_still(
    exported: Path, tmp_path: Path
) -> None:
    back(exported, tmp_path / "data")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    text = letter_text(
        "云民函〔2024〕907号", proposal="907", day="2025年5月6日", body="一、新的情况。"
    )
    (inbox / "new.txt").write_text(text, "utf-8")
    store = open_store(settings_of(tmp_path / "data"))
    update([inbox], store, FakeModel())
    aside = {letter_id: one.served for letter_id, one in store.current().set_aside().items()}
    assert aside["a.txt"] == aside["z.txt"] == "new.txt"


def reseal(folder: Path) -> None:
    """Make the card fit the files again, as who forges an export would."""
    card = json.loads((folder / CARD).read_text("utf-8"))
    for name in card["files"]:
        card["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    card["content"] = content_of(card["files"])
    (folder / CARD).write_text(json.dumps(card), "utf-8")


def rewrite(folder: Path, table: str, change: Callable[[Rows], Any]) -> None:
    path = folder / f"{table}.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    reseal(folder)


def card_with(**values: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        card = json.loads((folder / CARD).read_text("utf-8"))
        (folder / CARD).write_text(json.dumps({**card, **values}), "utf-8")

    return change


def in_table(table: str, change: Callable[[Rows], Any]) -> Callable[[Path], None]:
    return lambda folder: rewrite(folder, table, change)


def first(**values: Any) -> Callable[[Rows], Any]:
    return lambda rows: rows[0].update(values)


def traversal(folder: Path) -> None:
    card = json.loads((folder / CARD).read_text("utf-8"))
    card["files"]["../out/letters.jsonl"] = card["files"]["letters.jsonl"]
    (folder / CARD).write_text(json.dumps(card), "utf-8")


def link(folder: Path) -> None:
    (folder / "letters.jsonl").rename(folder.parent / "elsewhere")
    (folder / "letters.jsonl").symlink_to(folder.parent / "elsewhere")


def renamed(folder: Path) -> None:
    old = json.loads((folder / "letters.jsonl").read_text("utf-8").partition("\n")[0])["id"]
    for path in folder.glob("*.jsonl"):
        path.write_text(path.read_text("utf-8").replace(f'"{old}"', '"../../x"'), "utf-8")
    reseal(folder)


def flip(folder: Path) -> None:
    path = folder / "letters.jsonl"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


HOSTILE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "one bit": (flip, r"letters\.jsonl：SHA-256 不符"),
    "no card": (lambda folder: (folder / CARD).unlink(), "没有这个文件"),
    "card no json": (lambda folder: (folder / CARD).write_text("{"), "读不出来"),
    "card a list": (lambda folder: (folder / CARD).write_text("[]"), "不是一个 JSON 对象"),
    "newer": (card_with(format=99), "由更新的 fuwen 导出；请升级"),
    "format a word": (card_with(format="1"), "由更新的 fuwen 导出"),
    "other rules": (card_with(fingerprint={"letter_rules": "1"}), "letter_rules（导出时 1，现在"),
    "files a list": (card_with(files=[]), "读不出来"),
    "content": (card_with(content="0"), "前后不符"),
    "scope": (card_with(scope="everybody"), "前后不符"),
    "not public": (card_with(scope="public"), "不该在公开的导出里"),
    "outside": (traversal, "不该有的文件"),
    "link": (link, "不是普通文件"),
    "file gone": (lambda f: (f / "fields.jsonl").unlink(), r"fields\.jsonl：没有这个文件"),
    "cut line": (
        lambda f: ((f / "fields.jsonl").write_text('{"letter_id"'), reseal(f)),
        r"fields\.jsonl 第 1 行：不是一行完整的 JSON",
    ),
    "deep": (
        lambda f: ((f / "fields.jsonl").write_text("[" * 100_000), reseal(f)),
        r"fields\.jsonl 第 1 行：",
    ),
    "no column": (in_table("passages", lambda r: r[0].pop("text")), "缺少列 text"),
    "unknown column": (in_table("fields", first(more=1)), "不认识的列 more"),
    "column of another kind": (in_table("passages", first(start=True)), "列 start 的值类型不对"),
    "offsets beyond": (in_table("sentences", first(end=10**9)), "超出全文"),
    "negative": (in_table("headings", first(start=-1)), "位置 -1:.*超出全文"),
    "level": (in_table("headings", first(level=9)), "标题的级"),
    "other words": (in_table("sentences", first(text="不给补贴。")), "text 与复文 .* 不同"),
    "other promise": (in_table("commitments", first(text="全部免费。")), "text 与复文 .* 不同"),
    "a passage less": (in_table("passages", lambda r: r.pop(0)), "position 不对|没有它所在的段落"),
    "a sentence less": (in_table("sentences", lambda r: r.pop(0)), "首尾相接"),
    "forged text": (in_table("letters", first(text="假")), "与它的 sha256 不符"),
    "surrogate": (in_table("letters", first(title="\ud800")), "孤立代理项"),
    "no such day": (in_table("fields", lambda r: day(r, "2024-13-40")), "成文日期不是"),
    "a day written otherwise": (in_table("fields", lambda r: day(r, "20240301")), "成文日期不是"),
    "taken in on no day": (in_table("letters", lambda r: aside(r, "昨天")), "taken_in 不是"),
    "other heading": (in_table("headings", first(text="一、全部免费")), "text 与复文 .* 不同"),
    "a heading of nowhere": (in_table("passages", first(headings=["一、全部免费"])),
                             "复文没有的标题"),
    "forged issuer": (in_table("letters", first(issuer="国务院")), "issuer 与 fields 里的不同"),
    "field unknown": (in_table("fields", first(name="密级")), "不认识要素"),
    "twice": (in_table("letters", lambda r: r.insert(0, r[0])), "编号重复或次序不对"),
    "an id that is a path": (renamed, "编号（id）"),
    "rows of no letter": (
        in_table("fields", lambda r: r.append({**r[-1], "letter_id": "~"})),
        "没有复文",
    ),
    "aside for nobody": (in_table("letters", first(served="无", reason="older")), "没有它"),
    "aside without reason": (in_table("letters", first(served="无")), "served 和 reason 不配"),
    "publicity": (in_table("letters", first(publicity="secret")), "不认识 publicity"),
}  # fmt: skip


def day(rows: Rows, words: str) -> None:
    next(row for row in rows if row["name"] == "issued_on")["value"] = words


def aside(rows: Rows, words: str) -> None:
    next(row for row in rows if row["served"])["taken_in"] = words


@pytest.mark.parametrize("name", list(HOSTILE))
def test_what_is_not_as_it_was_exported_is_refused_and_leaves_nothing(
    exported: Path, tmp_path: Path, name: str
) -> None:
    change, told = HOSTILE[name]
    folder = tmp_path / "out"
    folder.mkdir()
    for path in exported.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    change(folder)
    with pytest.raises(BadExport, match=told) as error:
        back(folder, tmp_path / "data")
    assert "请" in str(error.value)
    assert not (tmp_path / "data").exists()


def test_a_base_that_is_there_is_not_written_over(corpus: Path, exported: Path) -> None:
    before = snapshot_in(corpus)
    with pytest.raises(WrongUse, match="已经有快照"):
        back(exported, corpus)
    assert snapshot_in(corpus) == before


def test_while_another_program_writes_it_waits(exported: Path, tmp_path: Path) -> None:
    with disk.lock(tmp_path / "data"), pytest.raises(StoreBusy):
        back(exported, tmp_path / "data")


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fuwen.main(["import", str(tmp_path), "--data", str(tmp_path / "data")]) == 2
    assert "card.json：没有这个文件" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()

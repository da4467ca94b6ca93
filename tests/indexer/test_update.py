"""Files in, snapshot out: what is added, changed, removed, left alone and refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from indexer import parsed
from indexer.formats.raw import Limits
from indexer.tally import MOST_OF_ONE, Tally
from indexer.update import update
from indexer.worker import Reading
from kb.errors import StoreBusy, UnreadableFile, WrongUse
from kb.store.local.store import LocalStore
from kb.store.protocol import Store
from kb.types import Publicity
from tests.support import hostile
from tests.support.asking import FakeModel, letter_text
from tests.support.fakes import MemoryStore, tokenize
from tests.support.stores import local


@pytest.fixture(params=["memory", "local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    makers: dict[str, Callable[[], Store]] = {
        "memory": lambda: MemoryStore(fingerprint={}),
        "local": lambda: local(tmp_path),
    }
    return makers[request.param]()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in (7, 8, 9):
        write(folder / f"{number}.txt", letter_text(f"云民函〔2024〕{number}号"))
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lines(path: Path, **texts: str) -> None:
    rows = [json.dumps({"id": i, "text": t}, ensure_ascii=False) for i, t in texts.items()]
    write(path, "\n".join(rows) + "\n")


def run(store: Store, *inbox: Path, model: FakeModel | None = None) -> Tally:
    return update(inbox, store, model or FakeModel())[1]


def counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.added, tally.changed, tally.removed, tally.unchanged


def ids(store: Store) -> list[str]:
    reader = store.current()
    return sorted([*(head.id for head in reader.letters()), *reader.set_aside()])


def test_new_files_are_added(store: Store, inbox: Path) -> None:
    tally = run(store, inbox)
    assert counts(tally) == (3, 0, 0, 0)
    assert ids(store) == ["7.txt", "8.txt", "9.txt"]
    assert tally.passages == store.current().snapshot.passages


def test_a_second_run_changes_nothing_and_publishes_nothing(store: Store, inbox: Path) -> None:
    run(store, inbox)
    before, model = store.current().snapshot, FakeModel()
    tally = run(store, inbox, model=model)
    assert counts(tally) == (0, 0, 0, 3)
    assert (tally.passages, model.embedded) == (0, [])
    assert store.current().snapshot == before


def test_only_a_changed_file_is_embedded_again(store: Store, inbox: Path) -> None:
    run(store, inbox)
    write(inbox / "8.txt", letter_text("云民函〔2024〕80号"))
    model = FakeModel()
    assert counts(run(store, inbox, model=model)) == (0, 1, 0, 2)
    assert model.embedded == ["8.txt"]
    assert store.current().letter("8.txt").value("number") == "云民函〔2024〕80号"


def test_the_letters_of_a_deleted_file_are_dropped(store: Store, inbox: Path) -> None:
    run(store, inbox)
    (inbox / "8.txt").unlink()
    assert counts(run(store, inbox)) == (0, 0, 1, 2)
    assert ids(store) == ["7.txt", "9.txt"]


def test_a_renamed_file_is_one_letter_under_its_new_name(store: Store, inbox: Path) -> None:
    run(store, inbox)
    (inbox / "8.txt").rename(inbox / "10.txt")
    assert counts(run(store, inbox)) == (1, 0, 1, 2)
    assert ids(store) == ["10.txt", "7.txt", "9.txt"]


def test_files_given_one_by_one_never_drop_others(store: Store, inbox: Path) -> None:
    run(store, inbox)
    (inbox / "8.txt").unlink()
    assert counts(run(store, inbox / "7.txt")) == (0, 0, 0, 1)
    assert len(ids(store)) == 3


def test_a_folder_drops_only_what_stood_under_it(store: Store, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "inbox2"  # a name that begins like the other folder's
    write(other / "x.txt", letter_text())
    run(store, inbox, other)
    (other / "x.txt").unlink()
    write(other / "y.txt", letter_text("云民函〔2024〕10号"))
    assert counts(run(store, inbox)) == (0, 0, 0, 3)
    assert "x.txt" in ids(store)
    assert counts(run(store, other)) == (1, 0, 1, 0)


def test_a_letter_in_a_folder_within_is_named_by_its_path(store: Store, inbox: Path) -> None:
    write(inbox / "2024年" / "甲.txt", letter_text())
    run(store, inbox)
    assert "2024年/甲.txt" in ids(store)


@pytest.mark.parametrize(
    "name", ["README.txt", "readme.html", ".hidden.txt", ".git/a.txt", "~$a.docx", "__x/a.txt"]
)
def test_files_that_are_no_letters_are_passed_over(store: Store, inbox: Path, name: str) -> None:
    write(inbox / name, letter_text())
    tally = run(store, inbox)
    assert (tally.added, tally.refused) == (3, [])


def test_a_refused_file_does_not_stop_the_others_and_leaves_nothing(
    store: Store, inbox: Path
) -> None:
    write(inbox / "0.txt", "")
    write(inbox / "8a.odt", "什么")
    write(inbox / "8b.txt", "\u200b\n")
    tally = run(store, inbox)
    assert counts(tally) == (3, 0, 0, 0)
    assert [(r.file, r.code) for r in tally.refused] == [
        ("0.txt", "empty_file"),
        ("8a.odt", "unsupported_format"),
        ("8b.txt", "empty_file"),
    ]
    assert all(r.file in r.message and "请" in r.message for r in tally.refused)
    assert ids(store) == ["7.txt", "8.txt", "9.txt"]


def test_a_refused_file_is_tried_again_and_read_once_mended(store: Store, inbox: Path) -> None:
    write(inbox / "0.txt", "")
    assert len(run(store, inbox).refused) == 1
    assert len(run(store, inbox).refused) == 1
    write(inbox / "0.txt", letter_text("云民函〔2024〕1号"))
    assert counts(run(store, inbox)) == (1, 0, 0, 3)


def test_a_file_that_becomes_unreadable_loses_its_letters(store: Store, inbox: Path) -> None:
    run(store, inbox)
    (inbox / "8.txt").write_bytes(b"\x00\x01\x02\x00" * 50)
    tally = run(store, inbox)
    assert counts(tally) == (0, 0, 1, 2)
    assert [r.file for r in tally.refused] == ["8.txt"]
    assert ids(store) == ["7.txt", "9.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_refused(store: Store, inbox: Path) -> None:
    (inbox / "8.txt").chmod(0)
    assert [r.code for r in run(store, inbox).refused] == ["unreadable_path"]


def test_the_same_id_in_two_files_is_refused_with_both_names(store: Store, inbox: Path) -> None:
    lines(inbox / "a.jsonl", x1=letter_text())
    lines(inbox / "b.jsonl", x1=letter_text(), x2=letter_text())
    tally = run(store, inbox)
    assert [(r.file, r.code) for r in tally.refused] == [("b.jsonl", "duplicate_id")]
    assert "x1" in tally.refused[0].message
    assert "a.jsonl" in tally.refused[0].message
    assert {"x1", "x2"} <= set(ids(store))


def test_a_letter_that_moves_to_another_file_is_back_after_the_next_run(
    store: Store, inbox: Path
) -> None:
    lines(inbox / "a.jsonl", x1=letter_text())
    lines(inbox / "b.jsonl", x2=letter_text())
    run(store, inbox)
    lines(inbox / "a.jsonl", x1=letter_text(), x2=letter_text())
    lines(inbox / "b.jsonl", x3=letter_text())
    run(store, inbox)
    assert not run(store, inbox).refused
    assert {"x1", "x2", "x3"} <= set(ids(store))


def test_an_edited_line_embeds_only_its_own_letter(store: Store, inbox: Path) -> None:
    lines(inbox / "a.jsonl", x1=letter_text(), x2=letter_text(), x3=letter_text())
    run(store, inbox)
    lines(inbox / "a.jsonl", x1=letter_text(), x2=letter_text(subject="加装电梯"), x4=letter_text())
    model = FakeModel()
    tally = run(store, inbox, model=model)
    assert counts(tally) == (1, 1, 1, 4)
    assert model.embedded == ["x2", "x4"]
    assert {"x1", "x2", "x4"} <= set(ids(store))
    assert "x3" not in ids(store)


def test_a_bad_line_is_named_and_the_rest_goes_on(store: Store, inbox: Path) -> None:
    lines(inbox / "a.jsonl", x1=letter_text(), x2=letter_text())
    with (inbox / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("{坏\n")
    for _ in range(2):  # each run reports it again
        tally = run(store, inbox)
        assert [(r.file, r.code) for r in tally.refused] == [("a.jsonl", "bad_line")]
        assert "第3行" in tally.refused[0].message
    assert {"x1", "x2"} <= set(ids(store))
    (inbox / "a.jsonl").unlink()
    assert counts(run(store, inbox)) == (0, 0, 2, 3)


def test_a_path_that_does_not_exist_is_wrong_use_and_writes_nothing(
    store: Store, inbox: Path
) -> None:
    run(store, inbox)
    before = store.current().snapshot
    with pytest.raises(WrongUse, match=r"gone\.txt"):
        run(store, inbox / "gone.txt")
    assert store.current().snapshot == before


def test_a_model_that_fails_leaves_the_served_snapshot_and_frees_the_store(
    store: Store, inbox: Path
) -> None:
    run(store, inbox)
    before = store.current().snapshot
    write(inbox / "8.txt", letter_text("云民函〔2024〕80号"))

    class Broken(FakeModel):
        def passages(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise MemoryError

    with pytest.raises(MemoryError):
        run(store, inbox, model=Broken())
    assert store.current().snapshot == before
    assert counts(run(store, inbox)) == (0, 1, 0, 2)


def test_two_updates_at_once_are_refused(store: Store, inbox: Path) -> None:
    with store.draft(), pytest.raises(StoreBusy):
        run(store, inbox)


def test_a_rebuild_embeds_everything_again(store: Store, inbox: Path) -> None:
    run(store, inbox)
    model = FakeModel()
    update([inbox], store, model, rebuild=True)
    assert model.embedded == ["7.txt", "8.txt", "9.txt"]
    assert len(ids(store)) == 3


def test_progress_counts_every_letter_once(store: Store, inbox: Path) -> None:
    seen: list[int] = []
    update([inbox], store, FakeModel(), tick=lambda _, count: seen.append(count))
    assert sum(seen) == 3
    seen.clear()
    update([inbox], store, FakeModel(), tick=lambda _, count: seen.append(count))
    assert sum(seen) == 3


def test_another_process_reads_what_was_published(inbox: Path, tmp_path: Path) -> None:
    run(local(tmp_path), inbox)
    again = LocalStore(tmp_path / "data", fingerprint={"model": "fake"}, tokenize=tokenize)
    assert ids(again) == ["7.txt", "8.txt", "9.txt"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside.txt"
    inbox.mkdir()
    outside.write_text("不该被编入的文字。", encoding="utf-8")
    (inbox / "link.txt").symlink_to(outside)
    store = MemoryStore()
    _, tally = update([inbox], store, FakeModel())
    assert [refused.code for refused in tally.refused] == ["unreadable_path"]
    assert tally.added == 0


def test_of_many_bad_lines_the_first_are_told_and_the_rest_counted(
    store: Store, tmp_path: Path
) -> None:
    good = json.dumps({"id": "好", "text": letter_text()}, ensure_ascii=False)
    write(tmp_path / "all.jsonl", "{\n" * (MOST_OF_ONE + 500) + good + "\n")
    write(tmp_path / "later.doc", "旧格式")
    tally = run(store, tmp_path / "all.jsonl", tmp_path / "later.doc")
    *told, rest, later = tally.refused
    assert (len(told), tally.refused_more) == (MOST_OF_ONE, 499)
    assert (rest.code, "另有 500 行" in rest.message) == ("bad_line", True)
    assert later.file == "later.doc"
    assert ids(store) == ["好"]


def test_letters_of_a_file_that_vanishes_meanwhile_are_not_counted(
    tmp_path: Path, inbox: Path
) -> None:
    def vanish(name: str, _: int) -> None:
        (inbox / name).unlink()

    _, tally = update([inbox / "7.txt", inbox / "8.txt"], local(tmp_path), FakeModel(), tick=vanish)
    assert counts(tally) == (0, 0, 0, 0)
    assert [refused.file for refused in tally.refused] == ["7.txt", "8.txt"]
    assert all("没有这个文件" in refused.message for refused in tally.refused)


def test_an_integer_that_is_too_long_is_refused_in_chinese(store: Store, tmp_path: Path) -> None:
    write(tmp_path / "all.jsonl", '{"id": ' + "9" * 5000 + "}\n{\n")
    long, broken = run(store, tmp_path / "all.jsonl").refused
    assert "有一个整数超过 4300 位" in long.message
    assert "不是合法的 JSON（从第 2 个字起读不下去）" in broken.message


def test_names_of_windows_become_ids_and_are_known_again(store: Store, inbox: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(inbox) + b"/" + "答复.txt".encode("gbk")))
    write(path, letter_text("云民函〔2024〕1号"))
    assert counts(run(store, inbox)) == (4, 0, 0, 0)
    assert "答复.txt" in ids(store)
    assert counts(run(store, inbox)) == (0, 0, 0, 4)
    path.unlink()
    assert counts(run(store, inbox)) == (0, 0, 1, 3)


def test_names_and_ids_that_lead_elsewhere_are_refused_and_the_rest_goes_on(
    store: Store, inbox: Path
) -> None:
    write(inbox / "a\nb.txt", letter_text())
    os.mkfifo(inbox / "管道.txt")
    lines(inbox / "all.jsonl", **{"x/../../staff/logout": letter_text(), "好": letter_text()})
    tally = run(store, inbox)
    assert {r.code for r in tally.refused} == {"bad_id", "bad_line", "unreadable_path"}
    assert all(r.file.isprintable() for r in tally.refused)
    assert ids(store) == ["7.txt", "8.txt", "9.txt", "好"]


def test_a_file_that_goes_while_it_is_indexed_is_refused(store: Store, inbox: Path) -> None:
    lines(inbox / "0.jsonl", a=letter_text())
    tally = update(
        [inbox],
        store,
        FakeModel(),
        tick=lambda *_: [p.unlink(missing_ok=True) for p in inbox.glob("9*")],
    )[1]
    assert [(r.file, r.code) for r in tally.refused] == [("9.txt", "unreadable_path")]
    assert ids(store) == ["7.txt", "8.txt", "a"]


def test_a_text_that_is_too_long_or_too_slow_to_read_is_refused(store: Store, inbox: Path) -> None:
    write(inbox / "8.txt", "字" * 1001)
    lines(inbox / "all.jsonl", a="字" * 1001, b=letter_text())
    limits = Limits(letter_length=1000)
    tally = update([inbox], store, FakeModel(), limits=limits)[1]
    assert [r.code for r in tally.refused] == ["too_large", "too_large"]
    assert ids(store) == ["7.txt", "9.txt", "b"]


@pytest.mark.parametrize("what", ["letter", "file"])
@pytest.mark.parametrize("code", ["too_slow", "resource_limit"])
def test_what_could_not_be_read_in_time_stays_as_it_was_until_the_next_run(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch, what: str, code: str
) -> None:
    run(store, inbox)
    write(inbox / "8.txt", letter_text("云民函〔2024〕8号", body="一、情况\n新的说法。"))

    def busy(*_: object, **__: object) -> NoReturn:
        raise UnreadableFile(code, "读取用了 20 秒还没有完")

    with monkeypatch.context() as patch:
        if what == "letter":
            patch.setattr(Reading, "letter", busy)
        else:
            patch.setattr(parsed, "parse", busy)
        tally = run(store, inbox)
    assert [(r.file, r.code) for r in tally.refused] == [("8.txt", code)]
    assert "以前的一份照旧在用" in tally.refused[0].message
    assert counts(tally) == (0, 0, 0, 3)
    assert "新的说法" not in store.current().letter("8.txt").text
    assert counts(run(store, inbox)) == (0, 1, 0, 2)
    assert "新的说法" in store.current().letter("8.txt").text


def test_what_came_beside_a_text_is_bounded_too(store: Store, inbox: Path) -> None:
    row = {"id": "a", "text": letter_text(), "title": "题" * 2001}
    write(inbox / "all.jsonl", json.dumps(row))
    assert [r.code for r in run(store, inbox).refused] == ["too_large"]


def test_what_is_held_back_is_reported_with_its_marks_and_what_to_do(
    store: Store, inbox: Path
) -> None:
    write(inbox / "7.txt", "公开属性：主动公开\n" + letter_text() + "\n（此件不予公开）")
    write(inbox / "8.txt", "公开属性：酌情\n" + letter_text("云民函〔2024〕8号"))
    write(inbox / "9.txt", "公开属性：不予公开\n" + letter_text("云民函〔2024〕9号"))
    tally = run(store, inbox)
    found = {held.letter: held for held in tally.held_back}
    assert {name: held.publicity for name, held in found.items()} == {
        "7.txt": "closed",
        "8.txt": "held",
    }
    assert "“此件不予公开”" in found["7.txt"].message
    assert "互相矛盾" in found["7.txt"].message
    assert "公开属性：酌情" in found["8.txt"].message
    assert all(head.publicity != "public" for head in store.current().letters())


@pytest.mark.parametrize("unmarked", ["public", "held"])
def test_letters_without_a_mark_are_as_they_are_asked_for(
    store: Store, inbox: Path, unmarked: Publicity
) -> None:
    _, tally = update([inbox], store, FakeModel(), unmarked=unmarked)
    assert {head.publicity for head in store.current().letters()} == {unmarked}
    assert len(tally.held_back) == (3 if unmarked == "held" else 0)


def test_a_line_with_a_publicity_is_as_it_says_and_one_with_another_key_is_refused(
    store: Store, tmp_path: Path
) -> None:
    rows = [
        {"id": "a", "text": letter_text("云民函〔2024〕1号"), "publicity": "closed"},
        {"id": "b", "text": letter_text("云民函〔2024〕2号"), "公开": "closed"},
        {"id": "c", "text": letter_text("云民函〔2024〕3号"), "publicity": "geheim"},
        {"id": "d", "text": letter_text("云民函〔2024〕4号"), "publicity": "主动公开"},
    ]
    write(tmp_path / "a.jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    tally = run(store, tmp_path / "a.jsonl")
    assert {head.id: head.publicity for head in store.current().letters()} == {
        "a": "closed",
        "d": "public",
    }
    key, value = tally.refused
    assert (key.code, value.code) == ("bad_line", "bad_line")
    assert "公开" in key.message
    assert "第3行（编号 c）" in value.message
    assert "geheim" in value.message


def test_the_letters_of_an_archive_are_named_after_it_and_its_bad_ones_are_told(
    store: Store, tmp_path: Path
) -> None:
    inbox = tmp_path / "一批"
    (inbox / "水务").mkdir(parents=True)
    members = [(f"{n}.txt", letter_text(f"云民函〔2024〕{n}号")) for n in (7, 8)]
    archive = inbox / "水务" / "三月.zip"
    archive.write_bytes(hostile.package([*members, ("坏.docx", "x")]))
    tally = run(store, inbox)
    assert ids(store) == ["水务/三月.zip/7.txt", "水务/三月.zip/8.txt"]
    (refused,) = tally.refused
    assert (refused.file, refused.code) == ("水务/三月.zip", "format_mismatch")
    assert "坏.docx" in refused.message
    archive.write_bytes(hostile.package(members[:1]))
    assert counts(run(store, inbox)) == (0, 0, 1, 1)
    assert counts(run(store, inbox)) == (0, 0, 0, 1)

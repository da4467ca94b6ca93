"""Shards change nothing: what is put from them is what one process would have put."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="fuwen[ray] is not installed: no pyarrow to keep shards")

from indexer.whole import indexed
from kb.errors import RunnerFailed, UnreadableFile
from kb.intake.corrections import correct
from kb.staff.database import NAME, opened
from kb.store import orders
from tests.support import sharded
from tests.support.asking import FakeModel, letter_text
from tests.support.promises import WANG
from tests.support.sharded import Inline, assert_same, base, both, contents, inbox_of, told


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    sharded.small(monkeypatch)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in (7, 8, 9):
        text = letter_text(f"云民函〔2024〕{number}号", proposal=f"08{number}")
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


def lines(path: Path, **texts: str) -> None:
    rows = [json.dumps({"id": i, "text": t}, ensure_ascii=False) for i, t in texts.items()]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_every_kind_of_file_and_fault_comes_out_as_by_one_process(tmp_path: Path) -> None:
    model = FakeModel()
    plain, ahead = base(tmp_path / "a"), base(tmp_path / "b", Inline(), model=model)
    inbox = inbox_of(tmp_path / "inbox", every=3)
    report, _ = both(inbox, plain, ahead)
    codes = {refused.code for refused in report.tally.refused}
    expected = {"bad_line", "damaged_file", "empty_file", "duplicate_id", "several_letters"}
    assert codes >= expected
    assert report.tally.held_back
    assert report.registers["rows"] == 1
    assert contents(ahead)["hidden"]
    assert model.embedded == [], "all that was embedded was embedded ahead"
    assert not (tmp_path / "b" / "shards").exists()
    # What changes afterwards: a line, a file, a file that went away.
    (inbox / "公交出行.pdf").unlink()
    (inbox / "云交函〔2022〕19号.txt").write_text(letter_text("云交函〔2022〕19号"), "utf-8")
    path = inbox / "大批.jsonl"
    path.write_text(path.read_text("utf-8").replace("黄", "王").replace("86号", "87号"), "utf-8")
    both(inbox, plain, ahead)
    both(inbox, plain, ahead, rebuild=True)
    assert model.embedded == []


def test_of_a_changed_bulk_file_only_the_new_lines_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    texts = {f"x{n}": letter_text(f"云民函〔2024〕{n}号", proposal=f"{n}") for n in range(5)}
    lines(path, **texts)
    plain, ahead = base(tmp_path / "a"), base(tmp_path / "b", Inline())
    both(path, plain, ahead)
    lines(path, new=letter_text("云民函〔2024〕90号", subject="修路", proposal="90"), **texts)
    report, _ = both(path, plain, ahead)
    assert (report.tally.added, report.tally.unchanged) == (1, 5)


def test_what_has_vectors_is_not_embedded_again(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    class Noting(FakeModel):
        def passages(self, letter, passages):  # type: ignore[no-untyped-def]
            seen.extend(f"{letter.id}:{p.span.start}" for p in passages)
            return super().passages(letter, passages)

    plain = base(tmp_path / "a")
    ahead = base(tmp_path / "b", Inline(), load=lambda _: Noting())
    both(inbox, plain, ahead)
    assert seen
    seen.clear()
    both(inbox, plain, ahead, rebuild=True)
    assert seen == []
    for path in sorted(inbox.iterdir()):
        path.rename(path.with_name(f"新{path.name}"))
    both(inbox, plain, ahead)
    assert seen == []


def test_a_lost_vector_is_made_here(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = FakeModel()
    plain, ahead = base(tmp_path / "a"), base(tmp_path / "b", Inline(), model=model)
    monkeypatch.setattr("indexer.shards.work._is_known", lambda key, known: True)
    both(inbox, plain, ahead)
    assert set(model.embedded) == {"7.txt", "8.txt", "9.txt"}


def test_corrections_of_staff_hold(tmp_path: Path, inbox: Path) -> None:
    plain, ahead = base(tmp_path / "a"), base(tmp_path / "b", Inline())
    path = inbox / "all.jsonl"
    lines(
        path, **{f"x{n}": letter_text(f"云民函〔2023〕{n}号", proposal=f"{n}") for n in (1, 2, 3)}
    )
    both(inbox, plain, ahead)
    for one in (plain, ahead):
        with opened(one.settings.data / NAME) as database:
            for letter in ("8.txt", "x1", "x3"):
                correct(database, letter, {"issuer": ("", "青山县水利局")}, by=WANG)
    for rebuild in (False, True):
        report, _ = both(inbox, plain, ahead, rebuild=rebuild)
        assert report.tally.changed >= 3
        for letter in ("8.txt", "x1", "x3"):
            assert ahead.store.current().letter(letter).value("issuer") == "青山县水利局"
        assert ahead.store.current().letter("x2").value("issuer") != "青山县水利局"


def test_what_was_taken_down_stays_away(tmp_path: Path, inbox: Path) -> None:
    plain, ahead = base(tmp_path / "a"), base(tmp_path / "b", Inline())
    for one in (plain, ahead):
        one.settings.data.mkdir()
        order = orders.Order(sha256="", words="", at="2026-01-01T00:00:00", reason="试")
        orders.add(one.settings.data, {"8.txt": order})
    report, _ = both(inbox, plain, ahead)
    assert [refused.code for refused in report.tally.refused] == ["taken_down"]


def test_a_file_that_changes_meanwhile_is_read_as_it_is_in_the_end(
    tmp_path: Path, inbox: Path
) -> None:
    class Changing(Inline):
        def run(self, calls):  # type: ignore[no-untyped-def]
            yield from super().run(calls)
            text = letter_text("云民函〔2024〕8号", body="全市新修道路12条。", proposal="088")
            (inbox / "8.txt").write_text(text, "utf-8")

    ahead = base(tmp_path / "b", Changing())
    report = indexed([inbox], ahead)
    assert (report.tally.added, report.tally.refused) == (3, [])
    assert "新修道路" in ahead.store.current().letter("8.txt").text
    plain = base(tmp_path / "a")
    assert told(indexed([inbox], plain)) == told(report)
    assert_same(plain, ahead)


@pytest.mark.parametrize("code", ["too_slow", "resource_limit", "unreadable_path"])
def test_what_a_host_could_not_read_in_time_is_tried_again_here(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    real, parse = sharded.work._embedded, sharded.work.parse

    def embedded(row, *given, **more):  # type: ignore[no-untyped-def]
        made = real(row, *given, **more)
        if made.source.endswith("8.txt"):
            told = {**json.loads(made.content), "code": code, "message": "那台主机太忙"}
            return replace(made, kind="refused", content=json.dumps(told), keys=(), vectors=())
        return made

    def parsed(path: Path, **given: object) -> Iterator[object]:
        if path.name == "9.txt":
            raise UnreadableFile(code, "那台主机太忙")
        return parse(path, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(sharded.work, "_embedded", embedded)
    monkeypatch.setattr(sharded.work, "parse", parsed)
    report, _ = both(inbox, base(tmp_path / "a"), base(tmp_path / "b", Inline()))
    assert (report.tally.added, report.tally.refused) == (3, [])


def test_an_aborted_run_goes_on_where_it_was(tmp_path: Path, inbox: Path) -> None:
    first = Inline(most=2)
    with pytest.raises(KeyboardInterrupt):
        indexed([inbox], base(tmp_path / "b", first))
    assert first.made == ["parse_files", "embed_slice"]
    (inbox / "more.txt").write_text(letter_text("云民函〔2024〕99号", proposal="99"), "utf-8")
    (inbox / "more.txt").unlink()
    second = Inline()
    steps: list[tuple[str, int]] = []
    ahead = base(tmp_path / "b", second)
    report = indexed([inbox], ahead, tick=lambda name, done: steps.append((name, done)))
    assert second.made == ["embed_slice"] * 2
    assert steps[0] == ("第二遍，算向量：1/3 片", 1)
    assert sum(done for _, done in steps) == report.tally.added == 3
    plain = base(tmp_path / "a")
    indexed([inbox], plain)
    assert_same(plain, ahead)


@pytest.mark.parametrize("damage", ["parsed.parquet", "-00000.parquet"])
def test_a_damaged_shard_is_made_anew(tmp_path: Path, inbox: Path, damage: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        indexed([inbox], base(tmp_path / "b", Inline(most=3)))
    (shard,) = (p for p in (tmp_path / "b" / "shards").iterdir() if p.name.endswith(damage))
    shard.write_bytes(shard.read_bytes()[:100])
    ahead, plain = base(tmp_path / "b", Inline()), base(tmp_path / "a")
    indexed([inbox], ahead)
    indexed([inbox], plain)
    assert_same(plain, ahead)


def test_a_plain_run_clears_away_what_was_left(tmp_path: Path, inbox: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        indexed([inbox], base(tmp_path / "b", Inline(most=2)))
    assert any((tmp_path / "b" / "shards").iterdir())
    indexed([inbox], base(tmp_path / "b"))
    assert not (tmp_path / "b" / "shards").exists()


def test_a_host_of_another_make_is_told(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sharded.work.shape
    monkeypatch.setattr(
        "indexer.shards.ahead.shape", lambda terms: (*real(terms), ("letter_rules", "new"))
    )
    with pytest.raises(RunnerFailed, match=r"与发起的主机不同（letter_rules）"):
        indexed([inbox], base(tmp_path / "b", Inline()))


def test_a_host_that_cannot_see_the_folders_is_told(tmp_path: Path, inbox: Path) -> None:
    class Elsewhere(Inline):
        """Makes its calls on a host that has another folder in that place."""

        def __init__(self, gone: Path) -> None:
            super().__init__()
            self._gone = gone

        def run(self, calls):  # type: ignore[no-untyped-def]
            aside = self._gone.with_name("aside")
            self._gone.rename(aside)
            self._gone.mkdir()
            try:
                yield from super().run(calls)
            finally:
                self._gone.rmdir()
                aside.rename(self._gone)

    for gone in (inbox, tmp_path / "b" / "shards"):
        with pytest.raises(RunnerFailed, match=f"看不到文件夹 {gone}.*同一个共享文件夹"):
            indexed([inbox], base(tmp_path / "b", Elsewhere(gone)))

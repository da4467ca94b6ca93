"""What was embedded once is taken from the file, and nothing of a dropped letter stays in it."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from kb.store.vector_cache import AT_ONCE, NAME, VectorCache
from kb.types import Letter
from tests.support.asking import FakeModel
from tests.support.fakes import cut, make_letter


def embed(cache: VectorCache, letter: Letter) -> tuple[object, ...]:
    wholes, parts = cache.passages(letter, cut(letter))
    return wholes.tolist(), [part.tolist() for part in parts]


def kept(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [row[0] for row in database.execute("SELECT letter FROM vector ORDER BY letter")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / NAME


def test_a_passage_is_embedded_once_and_its_vectors_are_as_the_store_keeps_them(path: Path) -> None:
    letter, model = make_letter("a", "路灯已装好。明年再装十盏。\n水管在换。"), FakeModel()
    with VectorCache(path, model) as cache:
        first = cache.passages(letter, cut(letter))
    with VectorCache(path, model) as cache:
        again = cache.passages(letter, cut(letter))
    assert model.embedded == ["a"]
    assert np.array_equal(first[0].astype(np.float16), again[0].astype(np.float16))
    for one, other in zip(first[1], again[1], strict=True):
        assert np.array_equal(one.astype(np.float16), other.astype(np.float16))


def test_of_a_changed_letter_only_the_changed_passage_is_embedded(path: Path) -> None:
    model = FakeModel()
    asked: list[int] = []

    class Counting(FakeModel):
        def passages(self, letter, passages):  # type: ignore[no-untyped-def]
            asked.append(len(passages))
            return model.passages(letter, passages)

    with VectorCache(path, Counting()) as cache:
        embed(cache, make_letter("a", "路灯已装好。\n水管在换。\n桥在修。"))
        embed(cache, make_letter("a", "路灯已装好。\n水管换好了。\n桥在修。"))
    assert asked == [3, 1]


def test_another_model_another_title_or_other_sentences_are_another_vector(path: Path) -> None:
    model = FakeModel()
    with VectorCache(path, model) as cache:
        embed(cache, make_letter("a"))
        embed(cache, make_letter("a", title="关于议案的答复"))
        letter = make_letter("a")
        whole = list(cut(letter))
        one = [type(p)(letter_id="a", span=p.span, headings=(), sentences=(p.span,)) for p in whole]
        cache.passages(letter, one)
    other = FakeModel()
    other.name = "fake:2"
    with VectorCache(path, other) as cache:
        embed(cache, make_letter("a"))
    assert (len(model.embedded), len(other.embedded)) == (3, 1)


def test_the_vectors_of_letters_that_are_gone_or_changed_are_overwritten(path: Path) -> None:
    with VectorCache(path, FakeModel()) as cache:
        embed(cache, make_letter("a", "路灯已装好。"))
        embed(cache, make_letter("b", "水管在换。"))
        cache.tidy(["a", "b"])
    with VectorCache(path, FakeModel()) as cache:
        embed(cache, make_letter("a", "路灯装了十盏。"))
        cache.tidy(["a"])
    assert kept(path) == ["a"]


def test_a_renamed_letter_keeps_its_vectors(path: Path) -> None:
    model = FakeModel()
    with VectorCache(path, model) as cache:
        embed(cache, make_letter("old"))
    with VectorCache(path, model) as cache:
        embed(cache, make_letter("new"))
        cache.tidy(["new"])
    assert (model.embedded, kept(path)) == (["old"], ["new"])


def test_a_killed_run_has_on_the_disk_what_it_did(path: Path) -> None:
    child = os.fork()
    if not child:
        cache = VectorCache(path, FakeModel())
        for number in range(2 * AT_ONCE):
            embed(cache, make_letter(f"{number:03}", f"第{number}盏路灯已装好。"))
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    model = FakeModel()
    with VectorCache(path, model) as cache:
        for number in range(2 * AT_ONCE):
            embed(cache, make_letter(f"{number:03}", f"第{number}盏路灯已装好。"))
    assert model.embedded == []


def test_a_run_killed_within_a_long_letter_has_on_the_disk_what_it_did(path: Path) -> None:
    letter = make_letter("a", "\n".join(f"第{n}盏路灯已装好。" for n in range(3 * AT_ONCE)))
    counts: list[int] = []

    class Dying(FakeModel):
        def passages(self, letter, passages):  # type: ignore[no-untyped-def]
            if len(counts) == 2:
                raise KeyboardInterrupt
            counts.append(len(passages))
            return super().passages(letter, passages)

    cache = VectorCache(path, Dying())
    with pytest.raises(KeyboardInterrupt):
        embed(cache, letter)
    assert counts == [AT_ONCE, AT_ONCE]
    cache._close()  # as when the process is killed: what is not on the disk is lost
    counts.clear()
    with VectorCache(path, Dying()) as again:
        embed(again, letter)
    assert counts == [AT_ONCE]


def test_a_damaged_file_is_made_anew(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 400)
    model = FakeModel()
    for _ in range(2):
        with VectorCache(path, model) as cache:
            embed(cache, make_letter("a"))
    assert model.embedded == ["a"]


def test_where_the_file_cannot_be_written_the_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with VectorCache(tmp_path / "data" / NAME, FakeModel()) as cache:
        assert embed(cache, make_letter("a"))
        cache.tidy(["a"])


def test_a_full_cache_takes_no_more(path: Path) -> None:
    model = FakeModel()
    for _ in range(2):
        with VectorCache(path, model, largest=1) as cache:
            embed(cache, make_letter("a"))
    assert model.embedded == ["a", "a"]


def test_vectors_in_which_a_bit_flipped_are_made_anew(path: Path) -> None:
    letter, model = make_letter("a", "路灯已装好。\n水管在换。"), FakeModel()
    with VectorCache(path, model) as cache:
        sound = cache.passages(letter, cut(letter))[0]
    with closing(sqlite3.connect(path)) as database, database:
        key, rows = database.execute("SELECT key, rows FROM vector").fetchone()
        flipped = rows[:3] + bytes([rows[3] ^ 64]) + rows[4:]
        database.execute("UPDATE vector SET rows = ? WHERE key = ?", (flipped, key))
    for embedded in (2, 2):
        with VectorCache(path, model) as cache:
            np.testing.assert_allclose(cache.passages(letter, cut(letter))[0], sound, atol=1e-3)
        assert len(model.embedded) == embedded


def test_a_file_that_is_damaged_inside_is_made_anew_by_the_next_run(path: Path) -> None:
    letters = [make_letter(f"{n:03}", f"第{n}盏路灯已装好。" * 9) for n in range(80)]

    def run() -> int:
        model = FakeModel()
        with VectorCache(path, model) as cache:
            for letter in letters:
                embed(cache, letter)
            cache.tidy([letter.id for letter in letters])
        return len(model.embedded)

    assert run() == 80
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)
    assert run() > 0
    assert run() == 80
    assert run() == 0

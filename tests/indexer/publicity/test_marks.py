"""Marks of publicity are found in every shape and place, and sentences about it are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.publicity.marks import marks
from indexer.publicity.words import plain
from kb.types import Letter, Publicity
from tests.indexer.publicity.marked import BARRED, FREE, MARKS, TRAPS, letter

HERE = Path(__file__).parent
PLACES = ("head", "midst", "foot")
ANNEX = "\n附件：老东门夜市治理台账\n" + "第{n}项：更换路灯、疏通管道，已于当年办结。\n" * 400
DEVELOPMENT = HERE.parents[2] / "eval" / "annotations" / "publicity.jsonl"
FALSELY_HELD = 0.02  # of the public letters of the development sets, at most


def shown(text: str, *, front: str = "") -> Letter:
    return read(Raw(id=None, text=text, front=front), letter_id="x", source="x.txt")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("words", "level"), MARKS)
def test_a_mark_is_read_wherever_it_stands(words: str, level: Publicity, place: str) -> None:
    assert shown(letter(**{place: words})).publicity == level


def more(name: str) -> list[str]:
    """The lines of a file beside this one; ``\\n`` and ``\\t`` in them are a line end and a tab."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n").replace("\\t", "\t") for line in lines]


@pytest.mark.parametrize("place", PLACES)
def test_more_marks_are_read(place: str) -> None:
    public = {
        words
        for words in more("marks.txt")
        if shown(letter(**{place: words})).publicity == "public"
    }
    assert public == set()


@pytest.mark.parametrize("place", PLACES)
def test_what_could_be_a_mark_holds_its_letter_back_where_it_stands_alone(place: str) -> None:
    """On a line of their own these are as likely a mark: in doubt a letter is held."""
    public = {
        words
        for words in more("doubtful.txt")
        if shown(letter(**{place: words})).publicity == "public"
    }
    assert public == set()


@pytest.mark.parametrize("place", PLACES)
def test_more_sentences_hold_nothing_back(place: str) -> None:
    found = {words: shown(letter(**{place: words})) for words in more("traps.txt")}
    assert {
        words for words, read in found.items() if read.publicity != "public" or read.flags
    } == set()


@pytest.mark.parametrize(("words", "level"), MARKS)
def test_a_mark_above_a_long_annex_is_read(words: str, level: Publicity) -> None:
    assert shown(letter(foot=words) + ANNEX).publicity == level


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("words", TRAPS)
def test_what_speaks_of_publicity_holds_nothing_back(words: str, place: str) -> None:
    found = shown(letter(**{place: words}))
    assert (found.publicity, found.flags) == ("public", ())


@pytest.mark.parametrize("words", BARRED)
def test_what_is_not_clearly_public_is_not_public(words: str) -> None:
    shown_at = {place: shown(letter(**{place: words})).publicity for place in PLACES}
    assert "public" not in shown_at.values(), shown_at


@pytest.mark.parametrize("words", FREE)
def test_public_marks_and_prose_hold_nothing_back(words: str) -> None:
    shown_at = {place: shown(letter(**{place: words})).publicity for place in PLACES}
    assert set(shown_at.values()) == {"public"}, shown_at


@pytest.mark.parametrize(
    ("front", "level"),
    [
        ("索引号：A1\n公开方式：依申请公开", "on_request"),
        ("公开属性：不予公开\n文号：云建函〔2024〕3号", "closed"),
        ("是否公开：否", "closed"),
        ("公开范围：面向全社会", "public"),
        ("公开类别：政策文件", "public"),
        ("公开形式：网站、公报", "public"),
        ("公开时限：长期公开", "public"),
        ("公开属性：其他", "held"),
    ],
)
def test_the_table_of_a_page_is_read(front: str, level: Publicity) -> None:
    assert shown(letter(), front=front).publicity == level
    assert shown(letter(head="公开属性：主动公开"), front=front).publicity == level


@pytest.mark.parametrize(("words", "level"), MARKS)
def test_the_strictest_mark_wins_and_a_public_one_beside_it_is_a_conflict(
    words: str, level: Publicity
) -> None:
    found = shown(letter(head="公开属性：主动公开", foot=words))
    filled = not words.endswith("：")  # of two labels one may stay empty
    assert found.publicity == (level if filled else "public")
    assert bool(found.flags) == filled


@pytest.mark.parametrize(("words", "level"), MARKS)
def test_the_marks_of_a_letter_stand_where_their_spans_say(words: str, level: Publicity) -> None:
    found = shown(letter(midst=words))
    assert found.lists["publicity"]
    for mark in found.lists["publicity"]:
        if mark.span:
            there = "".join(mark.span.of(found.text).split())
            assert there.startswith(mark.value) or mark.value.endswith(there)


@given(
    st.text(
        alphabet="公开不予依申请主动内部密秘★□☑√()（）：: \t\n是否A。，、\u3000的", max_size=200
    )
)
def test_any_text_is_read_and_spans_lie_within_it(text: str) -> None:
    for mark in marks(text):
        assert mark.span
        assert 0 <= mark.span.start < mark.span.end <= len(text)


@given(st.text(max_size=200))
def test_plain_text_has_the_same_length(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_every_letter_of_the_development_set_that_is_not_public_is_held_back() -> None:
    rows = [json.loads(line) for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]
    found = {row["id"]: shown(row["text"], front=row.get("front") or "") for row in rows}
    public = [row["id"] for row in rows if row["want"] == "public"]
    leaked = [
        row["id"]
        for row in rows
        if row["want"] != "public" and found[row["id"]].publicity == "public"
    ]
    assert leaked == []
    held = [name for name in public if found[name].publicity != "public"]
    assert len(held) <= FALSELY_HELD * len(public), held

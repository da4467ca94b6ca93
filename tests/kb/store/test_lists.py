"""What is asked of all letters at once: every store answers as one that goes through them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import LetterNotFound
from kb.query.directory import directory_of, names
from kb.query.given import directory
from kb.store.local import heads
from kb.store.protocol import SnapshotReader
from kb.text.tokens import tokens
from kb.types import Letter, Scope
from tests.support.fakes import make_letter
from tests.support.stores import STORES, local, put, varied_letters

SCOPES = [
    Scope(),
    Scope(public_only=True),
    Scope(year=2024),
    Scope(issuer="甲局", public_only=True),
    Scope(letter_ids=("03", "twin", "nowhere")),
    Scope(issuer="没有的局"),
    Scope(proposal_no="\ud800"),
]


def letters() -> list[Letter]:
    numbered = make_letter(
        "num",
        "云住函〔2024〕7号\n关于第0012号建议的答复\n收悉。\n水库。",
        title="关于临江市加装电梯的答复",
        issuer="临江市住房和城乡建设局",
        number="临住函(2024)7号",
        issued_on="2024-05-01",
        proposal_no="a012",
        kind="建议",
    )
    twin = make_letter("twin", "桥。", number="临住函〔2024〕7号", proposal_no="A12", kind="提案")
    return [*varied_letters(), numbered, twin, make_letter("zz", "没有要素。")]


@pytest.fixture(scope="module", params=STORES)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> object:
    return _published(request.param, tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    return _published("memory", tmp_path_factory.mktemp("oracle"))


def _published(name: str, folder: Path) -> SnapshotReader:
    store = STORES[name](folder)
    with store.draft() as draft:
        for letter in letters():
            put(draft, letter)
        draft.set_aside({"twin": ("num", "copy"), "05": ("04", "older")})
        draft.publish()
    return store.current()


@pytest.mark.parametrize("scope", SCOPES)
def test_lists_are_those_of_all_letters_gone_through(
    reader: SnapshotReader, oracle: SnapshotReader, scope: Scope
) -> None:
    assert list(reader.letters(scope)) == list(oracle.letters(scope))
    assert len(reader.letters(scope)) == len(oracle.letters(scope))
    for narrowed in (
        {"issuers": ["甲局"]},
        {"days": [("2024", "2024~"), ("2023-03", "2023-04-02")]},
    ):
        found = reader.letters(scope, **narrowed)
        assert list(found) == list(oracle.letters(scope, **narrowed))
        assert len(found) == len(list(found))
    assert list(reader.outlines(scope)) == list(oracle.outlines(scope))
    for words in ([["电梯"]], [["电梯", "道路"], ["答复"]], [["\ud800"]], [[]]):
        assert list(reader.outlines(scope, words=words)) == list(
            oracle.outlines(scope, words=words)
        )
    assert list(reader.ordinals(scope)) == list(oracle.ordinals(scope))
    for most in (1, 4, 100):
        assert list(reader.newest(most, scope)) == list(oracle.newest(most, scope))
    for what in ("issuer", "year", "publicity", "place"):
        assert dict(reader.tally(what, scope)) == dict(oracle.tally(what, scope))


def test_a_list_is_a_sequence_like_any(reader: SnapshotReader, oracle: SnapshotReader) -> None:
    found, every = reader.letters(), list(oracle.letters())
    assert found[0] == every[0]
    assert found[-1] == every[-1]
    assert list(found[2:5]) == every[2:5]
    assert list(found[::-2]) == every[::-2]
    assert list(found[90:]) == []
    assert every[3] in found
    with pytest.raises(IndexError):
        found[len(every)]


def test_long_lists_are_read_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "AT_ONCE", 2)
    reader = _published("local", tmp_path)
    expected = [one.id for one in letters() if one.id not in ("twin", "05")]
    assert [head.id for head in reader.letters()] == sorted(expected)
    assert [head.id for head, _ in reader.outlines(Scope())] == sorted(expected)


def test_letters_are_found_by_what_they_bear(
    reader: SnapshotReader, oracle: SnapshotReader
) -> None:
    for what in ("number", "own_number", "proposal_no"):
        assert reader.key_lengths(what) == oracle.key_lengths(what)
        for keys in (["临住函〔2024〕7号"], ["A12", "12", "3"], ["\ud800", "'\""], []):
            assert list(reader.bearing(what, keys)) == list(oracle.bearing(what, keys))
    assert {one.served for one in reader.bearing("number", ["临住函〔2024〕7号"])} == {"num"}
    assert [one.head.id for one in reader.bearing("own_number", ["12"])] == []


def test_a_head_is_that_of_any_letter_that_is_there(reader: SnapshotReader) -> None:
    assert reader.head("twin").kind == "提案"
    for absent in ("nowhere", "\ud800"):
        with pytest.raises(LetterNotFound):
            reader.head(absent)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_directory_asks_for_what_one_of_all_heads_holds(
    reader: SnapshotReader, scope: Scope
) -> None:
    aside = reader.set_aside().values()
    asked_for = directory_of(reader, scope)
    every = directory(reader.letters(scope), aside=aside, scope=scope)
    assert (asked_for.organs, asked_for.places) == (every.organs, every.places)
    assert set(asked_for.heads.years()) == set(every.heads.years())
    for question in (
        "临住函〔2024〕7号说了什么", "第12号提案怎么答复的", "第a12号建议", "第0003号建议",
        "临江市住建局的答复", "〔2024〕7号",
    ):  # fmt: skip
        words = tokens(question)
        assert names(question, asked_for, words=words) == names(question, every, words=words)
    for letter in letters():
        head = asked_for.heads.get(letter.id)
        assert head == every.heads.get(letter.id)
        assert (head is not None) == (letter.id in {one.id for one in reader.letters(scope)})


def test_amended_fields_are_listed_anew(tmp_path: Path) -> None:
    store = local(tmp_path)
    with store.draft() as draft:
        put(draft, make_letter("a", "水库。"))
        draft.publish()
    filled = make_letter("a", "水库。", number="甲〔2020〕1号", issued_on="2020-01-02")
    with store.draft() as draft:
        draft.registers.amend(filled)
        draft.publish()
    reader = store.current()
    assert [one.head.id for one in reader.bearing("number", ["甲〔2020〕1号"])] == ["a"]
    assert dict(reader.tally("year", Scope())) == {"2020": 1}
    assert reader.lexical(["水"], limit=5, scope=Scope(year=2020))

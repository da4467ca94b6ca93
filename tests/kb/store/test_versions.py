"""What every store does with versions, with any letter, and for several threads."""

from __future__ import annotations

import threading
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import NoSnapshot, WrongUse
from kb.store.protocol import Store
from kb.types import Field, Heading, Letter, Passage, Scope, Span
from tests.support.fakes import DIM, make_letter
from tests.support.stores import ALL, ask, publish, put, varied_letters, vector_of

# Versions


def test_versions_are_listed_newest_first_with_the_current_one_marked(store: Store) -> None:
    made = [publish(store, make_letter(one)).snapshot for one in "abc"]
    listed = store.versions()
    assert [one.snapshot for one in listed] == made[::-1]
    assert [one.current for one in listed] == [True, False, False]
    assert [one.trouble for one in listed] == [None] * 3
    assert [one.parent for one in made] == [None, made[0].version, made[1].version]
    assert len({one.version for one in made}) == 3


def test_the_reader_is_the_same_until_the_version_changes(store: Store) -> None:
    first = publish(store, make_letter("a"))
    assert store.current() is first
    second = publish(store, make_letter("b"))
    assert second is not first
    assert store.current() is second


def test_an_old_reader_goes_on_after_a_swap_and_a_prune(store: Store) -> None:
    old = publish(store, make_letter("a", "水库。"))
    publish(store, make_letter("b", "水库。"))
    assert store.prune(1) == [old.snapshot.version]
    assert [head.id for head in old.letters()] == ["a"]
    assert old.letter("a").id == "a"
    assert old.passage(0).letter_id == "a"
    assert ask(old, "水库") == ["a"]
    assert len(old.nearest(vector_of("水库"), limit=5, scope=Scope(letter_ids=("a",)))) == 1
    assert old.sentence_vectors(0).shape == old.vectors([0]).shape == (1, DIM)


def test_rolling_back_serves_the_parent_and_then_grows_from_it(store: Store) -> None:
    first = publish(store, make_letter("a")).snapshot
    second = publish(store, make_letter("b")).snapshot
    assert store.rollback() == first
    assert store.current().snapshot == first
    third = publish(store, make_letter("c"))
    assert third.snapshot.parent == first.version
    assert [head.id for head in third.letters()] == ["a", "c"]
    assert third.snapshot.version > second.version


def test_rolling_back_to_a_named_version_may_go_forward_too(store: Store) -> None:
    made = [publish(store, make_letter(one)).snapshot for one in "abc"]
    assert store.rollback(made[0].version) == made[0]
    assert store.rollback(made[2].version) == made[2]
    assert store.current().snapshot == made[2]


def test_the_first_version_has_nothing_to_roll_back_to(store: Store) -> None:
    publish(store, make_letter("a"))
    with pytest.raises(WrongUse, match="回退"):
        store.rollback()


@pytest.mark.parametrize("version", ["20200101T000000-00000000", "../..", "乱写"])
def test_an_unknown_version_is_refused_everywhere(store: Store, version: str) -> None:
    publish(store, make_letter("a"))
    with pytest.raises(NoSnapshot):
        store.verify(version)
    with pytest.raises(NoSnapshot):
        store.rollback(version)


def test_pruning_keeps_the_newest_and_the_current_one(store: Store) -> None:
    made = [publish(store, make_letter(one)).snapshot.version for one in "abcd"]
    store.rollback(made[0])
    assert store.prune(2) == [made[1]]
    assert [one.version for one in store.versions()] == [made[3], made[2], made[0]]
    assert store.prune(2) == []


def test_pruning_everything_is_refused(store: Store) -> None:
    publish(store, make_letter("a"))
    with pytest.raises(WrongUse):
        store.prune(0)


# Any letter at all

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    ["𠮷野家𡈽", "\x00", "　", "\u200b\u202e", "a\r\nb", "'\"; DROP TABLE letters"]
)
SPANS = st.builds(Span, start=st.integers(0, 50), end=st.integers(0, 50))
FIELDS = st.builds(Field, value=TEXT, span=st.none() | SPANS, rule=TEXT)
LETTERS = st.builds(
    Letter,
    id=TEXT,
    text=TEXT,
    sha256=TEXT,
    source=TEXT,
    title=st.none() | FIELDS,
    body=SPANS,
    fields=st.dictionaries(st.sampled_from(["issuer", "number", "issued_on"]), FIELDS),
    lists=st.dictionaries(TEXT, st.lists(FIELDS, max_size=2).map(tuple), max_size=2),
    headings=st.lists(
        st.builds(Heading, text=TEXT, level=st.integers(1, 5), span=SPANS), max_size=2
    ).map(tuple),
    pages=st.lists(st.integers(0, 99), max_size=3).map(tuple),
    publicity=st.sampled_from(["public", "held", "on_request", "closed"]),
    url=TEXT,
    flags=st.lists(TEXT, max_size=2).map(tuple),
)
CUTS = st.lists(
    st.tuples(SPANS, st.lists(TEXT, max_size=2).map(tuple), st.lists(SPANS, max_size=3).map(tuple)),
    max_size=2,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(letter=LETTERS, cuts=CUTS)
def test_any_letter_comes_back_exactly(store: Store, letter: Letter, cuts: list) -> None:
    passages = [
        Passage(letter_id=letter.id, span=span, headings=headings, sentences=sentences)
        for span, headings, sentences in cuts
    ]
    letter = replace(letter, sha256=sha256(letter.text.encode()).hexdigest())
    with store.draft() as draft:
        put(draft, letter, source=letter.id, digest=letter.url, passages=passages)
        draft.publish()
    reader = store.current()
    assert reader.letter(letter.id) == letter
    assert [reader.passage(o) for o in reader.passages_of(letter.id)] == passages


# Several threads


def test_one_reader_serves_several_threads(store: Store) -> None:
    reader = publish(store, *varied_letters())
    expected = reader.lexical(["桥", "7"], limit=9, scope=ALL)
    failures: list[object] = []

    def work() -> None:
        for n in range(30):
            one = reader.letter(f"{n % 12:02}")
            if one.id != f"{n % 12:02}" or reader.passage(n % 24).letter_id != f"{n % 24 // 2:02}":
                failures.append(one)
            if reader.lexical(["桥", "7"], limit=9, scope=ALL) != expected:
                failures.append("lexical")
            if len(reader.nearest(vector_of("桥"), limit=9, scope=Scope(year=2024))) == 0:
                failures.append("nearest")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_swap_fails_no_question(store: Store) -> None:
    publish(store, make_letter("0", "水库。"))
    done = threading.Event()
    failures: list[BaseException] = []

    def keep_asking() -> None:
        try:
            while not done.is_set():
                reader = store.current()
                assert len(ask(reader, "水库")) == reader.snapshot.letters
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(1, 6):
        publish(store, make_letter(f"{n}", "水库。"))
        store.prune(1)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.current().snapshot.letters == 6

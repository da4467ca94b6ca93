"""What every store does: the fake one in memory, the local one on disk, those by Milvus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.errors import LetterNotFound, NoSnapshot, StoreBusy, UnreadableFile, WrongUse
from kb.store.kin import Traits
from kb.store.protocol import SnapshotReader, Store
from kb.store.register import Conflict, Outcome, RegisterRow, counts
from kb.types import Field, Letter, Scope
from tests.support.fakes import DIM, cut, make_letter
from tests.support.stores import ALL, EMBEDDER, STORES, ask, publish, put, vector_of

# Publishing and reading back


def test_a_store_without_a_snapshot_says_so(store: Store) -> None:
    with pytest.raises(NoSnapshot):
        store.current()
    with pytest.raises(NoSnapshot):
        store.verify()
    with pytest.raises(NoSnapshot):
        store.rollback()
    assert store.versions() == []
    assert store.prune(1) == []


def test_a_published_letter_is_read_back_as_it_was_put(store: Store) -> None:
    letter = make_letter("甲-1", "第一段。第二句。\n第二段。", issuer="市教育局")
    reader = publish(store, letter)
    assert reader.letter("甲-1") == letter
    assert [reader.passage(o) for o in reader.passages_of("甲-1")] == cut(letter)
    assert (reader.snapshot.letters, reader.snapshot.passages) == (1, 2)
    assert reader.snapshot.fingerprint == {"model": "fake"}


def test_heads_carry_the_facts_that_listings_show(store: Store) -> None:
    facts = {
        "number": "教函〔2025〕3号",
        "issuer": "市教育局",
        "issued_on": "2025-06-03",
        "result_class": "A",
        "proposal_no": "0123",
        "kind": "提案",
    }
    letter = make_letter("x", title="关于托育的答复", publicity="on_request", **facts)
    (head,) = publish(store, letter).letters()
    assert (head.id, head.title, head.publicity) == ("x", "关于托育的答复", "on_request")
    assert {name: getattr(head, name) for name in facts} == facts
    assert head.sha256 == letter.sha256


def test_letters_and_ordinals_run_by_id_whatever_the_order_of_putting(store: Store) -> None:
    letters = [make_letter(one, "一。\n二。") for one in ("b", "𠮷", "a", "乙")]
    reader = publish(store, *letters)
    assert [head.id for head in reader.letters()] == ["a", "b", "乙", "𠮷"]
    assert [reader.passages_of(one) for one in ("a", "b", "乙", "𠮷")] == [
        range(0, 2),
        range(2, 4),
        range(4, 6),
        range(6, 8),
    ]
    assert [reader.passage(o).letter_id for o in range(8)] == [*"aabb乙乙𠮷𠮷"]


def test_vectors_come_back_in_ordinal_order_and_near_unit_length(store: Store) -> None:
    first, second = make_letter("b", "水库除险。大坝加固。"), make_letter("a", "校车安全。")
    reader = publish(store, first, second)
    rows = reader.vectors([1, 0, 1])
    assert (rows.dtype, rows.shape) == (np.float32, (3, DIM))
    expected = EMBEDDER.embed(["水库除险。大坝加固。", "校车安全。", "水库除险。大坝加固。"])
    np.testing.assert_allclose(rows, expected, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    sentences = reader.sentence_vectors(1)
    assert (sentences.dtype, sentences.shape) == (np.float32, (2, DIM))
    np.testing.assert_allclose(sentences, EMBEDDER.embed(["水库除险。", "大坝加固。"]), atol=1e-3)


def test_no_ordinals_give_no_vectors(store: Store) -> None:
    assert publish(store, make_letter("a")).vectors([]).shape == (0, DIM)


@pytest.mark.parametrize("ordinal", [-1, 1, 10**9])
def test_an_ordinal_that_is_not_there_is_an_index_error(store: Store, ordinal: int) -> None:
    reader = publish(store, make_letter("a"))
    for read in (reader.passage, reader.sentence_vectors, lambda one: reader.vectors([one])):
        with pytest.raises(IndexError):
            read(ordinal)


def test_an_unknown_letter_is_named_in_the_error(store: Store) -> None:
    reader = publish(store, make_letter("a"))
    with pytest.raises(LetterNotFound, match="不存在的"):
        reader.letter("不存在的")
    with pytest.raises(LetterNotFound, match="不存在的"):
        reader.passages_of("不存在的")


def test_letters_without_passages_stand_between_others(store: Store) -> None:
    with store.draft() as draft:
        for one in ("a", "b", "c", "d"):
            letter = make_letter(one)
            put(draft, letter, passages=[] if one in "bd" else None)
        draft.publish()
    reader = store.current()
    assert [reader.passage(o).letter_id for o in range(2)] == ["a", "c"]
    assert [len(reader.passages_of(one)) for one in "abcd"] == [1, 0, 1, 0]
    assert reader.letter("b") == make_letter("b")
    assert ask(reader, "道路") == ["a", "c"]


def test_an_empty_snapshot_answers_every_question_with_nothing(store: Store) -> None:
    with store.draft() as draft:
        snapshot = draft.publish()
    reader = store.current()
    assert (snapshot.letters, snapshot.passages) == (0, 0)
    assert list(reader.letters()) == []
    assert reader.lexical(["路"], limit=5, scope=ALL) == []
    assert reader.nearest(vector_of("路"), limit=5, scope=ALL) == []
    assert reader.lexical(["路"], limit=5, scope=Scope(issuer="甲")) == []
    assert store.verify() == snapshot


def test_a_snapshot_of_letters_without_passages_is_empty_but_listed(store: Store) -> None:
    with store.draft() as draft:
        put(draft, make_letter("a"), passages=[])
        draft.publish()
    assert [head.id for head in store.current().letters()] == ["a"]
    assert store.current().nearest(vector_of("路"), limit=5, scope=ALL) == []


# Drafts


def test_a_dropped_letter_is_gone_after_publish(store: Store) -> None:
    publish(store, make_letter("a", "水库。"), make_letter("b", "校车。"))
    with store.draft() as draft:
        draft.drop("a")
        draft.publish()
    reader = store.current()
    assert [head.id for head in reader.letters()] == ["b"]
    assert ask(reader, "水库") == []
    with pytest.raises(LetterNotFound):
        reader.letter("a")


def test_dropping_a_letter_that_is_not_there_changes_nothing(store: Store) -> None:
    before = publish(store, make_letter("a")).snapshot
    with store.draft() as draft:
        draft.drop("无此件")
        draft.forget("无此文件")
        assert draft.publish() == before


def test_putting_a_letter_again_replaces_it_whole(store: Store) -> None:
    publish(store, make_letter("a", "水库。\n大坝。"), make_letter("b", "桥梁。"))
    changed = make_letter("a", "校车。")
    reader = publish(store, changed)
    assert reader.letter("a") == changed
    assert reader.snapshot.passages == 2
    assert ask(reader, "水库大坝") == []
    assert ask(reader, "校车") == ["a"]
    np.testing.assert_allclose(
        reader.vectors([0, 1]), EMBEDDER.embed(["校车。", "桥梁。"]), atol=1e-3
    )


def test_unchanged_letters_keep_their_vectors_through_many_publishes(store: Store) -> None:
    bodies = {f"{n:02}": f"第{n}件事项。已办{n}。\n补充{n}。" for n in range(8)}
    publish(store, *(make_letter(one, body) for one, body in bodies.items()))
    for gone, new in (("03", "025"), ("00", "99"), ("99", "00")):
        with store.draft() as draft:
            draft.drop(gone)
            bodies.pop(gone)
            bodies[new] = f"新件{new}。"
            put(draft, make_letter(new, bodies[new]))
            draft.publish()
    reader = store.current()
    for one, body in bodies.items():
        texts = [line + "\n" * (n == 0 and "\n" in body) for n, line in enumerate(body.split("\n"))]
        rows = reader.vectors(reader.passages_of(one))
        np.testing.assert_allclose(rows, EMBEDDER.embed(texts), atol=1e-3)
        own = cut(reader.letter(one))
        for ordinal, passage in zip(reader.passages_of(one), own, strict=True):
            assert reader.passage(ordinal) == passage
            said = [s.of(reader.letter(one).text) for s in passage.sentences]
            np.testing.assert_allclose(
                reader.sentence_vectors(ordinal), EMBEDDER.embed(said), atol=1e-3
            )


def test_sources_and_digests_are_remembered_across_drafts(store: Store) -> None:
    with store.draft() as draft:
        assert (draft.base, draft.sources()) == (None, {})
        put(draft, make_letter("a"), source="批一.jsonl", digest="r1")
        put(draft, make_letter("b"), source="批一.jsonl", digest="r2")
        put(draft, make_letter("c"), source="乙.docx", digest="r3")
        draft.seen("批一.jsonl", "f1")
        draft.seen("乙.docx", "f2")
        published = draft.publish()
    with store.draft() as draft:
        assert draft.base == published
        assert draft.sources() == {"批一.jsonl": "f1", "乙.docx": "f2"}
        assert draft.letters_from("批一.jsonl") == {"a": "r1", "b": "r2"}
        assert draft.letters_from("没有的.txt") == {}
        assert draft.source_of("c") == "乙.docx"
        assert draft.source_of("没有的") is None


def test_forgetting_a_source_drops_its_letters_and_its_record(store: Store) -> None:
    with store.draft() as draft:
        put(draft, make_letter("a"), source="一")
        put(draft, make_letter("b"), source="二")
        draft.seen("一", "1")
        draft.seen("二", "2")
        draft.publish()
    with store.draft() as draft:
        draft.forget("一")
        assert draft.sources() == {"二": "2"}
        draft.publish()
    assert [head.id for head in store.current().letters()] == ["b"]


def test_a_letter_put_from_another_source_belongs_to_that_one(store: Store) -> None:
    with store.draft() as draft:
        put(draft, make_letter("a"), source="旧")
        put(draft, make_letter("a"), source="新")
        draft.forget("旧")
        assert draft.source_of("a") == "新"


def test_a_draft_in_which_nothing_changed_publishes_nothing(store: Store) -> None:
    with store.draft() as draft:
        put(draft, make_letter("a"))
        draft.seen("a.txt", "f1")
        before = draft.publish()
    with store.draft() as draft:
        draft.seen("a.txt", "f1")
        assert draft.publish() == before
    assert len(store.versions()) == 1


def test_a_newly_seen_file_without_letters_is_worth_a_snapshot(store: Store) -> None:
    before = publish(store, make_letter("a")).snapshot
    with store.draft() as draft:
        draft.seen("空.txt", "f1")
        after = draft.publish()
    assert after.parent == before.version
    with store.draft() as draft:
        assert draft.sources() == {"空.txt": "f1"}


def test_a_second_draft_is_refused_until_the_first_ends(store: Store) -> None:
    with store.draft(), pytest.raises(StoreBusy):
        store.draft()
    with store.draft() as draft:
        draft.publish()
        with store.draft():
            pass


def test_pruning_and_rolling_back_wait_for_the_draft(store: Store) -> None:
    publish(store, make_letter("a"))
    publish(store, make_letter("b"))
    with store.draft():
        with pytest.raises(StoreBusy):
            store.prune(1)
        with pytest.raises(StoreBusy):
            store.rollback()


def test_a_discarded_draft_leaves_the_snapshot_as_it_was(store: Store) -> None:
    before = publish(store, make_letter("a")).snapshot
    with store.draft() as draft:
        put(draft, make_letter("b"))
        draft.discard()
        draft.discard()
    assert store.current().snapshot == before
    assert [version.version for version in store.versions()] == [before.version]


def test_a_draft_left_by_an_error_is_discarded(store: Store) -> None:
    def fail() -> None:
        with store.draft() as draft:
            put(draft, make_letter("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.draft() as draft:
        assert draft.source_of("a") is None


def test_an_ended_draft_refuses_further_work(store: Store) -> None:
    with store.draft() as draft:
        draft.publish()
        for work in (
            draft.publish,
            draft.sources,
            lambda: put(draft, make_letter("a")),
            lambda: draft.drop("a"),
            lambda: draft.seen("a", "b"),
            lambda: draft.forget("a"),
        ):
            with pytest.raises(WrongUse):
                work()


# What put refuses


def test_put_refuses_vectors_that_do_not_fit_the_passages(store: Store) -> None:
    letter = make_letter("a", "一。二。")
    passages = cut(letter)
    good, sentences = EMBEDDER.embed(["x"]), [EMBEDDER.embed(["x", "y"])]
    bad = [
        {"vectors": EMBEDDER.embed(["x", "y"]), "sentence_vectors": sentences},
        {"vectors": good[0], "sentence_vectors": sentences},
        {"vectors": good, "sentence_vectors": []},
        {"vectors": good, "sentence_vectors": [EMBEDDER.embed(["x"])]},
        {"vectors": good, "sentence_vectors": [sentences[0][:, :3]]},
        {"vectors": good * 2, "sentence_vectors": sentences},
        {"vectors": good * np.nan, "sentence_vectors": sentences},
        {"vectors": good, "sentence_vectors": [np.full((2, DIM), np.inf, dtype=np.float32)]},
    ]
    with store.draft() as draft:
        for arguments in bad:
            with pytest.raises(WrongUse, match="a"):
                draft.put(letter, passages, source="s", digest="d", **arguments)
        assert draft.source_of("a") is None


def test_put_refuses_a_passage_of_another_letter(store: Store) -> None:
    with store.draft() as draft, pytest.raises(WrongUse, match="段落"):
        put(draft, make_letter("a"), passages=cut(make_letter("b")))


def test_put_refuses_vectors_of_another_dimension_than_the_rest(store: Store) -> None:
    publish(store, make_letter("a"))
    letter = make_letter("b", "一。")
    one = np.ones((1, 1), dtype=np.float32)
    with store.draft() as draft, pytest.raises(WrongUse, match="维"):
        draft.put(letter, cut(letter), source="s", digest="d", vectors=one, sentence_vectors=[one])


SURROGATE = "坏\ud800字"


@pytest.mark.parametrize(
    "broken",
    [
        make_letter("b", issuer=SURROGATE),
        replace(make_letter("b"), id=SURROGATE),
        replace(make_letter("b"), text=SURROGATE),
        replace(make_letter("b"), url=SURROGATE),
        replace(make_letter("b"), lists={"cc": (Field(value=SURROGATE, span=None, rule=""),)}),
    ],
    ids=range(5),
)
def test_put_refuses_a_lone_surrogate_and_the_draft_goes_on(store: Store, broken: Letter) -> None:
    with store.draft() as draft:
        with pytest.raises(UnreadableFile) as caught:
            put(draft, broken, passages=[])
        assert caught.value.code == "bad_text"
        put(draft, make_letter("a"))
        draft.publish()
    assert [head.id for head in store.current().letters()] == ["a"]


def test_a_file_name_that_is_not_text_is_refused(store: Store) -> None:
    with store.draft() as draft:
        for work in (
            lambda: put(draft, make_letter("a"), source=SURROGATE),
            lambda: draft.seen(SURROGATE, "d"),
        ):
            with pytest.raises(UnreadableFile) as caught:
                work()
            assert caught.value.code == "unreadable_path"
        assert draft.sources() == {}


def test_scores_for_citizens_are_as_if_the_other_letters_were_not_there(tmp_path: Path) -> None:
    public = [make_letter("a", "道路养护。\n桥梁养护。"), make_letter("c", "道路照明。")]
    hidden = [
        make_letter("b", "道路道路养护。", publicity="closed"),
        make_letter("d", "照明道路。\n桥梁。", publicity="on_request"),
    ]
    for name, make in STORES.items():
        few, every = (
            publish(make(tmp_path / f"{name}{len(letters)}"), *letters)
            for letters in (public, public + hidden)
        )
        for words in ("道路", "桥", "养护照明"):
            seen = [
                [(reader.passage(at).span, score) for at, score in hits]
                for reader in (few, every)
                for hits in [reader.lexical([*words], limit=9, scope=Scope(public_only=True))]
            ]
            assert seen[0] == seen[1]
            assert len(every.lexical([*words], limit=9, scope=ALL)) > len(seen[0])


# What others stand for


def aside_base(store: Store) -> SnapshotReader:
    """``a`` is served; ``b`` is a copy of it and ``c`` an older version."""
    with store.draft() as draft:
        for name in "abc":
            traits = Traits(taken_in=f"2026-01-0{ord(name) - 96}", record=name, sketch=b"x")
            put(draft, make_letter(name, f"道路{name}。", issuer="市教育局"), traits=traits)
        draft.set_aside({"b": ("a", "copy"), "c": ("a", "older")})
        draft.publish()
    return store.current()


def test_what_is_set_aside_is_in_no_list_and_in_neither_ranking(store: Store) -> None:
    reader = aside_base(store)
    for scope in (ALL, Scope(issuer="市教育局"), Scope(letter_ids=("c",)), Scope(public_only=True)):
        assert [head.id for head in reader.letters(scope)] == ["a"]
        assert ask(reader, "道路", scope) == ["a"]
        near = reader.nearest(vector_of("道路c。"), limit=9, scope=scope)
        assert [reader.passage(ordinal).letter_id for ordinal, _ in near] == ["a"]


def test_what_is_set_aside_can_be_read_and_says_for_which_letter(store: Store) -> None:
    reader = aside_base(store)
    assert reader.letter("c").text.endswith("道路c。")
    told = {name: (one.served, one.reason) for name, one in reader.set_aside().items()}
    assert told == {"b": ("a", "copy"), "c": ("a", "older")}
    assert reader.set_aside()["c"].head.id == "c"
    assert reader.set_aside()["c"].taken_in == "2026-01-03"


def test_traits_stay_with_their_letter_and_the_next_draft_knows_when_it_came(store: Store) -> None:
    aside_base(store)
    with store.draft() as draft:
        assert draft.traits()["b"].record == "b"
        assert draft.came()["c"].taken_in == "2026-01-03"
        assert "d1" in draft.came()["c"].digests
        draft.drop("b")
        assert "b" not in draft.traits()
        assert draft.letter("c")[0].id == "c"
        with pytest.raises(LetterNotFound):
            draft.letter("b")


def test_setting_the_same_aside_again_publishes_nothing_new(store: Store) -> None:
    was = aside_base(store).snapshot.version
    with store.draft() as draft:
        draft.set_aside({"b": ("a", "copy"), "c": ("a", "older")})
        assert draft.publish().version == was
    with store.draft() as draft:
        draft.set_aside({})
        draft.publish()
    assert [head.id for head in store.current().letters()] == ["a", "b", "c"]


# Registers


ROWS = tuple(RegisterRow(file="t.csv", place=f"第{n}行", numbers=(str(n),)) for n in (2, 3))


def test_rows_of_registers_are_read_back_by_file_and_place(store: Store) -> None:
    with store.draft() as draft:
        draft.registers.put("/b.csv", ROWS)
        draft.registers.put("/a.csv", ROWS[:1])
        draft.publish()
    found = store.current().registered()
    assert [(one.source, one.row) for one in found] == [
        ("/a.csv", ROWS[0]),
        ("/b.csv", ROWS[0]),
        ("/b.csv", ROWS[1]),
    ]
    assert {one.outcome.standing for one in found} == {"unanswered"}


def test_what_became_of_rows_is_read_back(store: Store) -> None:
    differs = Conflict(letter_id="a", field="result_class", letter="A", register="B")
    joined = Outcome(standing="joined", letters=("a",), conflicts=(differs,))
    doubtful = Outcome(standing="ambiguous", letters=("a", "b"), why="两份都像")
    with store.draft() as draft:
        draft.registers.put("/t.csv", ROWS)
        draft.registers.settle([joined, doubtful])
        draft.publish()
    with store.draft() as draft:
        assert [one.outcome for one in draft.registers.rows()] == [joined, doubtful]
        assert not draft.changed
    assert [one.outcome for one in store.current().registered()] == [joined, doubtful]
    counted = {"joined": 1, "unanswered": 0, "ambiguous": 1, "contradicting": 1}
    assert counts(store.current().registered()) == {"files": 1, "rows": 2, **counted}


def test_the_same_rows_change_nothing_and_others_replace_them(store: Store) -> None:
    with store.draft() as draft:
        draft.registers.put("/t.csv", ROWS)
        draft.publish()
    with store.draft() as draft:
        draft.registers.put("/t.csv", ROWS)
        assert not draft.changed
        draft.registers.put("/t.csv", ROWS[1:])
        assert draft.changed
        draft.publish()
    assert [one.row for one in store.current().registered()] == [*ROWS[1:]]


def test_a_source_that_is_forgotten_takes_its_rows_along(store: Store) -> None:
    with store.draft() as draft:
        draft.registers.put("/t.csv", ROWS)
        draft.publish()
    with store.draft() as draft:
        draft.forget("/t.csv")
        draft.publish()
    assert list(store.current().registered()) == []


def test_an_amended_letter_is_served_filtered_and_known_as_such(store: Store) -> None:
    publish(store, make_letter("a", "甲。"), make_letter("b", "乙。"))
    with store.draft() as draft:
        (first, _) = draft.registers.letters()
        given = Field(value="B", span=None, rule="register")
        amended = replace(first, fields={"result_class": given}, flags=("register_conflict",))
        draft.registers.amend(amended)
        assert draft.registers.filled() == {"a"}
        draft.publish()
    reader = store.current()
    assert reader.letter("a") == amended
    assert [head.id for head in reader.letters(Scope(result_class="B"))] == ["a"]
    assert ask(reader, "甲", Scope(result_class="B")) == ["a"]
    with store.draft() as draft:
        assert draft.registers.filled() == {"a"}
        draft.drop("a")
        assert draft.registers.filled() == frozenset()

"""Which letters a row means, where it can't be told, and what the letters get of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from indexer.register.fill import stripped
from indexer.register.join import join
from indexer.register.likeness import number_forms, number_key, same_organ, same_title, title_key
from kb.privacy.publicity import CONTRIBUTION
from kb.profile import Masking
from kb.store.protocol import SnapshotReader
from kb.store.register import CONFLICT, RULE, Outcome, Registered, RegisterRow
from kb.types import Field, Letter, Span
from tests.conftest import corpus_rows
from tests.support.fakes import make_letter

FOUR, THREE = "市政协九届四次会议", "市政协九届三次会议"
PIPES = "关于改造老旧管网的提案"


class Kept:
    """``kb.store.register.Registers`` in a list."""

    def __init__(self, letters: Sequence[Letter], rows: Sequence[RegisterRow]) -> None:
        self.kept = {letter.id: letter for letter in letters}
        none = Outcome(standing="unanswered")
        self.registered = [Registered(source="t.csv", row=row, outcome=none) for row in rows]
        self.amended: set[str] = set()

    def put(self, source: str, rows: Sequence[RegisterRow]) -> None:
        raise NotImplementedError

    def rows(self) -> Sequence[Registered]:
        return self.registered

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        told = zip(self.registered, outcomes, strict=True)
        self.registered = [replace(found, outcome=outcome) for found, outcome in told]

    def letters(self) -> Iterator[Letter]:
        return iter(self.kept.values())

    def set_aside(self) -> Collection[str]:
        return ()

    def filled(self) -> frozenset[str]:
        return frozenset(self.amended)

    def amend(self, letter: Letter) -> None:
        self.kept[letter.id] = letter
        self.amended.add(letter.id)


def letter(name: str, *, to: str = "", flags: tuple[str, ...] = (), **fields: str) -> Letter:
    made = make_letter(name, "管网已经改造。", **{"kind": "提案", **fields})
    named = (Field(value=to, span=Span(start=0, end=1), rule="称呼行"),) if to else ()
    return replace(made, lists={"addressees": named} if to else {}, flags=flags)


def row(*numbers: str, **cells: object) -> RegisterRow:
    return replace(
        RegisterRow(file="t.csv", place="第2行", numbers=numbers, kind="提案", assembly=FOUR),
        **cells,
    )  # type: ignore[arg-type]


def joined(rows: Sequence[RegisterRow], *letters: Letter, masking: Masking = Masking()) -> Kept:  # noqa: B008
    kept = Kept(letters, rows)
    join(kept, masking)
    return kept


def outcome(one: RegisterRow, *letters: Letter) -> tuple[str, tuple[str, ...]]:
    found = joined([one], *letters).registered[0].outcome
    return found.standing, found.letters


def test_session_kind_and_number_join() -> None:
    letters = [
        letter("a", assembly=FOUR, proposal_no="31"),
        letter("b", assembly=THREE, proposal_no="31"),
        letter("c", assembly=FOUR, proposal_no="13"),
        letter("d", assembly="市九届人大四次会议", proposal_no="31", kind="建议"),
    ]
    assert outcome(row("0031"), *letters) == ("joined", ("a",))
    plan = row("31", kind="建议", assembly="市第九届人民代表大会第四次会议")
    assert outcome(plan, *letters) == ("joined", ("d",))
    assert outcome(row("99"), *letters) == ("unanswered", ())


def test_a_number_that_holds_its_session_is_the_same() -> None:
    held = letter("a", assembly=FOUR, proposal_no="940031")
    assert outcome(row("31"), held) == ("joined", ("a",))
    assert outcome(row("940031"), letter("b", assembly=FOUR, proposal_no="31"))[0] == "joined"


def test_proposals_that_are_handled_as_one_are_joined_by_each_number() -> None:
    assert outcome(row("31", "35"), letter("a", assembly=FOUR, proposal_no="35")) == (
        "joined",
        ("a",),
    )


def test_a_reply_and_the_part_of_another_organ_are_both_joined() -> None:
    main = letter("a", assembly=FOUR, proposal_no="31", issuer="某市住建局")
    part = letter("b", assembly=FOUR, proposal_no="31", issuer="某市财政局", flags=(CONTRIBUTION,))
    told = row("31", host=("市住建局",), co_organs=("市财政局",), result_class="A", title=PIPES)
    kept = joined([told], main, part)
    assert kept.registered[0].outcome.letters == ("a", "b")
    assert kept.kept["b"].value("proposal_title") == PIPES
    assert kept.kept["b"].value("result_class") is None


def test_a_part_without_the_reply_leaves_the_row_unanswered() -> None:
    told = row("31", host=("市住建局",), co_organs=("市财政局",), title=PIPES)
    part = letter("b", assembly=FOUR, proposal_no="31", flags=(CONTRIBUTION,))
    assert outcome(told, part) == ("unanswered", ("b",))
    other = letter("c", assembly=FOUR, proposal_no="31", issuer="某市财政局")
    kept = joined([told], other)
    assert kept.registered[0].outcome.standing == "unanswered"
    assert kept.kept["c"].value("proposal_title") == PIPES
    assert outcome(told, other, letter("a", assembly=FOUR, proposal_no="31"))[0] == "joined"


def test_without_a_session_in_the_letter_something_else_must_agree() -> None:
    bare = letter("a", proposal_no="31")
    assert outcome(row("31"), bare) == ("ambiguous", ("a",))
    assert outcome(
        row("31", host=("市住建局",)), letter("a", proposal_no="31", issuer="某市住建局")
    ) == (
        "joined",
        ("a",),
    )
    assert (
        outcome(row("31", proposers=("孙丽",)), letter("a", proposal_no="31", to="孙丽委员"))[0]
        == "joined"
    )
    other = letter("a", proposal_no="31", proposal_title="关于修建漫水桥的提案")
    assert outcome(row("31", title=PIPES), other) == ("unanswered", ())


def test_two_sessions_and_none_in_the_table_are_not_guessed() -> None:
    letters = [
        letter("a", assembly=FOUR, proposal_no="31", issuer="某市住建局"),
        letter("b", assembly=THREE, proposal_no="31", issuer="某市住建局"),
    ]
    untold = row("31", assembly="", host=("市住建局",))
    found = joined([untold], *letters)
    assert found.registered[0].outcome.standing == "ambiguous"
    assert "届次" in found.registered[0].outcome.why
    assert not found.amended


def test_the_title_or_the_replys_number_tells_which_of_two_it_is() -> None:
    letters = [
        letter(
            "a", assembly=FOUR, proposal_no="31", proposal_title=PIPES, number="建函〔2025〕3号"
        ),
        letter(
            "b",
            assembly=THREE,
            proposal_no="31",
            proposal_title="关于修桥的提案",
            number="建函〔2024〕3号",
        ),
    ]
    assert outcome(row("31", assembly="", title=PIPES), *letters) == ("joined", ("a",))
    assert outcome(row("31", assembly="", reply_number="建函[2024]3号"), *letters) == (
        "joined",
        ("b",),
    )


def test_two_places_of_one_session_are_not_guessed() -> None:
    letters = [
        letter("a", assembly="云海市政协九届四次会议", proposal_no="31"),
        letter("b", assembly="青山市政协九届四次会议", proposal_no="31"),
    ]
    assert outcome(row("31"), *letters) == ("ambiguous", ("a", "b"))
    assert outcome(row("31", assembly="青山市政协九届四次会议"), *letters) == ("joined", ("b",))


def test_the_replys_number_joins_where_the_proposals_is_not_told() -> None:
    found = letter("a", number="建函〔2025〕3号")
    assert outcome(row("31", reply_number="建函（2025）第03号"), found) == ("joined", ("a",))
    assert outcome(
        row(reply_number="建函〔2025〕3号"), found, letter("b", number="建函〔2025〕30号")
    ) == (
        "joined",
        ("a",),
    )


def test_number_and_replys_number_of_two_letters_are_not_guessed() -> None:
    letters = [
        letter("a", assembly=FOUR, proposal_no="31", number="建函〔2025〕3号"),
        letter("b", assembly=FOUR, proposal_no="32", number="建函〔2025〕4号"),
    ]
    assert outcome(row("31", reply_number="建函〔2025〕4号"), *letters) == ("ambiguous", ("a", "b"))


def test_just_the_title_is_the_last_resort() -> None:
    found = letter("a", proposal_title="“改造老旧管网”")
    assert outcome(row("31", title=PIPES), found) == ("joined", ("a",))
    assert outcome(row("31", title="关于改造老旧管网和道路的提案"), found) == ("unanswered", ())
    other = letter("b", proposal_title=PIPES, proposal_no="77", assembly=FOUR)
    assert outcome(row("31", title=PIPES), other) == ("unanswered", ())
    last = letter("c", proposal_title=PIPES, assembly=THREE)
    assert outcome(row("31", title=PIPES), last) == ("unanswered", ())


def test_what_the_row_tells_has_no_place_and_its_rule() -> None:
    told = row(
        "31",
        title=PIPES,
        host=("市住建局",),
        proposers=("孙丽",),
        result_class="B",
        reply_number="建函〔2025〕3号",
    )
    found = joined([told], letter("a", assembly=FOUR, proposal_no="31")).kept["a"]
    given = {name: field.value for name, field in found.fields.items() if field.rule == RULE}
    assert given == {
        "proposal_title": PIPES,
        "issuer": "市住建局",
        "result_class": "B",
        "number": "建函〔2025〕3号",
    }
    assert found.lists["addressees"] == (Field(value="孙丽", span=None, rule=RULE),)
    assert all(field.span is None for field in found.fields.values() if field.rule == RULE)
    assert stripped(found) == letter("a", assembly=FOUR, proposal_no="31")


FIELDS = corpus_rows("fields.jsonl")
BY: Sequence[Sequence[str]] = (
    ("numbers", "assembly", "kind"), ("numbers", "title"), ("numbers", "kind", "organs"),
    ("numbers", "kind", "proposers"), ("title",), ("reply_number",), ("kind", "title"),
)  # fmt: skip


def of_sample(truth: Mapping[str, Any]) -> dict[str, Any]:
    """What a register would say of a sample letter: organs by short names, zeros before numbers."""
    return {
        "numbers": (truth["proposal_no"].zfill(4),),
        "assembly": truth["assembly"],
        "kind": truth["kind"],
        "title": truth["proposal_title"],
        "organs": (truth["issuer"].removeprefix("云岭"),),
        "proposers": tuple(name.removesuffix("委员") for name in truth["addressees"]),
        "reply_number": truth["number"].replace("〔", "[").replace("〕", "]"),
    }


@pytest.mark.parametrize("columns", BY, ids="+".join)
def test_registers_of_the_sample_letters_find_each_its_own(
    base: SnapshotReader, columns: Sequence[str]
) -> None:
    letters = [base.letter(head.id) for head in base.letters()]
    told = [of_sample(sample["fields"]) for sample in FIELDS]
    rows = [
        RegisterRow(file="t.csv", place="", **{name: cells[name] for name in columns})
        for cells in told
    ]
    kept = joined(rows, *letters)
    for sample, found in zip(FIELDS, kept.registered, strict=True):
        # What an organ that only takes part wrote is found, and is no reply.
        parts = [CONTRIBUTION in base.letter(name).flags for name in found.outcome.letters]
        assert found.outcome.standing == ("unanswered" if all(parts) else "joined")
        assert sample["letter"] in found.outcome.letters
        assert not found.outcome.conflicts


def test_the_bare_numbers_of_the_sample_letters_are_not_enough(base: SnapshotReader) -> None:
    letters = [base.letter(head.id) for head in base.letters()]
    rows = [row(sample["fields"]["proposal_no"], assembly="", kind="") for sample in FIELDS]
    kept = joined(rows, *letters)
    assert {found.outcome.standing for found in kept.registered} == {"ambiguous"}


def test_joining_again_gives_the_same() -> None:
    told = row("31", title=PIPES, result_class="B", host=("市住建局",))
    kept = joined([told], letter("a", assembly=FOUR, proposal_no="31", result_class="A"))
    once = dict(kept.kept), list(kept.registered)
    join(kept, Masking())
    assert (kept.kept, kept.registered) == once


def test_a_place_that_hides_members_is_given_none() -> None:
    told = row("31", proposers=("孙丽",))
    found = joined(
        [told], letter("a", assembly=FOUR, proposal_no="31"), masking=Masking(members=False)
    )
    assert "addressees" not in found.kept["a"].lists


def test_what_stands_beside_names_in_cells_is_not_shown() -> None:
    told = row(
        "31",
        host=("市住建局王建国13800001111",),
        co_organs=("市财政局", "联系人李梅"),
        proposers=("孙丽", "13900002222", "周强13700003333"),
        reply_number="见附件13600004444",
    )
    found = joined([told], letter("a", assembly=FOUR, proposal_no="31")).kept["a"]
    assert {"issuer", "number"}.isdisjoint(found.fields)
    assert [field.value for field in found.lists["co_organs"]] == ["市财政局"]
    assert [field.value for field in found.lists["addressees"]] == ["孙丽"]


def test_a_number_of_a_person_in_a_title_is_hidden() -> None:
    told = row("31", title="关于13800001111来电反映管网的提案")
    value = (
        joined([told], letter("a", assembly=FOUR, proposal_no="31"))
        .kept["a"]
        .value("proposal_title")
    )
    assert value
    assert "13800001111" not in value


def test_two_rows_that_differ_fill_nothing() -> None:
    rows = [row("31", result_class="A"), row("31", result_class="B")]
    assert (
        joined(rows, letter("a", assembly=FOUR, proposal_no="31")).kept["a"].value("result_class")
        is None
    )


@pytest.mark.parametrize(
    ("has", "tells", "field"),
    [
        ({"result_class": "A"}, {"result_class": "B"}, "result_class"),
        ({"proposal_title": PIPES}, {"title": "关于发展夜间经济的提案"}, "proposal_title"),
        ({"issuer": "某市水利局"}, {"host": ("市教育局",)}, "issuer"),
        ({"number": "建函〔2025〕3号"}, {"reply_number": "建函〔2025〕8号"}, "number"),
        ({"to": "孙丽委员"}, {"proposers": ("周强",)}, "addressees"),
    ],
)
def test_where_they_differ_the_letter_is_believed_and_flagged(
    has: dict[str, str], tells: dict[str, object], field: str
) -> None:
    before = letter("a", assembly=FOUR, proposal_no="31", **has)
    kept = joined([row("31", **tells)], before)
    (conflict,) = kept.registered[0].outcome.conflicts
    assert (conflict.letter_id, conflict.field) == ("a", field)
    assert conflict.letter
    assert conflict.register
    assert stripped(kept.kept["a"]) == before
    assert CONFLICT in kept.kept["a"].flags


@pytest.mark.parametrize(
    ("has", "tells"),
    [
        ({"proposal_title": "关于改造老旧管网的建议"}, {"title": "改造老旧管网"}),
        ({"issuer": "云海市教育体育局"}, {"organs": ("市教体局", "市财政局")}),
        ({"issuer": "云海市财政局"}, {"host": ("市教育局",), "co_organs": ("市财政局",)}),
        ({"number": "建函[2025]03号"}, {"reply_number": "建函〔2025〕3号"}),
        ({"to": "孙丽等3位委员"}, {"proposers": ("周强", "孙丽")}),
    ],
)
def test_the_same_in_other_words_is_no_difference(
    has: dict[str, str], tells: dict[str, object]
) -> None:
    kept = joined([row("31", **tells)], letter("a", assembly=FOUR, proposal_no="31", **has))
    assert kept.registered[0].outcome.conflicts == ()


def test_forms_of_numbers() -> None:
    assert number_forms("第0031号".strip("第号"), 9, 4) == {"31"}
    assert number_forms("1520135", 15, 2) == {"1520135", "135"}
    assert number_key("建函[2025]第03号") == number_key("建函〔2025〕3号")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("云岭市教育局", "市教育局", True), ("市教体局", "云岭市教育体育局", True),
        ("市发改委", "云岭市发展和改革委员会", True), ("市教育局", "市水利局", False),
        ("市卫健委", "市卫生健康委员会", True), ("市住建局", "某市住房和城乡建设局", True),
        ("市财政局", "市财政局", True), ("教育局", "县教育局", True),
        ("市公积金中心", "市住房公积金管理中心", True), ("市民政局", "市财政局", False),
        ("市公安局", "市公安局交警支队", False), ("市文旅局", "市文化广电和旅游局", True),
        ("市水利局", "市水务局", False), ("市委办", "市委办公室", True),
    ],
)  # fmt: skip
def test_organs_by_short_names(one: str, other: str, same: bool) -> None:
    assert same_organ(one, other) == same


def test_titles_are_compared_without_signs_and_ends() -> None:
    assert title_key("《关于改造“老旧”管网的提案》") == title_key("改造老旧管网")
    assert same_title(title_key("关于改造老旧管网的提案"), title_key("关于改造老旧小区管网的建议"))
    assert not same_title(title_key("关于修路的提案"), title_key("关于建设公园的提案"))

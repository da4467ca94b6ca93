"""Lists of letters: what is on one, and that every row is cited."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.answer import listing
from kb.replies import Answer, Listing, Refusal
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.conftest import corpus_rows
from tests.support.asking import ALL, base_of, letter_text, parsed
from tests.support.fakes import MemoryStore, make_letter
from tests.support.heads import citation
from tests.support.stores import publish

LIFT, ROAD, POLICE = "云岭市住房和城乡建设局", "云岭市交通运输局", "云岭市公安局"


def text_of(organ: str, subject: str, day: str, grade: str, number: str) -> str:
    text = letter_text(
        f"云函〔{day[:4]}〕{number}号", organ=organ, subject=subject, day=day, proposal=f"0{number}"
    )
    return text.replace("办理结果：A", f"办理结果：{grade}")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    consult = text_of(POLICE, "优化公交线网", "2024年3月1日", "B", "14").replace(
        "对市政协五届三次会议第014号提案的答复", "对市政协五届三次会议第014号提案的会办意见"
    )
    return base_of(
        tmp_path_factory.mktemp("data"),
        text_of(LIFT, "老旧小区加装电梯", "2023年6月1日", "B", "11"),
        text_of(LIFT, "加装电梯后续管理", "2025年6月1日", "B", "12"),
        text_of(ROAD, "优化公交线网", "2024年6月1日", "A", "13"),
        consult,
        ids=["lift", "again", "bus", "police"],
    )


def answered(
    question: str, reader: SnapshotReader, scope: Scope = ALL
) -> Listing | Answer | Refusal | None:
    return listing.list_answer(parsed(question, reader, scope), reader)


def listed(question: str, reader: SnapshotReader, scope: Scope = ALL) -> Listing:
    reply = answered(question, reader, scope)
    assert isinstance(reply, Listing), reply
    return reply


def rows(question: str, reader: SnapshotReader) -> list[tuple[str, str | None, str]]:
    return [(r.letter_id, r.about, r.text) for r in listed(question, reader).rows]


def test_rows_are_newest_first_and_cited_by_what_puts_them_on_the_list(
    reader: SnapshotReader,
) -> None:
    assert rows("哪些B类", reader) == [
        ("again", "办理结果", "B"),
        ("police", "办理结果", "B"),
        ("lift", "办理结果", "B"),
    ]
    assert rows("住建局的答复有哪些", reader) == [
        ("again", "发文单位", LIFT),
        ("lift", "发文单位", LIFT),
    ]
    assert rows("2024年交通局答复了多少件", reader) == [("bus", "日期", "2024年6月1日")]
    assert rows("关于加装电梯的答复有哪些", reader) == [
        ("again", "题目", "关于加装电梯后续管理的提案"),
        ("lift", "题目", "关于老旧小区加装电梯的提案"),
    ]
    assert rows("一共有多少份复文", reader)[0][1:] == (
        "题目",
        "对市政协五届三次会议第012号提案的答复",
    )


def test_a_topic_is_found_by_official_words_too(reader: SnapshotReader) -> None:
    assert [row[0] for row in rows("关于装电梯的答复有哪些", reader)] == ["again", "lift"]


def test_a_row_says_what_a_citizen_knows_the_letter_by(reader: SnapshotReader) -> None:
    assert listed("2024年A类有几件", reader).rows[0].citation == citation(
        "bus",
        "关于优化公交线网的提案",
        number="云函〔2024〕13号",
        issuer=ROAD,
        issued_on="2024-06-01",
        result_class="A",
    )


@pytest.mark.parametrize(
    ("question", "caption"),
    [
        ("2025年住建局答复了多少件", f"已收录的2025年{LIFT}的答复，共 1 份"),
        ("哪些A类提案", "已收录的A类提案答复，共 1 份"),
        ("哪些B类", "已收录的B类答复，共 3 份（其中会办意见 1 份）"),
        ("有哪些会办意见", "已收录的会办意见，共 1 份"),
        ("关于加装电梯的提案有几件", "已收录的题目或小标题提到“加装电梯”的提案答复，共 2 份"),
    ],
)
def test_a_caption_says_the_conditions_and_the_count(
    reader: SnapshotReader, question: str, caption: str
) -> None:
    found = listed(question, reader)
    assert found.caption == caption
    assert found.count == len(found.rows)
    assert (found.question, found.snapshot, found.confidence) == (
        question,
        reader.snapshot.version,
        1.0,
    )


@pytest.mark.parametrize(
    ("question", "letters"),
    [
        ("和财政局一起办理的复文有几份", ["again", "bus", "police", "lift"]),
        ("徐秀叶委员提过几件提案", ["again", "bus", "police", "lift"]),
        ("市政协五届三次会议的B类提案有哪些", ["again", "police", "lift"]),
        ("2024年以来的答复有哪些", ["again", "bus", "police"]),
        ("2024年6月住建局和交通局答复了多少件", ["bus"]),
        ("最近一次关于加装电梯的答复", ["again"]),
        ("最近两份答复是关于什么的", ["again", "bus"]),
    ],
)
def test_letters_are_listed_by_what_only_they_tell(
    reader: SnapshotReader, question: str, letters: list[str]
) -> None:
    assert [row.letter_id for row in listed(question, reader).rows] == letters


def test_the_newest_is_told_to_be_it_and_how_many_are_older(reader: SnapshotReader) -> None:
    found = listed("最近一次关于加装电梯的答复", reader)
    assert found.count == len(found.rows) == 1
    assert found.caption == (
        "已收录的题目或小标题提到“加装电梯”的答复中最新的一份；更早的还有 1 份"
    )


def test_what_the_newest_says_is_its_card(reader: SnapshotReader) -> None:
    reply = answered("最近一次关于加装电梯的答复是怎么说的", reader)
    assert isinstance(reply, Answer)
    assert {quote.letter_id for quote in reply.quotes} == {"again"}
    assert [near.citation.letter_id for near in reply.nearest] == ["lift"]


def test_letters_are_counted_by_year_where_that_is_asked(reader: SnapshotReader) -> None:
    caption = listed("住建局每年答复了多少件", reader).caption
    assert caption.endswith("共 2 份：2023年 1 份，2025年 1 份")


def test_a_person_that_no_letter_names_is_left_to_the_search(reader: SnapshotReader) -> None:
    assert answered("赵文倩委员提过几件提案", reader) is None


def test_conditions_that_no_letter_meets_are_refused(reader: SnapshotReader) -> None:
    reply = answered("2019年住建局答复了多少件", reader)
    assert isinstance(reply, Refusal)
    assert (reply.code, reply.nearest) == ("none_listed", ())
    assert reply.reason == f"已收录的复文中没有2019年{LIFT}的答复"


def test_a_topic_that_no_title_tells_of_is_left_to_the_search(reader: SnapshotReader) -> None:
    assert answered("关于养老的答复有哪些", reader) is None


def test_a_scope_keeps_letters_off_the_list(reader: SnapshotReader) -> None:
    assert listed("哪些B类", reader, Scope(letter_ids=("lift",))).count == 1
    assert isinstance(answered("哪些B类", reader, Scope(letter_ids=("bus",))), Refusal)


def test_what_is_not_public_is_neither_listed_nor_counted() -> None:
    store = MemoryStore()
    publish(
        store,
        make_letter("open", result_class="B", issuer="云岭市水利局"),
        make_letter("closed", result_class="B", issuer="云岭市保密局", publicity="closed"),
    )
    public = Scope(public_only=True)
    assert listed("哪些B类", store.current(), public).count == 1
    assert answered("保密局的答复有哪些", store.current(), public) is None
    assert listed("哪些B类", store.current()).count == 2


def test_a_field_from_beside_the_text_is_cited_by_the_title() -> None:
    store = MemoryStore()
    publish(
        store, make_letter("a", result_class="B"), make_letter("b", title=None, result_class="B")
    )
    first, second = listed("哪些B类", store.current()).rows
    assert (first.about, first.text) == ("题目", "关于提案的答复")
    assert (second.about, second.text) == (
        "首行",
        "关于农村道路建设，我局已安排资金。明年六月底前完工。",
    )


def test_a_long_list_is_cut_and_its_count_is_not() -> None:
    store = MemoryStore()
    publish(
        store, *(make_letter(f"{n:03}", result_class="B") for n in range(listing.MOST_ROWS + 5))
    )
    found = listed("哪些B类", store.current())
    assert (found.count, len(found.rows)) == (205, 200)
    assert found.caption == "已收录的B类答复，共 205 份，这里列出最新的 200 份"


WORDS = [
    "哪些",
    "有哪些",
    "B类",
    "2024年",
    "住建局",
    "的",
    "答复",
    "了",
    "多少件",
    "提案",
    "关于",
    "公交",
    "加装电梯",
    "会办意见",
    "市",
    "云岭市",
    "列出",
    "建议",
    "不",
    "？",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_is_asked_every_row_is_word_for_word_in_its_letter(
    reader: SnapshotReader, question: str
) -> None:
    reply = answered(question, reader)
    if not isinstance(reply, Listing):
        return
    asked = parsed(question, reader).listing
    assert asked is not None
    for row in reply.rows:
        letter = reader.letter(row.letter_id)
        assert row.span.of(letter.text) == row.text != ""
        assert not asked.years or (row.citation.issued_on or "")[:4] in asked.years
        assert not asked.classes or row.citation.result_class in asked.classes
        assert not asked.issuers or row.citation.issuer in asked.issuers
    assert reply.count >= len(reply.rows) > 0


def test_the_sample_letters_are_listed_exactly(base: SnapshotReader) -> None:
    truth = [(row["letter"], row["fields"]) for row in corpus_rows("fields.jsonl")]
    for grade in "ABC":
        wanted = {letter for letter, fields in truth if fields["result_class"] == grade}
        assert {row.letter_id for row in listed(f"哪些{grade}类", base).rows} == wanted
    for year in ("2022", "2023", "2024", "2025", "2026"):
        wanted = {letter for letter, fields in truth if fields["issued_on"].startswith(year)}
        assert {r.letter_id for r in listed(f"{year}年的答复有哪些", base).rows} == wanted
    for kind in ("提案", "建议"):
        wanted = {letter for letter, fields in truth if fields["kind"] == kind}
        assert {r.letter_id for r in listed(f"列出全部{kind}的答复", base).rows} == wanted
    for organ in {fields["issuer"] for _, fields in truth}:
        wanted = {letter for letter, fields in truth if fields["issuer"] == organ}
        assert {r.letter_id for r in listed(f"{organ}有哪些答复", base).rows} == wanted


def test_an_empty_base_has_no_list(tmp_path: Path) -> None:
    assert isinstance(answered("哪些B类", base_of(tmp_path)), Refusal)

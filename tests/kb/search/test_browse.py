"""Letters by words and by facets."""

from __future__ import annotations

import pytest

from kb.profile import profile
from kb.search.browse import Wanted, browse, catalogue_of, entry_of, spoken
from kb.store.codec import head_of
from kb.store.outline import outline_of
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.support.asking import base_of, letter_text
from tests.support.fakes import MemoryStore, make_letter
from tests.support.stores import publish

PUBLIC = Scope(public_only=True)
LETTERS = {
    "养老": letter_text(),
    "电梯": letter_text(
        "云建办〔2023〕18号", organ="云岭市住房和城乡建设局", proposal="047",
        subject="破解老旧小区加装电梯难题", day="2023年6月19日",
        body="一、情况\n全市加装电梯312部，每部补贴二十万元。\n二、打算\n继续加装。",
    ),
    "公交": letter_text(
        "云交函〔2025〕8号", organ="云岭市交通运输局", proposal="105", subject="优化公交线网",
        day="2025年5月16日", body="一、情况\n公交车站加装了雨棚。\n二、打算\n免费乘车范围再研究。",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    folder = tmp_path_factory.mktemp("browse")
    return base_of(folder, *LETTERS.values(), ids=tuple(LETTERS))


def ids(
    reader: SnapshotReader, words: str = "", *, by_date: bool = False, **chosen: str
) -> list[str]:
    wanted = Wanted(words=words, chosen=chosen, by_date=by_date)
    return [one.entry.citation.letter_id for one in browse(wanted, reader, scope=PUBLIC).matches]


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("", ["公交", "养老", "电梯"]),  # the newest first
        ("加装电梯", ["电梯"]),
        ("电梯 补贴", ["电梯"]),
        ("加装", ["电梯", "公交"]),
        ("云交函〔2025〕8号", ["公交"]),
        ("第086号提案", ["养老"]),
        ("住建局", ["电梯"]),
        ("住建局 加装", ["电梯", "公交"]),
        ("交通局 加装", ["公交", "电梯"]),
        ("地铁", []),
        ('*:* OR "', []),
    ],
)
def test_letters_are_found_by_their_words(
    reader: SnapshotReader, words: str, letters: list[str]
) -> None:
    assert ids(reader, words) == letters


def test_half_of_the_words_is_enough_and_less_is_not(reader: SnapshotReader) -> None:
    assert ids(reader, "雨棚 补贴") == ["公交"]  # 雨棚 is the rarer word
    assert ids(reader, "加装 盾构掘进 换乘枢纽") == []


def test_a_word_is_found_inside_a_longer_one_of_the_dictionary(reader: SnapshotReader) -> None:
    assert "加装电梯" in spoken("电梯")
    assert ids(reader, "电梯") == ["电梯"]
    assert ids(reader, "车站") == ["公交"]


def test_letters_may_be_sorted_by_date(reader: SnapshotReader) -> None:
    assert ids(reader, "加装", by_date=True) == ["公交", "电梯"]


@pytest.mark.parametrize(
    ("chosen", "letters"),
    [
        ({"year": "2023"}, ["电梯"]),
        ({"issuer": "云岭市民政局"}, ["养老"]),
        ({"topic": "交通出行"}, ["公交"]),
        ({"result_class": "A", "year": "2025"}, ["公交"]),
        ({"year": "2023", "topic": "交通出行"}, []),
        ({"issuer": "没有的局"}, []),
    ],
)
def test_letters_are_narrowed_down(
    reader: SnapshotReader, chosen: dict[str, str], letters: list[str]
) -> None:
    assert ids(reader, **chosen) == letters


def test_each_value_tells_how_many_letters_it_would_leave(reader: SnapshotReader) -> None:
    for words in ("", "加装"):
        for year in ("", "2023", "2025"):
            chosen = {"year": year} if year else {}
            facets = browse(Wanted(words=words, chosen=chosen), reader, scope=PUBLIC).facets
            assert any(facets.values())
            for facet, values in facets.items():
                for value, count in values:
                    assert len(ids(reader, words, **{**chosen, facet: value})) == count > 0


def test_a_match_knows_the_passage_that_holds_most_of_the_words(reader: SnapshotReader) -> None:
    (match,) = browse(Wanted(words="免费乘车范围"), reader, scope=PUBLIC).matches
    assert match.ordinal is not None
    passage = reader.passage(match.ordinal)
    assert "免费乘车范围" in passage.span.of(reader.letter("公交").text)


def test_letters_out_of_scope_and_without_passages_are_in_no_ones_way() -> None:
    store = MemoryStore()
    made = [
        make_letter("a", "", title="关于公路的建议"),
        make_letter("b", "公路。\n桥。", publicity="closed"),
        make_letter("c", "水库。\n渠。"),
        make_letter("d", ""),
    ]
    catalogue = catalogue_of(publish(store, *made), PUBLIC)
    assert [one.citation.letter_id for one in catalogue.entries] == ["a", "c", "d"]
    assert [catalogue.at(ordinal).citation.letter_id for ordinal in (2, 3)] == ["c", "c"]


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("关于破解老旧小区加装电梯难题的提案", ("住房与小区",)),
        ("关于优化公交线网、方便群众出行的提案", ("交通出行",)),
        ("关于加快高标准农田建设的建议", ("农业农村",)),
        ("关于市政协五届三次会议第047号提案的复函", ()),
        ("", ()),
    ],
)
def test_a_title_names_its_topics(title: str, topics: tuple[str, ...]) -> None:
    letter = make_letter("a", title=title)
    assert entry_of(head_of(letter), outline_of(letter)).topics == topics


def test_every_word_of_a_topic_is_at_home_in_one_topic_only() -> None:
    words = [word for row in profile().topics.values() for word in row]
    assert len(words) == len(set(words))
    assert all(len(word) > 1 or word in "疫碳" for word in words)

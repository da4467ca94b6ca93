"""The composed pages: the same bytes every time, and a gold that stands in them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import lxml.html
import pytest

from eval.pages.bodies import body, plain
from eval.pages.judge import FIELDS, Judgement, furniture_in, judged, same
from eval.pages.make import SETS, PageSet, pages, rows, write
from kb.errors import KbError
from kb.types import MULTI_FIELDS, Field, Letter, Span


@pytest.fixture(scope="module", params=SETS)
def page_set(request: pytest.FixtureRequest) -> PageSet:
    return SETS[request.param]


@pytest.fixture(scope="module")
def written(page_set: PageSet) -> dict[str, str]:
    return {name: page_text(html) for name, html in pages(page_set).items()}


def page_text(html: str) -> str:
    return same(lxml.html.fromstring(html).text_content())


def test_the_pages_are_written_the_same_every_time(tmp_path: Any, page_set: PageSet) -> None:
    count = len(rows(page_set.gold))
    assert write(tmp_path / "a", page_set) == write(tmp_path / "b", page_set) == count
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_every_page_has_its_gold_and_five_questions(page_set: PageSet) -> None:
    gold_rows = rows(page_set.gold)
    assert [row["id"] for row in rows(page_set.letters)] == [row["id"] for row in gold_rows]
    for gold in gold_rows:
        assert set(gold) >= set(FIELDS)
        assert len(gold["questions"] + gold.get("tempting", [])) >= 5


def test_answers_stand_in_the_letter_and_furniture_beside_it(
    page_set: PageSet, written: dict[str, str]
) -> None:
    for gold, letter in zip(rows(page_set.gold), rows(page_set.letters), strict=True):
        text, page = same("".join(map(plain, letter["lines"]))), written[f"{gold['id']}.html"]
        assert text in page
        for asked in gold["questions"] + gold.get("tempting", []):
            assert same(asked["answer"] or "") in text
        assert len(gold["furniture"]) >= 2
        for words in gold["furniture"]:
            assert same(words) in page
            assert same(words) not in text


def test_a_set_has_pages_of_twelve_site_systems_or_more(page_set: PageSet) -> None:
    assert len(Counter(row["template"] for row in rows(page_set.letters))) >= 12


@pytest.mark.parametrize("name", ["third", "fourth"])
def test_a_judging_set_has_sixty_pages_and_many_tempting_questions(name: str) -> None:
    gold_rows = rows(SETS[name].gold)
    tempting = sum(len(gold["tempting"]) for gold in gold_rows)
    assert len(gold_rows) == 60
    assert tempting >= 80
    assert tempting + sum(len(gold["questions"]) for gold in gold_rows) >= 300


@pytest.mark.parametrize("name", ["third", "fourth"])
def test_a_field_of_a_judging_set_is_known_only_where_it_stands_on_the_page(name: str) -> None:
    written = pages(SETS[name])
    for gold in rows(SETS[name].gold):
        page = page_text(written[f"{gold['id']}.html"])
        for name in set(FIELDS) - {"issued_on", "kind"}:
            for value in (gold[name], *gold.get("also", {}).get(name, ())):
                for part in value if isinstance(value, list) else [value or ""]:
                    assert all(same(organ) in page for organ in part.split("、")), gold["id"]


@pytest.mark.parametrize(
    "style", ["p", "font", "br", "word", "section", "runs", "nbsp", "data", "rich"]
)
def test_every_editor_keeps_the_words(style: str) -> None:
    lines = [">右", "^中", "#题", "~顶", "正文<3", "|甲|乙|", "|丙|丁|"]
    html = lxml.html.fromstring(f"<div>{body(lines, style=style)}</div>")
    assert same(html.text_content()) == "右中题顶正文<3甲乙丙丁"


def test_furniture_is_found_across_white_space() -> None:
    judgement = Judgement()
    gold = {"id": "p", "furniture": ["浏览次数：3"]}
    furniture_in(judgement, gold, "答复。浏览次数: 3", what="answers", template="trs")
    furniture_in(judgement, gold, "答复。", what="answers", template="trs")
    assert judgement.judged["trs", "answers"] == 2
    assert judgement.right["trs", "answers"] == 1
    assert judgement.faults[0].found == "浏览次数：3"


class NothingRead:
    """A snapshot from which every page was refused."""

    def unmasked(self, letter_id: str) -> Letter:
        raise KbError(letter_id)


class OneRead:
    """A snapshot with one letter, which has two addressees and no title."""

    def unmasked(self, letter_id: str) -> Letter:
        text = "甲委员、乙 委员"
        names = (field("甲委员", text), field("乙 委员", text))
        return Letter(
            id=letter_id,
            text=text,
            sha256="",
            source=letter_id,
            title=None,
            body=Span(start=0, end=len(text)),
            lists={"addressees": names},
        )

    def passages_of(self, _: str) -> range:
        return range(0)


def field(words: str, text: str) -> Field:
    start = text.index(words)
    return Field(value=words, span=Span(start=start, end=start + len(words)), rule="")


GOLD_ROW = {
    "id": "p",
    "furniture": [],
    **dict.fromkeys(FIELDS),
    **{name: [] for name in MULTI_FIELDS},
}


def test_a_page_that_was_refused_has_no_field_right() -> None:
    judgement = judged([GOLD_ROW], {"p": "trs"}, NothingRead())  # type: ignore[arg-type]
    assert judgement.judged.total() == len(FIELDS)
    assert not judgement.right.total()


@pytest.mark.parametrize(
    ("known", "also", "right"),
    [
        (["乙委员", "甲委员"], [], 1),
        (["甲委员"], [], 0),
        (["甲委员"], [["甲委员", "乙委员"]], 1),
        ([], [], 0),
    ],
)
def test_lists_are_right_in_any_order_and_by_any_way_that_is_known(
    known: list[str], also: list[list[str]], right: int
) -> None:
    gold = GOLD_ROW | {"addressees": known, "also": {"addressees": also}}
    judgement = judged([gold], {"p": "trs"}, OneRead())  # type: ignore[arg-type]
    assert judgement.right["trs", "addressees"] == right


@pytest.mark.parametrize(("refused", "right"), [(True, 1), (False, 0)])
def test_a_page_with_only_an_attachment_is_no_letter(refused: bool, right: int) -> None:
    found = NothingRead() if refused else OneRead()
    judgement = judged([GOLD_ROW | {"attached": ["复文.pdf"]}], {"p": "trs"}, found)  # type: ignore[arg-type]
    assert judgement.judged == {("trs", "attached"): 1}
    assert judgement.right["trs", "attached"] == right

"""What is written in traditional characters is found by simplified ones and the other way round."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.answer.ask import ask
from kb.query.directory import directory_of
from kb.query.follow_up import resolved
from kb.query.given import directory
from kb.query.parse import parse
from kb.replies import Answer, Listing
from kb.search.browse import Wanted, browse
from kb.search.highlight import found
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Scope, Span
from tests.support.asking import FakeModel, base_of, found_in, letter_text, parsed
from tests.support.heads import head

LIFT = """關於老舊小區加裝電梯的答覆
陳先生：
您的來信收悉。現答覆如下：
既有住宅加裝電梯，每部補貼十五萬元，由區財政局撥付。
電動車在樓道裏充電容易著火，請勿在樓道停放。
臺中市都市發展局"""
ROAD = "关于农村道路的答复\n您的来信收悉。现答复如下：\n农村道路今年硬化三十公里，群众出行更方便。"
POOL = """關於泳池開放的答覆
您的來信收悉。現答覆如下：
康樂及文化事務署管理的泳池於四月啓用，羣眾可憑身分證入場。"""


@pytest.fixture
def mixed(tmp_path: Path) -> SnapshotReader:
    return base_of(tmp_path, LIFT, ROAD, POOL, letter_text(), ids=["lift", "road", "pool", "care"])


@pytest.mark.parametrize(
    ("question", "letter_id"),
    [
        ("老旧小区加装电梯补贴多少钱", "lift"),
        ("老舊小區加裝電梯補貼多少錢", "lift"),
        ("电梯每部补贴几万元", "lift"),
        ("电动车在楼道里充电着火怎么办", "lift"),
        ("農村道路硬化了多少公里", "road"),
        ("羣眾走的鄉村道路今年怎麼修", "road"),
        ("群众凭身份证能进泳池吗", "pool"),
        ("泳池几月启用", "pool"),
        ("老人食堂還要新建幾家", "care"),
        ("養老服務中心建成多少處", "care"),
    ],
)
def test_a_letter_is_found_across_characters(
    mixed: SnapshotReader, question: str, letter_id: str
) -> None:
    assert found_in(mixed, question).hits[0].passage.letter_id == letter_id


def test_what_is_quoted_is_the_letter_as_it_is_written(mixed: SnapshotReader) -> None:
    query = parse("老旧小区加装电梯每部补贴多少", directory_of(mixed, Scope()), settings=Settings())
    reply = ask(query, mixed, FakeModel(), settings=Settings(threshold=0.0))
    assert isinstance(reply, Answer)
    assert "每部補貼十五萬元" in reply.quotes[0].text
    assert query.typed == reply.question == "老旧小区加装电梯每部补贴多少"


def test_browsing_and_marking_are_across_characters(mixed: SnapshotReader) -> None:
    entries = browse(Wanted(words="加装电梯"), mixed, scope=Scope()).matches
    assert [match.entry.citation.letter_id for match in entries] == ["lift"]
    text = "㎡加裝電梯"
    assert [s.of(text) for s in found("加装电梯", text, Span(start=0, end=5))] == ["加裝電梯"]
    assert [s.of("加装电梯") for s in found("電梯", "加装电梯", Span(start=0, end=4))] == ["电梯"]


KNOWN = directory(
    [
        head("a", "临江县农业农村局", title="关于临江县水利的答复"),
        head("b", "臺中市衛生局", title="關於臺中市醫療的答覆"),
    ]
)


@pytest.mark.parametrize(
    ("question", "organs", "places"),
    [
        ("臨江縣農業農村局怎麼說", {"临江县农业农村局"}, {"临江县"}),
        ("农业农村局怎么说", {"临江县农业农村局"}, set()),
        ("台中市卫生局什么时候接种", {"臺中市衛生局"}, {"台中市"}),
        ("臺中市衞生局甚麼時候接種", {"臺中市衛生局"}, {"台中市"}),
    ],
)
def test_organs_and_places_are_named_in_either_characters(
    question: str, organs: set[str], places: set[str]
) -> None:
    query = parse(question, KNOWN, settings=Settings())
    assert query.named.organs == organs
    assert {place.name for place in query.setting.places} == places


def test_numbers_years_and_lists_are_read_in_traditional_characters(tmp_path: Path) -> None:
    reader = base_of(tmp_path, letter_text(), ids=["care"])
    assert parsed("雲民函〔2024〕7號說了什麼", reader).named.letter_ids == ("care",)
    assert parsed("第086號提案的答覆", reader).named.letter_ids == ("care",)
    listed = ask(
        parsed("雲嶺市民政局2024年答覆了哪些提案", reader), reader, FakeModel(), settings=Settings()
    )
    assert isinstance(listed, Listing)
    assert listed.count == 1


def test_a_field_is_asked_for_in_traditional_characters(tmp_path: Path) -> None:
    reader = base_of(tmp_path, letter_text(), ids=["care"])
    query = parsed("推進養老服務的提案是誰簽發的", reader)
    assert query.field is not None
    assert query.field.asking.field == "signer"


def test_a_follow_up_in_traditional_characters_carries_the_subject() -> None:
    query = parse("那2024年呢？", KNOWN, settings=Settings(), today=date(2025, 1, 1))
    carried = resolved(query, ["臨江縣農業農村局2023年修了多少水渠？"], KNOWN)
    assert carried.question == "临江县农业农村局2024年修了多少水渠？"
    pointing = parse("這個項目什麼時候完工？", KNOWN, settings=Settings())
    led = resolved(pointing, ["臨江縣的水庫除險加固怎麼做？"], KNOWN)
    assert led.question.startswith("临江县 水库")

"""Where letters of several years answer the same, the newest stands first, older ones below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.answer.ask import ask
from kb.answer.matter import alike, became, outcome
from kb.answer.quotes import verify
from kb.query.directory import directory_of
from kb.query.parse import parse
from kb.replies import Answer
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Span
from tests.kb.answer.test_rerank import Finds
from tests.support.asking import ALL, FakeModel, base_of, letter_text

GRID = "云岭市发展和改革委员会"


def yearly(year: int, body: str, *, organ: str = GRID, subject: str = "建设公用充电桩") -> str:
    return letter_text(
        f"云发改函〔{year}〕6号",
        organ=organ,
        subject=subject,
        day=f"{year}年7月9日",
        body=f"一、情况\n{body}",
    )


PILES = {
    2022: "截至2022年6月，全市公用充电桩达到1460个。",
    2023: "截至2023年6月，全市公用充电桩达到2310个。去年新增充电站7座。",
    2024: "到今年5月，全市公用充电桩已有3870个，分布在42个乡镇。",
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SnapshotReader:
    texts = {f"piles-{year}": yearly(year, body) for year, body in PILES.items()}
    texts["hall-2023"] = yearly(
        2023, "我局力争2024年6月底前开工建设市博物馆新馆。", organ="云岭市文化局", subject="建馆"
    )
    texts["hall-2024"] = yearly(
        2024,
        "经研究，市博物馆新馆不再单独建设，改为扩建老馆。",
        organ="云岭市文化局",
        subject="文博",
    )
    texts["canal-2023"] = yearly(
        2023, "我局拟在2024年冬季之前完成东干渠清淤。", organ="云岭市水利局", subject="渠"
    )
    texts["canal-2025"] = yearly(
        2025,
        "2023年市水利局答复代表时，计划在冬季之前完成东干渠清淤。清淤已于11月20日完工。",
        organ="云岭市农业农村局",
        subject="田",
    )
    texts["far"] = yearly(2025, "截至2025年6月，全市公用充电桩达到99个。", organ="临江市发展改革局")
    return base_of(tmp_path_factory.mktemp("data"), *texts.values(), ids=list(texts))


def asked(question: str, reader: SnapshotReader, *words: str, today: date | None = None) -> Answer:
    settings = replace(Settings(), threshold=0.0, read=2)
    query = parse(question, directory_of(reader, ALL), settings=settings, today=today)
    reply = ask(query, reader, FakeModel(), model=Finds(*words), settings=settings)
    assert isinstance(reply, Answer)
    return reply


ALL_PILES = ("1460个", "2310个", "3870个")


def test_the_newest_letter_of_an_organ_answers_and_older_figures_stand_below(
    reader: SnapshotReader,
) -> None:
    reply = asked("云岭市全市公用充电桩有多少个", reader, *ALL_PILES)
    first = reply.quotes[0]
    assert first.letter_id == "piles-2024"
    rows = [
        (row.letter_id, [part.of(reader.letter(row.letter_id).text) for part in row.exact])
        for row in first.earlier
    ]
    assert rows == [("piles-2022", ["1460个"]), ("piles-2023", ["2310个"])]
    assert {quote.letter_id for quote in reply.quotes} == {"piles-2024"}


def test_older_rows_are_words_of_their_letters(reader: SnapshotReader) -> None:
    reply = asked("云岭市全市公用充电桩有多少个", reader, *ALL_PILES)
    for row in reply.quotes[0].earlier:
        verify(row, reader)


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_question_that_names_a_year_is_answered_of_that_year(
    reader: SnapshotReader, year: int
) -> None:
    reply = asked(f"{year}年云岭市全市公用充电桩有多少个", reader, *ALL_PILES)
    assert reply.quotes[0].letter_id == f"piles-{year}"
    assert reply.quotes[0].earlier == ()


@pytest.mark.parametrize(
    ("today", "letter_id"),
    [(date(2024, 3, 1), "piles-2023"), (date(2023, 3, 1), "piles-2022")],
)
def test_last_year_is_counted_from_today(
    reader: SnapshotReader, today: date, letter_id: str
) -> None:
    reply = asked("去年云岭市全市公用充电桩有多少个", reader, *ALL_PILES, today=today)
    assert reply.quotes[0].letter_id == letter_id


def test_this_year_of_which_nothing_is_written_is_answered_by_the_newest(
    reader: SnapshotReader,
) -> None:
    today = date(2031, 3, 1)
    reply = asked("今年云岭市全市公用充电桩有多少个", reader, *ALL_PILES, today=today)
    assert reply.quotes[0].letter_id == "piles-2024"


def test_a_consultation_answers_only_where_there_is_no_reply(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    opinion = letter_text(
        "云公会办〔2024〕7号", organ="云岭市公安局", body="一、情况\n全市设护学岗56处。"
    ).replace("提案的答复", "提案的会办意见")
    reply = letter_text("云教复〔2024〕9号", organ="云岭市教育局", body="一、情况\n设护学岗38处。")
    alone = base_of(tmp_path_factory.mktemp("a"), opinion, ids=["opinion"])
    both = base_of(tmp_path_factory.mktemp("b"), opinion, reply, ids=["opinion", "reply"])
    question = "护学岗有多少处"
    assert asked(question, alone, "56处").quotes[0].letter_id == "opinion"
    shown = asked(question, both, "56处", "38处").quotes
    assert {quote.letter_id for quote in shown} == {"reply"}


def test_a_question_for_what_was_said_at_first_is_not_answered_by_the_last(
    reader: SnapshotReader,
) -> None:
    reply = asked("云岭市当初公用充电桩有多少个", reader, "1460个")
    assert reply.quotes[0].letter_id == "piles-2022"


def test_a_dropped_plan_is_told_by_the_letter_that_drops_it(reader: SnapshotReader) -> None:
    reply = asked("市博物馆新馆什么时候开工建设", reader, "2024年6月底前")
    first = reply.quotes[0]
    assert (first.letter_id, first.text) == (
        "hall-2024",
        "经研究，市博物馆新馆不再单独建设，改为扩建老馆。",
    )
    assert [row.letter_id for row in first.earlier] == ["hall-2023"]
    told = asked("市博物馆新馆到底建不建", reader, "不再单独建设").quotes[0]
    assert told.letter_id == "hall-2024"
    assert [row.letter_id for row in told.earlier] == ["hall-2023"]


def test_what_came_of_a_plan_is_told_by_whoever_tells_it(reader: SnapshotReader) -> None:
    first = asked("东干渠清淤完成没有", reader, "2024年冬季之前完成东干渠清淤").quotes[0]
    assert (first.letter_id, first.text) == ("canal-2025", "清淤已于11月20日完工。")
    assert [row.letter_id for row in first.earlier] == ["canal-2023"]


def test_letters_of_another_town_answer_nothing_anew(reader: SnapshotReader) -> None:
    reply = asked("云岭市全市公用充电桩有多少个", reader, *ALL_PILES, "99个")
    first = reply.quotes[0]
    assert first.letter_id == "piles-2024"
    assert "far" not in {row.letter_id for row in first.earlier}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("截至2022年6月，全市公用充电桩1460个。", "目前全市公用充电桩已有5240个，两年翻番。"),
        ("城乡居民医保个人缴费每人每年350元。", "今年居民医保个人缴费标准为每人每年400元。"),
        ("全市建成口袋公园62个。", "累计建成口袋公园118个，绿地率38%。"),
        ("我局力争2023年6月底前开工建设新馆。", "新馆不再建设，原址开工改建停车场。"),
        ("学位缺口2400个。", "目前小学学位缺口为1100个。"),
    ],
)
def test_the_same_matter_is_known_whatever_its_figures(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("全市公用充电桩1460个。", "全市养老床位1.2万张。"),
        ("2023年新增公交车60辆。", "2024年新增停车位6000个。"),
        ("审批由42个工作日减为18个工作日。", "今年计划加装电梯90部。"),
        ("供水管网漏损率为9.8%。", "燃气管网更新改造32公里。"),
        ("", "全市公用充电桩1460个。"),
    ],
)
def test_other_matters_are_told_apart(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    "words",
    [
        "二期清淤不再单独实施。",
        "开工时间推迟到2025年3月。",
        "该项目暂缓建设。",
        "因资金未落实，未能按期完工。",
        "计划已作调整，改为分三年实施。",
        "原定去年底通车，至今未通。",
        "比原计划晚了两个月。",
        "夜间专线试运行后停办。",
        "直到10月才正式印发。",
        "此项补贴自7月起取消。",
        "渠道清淤已于2024年11月20日完工。",
        "夜1路按期开通。",
        "书房已全部建成。",
    ],
)
def test_words_tell_what_became_of_a_plan(words: str) -> None:
    assert became(words)


@pytest.mark.parametrize(
    "words",
    ["计划2025年6月开工。", "全市公用充电桩5240个。", "此处不再赘述。", "我局将继续推进。"],
)
def test_a_plan_by_itself_became_of_nothing(words: str) -> None:
    assert not became(words)


def test_the_outcome_is_marked_by_its_clause_alone() -> None:
    text = "经专题会议研究，市图书馆新馆不再单独建设，预留的38亩地保留五年。"
    found = outcome(text, Span(start=0, end=len(text)))
    assert found is not None
    assert found.of(text) == "市图书馆新馆不再单独建设"

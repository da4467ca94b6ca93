"""What pages show, before any template: marks, hits, jump lists, ages, links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.store.register import RULE
from kb.types import Field, Heading, Quote, Span
from server.present import views
from server.present.hits import hits_around
from tests.support.fakes import make_letter
from tests.support.heads import citation
from tests.support.served import TODAY, place, road_letter

TEXT = st.text(st.sampled_from("甲𠮷\n\u3000 \r\u2028\u0301<"), max_size=40)


@given(text=TEXT.filter(str.strip), data=st.data())
def test_emphasised_pieces_join_to_the_quote_and_mark_what_answers(
    text: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    parts = [Span(start=7 + a, end=7 + b) for a, b in (cuts[:2], cuts[2:]) if a < b]
    shown = views.emphasised(
        Quote(
            citation=citation("a"),
            title=None,
            span=Span(start=7, end=7 + len(text)),
            text=text,
            headings=(),
            score=1.0,
            exact=tuple(parts),
        )
    )
    assert "".join(piece.text for piece in shown) == text
    assert "".join(p.text for p in shown if p.marked) == "".join(
        text[part.start - 7 : part.end - 7] for part in parts
    )


@given(body=TEXT, start=st.integers(0, 45), length=st.integers(1, 45))
def test_marks_cover_exactly_the_named_code_points(body: str, start: int, length: int) -> None:
    letter = make_letter("a", body)
    end = min(start + length, len(letter.text))
    mark = Span(start=start, end=end) if start < end else None
    shown = views.lines(letter, mark=mark)
    assert "\n".join("".join(p.text for p in line.pieces) for line in shown) == letter.text
    offset, marked = 0, set()
    for line in shown:
        for piece in line.pieces:
            assert piece.text
            if piece.marked:
                marked |= set(range(offset, offset + len(piece.text)))
            offset += len(piece.text)
        offset += 1
    wanted = set(range(mark.start, mark.end)) if mark else set()
    assert marked == {place for place in wanted if letter.text[place] != "\n"}


@given(
    body=TEXT,
    mark=st.tuples(st.integers(0, 45), st.integers(1, 9)),
    cuts=st.lists(st.integers(0, 45), max_size=8, unique=True).map(sorted),
)
def test_hits_beside_the_mark_change_no_character_and_no_mark(
    body: str, mark: tuple[int, int], cuts: list[int]
) -> None:
    letter = make_letter("a", body)
    span = Span(start=mark[0], end=mark[0] + mark[1])
    hits = [Span(start=a, end=b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    plain = views.lines(letter, mark=span)
    shown = views.lines(letter, mark=span, hits=hits)
    assert "\n".join("".join(p.text for p in line.pieces) for line in shown) == letter.text
    for before, after in zip(plain, shown, strict=True):
        marked = [p for p in before.pieces if p.marked]
        assert [p for p in after.pieces if p.marked] == marked
    offset, pointed = 0, set()
    for line in shown:
        for piece in line.pieces:
            if piece.hit:
                pointed |= set(range(offset, offset + len(piece.text)))
            offset += len(piece.text)
        offset += 1
    beside = [h for h in hits if h.end <= span.start or span.end <= h.start]
    wanted = {at for h in beside for at in range(h.start, min(h.end, len(letter.text)))}
    assert pointed == {at for at in wanted if letter.text[at] != "\n"}


def test_hits_are_gone_through_from_what_is_shown() -> None:
    spans = [Span(start=at, end=at + 2) for at in (3, 9, 15)]
    around = hits_around(spans, spans[1])
    assert (around.number, around.before, around.after) == (2, spans[0], spans[2])
    between = hits_around(spans, Span(start=6, end=8))
    assert (between.number, between.before, between.after) == (0, spans[0], spans[1])
    nowhere = hits_around(spans, None)
    assert (nowhere.number, nowhere.before, nowhere.after) == (0, None, spans[0])


def test_of_headings_in_one_line_only_the_first_is_jumped_to() -> None:
    letter = make_letter("a", "一、修路（一）修桥。\n二、修渠\n一是修坝。")
    levels = {"一、修路": 1, "（一）修桥": 2, "二、修渠": 1, "一是修坝": 5}
    tree = tuple(Heading(text=t, level=n, span=place(letter, t)) for t, n in levels.items())
    jumps = views.jumps(replace(letter, headings=tree))
    assert [(one.text, one.level) for one in jumps] == [("一、修路", 1), ("二、修渠", 1)]
    anchors = [one.anchor for one in views.lines(replace(letter, headings=tree), mark=None)]
    assert [one for one in anchors if one] == [one.anchor for one in jumps]


@given(body=TEXT, start=st.integers(0, 45), length=st.integers(1, 45))
def test_only_the_first_marked_piece_is_an_anchor(body: str, start: int, length: int) -> None:
    letter = make_letter("a", body)
    shown = views.lines(letter, mark=Span(start=start, end=start + length))
    marked = [piece for line in shown for piece in line.pieces if piece.marked]
    assert [piece.anchor for piece in marked] == [index == 0 for index in range(len(marked))]


def test_title_and_heading_lines_are_told_from_text() -> None:
    kinds = {
        "".join(p.text for p in one.pieces): one.kind
        for one in views.lines(road_letter(), mark=None)
    }
    assert kinds["关于农村公路建设提案的答复"] == "title"
    assert kinds["一、农村公路"] == "heading"
    assert kinds["张三委员："] == "text"


def test_a_heading_that_runs_into_its_text_is_text() -> None:
    letter = make_letter("a", "一是修路。二是架桥。")
    start = letter.text.index("一是")
    heading = Heading(text="一是修路", level=5, span=Span(start=start, end=start + 4))
    shown = views.lines(replace(letter, headings=(heading,)), mark=None)
    assert shown[-1].kind == "text"


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("0", "5", (0, 5)),
        ("4", "10", (4, 10)),
        ("0", "11", None),
        ("5", "5", None),
        ("6", "5", None),
        ("-1", "5", None),
        ("", "", None),
        ("a", "b", None),
        ("1.0", "2", None),
        ("٣", "٥", None),
        ("²", "5", None),
        ("1" * 5000, "2", None),
        (" 1", "2", None),
        ("1_0", "11", None),
    ],
)
def test_offsets_out_of_range_or_no_numbers_mark_nothing(
    start: str, end: str, found: tuple[int, int] | None
) -> None:
    span = views.span_of(start, end, length=10)
    assert span == (Span(start=found[0], end=found[1]) if found else None)


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2024-06-28", "2024年6月28日（2 年前）"),
        ("2024-07-01", "2024年7月1日（1 年前）"),
        ("2025-06-30", "2025年6月30日（1 年前）"),
        ("2025-07-01", "2025年7月1日（11 个月前）"),
        ("2026-05-30", "2026年5月30日（1 个月前）"),
        ("2026-05-31", "2026年5月31日（30 天前）"),
        ("2026-06-29", "2026年6月29日（1 天前）"),
        ("2026-06-30", "2026年6月30日（今天）"),
        ("2026-07-01", "2026年7月1日"),
        ("二〇二四年", "二〇二四年"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_says_how_long_ago_it_was(iso: str | None, shown: str) -> None:
    assert views.dated(iso, today=TODAY) == shown
    assert views.dated(iso, today=TODAY, aged=False) == shown.partition("（")[0]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 20_000))
def test_an_age_is_never_more_than_the_time_that_passed(today: date, days: int) -> None:
    number, _, unit = views.ago(today - timedelta(days=days), today=today).partition(" ")
    least = {"年前": 365, "个月前": 28, "天前": 1}
    assert (int(number) * least[unit] <= days) if unit else days == 0


def test_a_class_is_shown_with_its_meaning() -> None:
    assert views.graded("A").startswith("A ")
    assert len(views.graded("A")) > 3
    assert views.graded("Z") == "Z"
    assert views.graded(None) == ""


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.text(st.characters(codec="utf-8")))
def test_a_link_leads_back_to_the_same_id_and_question(letter_id: str, question: str) -> None:
    found = urlsplit(
        "http://here" + views.link("/letters/" + letter_id, q=question, anchor="quote")
    )
    assert unquote(found.path) == "/letters/" + letter_id
    assert parse_qs(found.query).get("q", [""]) == [question]
    assert found.fragment == "quote"
    assert found.netloc == "here"


def test_a_link_leaves_out_what_is_empty_and_keeps_the_size_of_text() -> None:
    assert views.link("/", q=None, page="") == "/"
    assert views.link("/", q="路", size="large") == "/?q=%E8%B7%AF&size=large"
    assert views.link("/ask", before=["一", ""], carry="") == "/ask?before=%E4%B8%80&before="
    assert views.link("/ask", before=()) == "/ask"
    assert views.link("/letters/a", start=0, end=1) == "/letters/a?start=0&end=1"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://www.yunling.example/a", True),
        ("http://a.example", True),
        ("", False),
        ("javascript:alert(1)", False),
        (" https://a", False),
        ("//a.example", False),
        ("data:text/html,a", False),
        ("https://a b", False),
        ("https://a\n", False),
        ("ftp://a", False),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert views.web_address(url) == (url if kept else None)


def test_what_comes_from_a_register_says_so_and_has_no_place() -> None:
    told = Field(value="市财政局", span=None, rule=RULE)
    letter = replace(road_letter(), lists={"co_organs": (told,)})
    (fact,) = (f for f in views.facts(letter, today=TODAY) if f.label == "会办单位")
    assert (fact.value, fact.span) == ("市财政局（据交办表）", None)


def test_facts_are_in_order_and_know_their_places() -> None:
    letter = road_letter()
    facts = views.facts(letter, today=TODAY)
    assert [f.label for f in facts] == [
        "发文单位",
        "文号",
        "发文日期",
        "办理结果",
        "编号",
        "题目",
        "答复对象",
    ]
    assert facts[0].span is not None
    assert facts[0].span.of(letter.text) == facts[0].value
    assert facts[2].value == "2024年6月28日（2 年前）"

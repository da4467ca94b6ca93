"""What pages show, before any template: marks, ages, links, examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.types import Heading, Quote, Span
from server import views
from tests.fakes import MemoryStore, make_letter
from tests.served import TODAY, letters, road_letter
from tests.stores import publish

TEXT = st.text(st.sampled_from("甲𠮷\n\u3000 \r\u2028\u0301<"), max_size=40)


@given(text=TEXT.filter(str.strip), data=st.data())
def test_emphasised_pieces_join_to_the_quote_and_mark_what_answers(
    text: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    parts = [Span(start=7 + a, end=7 + b) for a, b in (cuts[:2], cuts[2:]) if a < b]
    shown = views.emphasised(
        Quote(
            letter_id="a", span=Span(start=7, end=7 + len(text)), text=text, title=None,
            number=None, issuer=None, issued_on=None, result_class=None, headings=(), score=1.0,
            exact=tuple(parts),
        )
    )  # fmt: skip
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


@given(body=TEXT, start=st.integers(0, 45), length=st.integers(1, 45))
def test_only_the_first_marked_piece_is_an_anchor(body: str, start: int, length: int) -> None:
    letter = make_letter("a", body)
    shown = views.lines(letter, mark=Span(start=start, end=start + length))
    marked = [piece for line in shown for piece in line.pieces if piece.marked]
    assert [piece.anchor for piece in marked] == [index == 0 for index in range(len(marked))]


def test_title_and_heading_lines_are_told_from_text() -> None:
    kinds = {"".join(p.text for p in one.pieces): one.kind
             for one in views.lines(road_letter(), mark=None)}  # fmt: skip
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
        ("0", "5", (0, 5)), ("4", "10", (4, 10)), ("0", "11", None), ("5", "5", None),
        ("6", "5", None), ("-1", "5", None), ("", "", None), ("a", "b", None), ("1.0", "2", None),
        ("٣", "٥", None), ("²", "5", None), ("1" * 5000, "2", None),
        (" 1", "2", None), ("1_0", "11", None),
    ],
)  # fmt: skip
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
    assert views.link("/", q="路", large=True) == "/?q=%E8%B7%AF&size=large"
    assert views.link("/letters/a", start=0, end=1) == "/letters/a?start=0&end=1"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://www.yunling.example/a", True), ("http://a.example", True), ("", False),
        ("javascript:alert(1)", False), (" https://a", False), ("//a.example", False),
        ("data:text/html,a", False), ("https://a b", False), ("https://a\n", False),
        ("ftp://a", False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert views.web_address(url) == (url if kept else None)


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("关于加装电梯的建议", "加装电梯"), ("关于缓解停车难、停车贵的提案", "缓解停车难、停车贵"),
        ("关于修复补助的复函", "修复补助"), ("对市政协五届二次会议第047号提案的答复", None),
        ("关于市政协五届二次会议第112号提案的复函", None), ("答复", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_subject_is_read_from_a_title_that_names_one(
    title: str | None, subject: str | None
) -> None:
    assert views.subject_of(make_letter("a", title=title)) == subject


def test_the_proposals_title_tells_the_subject_before_the_letters_own() -> None:
    assert views.subject_of(road_letter()) == "加快农村公路建设、落实养护责任"
    assert views.name_of(road_letter()) == "关于加快农村公路建设、落实养护责任的提案"
    assert views.name_of(make_letter("a", title=None)) == "a"


def test_examples_come_from_the_newest_letters_one_of_each_organ() -> None:
    store = MemoryStore()
    made = [
        make_letter(f"{n}", proposal_title=f"关于办好{'一二三四五六七八九十'[n]}件事的建议",
                    issuer=f"{n % 6}局", issued_on=f"20{10 + n}-01-01")
        for n in range(10)
    ]  # fmt: skip
    publish(store, *made)
    reader = store.current()
    found = views.examples(reader.letters(), reader)
    assert found == [f"办好{n}件事，下一步有什么打算？" for n in "十九八七"]


def test_without_telling_titles_there_are_no_examples() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", title="答复"))
    assert views.examples(store.current().letters(), store.current()) == []


def test_facts_are_in_order_and_know_their_places() -> None:
    letter = road_letter()
    facts = views.facts(letter, today=TODAY)
    assert [f.label for f in facts] == [
        "发文单位", "文号", "发文日期", "办理结果", "编号", "题目", "答复对象",
    ]  # fmt: skip
    assert facts[0].span is not None
    assert facts[0].span.of(letter.text) == facts[0].value
    assert facts[2].value == "2024年6月28日（2 年前）"


def test_letters_without_a_date_stand_last() -> None:
    store = MemoryStore()
    publish(store, *letters())
    ordered = [head.issued_on for head in views.newest_first(store.current().letters())]
    assert ordered == sorted(ordered, key=lambda day: day or "", reverse=True)
    assert ordered[-1] is None

"""Links that land on a quote where it was published."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.types import Span
from server.present.fragments import Directive, directive, published_at
from tests.conftest import CORPUS
from tests.support.fakes import make_letter

PAGE = "https://www.yunling.example/zwgk/t1.html"
TEXT = (
    "一、关于路灯\n　　我局同意安装路灯。明年安装路灯二百盏，今年先做三十盏。\n"
    "二、关于水渠\n　　我局同意安装水闸。明年安装水闸九座，今年先做一座。\n"
    "合计\t二百盏\t九座\n我局同意安装路灯。"
)


def span_of(words: str, text: str = TEXT, *, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words))


def decoded(fragment: str) -> Directive:
    """A text fragment as a browser reads it."""
    name, _, told = fragment.partition("=")
    assert name == "text"
    parts = told.split(",")
    prefix = suffix = ""
    if parts[0].endswith("-"):
        prefix = unquote(parts.pop(0)[:-1])
    if parts[-1].startswith("-"):
        suffix = unquote(parts.pop()[1:])
    start, end = (*map(unquote, parts), "")[:2]
    return Directive(start=start, end=end, prefix=prefix, suffix=suffix)


def test_words_that_stand_once_are_named_as_they_are() -> None:
    assert str(directive(TEXT, span_of("明年安装水闸九座"))) == (
        "text=%E6%98%8E%E5%B9%B4%E5%AE%89%E8%A3%85%E6%B0%B4%E9%97%B8%E4%B9%9D%E5%BA%A7"
    )


@pytest.mark.parametrize(
    ("words", "nth", "wanted"),
    [
        ("今年先做", 0, Directive(start="今年先做", prefix="明年安装路灯二百盏，")),
        ("我局同意安装路灯。", 0, Directive(start="我局同意安装路灯。", prefix="关于路灯")),
        ("我局同意安装路灯。", 1, Directive(start="我局同意安装路灯。", prefix="九座")),
        ("二百盏\t九座", 0, Directive(start="二百盏", end="九座", prefix="合计")),
    ],
)
def test_words_that_stand_more_than_once_are_told_apart(
    words: str, nth: int, wanted: Directive
) -> None:
    assert directive(TEXT, span_of(words, nth=nth)) == wanted


def test_long_words_are_named_by_opening_and_ending() -> None:
    long = (
        "我局将在年内完成路灯改造，"
        + "逐条街道排查情况并登记造册，" * 6
        + "最后由审计部门验收合格。"
    )
    text = f"开头。{long}结尾。"
    found = directive(text, span_of(long, text))
    assert found == Directive(start="我局将在年内完成路灯改造，", end="最后由审计部门验收合格。")


def test_what_has_a_meaning_of_its_own_is_encoded() -> None:
    text = "一-二,三&四 五#六%七。八"
    told = str(directive(text, span_of("一-二,三&四 五#六%七。", text)))
    assert not set(told.removeprefix("text=")) & set("-,&# ")
    assert decoded(told).start == "一-二,三&四 五#六%七。"


@pytest.mark.parametrize(
    ("text", "words"), [("水。" * 300, "水。"), ("联系人王**。", "王**"), ("一\n\n二", "\n\n")]
)
def test_what_cannot_be_named_is_not(text: str, words: str) -> None:
    assert directive(text, span_of(words, text)) is None


lines = st.lists(st.text("路灯水渠，。、-&, \t　a1", max_size=40), min_size=1, max_size=6).map(
    "\n".join
)


@given(lines, st.data())
@example("路灯。路灯。", None)
def test_what_is_named_is_found_there_and_nowhere_else(
    text: str, data: st.DataObject | None
) -> None:
    last = len(text)
    start = data.draw(st.integers(0, last)) if data else 3
    span = Span(start=start, end=data.draw(st.integers(start, last)) if data else 6)
    found = directive(text, span)
    if found is None:
        return
    again = decoded(str(found))
    assert again == found
    (place,) = again.places(text)
    words = span.of(text)
    assert place.start == start + len(words) - len(words.lstrip())
    assert place.end <= span.end
    for part in (again.start, again.end, again.prefix, again.suffix):
        assert not set(part) & set("\n\t")
        assert part == part.strip()


def test_nearly_every_sentence_of_the_sample_letters_can_be_named() -> None:
    named = whole = 0
    for file in sorted((CORPUS / "letters").glob("*.txt"))[:30]:
        text = file.read_text(encoding="utf-8", errors="ignore")
        for sentence in {one for one in text.replace("\n", "。").split("。") if len(one) > 8}:
            if sentence in text and "*" not in sentence:
                whole += 1
                named += directive(text, span_of(sentence, text)) is not None
    assert whole > 300
    assert named / whole > 0.99


@pytest.mark.parametrize(
    ("url", "source", "wanted"),
    [
        (PAGE, "t1.html", f"{PAGE}#:~:text=%E4%BA%8C"),
        (PAGE + "#top", "t1.html", f"{PAGE}#top:~:text=%E4%BA%8C"),
        (PAGE + "?a=1&b=2", "总表.jsonl", f"{PAGE}?a=1&b=2#:~:text=%E4%BA%8C"),
        (PAGE, "附件.pdf", PAGE),
        (
            "https://www.yunling.example/a.PDF?v=1",
            "t1.html",
            "https://www.yunling.example/a.PDF?v=1",
        ),
        ("javascript:alert(1)", "t1.html", None),
        ("", "t1.html", None),
    ],
)
def test_only_web_pages_are_linked_into(url: str, source: str, wanted: str | None) -> None:
    letter = replace(make_letter("甲", "一。二。三。"), url=url, source=source)
    assert published_at(letter, span_of("二", letter.text)) == wanted
    assert published_at(letter, None) == (url if url.startswith("https") else None)

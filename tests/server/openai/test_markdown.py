"""Markdown that draws every quote as it is in its letter."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb.replies import Answer, Contact, Lead, Listing, Notice, Part, Refusal, Reply, Several
from kb.types import Citation, Nearest, Quote, Span
from server.openai.markdown import MOST, plain, quoted, written

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
CITED = Citation(
    letter_id="路*_1", name="关于[公路]的提案", number="云交函〔2024〕3号", issuer="云岭市交通局",
    issued_on="2024-06-28", result_class="A",
)  # fmt: skip
HARD = (
    "1. 一是*加强*养护_#_`x`|a|b|\n- 二是 <b>补助</b> &amp; $3$ ~~\\~~ [甲](乙)!\n\n三、张**\n==="
)


class Text(HTMLParser):
    """The text that a browser would show, a line break where there is a <br>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found = ""
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.found += data


def drawn(markdown: str) -> Text:
    return Text(MARKDOWN.render(markdown))


def quote(text: str) -> Quote:
    return Quote(
        citation=CITED, title="答复", span=Span(start=3, end=3 + len(text)), text=text,
        headings=(), score=1.0,
    )  # fmt: skip


def answer(*texts: str, lead: str | None = None) -> Answer:
    return Answer(
        question="问", snapshot="s", quotes=tuple(map(quote, texts)), nearest=(), confidence=0.9,
        lead=Lead(text=lead) if lead else None,
    )  # fmt: skip


def told(reply: Reply) -> str:
    return written(reply, site="https://fuwen.example", today=date(2026, 6, 30))[0]


@pytest.mark.parametrize(
    "text",
    [
        HARD,
        "　　二是加强养护。\n2024年6月28日",
        "1） 甲",
        "2、门票每张45元。\n3)甲",
        "+1",
        "    四格",
    ],
)
def test_a_quote_is_drawn_as_it_stands(text: str) -> None:
    shown = drawn(quoted(text))
    assert "".join(shown.found.split()) == "".join(text.split())
    assert set(shown.tags) <= {"blockquote", "p", "br"}


@given(st.text(alphabet="甲乙、） \n*_`#->+=.)!|~[]()<&\\1234$:", min_size=1, max_size=60))
def test_whatever_it_holds_it_is_drawn_as_it_stands(text: str) -> None:
    shown = drawn(quoted(text))
    assert "".join(shown.found.split()) == "".join(text.split())
    assert set(shown.tags) <= {"blockquote", "p", "br"}


@given(st.text(alphabet="甲乙、） \n*_`#->+=.)!|~[]()<&\\1234$:", min_size=1, max_size=40))
def test_our_own_words_are_drawn_as_they_are(text: str) -> None:
    assert "".join(drawn(plain(text)).found.split()) == "".join(text.split())


def test_citations_say_where_the_quote_stands_in_the_answer() -> None:
    markdown, cited = written(
        answer("甲。", HARD, lead="不是"), site="https://fuwen.example", today=date(2026, 6, 30)
    )
    assert [markdown[one.start : one.end] for one in cited] == [quoted("甲。"), quoted(HARD)]
    assert [one.url for one in cited] == [
        "https://fuwen.example/letters/%E8%B7%AF%2A_1?start=3&end=5#quote",
        f"https://fuwen.example/letters/%E8%B7%AF%2A_1?start=3&end={3 + len(HARD)}#quote",
    ]
    assert markdown.startswith("**不是**\n\n> 甲。 [1]")
    assert markdown.endswith("云岭市交通局，云交函〔2024〕3号，2024年6月28日（2 年前）")


def test_every_kind_of_reply_has_its_words() -> None:
    near = Nearest(citation=CITED, title="答复", score=0.5)
    contact = Contact(label="市长热线", value="12345", href="tel:12345")
    refusal = Refusal(
        question="问", snapshot="s", code="not_sure", reason="没有找到。", nearest=(near,),
        confidence=0.1, way_out=(contact,),
    )  # fmt: skip
    for word in ("没有找到。", "[12345](tel:12345)", "相关的答复（不是回答）", "关于\\[公路\\]"):
        assert word in told(refusal)
    rows = tuple(quote(f"第{n}件。") for n in range(MOST + 1))
    listing = Listing(
        question="问", snapshot="s", caption="共51份：", count=51, rows=rows, nearest=(),
        confidence=1.0,
    )  # fmt: skip
    assert "第49件。" in told(listing)
    assert "第50件。" not in told(listing)
    assert f"只写出前 {MOST} 份" in told(listing)
    notice = Notice(question="问", snapshot="s", code="hello", text="您好。", options=("甲？",))
    assert told(notice) == "您好。\n- 甲？"
    several = Several(
        question="问",
        snapshot="s",
        kind="questions",
        parts=(Part(label="第一问", reply=answer("甲。")), Part(label="第二问", reply=refusal)),
    )
    assert "**第一问**\n\n> 甲。 [1]" in told(several)
    assert "**第二问**\n\n没有找到。" in told(several)

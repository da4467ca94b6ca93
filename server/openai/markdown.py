"""A reply as Markdown, whose quotes read as in their letters once it is drawn, with citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from kb.query.follow_up import Resolved
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several
from kb.serialize import MADE, REWORDED, WORDED
from kb.types import Quote
from kb.wording.gate import Wording, Words
from server.present import cards, views

# What Markdown takes for its own: CommonMark 0.31, and others' tables, strikes and formulas.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$!]")
_OPENING = re.compile(r"^([-+=:]|\d+(?=[.)]))", re.MULTILINE)
MOST = 50  # rows of a list that are written out


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """``quote``, as it stands in the Markdown from ``start`` to ``end`` (code points), and where
    its letter is read."""

    quote: Quote
    start: int
    end: int
    url: str


@dataclass(slots=True)
class Page:
    """Markdown that grows, and what it cites; ``site`` is the origin that links begin with."""

    site: str
    today: date
    text: str = ""
    cited: list[Cited] = field(default_factory=list)

    def say(self, words: str) -> None:
        """A paragraph of our own; ``words`` are Markdown."""
        self.text += f"{words}\n\n"

    def quote(self, quote: Quote) -> None:
        """A quote as a block of its own, with the number of its citation."""
        number, url = len(self.cited) + 1, self.site + cards.place(quote)
        start = len(self.text)
        self.text += quoted(quote.text)
        self.cited.append(Cited(quote=quote, start=start, end=len(self.text), url=url))
        self.text += f" [{number}]\n\n"
        for note in (cards.kind_of(quote), *cards.notes(quote)):
            if note:
                self.say(f"（{plain(note)}）")
        for older in quote.earlier:
            self.say("以前的答复里是这样写的：")
            self.quote(older)
        if quote.standing:
            told = quote.standing
            due = f"，期限 {plain(told.due)}" if told.due else ""
            self.say(f"办理情况：{plain(told.told)}{due}（工作人员核实的记录，不是复文的字）")
            for proof in told.evidence:
                self.quote(proof)

    def link(self, name: str, path: str) -> str:
        """A link to a page of ours."""
        return f"[{plain(name)}]({self.site}{path})"

    def sources(self) -> None:
        """The list of what was cited."""
        for number, one in enumerate(self.cited, 1):
            of = one.quote.citation
            facts = (of.issuer, of.number, views.dated(of.issued_on, today=self.today))
            told = "，".join(plain(fact) for fact in facts if fact)
            self.text += f"[{number}] [{plain(of.name)}]({one.url}){'，' if told else ''}{told}\n\n"


def written(
    reply: Reply,
    *,
    site: str,
    today: date,
    resolved: Resolved | None = None,
    wording: Wording | None = None,
) -> tuple[str, tuple[Cited, ...]]:
    """``reply`` as Markdown, joined as in ``wording`` if there is one; its citations in order."""
    page = Page(site, today)
    if resolved and resolved.reworded:
        way_back = page.link("照我的原话查", views.link("/ask", q=resolved.reworded, carry="no"))
        page.say(f"（{REWORDED}，按“{plain(resolved.question)}”查找。{way_back}）")
    elif resolved:
        page.say(f"（按“{plain(resolved.question)}”查找）")
    _reply(page, reply, wording)
    page.sources()
    return page.text.strip(), tuple(page.cited)


def quoted(text: str) -> str:
    """``text`` as a block quote, line by line."""
    return "\n".join(f"> {line}" for line in _hard(_lines(text)))


def plain(text: str) -> str:
    """``text`` that Markdown draws as it is, in one line."""
    return _OPENING.sub(_escaped, _SPECIAL.sub(r"\\\g<0>", " ".join(text.split())))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield _OPENING.sub(_escaped, _SPECIAL.sub(r"\\\g<0>", line.strip(" \t")))


def _escaped(match: re.Match[str]) -> str:
    word = match[0]
    return f"{word}\\" if word.isdigit() else f"\\{word}"


def _hard(lines: Iterable[str]) -> Iterator[str]:
    """Each line but the last with the break that Markdown keeps; empty ones are let be."""
    every = list(lines)
    for number, line in enumerate(every, 1):
        yield f"{line}\\" if line and number < len(every) and every[number] else line


def _reply(page: Page, reply: Reply, wording: Wording | None = None) -> None:
    match reply:
        case Answer():
            if reply.lead:
                page.say(f"**{plain(reply.lead.text)}**")
            if wording:
                _worded(page, wording)
                return
            for quote in reply.quotes:
                page.quote(quote)
        case Refusal():
            _refusal(page, reply)
        case Listing():
            _listing(page, reply)
        case Notice():
            page.say("\n".join([plain(reply.text), *(f"- {plain(one)}" for one in reply.options)]))
        case Several():
            for part in reply.parts:
                page.say(f"**{plain(part.label)}**")
                _reply(page, part.reply)
        case _:
            assert_never(reply)


def _worded(page: Page, wording: Wording) -> None:
    for part in wording.parts:
        if isinstance(part, Words):
            page.say(f"（{MADE}：{plain(part.text)}）")
        else:
            page.quote(part)
    page.say(f"{WORDED}。")


def _refusal(page: Page, refusal: Refusal) -> None:
    page.say(plain(refusal.reason))
    ways = [(plain(one.label), one.value, one.href) for one in refusal.way_out]
    if ways:
        rows = (f"- {label}：[{plain(value)}]({href})" for label, value, href in ways)
        page.say("\n".join(("可以直接问：\n", *rows)))
    near = [one.citation for one in refusal.nearest]
    if near:
        links = (page.link(one.name, views.link(f"/letters/{one.letter_id}")) for one in near)
        page.say("\n".join(("相关的答复（不是回答）：\n", *(f"- {link}" for link in links))))


def _listing(page: Page, listing: Listing) -> None:
    page.say(plain(listing.caption))
    for row in listing.rows[:MOST]:
        page.quote(row)
    if len(listing.rows) > MOST:
        rest = page.link("网页", views.link("/ask", q=listing.question))
        page.say(f"只写出前 {MOST} 份，其余请看{rest}。")

"""The server over a store in memory and a made-up embedder, and a reader of its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from fastapi.testclient import TestClient

from kb.errors import ModelUnusable
from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.protocol import Store
from kb.types import Field, Heading, Letter, Span, Vectors
from server.app import create
from server.console.intake.program import Indexer
from server.question_log import Notes
from tests.support.fakes import FakeEmbedder, MemoryStore, make_letter
from tests.support.stores import publish

ANSWERS = replace(Settings(), threshold=0.0, rate=0)  # answers whatever is found
REFUSES = replace(Settings(), threshold=1.0, rate=0)  # refuses unless a field is asked for
TODAY = date(2026, 6, 30)
ROAD = "明年六月底前，全市农村公路硬化率达到百分之九十五。"
RARE = "𠮷野村的𬌗面修复所用𫝑药，由市财政按每人每年三百元补助。"
OLD = "一九九九年的水渠由村里自己修，今后纳入市级管护名录。"
SECRET = "未公开的桥梁病害名单共十七座，由养护中心逐座处置。"

ROAD_PATH = "/letters/" + quote("路/〔2024〕3号.txt")
ADDRESSES = (
    "/", "/?q=公路", "/?q=水渠&size=large", "/?issuer=卫健委", "/?year=1800", "/?sort=date",
    "/feeds", "/check", "/ask", "/ask?q=农村公路硬化率是多少", "/ask?q=" + "路" * 501,
    "/ask?q=水渠&size=extra",
    "/ask?q=2024年答复了多少件", "/ask?q=那2025年呢&before=2024年答复了多少件",
    ROAD_PATH, ROAD_PATH + "?start=30&end=60", ROAD_PATH + "?q=公路", "/letters/rare",
    "/quotes/old/0-5/0123456789abcdef", "/quotes/gone/0-5/0123456789abcdef", "/docs",
    "/nothing", "/letters/nothing", "/letters/", "/letters/old/original", "/letters/old/page/1",
)  # fmt: skip


class AskEmbedder(FakeEmbedder):
    """``kb.models.embedding.Embedder`` that needs no model."""

    name = "fake"

    def question(self, text: str) -> Vectors:
        row: Vectors = self.embed([text])[0]
        return row

    def passages(
        self, letter: Letter, passages: Any, *, tick: Callable[[int], None] = lambda _: None
    ) -> tuple[Vectors, list[Vectors]]:
        raise NotImplementedError("questions only")


def unusable() -> AskEmbedder:
    """For a server whose model cannot be loaded."""
    raise ModelUnusable("向量模型打不开；请检查文件夹")


class BrokenStore(MemoryStore):
    """A store that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def current(self) -> Any:
        raise self.error


def road_letter(letter_id: str = "路/〔2024〕3号.txt") -> Letter:
    """A letter with fields, headings and a title of its own, all with their places."""
    title = "关于农村公路建设提案的答复"
    body = f"云岭市交通运输局\n张三委员：\n一、农村公路\n{ROAD}\n　　二是加强养护。\n2024年6月28日"
    letter = make_letter(
        letter_id,
        body,
        title=title,
        issuer="云岭市交通运输局",
        number="云交函〔2024〕3号",
        issued_on="2024-06-28",
        result_class="A",
        proposal_no="047",
        proposal_title="关于加快农村公路建设、落实养护责任的提案",
    )
    return replace(
        letter,
        fields={
            **letter.fields,
            "issuer": Field(
                value="云岭市交通运输局", span=place(letter, "云岭市交通运输局"), rule="首行"
            ),
        },
        lists={
            "addressees": (Field(value="张三委员", span=place(letter, "张三委员"), rule="称呼行"),)
        },
        headings=(Heading(text="一、农村公路", level=1, span=place(letter, "一、农村公路")),),
        url="https://www.yunling.example/a?b=1&c=2",
    )


def place(letter: Letter, words: str) -> Span:
    """Where ``words`` first stand in the letter."""
    start = letter.text.index(words)
    return Span(start=start, end=start + len(words))


def letters() -> list[Letter]:
    """Three public letters and two that citizens must not see."""
    return [
        road_letter(),
        make_letter(
            "rare", RARE, title="关于修复补助的复函", issued_on="2025-01-02", issuer="卫健委"
        ),
        make_letter("old", OLD, title=None, issued_on="1999-06-30", result_class="C"),
        make_letter(
            "桥",
            SECRET,
            title="关于桥梁病害的答复",
            publicity="closed",
            number="密〔2024〕1号",
            issuer="桥梁处",
            issued_on="2020-01-01",
            result_class="D",
        ),
        make_letter("路灯", "路灯名单依申请公开，共三百盏。", publicity="on_request"),
    ]


def served(
    *,
    settings: Settings = ANSWERS,
    store: Store | None = None,
    embedder_of: Callable[[], Embedder] = AskEmbedder,
    notes: Notes | None = None,
    indexer: Indexer | None = None,
) -> TestClient:
    """A client of a server over ``letters()``, or over ``store``."""
    if store is None:
        store = MemoryStore()
        publish(store, *letters())
    app = create(
        settings,
        store=store,
        embedder_of=embedder_of,
        today=lambda: TODAY,
        notes=notes,
        indexer=indexer,
    )
    return TestClient(app, raise_server_exceptions=True)


def ask(client: TestClient, question: str, **scope: Any) -> dict[str, Any]:
    """The reply to ``question``, which has to be a 200."""
    response = client.post("/api/ask", json={"question": question, "scope": scope})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@dataclass
class Element:
    """An element as a browser would see it: name, attributes, all text inside it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A page taken apart: every element in order of its start tag."""

    elements: list[Element] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    VOID = frozenset(("meta", "link", "input", "br", "img", "hr", "wbr"))

    @classmethod
    def of(cls, html: str) -> Page:
        page = cls()
        HTMLParser.__init__(page)
        page.feed(html)
        page.close()
        assert not page._open, f"never closed: {[one.name for one in page._open]}"
        return page

    def handle_decl(self, decl: str) -> None:
        self.declared.append(decl)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].name == tag, f"</{tag}> closes <{self._open[-1].name}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, /, **attributes: str) -> list[Element]:
        """Elements of this name that have these attributes (``class_`` for class)."""
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.name == tag and wanted.items() <= one.attributes.items()
        ]

    def one(self, tag: str, /, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]


def page_of(client: TestClient, address: str, *, status: int = 200) -> Page:
    """The page at ``address``, which must answer with ``status``."""
    response = client.get(address)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page.of(response.text)

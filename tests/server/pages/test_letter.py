"""Where quotes come from: the letter's page, its original, its PDF pages."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from indexer.update import update
from kb.types import Heading, Letter
from tests.support import papers
from tests.support.asking import FakeModel, letter_text
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import RARE, ROAD, ROAD_PATH, letters, page_of, place, road_letter, served
from tests.support.stores import publish

PDF = papers.pdf(letter_text("云民函〔2024〕10号"))


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def marked(client: TestClient, letter_id: str, start: int, end: int) -> list[str]:
    address = f"/letters/{quote(letter_id)}?start={start}&end={end}"
    found = page_of(client, address).all("mark")
    anchors = ["quote", *[None] * (len(found) - 1)][: len(found)]
    assert [one.attributes.get("id") for one in found] == anchors
    return [one.text for one in found]


def test_marks_are_exact_on_characters_beyond_the_basic_plane(client: TestClient) -> None:
    letter = next(one for one in letters() if one.id == "rare")
    for words in ("𠮷野村", "𬌗面", "𫝑药", "𬌗", RARE):
        span = place(letter, words)
        assert marked(client, "rare", span.start, span.end) == [words]


def test_a_mark_may_run_across_paragraphs(client: TestClient) -> None:
    letter = road_letter()
    start, end = letter.text.index("农村公路\n"), letter.text.index("加强养护")
    assert marked(client, letter.id, start, end) == letter.text[start:end].split("\n")


@pytest.mark.parametrize(
    "query", ["start=0&end=99999", "start=9&end=3", "start=a&end=9", "start=5", "q=地铁"]
)
def test_offsets_out_of_range_and_absent_words_mark_nothing(client: TestClient, query: str) -> None:
    page = page_of(client, f"{ROAD_PATH}?{query}")
    assert not page.all("mark")
    assert not [a for a in page.all("a") if a.attributes["href"] == "#quote"]


def test_a_letter_is_shown_whole_line_by_line(client: TestClient) -> None:
    for letter in (one for one in letters() if one.publicity == "public"):
        for query in ("", "?q=公路"):
            page = page_of(client, "/letters/" + quote(letter.id) + query)
            body = page.one("article", class_="letter").text
            assert [line for line in body.split("\n") if line] == [
                line for line in letter.text.split("\n") if line
            ]


def test_the_trust_card_links_to_where_each_field_stands(client: TestClient) -> None:
    page = page_of(client, ROAD_PATH)
    table = page.one("table")
    for words in ("张三委员", "2024年6月28日（2 年前）", "A 所提问题已经解决", "没有保存"):
        assert words in table.text
    assert road_letter().sha256 in table.text
    links = [a.attributes["href"] for a in page.all("a") if a.text.startswith("看出处")]
    assert [page_of(client, link).one("mark").text for link in links] == [
        "云岭市交通运输局",
        "张三委员",
    ]


def test_only_public_letters_have_pages(client: TestClient) -> None:
    for hidden in ("桥", "路灯", "密〔2024〕1号"):
        for rest in ("", "/original", "/page/1"):
            response = client.get("/letters/" + hidden + rest)
            assert response.status_code == 404
            assert response.content == client.get("/letters/nothing" + rest).content


def test_a_letter_page_may_be_asked_for_by_document_number(client: TestClient) -> None:
    assert page_of(client, "/letters/云交函[2024]3号").one("h1").text.startswith("关于加快农村公路")


def test_headings_make_a_jump_list() -> None:
    letter = make_letter("a", "一、修路\n已经修好。\n（一）桥。也修好了。\n二、打算\n再修。")
    levels = {"一、修路": 1, "（一）桥": 2, "二、打算": 1}
    tree = tuple(Heading(text=t, level=n, span=place(letter, t)) for t, n in levels.items())
    store = MemoryStore()
    publish(store, replace(letter, headings=tree))
    page = page_of(served(store=store), "/letters/a")
    jumps = {a.text: a.attributes["href"][1:] for a in page.all("a") if a.text in levels}
    assert list(jumps) == list(levels)
    for words, anchor in jumps.items():
        assert page.one("p", id=anchor).text.startswith(words)


def test_words_are_gone_through_one_by_one(client: TestClient) -> None:
    def step(address: str, words: str) -> tuple[str | None, str]:
        page = page_of(client, address)
        assert [one.text for one in page.all("mark")] == ["农村公路"]
        told = page.one("nav", class_="hits").text.split("\n")[1].strip()
        found = [a.attributes["href"] for a in page.all("a") if a.text == words]
        return (found[0] if found else None), told

    count = road_letter().text.count("农村公路") - 1  # the title line is not gone through
    assert count == 2
    second, told = step(f"{ROAD_PATH}?q=农村公路", "下一处")
    assert told == "“农村公路”第 1 处，共 2 处"
    assert second
    none, told = step(second, "下一处")
    assert (none, told) == (None, "“农村公路”第 2 处，共 2 处")
    back, _ = step(second, "上一处")
    assert back
    assert step(back, "上一处")[0] is None


def test_other_places_of_the_words_are_not_marked_as_the_quote(client: TestClient) -> None:
    span = place(road_letter(), ROAD)
    page = page_of(client, f"{ROAD_PATH}?q=养护&start={span.start}&end={span.end}")
    assert [one.text for one in page.all("mark")] == [ROAD]
    assert [one.text for one in page.all("span", class_="hit")] == ["养护"]


@pytest.fixture(scope="module")
def with_files(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    inbox = tmp_path_factory.mktemp("inbox")
    names = ("utf.txt", "gb.txt", "closed.txt", "a b'.html", "停车难.pdf", "课后服务与学位.docx")
    text = letter_text()
    (inbox / names[0]).write_text(text, encoding="utf-8")
    (inbox / names[1]).write_text(letter_text("云民函〔2024〕8号"), encoding="gb18030")
    (inbox / names[2]).write_text(text + "\n（不予公开）", encoding="utf-8")
    (inbox / names[3]).write_bytes(papers.page(letter_text("云民函〔2024〕9号")))
    (inbox / names[4]).write_bytes(PDF)
    (inbox / names[5]).write_bytes(papers.docx(letter_text("云民函〔2024〕11号")))
    store = MemoryStore()
    _, tally = update([inbox], store, FakeModel())
    assert not tally.refused
    return served(store=store)


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("utf.txt", "text/plain; charset=utf-8", "inline"),
        ("gb.txt", "text/plain; charset=gb18030", "inline"),
        ("a b'.html", "text/html", "inline"),
        ("停车难.pdf", "application/pdf", "attachment"),
        (
            "课后服务与学位.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "attachment",
        ),
    ],
)
def test_an_original_comes_byte_for_byte_and_can_do_nothing(
    with_files: TestClient, name: str, media_type: str, shown: str
) -> None:
    address = f"/letters/{quote(name)}/original"
    got = with_files.get(address)
    assert got.status_code == 200
    headers = got.headers
    assert headers["content-type"] == media_type
    assert headers["content-disposition"] == f"{shown}; filename*=UTF-8''{quote(name)}"
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert hashlib.sha256(got.content).hexdigest() in headers["etag"]
    again = with_files.get(address, headers={"if-none-match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = with_files.get(address, headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, got.content[:4])


def test_a_letter_that_is_not_public_gives_no_original(with_files: TestClient) -> None:
    assert with_files.get("/letters/closed.txt/original").status_code == 404


def test_the_letter_page_offers_its_original(with_files: TestClient) -> None:
    page = page_of(with_files, "/letters/" + quote("停车难.pdf"))
    links = {a.text: a.attributes["href"] for a in page.all("a")}
    assert with_files.get(links["下载原件（PDF）"]).content == PDF
    assert page_of(with_files, links["看原件（PDF）第 1 页"]).one("h1")
    assert hashlib.sha256(PDF).hexdigest() in page.one("table").text


def test_a_pdf_page_shows_the_words_that_were_read_from_it(with_files: TestClient) -> None:
    store = with_files.app.state.desk.store  # type: ignore[attr-defined]
    letter: Letter = store.current().letter("停车难.pdf")
    bounds = [0, *letter.pages, len(letter.text)]
    for number in range(1, len(bounds)):
        page = page_of(with_files, f"/letters/{quote('停车难.pdf')}/page/{number}")
        words = letter.text[bounds[number - 1] : bounds[number]]
        shown = page.one("article", class_="letter").text.split("\n")
        assert [line for line in shown if line] == [line for line in words.split("\n") if line]
        sheet = page.one("div", class_="sheet").attributes
        assert sheet["data-page"] == str(number)
        assert with_files.get(sheet["data-file"]).content == PDF
        assert page.one("script").attributes["src"].startswith("/static/")


def test_a_quote_leads_to_its_page_of_the_pdf(with_files: TestClient) -> None:
    store = with_files.app.state.desk.store  # type: ignore[attr-defined]
    letter: Letter = store.current().letter("停车难.pdf")
    start = letter.text.index("我们将新建食堂12家")
    assert start >= letter.pages[0]
    query = f"start={start}&end={start + 9}"
    page = page_of(with_files, f"/letters/{quote('停车难.pdf')}?{query}")
    (there,) = (a.attributes["href"] for a in page.all("a") if a.text == "看原件（PDF）第 2 页")
    shown = page_of(with_files, there)
    assert shown.one("mark").text == letter.text[start : start + 9]
    (back,) = (a.attributes["href"] for a in shown.all("a") if a.text == "回到全文")
    assert page_of(with_files, back).one("mark").text == letter.text[start : start + 9]


@pytest.mark.parametrize(
    "page", ["停车难.pdf/page/0", "停车难.pdf/page/99", "停车难.pdf/page/²", "utf.txt/page/1"]
)
def test_a_page_that_is_not_there_is_not_found(with_files: TestClient, page: str) -> None:
    assert with_files.get("/letters/" + quote(page)).status_code == 404


def test_the_built_pdf_js_is_served_from_here(client: TestClient) -> None:
    for name, media_type in (
        ("pdf.min.mjs", "text/javascript; charset=utf-8"),
        ("pdf.worker.min.mjs", "text/javascript; charset=utf-8"),
        ("cmaps/UniGB-UCS2-H.bcmap", "application/octet-stream"),
        ("wasm/jbig2_nowasm_fallback.js", "text/javascript; charset=utf-8"),
    ):
        got = client.get(f"/static/vendor/pdfjs/{name}")
        assert (got.status_code, got.headers["content-type"]) == (200, media_type)

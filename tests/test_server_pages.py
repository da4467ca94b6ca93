"""The pages: what citizens see without scripts, and that nothing in a letter can act."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from tests.fakes import MemoryStore, make_letter
from tests.served import (
    ADDRESSES,
    RARE,
    REFUSES,
    ROAD,
    ROAD_PATH,
    SECRET,
    Page,
    letters,
    page_of,
    place,
    road_letter,
    served,
)
from tests.stores import publish


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_built_for_everyone(client: TestClient, address: str) -> None:
    response = client.get(address)
    page = Page.of(response.text)
    assert page.declared == ["doctype html"]
    assert page.one("html").attributes["lang"] == "zh-CN"
    assert page.one("h1").text.strip()
    assert page.one("title").text.strip()
    assert page.one("meta", name="viewport")
    assert page.one("main", id="main")
    first = page.all("a")[0]
    assert (first.attributes["class"], first.attributes["href"]) == ("skip", "#main")
    labelled = {label.attributes["for"] for label in page.all("label")}
    for control in (*page.all("input"), *page.all("select")):
        if control.attributes.get("type") != "hidden":
            assert control.attributes["id"] in labelled
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    levels = [int(one.name[1]) for one in page.elements if re.fullmatch(r"h[1-6]", one.name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(link.text.strip() for link in page.all("a"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_within_the_site_leads_somewhere(client: TestClient, address: str) -> None:
    page = Page.of(client.get(address).text)
    ids = {one.attributes.get("id") for one in page.elements}
    for link in [one for one in page.elements if one.name in ("a", "link")]:
        target = link.attributes["href"]
        if target.startswith("#"):
            assert target[1:] in ids
        elif target.startswith("/"):
            there = client.get(target)
            if address not in ("/nothing", "/letters/nothing", "/letters/", ADDRESSES[2]):
                assert there.status_code == 200, target
            if "#quote" in target:
                assert Page.of(there.text).one("mark", id="quote")


def test_the_empty_page_asks_and_gives_examples_from_the_letters(client: TestClient) -> None:
    page = page_of(client, "/")
    form = page.one("form")
    assert (form.attributes["method"], form.attributes["action"]) == ("get", "/")
    assert page.one("input", name="q").attributes["value"] == ""
    examples = [a.text for a in page.all("a") if "下一步" in a.text]
    assert "加快农村公路建设，下一步有什么打算？" in examples
    assert "3 份" in page.one("main").text


def test_an_answer_shows_quotes_verbatim_with_their_citation(client: TestClient) -> None:
    page = page_of(client, "/?q=农村公路硬化率是多少")
    assert page.one("input", name="q").attributes["value"] == "农村公路硬化率是多少"
    quotes = [one.text for one in page.all("blockquote")]
    assert ROAD in quotes
    card = next(one for one in page.all("article") if ROAD in one.text)
    assert "原文摘录" in card.text
    line = (
        "云岭市交通运输局 · 云交函〔2024〕3号 · 2024年6月28日（2 年前） · A 所提问题已经解决或采纳"
    )
    assert line in card.text
    assert "关于加快农村公路建设、落实养护责任的提案 › 一、农村公路" in card.text


def test_the_link_of_a_quote_marks_the_same_words_in_the_letter(client: TestClient) -> None:
    page = page_of(client, "/?q=农村公路硬化率是多少")
    links = [a.attributes["href"] for a in page.all("a") if a.text.startswith("看原文")]
    quotes = [one.text for one in page.all("blockquote")]
    assert len(links) == len(quotes) > 0
    for link, words in zip(links, quotes, strict=True):
        assert link.endswith("#quote")
        assert "\n".join(m.text for m in page_of(client, link).all("mark")) == words


def test_a_quote_about_a_field_says_which() -> None:
    store = MemoryStore()
    publish(store, road_letter())
    page = page_of(served(store=store), "/?q=这份答复的发文单位是谁")
    assert "发文单位" in page.one("span", class_="about").text
    assert page.one("blockquote").text == "云岭市交通运输局"


def test_a_refusal_gives_its_reason_and_then_related_letters() -> None:
    page = page_of(served(settings=REFUSES), "/?q=农村公路硬化率是多少")
    assert not page.all("blockquote")
    main = page.one("main").text
    assert main.index("没有哪份复文明确回答了这个问题") < main.index("相关答复")
    assert "关于加快农村公路建设、落实养护责任的提案" in main


def test_a_refusal_with_nothing_near_shows_a_next_step() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", publicity="closed"))
    page = page_of(served(store=store), "/?q=农村公路")
    assert "换一种说法" in page.one("main").text
    assert "相关答复" not in page.one("main").text


def test_a_question_that_makes_no_sense_is_told_at_the_input(client: TestClient) -> None:
    page = page_of(client, "/?q=" + "路" * 501, status=422)
    box = page.one("input", name="q").attributes
    assert box["aria-invalid"] == "true"
    assert "501" in page.one("p", id=box["aria-describedby"]).text


def test_white_space_is_no_question(client: TestClient) -> None:
    assert "比如可以问" in page_of(client, "/?q=%20%E3%80%80").one("main").text


def test_without_a_snapshot_the_page_says_so() -> None:
    client = served(store=MemoryStore())
    for address in ("/", "/?q=公路"):
        assert "现在还不能回答" in page_of(client, address, status=503).one("main").text
    assert page_of(client, "/letters", status=503).one("h1").text == "暂时不能服务"


def marked(client: TestClient, letter_id: str, start: int, end: int) -> list[str]:
    address = f"/letters/{quote(letter_id)}?start={start}&end={end}"
    page = page_of(client, address)
    found = page.all("mark")
    assert [one.attributes.get("id") for one in found] == ["quote", *[None] * (len(found) - 1)][
        : len(found)
    ]
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
    "query", ["start=0&end=99999", "start=9&end=3", "start=a&end=9", "start=5"]
)
def test_offsets_out_of_range_mark_nothing(client: TestClient, query: str) -> None:
    page = page_of(client, f"{ROAD_PATH}?{query}")
    assert not page.all("mark")
    assert not [a for a in page.all("a") if a.attributes["href"] == "#quote"]


def test_a_letter_is_shown_whole_line_by_line(client: TestClient) -> None:
    for letter in (one for one in letters() if one.publicity == "public"):
        page = page_of(client, "/letters/" + quote(letter.id))
        body = page.one("article", class_="letter").text
        assert [line for line in body.split("\n") if line] == [
            line for line in letter.text.split("\n") if line
        ]


def test_the_table_of_a_letter_links_to_where_each_field_stands(client: TestClient) -> None:
    page = page_of(client, ROAD_PATH)
    table = page.one("table")
    assert "张三委员" in table.text
    assert "2024年6月28日（2 年前）" in table.text
    links = [a.attributes["href"] for a in page.all("a") if a.text.startswith("看出处")]
    assert [page_of(client, link).one("mark").text for link in links] == [
        "云岭市交通运输局", "张三委员",
    ]  # fmt: skip


def test_pages_show_public_letters_only(client: TestClient) -> None:
    for address in ("/", "/letters", "/?q=桥梁病害名单", "/letters?issuer=桥梁处"):
        text = client.get(address).text
        assert SECRET not in text
        assert "桥梁处</option>" not in text
        assert "/letters/%E6%A1%A5" not in text
    for hidden in ("桥", "路灯", "密〔2024〕1号"):
        response = client.get("/letters/" + hidden)
        assert response.status_code == 404
        assert response.content == client.get("/letters/nothing").content


def test_a_letter_page_may_be_asked_for_by_document_number(client: TestClient) -> None:
    assert page_of(client, "/letters/云交函[2024]3号").one("h1").text.startswith("关于加快农村公路")


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 3), ("issuer=卫健委", 1), ("year=2024", 1), ("result_class=C", 1), ("year=1999", 1),
     ("issuer=卫健委&year=2024", 0), ("year=abc", 3), ("issuer=无", 0),
     ("page=9", 3), ("page=²", 3)],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_filters(client: TestClient, query: str, count: int) -> None:
    page = page_of(client, "/letters?" + query)
    assert f"共 {count} 份" in page.one("main").text
    assert len(page.all("li")) == count
    if count == 0:
        assert "没有符合这些条件的答复" in page.one("main").text


def test_the_list_keeps_what_was_chosen(client: TestClient) -> None:
    chosen = [o.text for o in page_of(client, "/letters?issuer=卫健委").all("option", selected="")]
    assert chosen == ["卫健委"]


def test_a_long_list_has_pages_that_keep_the_filter() -> None:
    store = MemoryStore()
    publish(store, *(make_letter(f"{n:03}", issuer="甲局") for n in range(120)))
    client = served(store=store)
    address, seen = "/letters?issuer=甲局", []
    for _ in range(3):
        page = page_of(client, address)
        seen += [
            one.attributes["href"] for one in page.all("a") if "/letters/" in one.attributes["href"]
        ]
        following = [a.attributes["href"] for a in page.all("a") if a.text == "下一页"]
        address = following[0] if following else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 120


def test_large_text_is_kept_from_page_to_page(client: TestClient) -> None:
    page = page_of(client, "/?q=农村公路硬化率是多少&size=large")
    assert page.one("html").attributes["class"] == "large"
    assert page.one("input", name="size").attributes["value"] == "large"
    for link in page.all("a"):
        target = link.attributes["href"]
        if target.startswith("/") and link.text != "标准字版":
            assert page_of(client, target).one("html").attributes.get("class") == "large"
    back = next(a.attributes["href"] for a in page.all("a") if a.text == "标准字版")
    again = page_of(client, back)
    assert "class" not in again.one("html").attributes
    assert again.one("input", name="q").attributes["value"] == "农村公路硬化率是多少"

"""``/ask``: answers, listings and refusals on a page, and the question that follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.feedback.questions import Noted
from kb.text.tokens import tokens
from server.question_log import Notes
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import REFUSES, ROAD, Page, letters, page_of, road_letter, served
from tests.support.stores import publish

QUESTION = "农村公路硬化率是多少"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def hrefs(page: Page, words: str) -> list[str]:
    return [a.attributes["href"] for a in page.all("a") if a.text.startswith(words)]


def test_the_empty_page_asks_and_gives_examples(client: TestClient) -> None:
    page = page_of(client, "/ask")
    form = page.one("form").attributes
    assert (form["method"], form["action"]) == ("get", "/ask")
    assert page.one("textarea", id="q").text.strip() == ""
    examples = [a.text for a in page.all("a") if a.text.endswith("？")]
    assert any("农村公路" in one for one in examples)
    assert "3 份" in page.one("main").text


def test_an_answer_shows_quotes_verbatim_with_their_citation(client: TestClient) -> None:
    page = page_of(client, f"/ask?q={QUESTION}")
    assert page.one("textarea", id="q").text.strip() == QUESTION
    card = next(one for one in page.all("article") if ROAD in one.text)
    assert ROAD in [one.text for one in page.all("blockquote")]
    assert "原文摘录" in card.text
    line = (
        "云岭市交通运输局 · 云交函〔2024〕3号 · 2024年6月28日（2 年前） · A 所提问题已经解决或采纳"
    )
    assert line in card.text
    assert "关于加快农村公路建设、落实养护责任的提案 › 一、农村公路" in card.text
    cited = next(p.text for p in page.all("p", class_="citation") if ROAD in p.text)
    assert cited.endswith(
        "（云岭市交通运输局，《关于加快农村公路建设、落实养护责任的提案》，云交函〔2024〕3号，"
        "2024年6月28日）"
    )


@pytest.mark.parametrize("link", ["看原文", "固定链接"])
def test_the_links_of_a_quote_mark_the_same_words_in_the_letter(
    client: TestClient, link: str
) -> None:
    page = page_of(client, f"/ask?q={QUESTION}")
    quotes = [one.text for one in page.all("blockquote")]
    found = hrefs(page, link)
    assert len(found) == len(quotes) > 0
    for href, words in zip(found, quotes, strict=True):
        assert "\n".join(m.text for m in page_of(client, href).all("mark")) == words


def test_a_quote_about_a_field_says_which() -> None:
    store = MemoryStore()
    publish(store, road_letter())
    page = page_of(served(store=store), "/ask?q=这份答复的发文单位是谁")
    assert "发文单位" in page.one("span", class_="about").text
    assert page.one("blockquote").text == "云岭市交通运输局"


def test_later_letters_on_the_subject_are_announced() -> None:
    fields = {"proposal_title": "关于加装电梯的提案", "issuer": "云岭市住建局"}
    old = make_letter("旧", "加装电梯每台补贴二十万元。", issued_on="2022-01-01", **fields)
    new = make_letter("新", "加装电梯的管护另行通知。", issued_on="2024-01-01", **fields)
    store = MemoryStore(tokenize=tokens)
    publish(store, old, new)
    page = page_of(served(store=store), "/ask?q=加装电梯每台补贴多少元")
    card = next(one for one in page.all("article") if "二十万元" in one.text)
    assert "此后还有 1 份同一主题的答复" in card.text
    assert "2024年1月1日" in card.text
    letter = page_of(served(store=store), "/letters/旧")
    assert "此后还有 1 份同一主题的答复" in letter.one("main").text


def test_a_later_letter_is_announced_with_what_it_says_of_the_matter() -> None:
    fields = {"proposal_title": "关于加装电梯的提案", "issuer": "云岭市住建局"}
    old = make_letter("旧", "加装电梯每台补贴二十万元。", issued_on="2022-01-01", **fields)
    new = make_letter("新", "加装电梯每台补贴三十万元。", issued_on="2024-01-01", **fields)
    store = MemoryStore(tokenize=tokens)
    publish(store, old, new)
    page = page_of(served(store=store), "/ask?q=2022年加装电梯每台补贴多少元")
    assert "那里说：加装电梯每台补贴三十万元。" in [e.text for e in page.all("span", class_="fact")]
    links = [e.attributes.get("href", "") for e in page.all("a") if "三十万元" in e.text]
    assert any(link.startswith("/letters/%E6%96%B0?start=") for link in links)


def test_a_refusal_gives_its_reason_whom_to_ask_and_related_letters() -> None:
    store = MemoryStore()
    publish(
        store,
        *letters(),
        make_letter("x", "修农村公路，养护硬化。", issuer="路局", contact_unit="路局养护科"),
    )
    page = page_of(served(settings=REFUSES, store=store), f"/ask?q={QUESTION}")
    assert not page.all("blockquote")
    main = page.one("main").text
    assert main.index("没有哪份复文明确回答了这个问题") < main.index("可以直接问")
    assert main.index("可以直接问") < main.index("答复过相近的事的单位")
    assert main.index("答复过相近的事的单位") < main.index("相关答复")
    assert page.one("a", href="tel:12345").text == "12345"
    assert "路局，联系单位：路局养护科" in page.one("ul", class_="whom").text
    assert "关于加快农村公路建设、落实养护责任的提案" in main


def test_a_refusal_with_nothing_near_shows_a_next_step() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", publicity="closed"))
    page = page_of(served(store=store), "/ask?q=农村公路")
    assert "换一种说法" in page.one("main").text
    assert "相关答复" not in page.one("main").text
    assert "答复过相近的事" not in page.one("main").text
    assert "12345" in page.one("ul", class_="ways").text


def test_a_listing_is_a_table_with_the_place_that_puts_each_row_on_it(client: TestClient) -> None:
    page = page_of(client, "/ask?q=列出云岭市交通运输局的答复")
    assert "共 1 份" in page.one("h2", id="verdict").text
    table = page.one("table", class_="listing")
    assert "云交函〔2024〕3号" in table.text
    assert "2024年6月28日（2 年前）" in table.text
    (there,) = hrefs(page, "关于加快农村公路建设")
    assert page_of(client, there).one("mark", id="quote").text == "云岭市交通运输局"
    assert not page.all("mark")  # the row says whose letter it is; the quote would say it again


def test_the_next_question_carries_the_ones_before_it(client: TestClient) -> None:
    page = page_of(client, f"/ask?q={QUESTION}&before=一&before=二")
    sent = [one.attributes["value"] for one in page.all("input", name="before")]
    assert sent == ["一", "二", QUESTION]
    many = "&".join(f"before={n}" for n in range(9))
    page = page_of(client, f"/ask?q={QUESTION}&{many}")
    sent = [one.attributes["value"] for one in page.all("input", name="before")]
    assert sent == [*"5678", QUESTION]


def test_of_earlier_questions_only_those_that_could_be_asked_count(client: TestClient) -> None:
    long = "2024年答复了多少件" + "，" * 500
    assert not page_of(client, f"/ask?q=那2025年呢&before={long}").all("p", class_="resolved")


def test_last_year_is_counted_from_today(client: TestClient) -> None:
    page = page_of(client, "/ask?q=去年有哪些答复")
    assert "2025年" in page.one("h2", id="verdict").text
    assert "共 1 份" in page.one("h2", id="verdict").text


def test_a_follow_up_shows_what_it_was_taken_for_and_can_be_undone(client: TestClient) -> None:
    page = page_of(client, "/ask?q=那2025年呢&before=2024年答复了多少件")
    told = page.one("p", class_="resolved").text
    assert "2025年" in told
    assert "答复了多少件" in told
    (undo,) = hrefs(page, "照我的原话查")
    again = page_of(client, undo)
    assert not again.all("p", class_="resolved")
    assert again.one("textarea", id="q").text.strip() == "那2025年呢"


def test_a_question_that_makes_no_sense_is_told_at_the_input(client: TestClient) -> None:
    page = page_of(client, "/ask?q=路%00", status=422)
    box = page.one("textarea", name="q").attributes
    assert box["aria-invalid"] == "true"
    assert "无法识别的字符" in page.one("p", id=box["aria-describedby"]).text


def test_of_what_is_too_long_the_end_is_asked_and_that_is_said(client: TestClient) -> None:
    end = f"请问{QUESTION}？"
    page = page_of(client, f"/ask?q={'您好，' * 400}{end}")
    assert "前面的 213 个字没有看，只按最后 1000 个字来查" in page.one("main").text
    assert ROAD in [one.text for one in page.all("blockquote")]
    shown = page.one("textarea", id="q").text.strip()
    assert shown.endswith(end)
    assert len(shown) <= 1000
    short = page_of(client, f"/ask?q={QUESTION}")
    assert "没有看" not in short.one("main").text


def test_white_space_is_no_question(client: TestClient) -> None:
    assert "比如可以这样问" in page_of(client, "/ask?q=%20%E3%80%80").one("main").text


@pytest.mark.parametrize("address", ["/ask", "/ask?q=公路"])
def test_without_a_snapshot_the_page_says_so(address: str) -> None:
    page = page_of(served(store=MemoryStore()), address, status=503)
    assert "现在还不能回答" in page.one("main").text


def test_a_long_listing_is_paged_and_each_letter_is_on_one_page() -> None:
    store = MemoryStore(tokenize=tokens)
    publish(store, *(make_letter(f"{n:03}", issued_on="2024-05-01") for n in range(45)))
    client = served(store=store)
    address, seen, sizes = "/ask?q=2024年答复了多少件", list[str](), list[int]()
    while address:
        page = page_of(client, address)
        rows = [a.attributes["href"] for a in page.all("a")]
        letters_ = [href.split("?")[0] for href in rows if href.startswith("/letters/")]
        sizes.append(len(letters_))
        seen += letters_
        following = hrefs(page, "下一页")
        address = following[0] if following else ""
    assert sizes == [20, 20, 5]
    assert len(set(seen)) == 45
    assert (
        "第 3 页，共 3 页" in page_of(client, "/ask?q=2024年答复了多少件&page=99").one("main").text
    )


def test_turning_a_page_is_not_asking_again(tmp_path: Path) -> None:
    noted = list[Noted]()

    class Counting(Notes):
        def add(self, question: Noted, *, client: str | None = None) -> None:
            noted.append(question)

    client = served(notes=Counting(tmp_path / "staff.db"))
    for address in ("/ask?q=2024年答复了多少件", "/ask?q=2024年答复了多少件&page=2"):
        client.get(address)
    assert len(noted) == 1


def test_the_line_of_a_row_is_shown_where_the_row_says_nothing_like_it() -> None:
    letter = make_letter("a", "修路。", title="关于农村公路的答复", proposal_title="关于修桥的提案")
    store = MemoryStore(tokenize=tokens)
    publish(store, letter)
    page = page_of(served(store=store), "/ask?q=列出关于农村公路的答复")
    assert [one.text for one in page.all("mark")] == ["关于农村公路的答复"]
    assert "原文依据" in page.one("table", class_="listing").text


def test_the_forms_are_folded_behind_the_reply_and_open_where_it_is_asked(
    client: TestClient,
) -> None:
    page = page_of(client, f"/ask?q={QUESTION}")
    folded = [one for one in page.all("details", class_="next") if "open" not in one.attributes]
    assert len(folded) == 3
    assert sum(one.text.count("提问") for one in folded) >= 1
    assert not page_of(client, "/ask").all("details")

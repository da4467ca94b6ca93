"""What is closed, on request or personal reaches no citizen, by whatever route they ask.

Two bases: ``OPEN`` letters alone, and the same with others that are not public. No reply may
differ between them: not by a word, a count, a score or a status.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from indexer.update import update
from kb.settings import Settings
from kb.store.local.store import LocalStore
from kb.text.tokens import tokens
from server.app import create
from server.desk import PUBLIC
from server.pages.original import WITHHELD
from tests.support.asking import FakeModel, letter_text
from tests.support.served import ANSWERS, REFUSES, TODAY

MOBILE, IDENTITY, MAIL = "13987654321", "11010519491231002X", "baicuiwei88"
CONTACT, PHONE, HOME = "柏翠微", "5547703", "人民路12号3栋402"
SECRETS = (MOBILE, IDENTITY, MAIL, CONTACT, PHONE, HOME, "87654321", "19491231", "3栋402")
BODY = (
    "一、情况\n全市建成养老服务中心56处，惠及老人3200人。来信人柏翠微家住人民路12号3栋402，"
    f"手机{MOBILE}，身份证号{IDENTITY}，邮箱{MAIL}@qq.com，反映的问题已解决。\n"
    "二、下一步打算\n2024年底前新建食堂12家。"
)
OPEN = {
    "养老.txt": letter_text(body=BODY) + f"\n联系人：{CONTACT}　{PHONE}",
    "路灯.txt": letter_text(
        "云民函〔2024〕8号", proposal="087", subject="维护路灯", body="一、路灯\n维护路灯三百盏。"
    ),
}
LAMPS = "路灯.txt"
# The words of these stand in no public letter; the common ones do, and weigh in rarity.
UNSEEN = (
    "鹤鸣渡",
    "螭吻桥",
    "云密函",
    "云申函",
    "第091号",
    "第092号",
    "秘-桥.txt",
    "申请-渡.txt",
    "裴鹭",
    "鹭鸶塔",
    "云待函",
    "第093号",
    "待核-塔.txt",
)
OTHERS = {
    "秘-桥.txt": letter_text(
        "云密函〔2023〕77号", organ="云岭市螭吻桥梁局", proposal="091", subject="加固螭吻桥",
        who="裴鹭委员", day="2023年5月6日",
        body="一、养老路灯\n螭吻桥养老服务中心路灯维护路灯维护，食堂食堂老人老人。",
    ).replace("办理结果：A", "办理结果：D\n公开属性：不予公开"),
    "申请-渡.txt": letter_text(
        "云申函〔2022〕78号", proposal="092", subject="疏浚鹤鸣渡", day="2022年5月6日",
        body="一、情况\n鹤鸣渡路灯名单，养老服务中心56处。",
    ).replace("办理结果：A", "办理结果：C\n公开属性：依申请公开"),
    "待核-塔.txt": letter_text(
        "云待函〔2023〕79号", proposal="093", subject="修缮鹭鸶塔", day="2023年7月6日",
        body="一、情况\n鹭鸶塔路灯路灯，养老服务中心56处。",
    ).replace("办理结果：A", "办理结果：C\n公开属性：待定"),
}  # fmt: skip

QUESTIONS = (
    "养老服务中心有多少处", "路灯维护了多少盏", "食堂建几家", "螭吻桥怎么加固", "鹤鸣渡何时疏浚",
    "鹭鸶塔怎么修缮",
    "第091号提案怎么答复的", "云密函〔2023〕77号说了什么", "云岭市螭吻桥梁局有哪些答复",
    "2023年答复了多少件", "列出所有答复", "D类答复有哪些", "谁签发了云申函〔2022〕78号", "裴鹭委员",
    "柏翠微住在哪里", "养老那份答复的联系人是谁", "13987654321是谁的电话", "地铁几点开",
)  # fmt: skip
NAMES = ("养老.txt", "云民函〔2024〕7号", LAMPS)
ABSENT = ("秘-桥.txt", "申请-渡.txt", "待核-塔.txt", "云密函〔2023〕77号", "云申函〔2022〕78号")
NOBODY = "没有-的.txt"


def base(folder: Path, texts: dict[str, str]) -> LocalStore:
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for name, text in texts.items():
        (inbox / name).write_text(text, encoding="utf-8")
    store = LocalStore(folder / "data", fingerprint={}, tokenize=tokens)
    _, tally = update([inbox], store, FakeModel())
    assert (tally.added, tally.refused) == (len(texts), [])
    return store


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[LocalStore, LocalStore]:
    """The public letters alone; and with the others."""
    folder = tmp_path_factory.mktemp("privacy")
    return base(folder / "open", OPEN), base(folder / "all", OPEN | OTHERS)


def client_of(store: LocalStore, settings: Settings = ANSWERS) -> TestClient:
    return TestClient(create(settings, store=store, embedder_of=FakeModel, today=lambda: TODAY))


@pytest.fixture(scope="module", params=[ANSWERS, REFUSES], ids=["answers", "refuses"])
def both(
    request: pytest.FixtureRequest, stores: tuple[LocalStore, LocalStore]
) -> tuple[TestClient, TestClient]:
    few, every = stores
    return client_of(few, request.param), client_of(every, request.param)


@pytest.fixture(scope="module")
def client(stores: tuple[LocalStore, LocalStore]) -> TestClient:
    return client_of(stores[1])


def told(response: Any) -> str:
    """Status, kind and words of a response, less what no two of them share."""
    kind = response.headers.get("content-type", "")
    words = re.sub(r"\d{8}T\d{6}-[0-9a-f]{8}", "SNAPSHOT", response.text)
    words = re.sub(r'"(?:chatcmpl-|resp_|msg_)[0-9a-f]+"|"created(?:_at)?": ?[0-9]+', "", words)
    return f"{response.status_code} {kind}\n" + re.sub(r'"seconds": ?[0-9.e-]+', "", words)


# --- the routes that citizens reach -----------------------------------------------------------

Request = tuple[str, str, Any]  # method, address, JSON or form


def _letter_requests(name: str) -> Iterator[Request]:
    at = quote(name)
    for way in (
        "",
        "?start=5&end=60",
        "?q=" + quote("养老"),
        "/original",
        "/copy",
        "/page/1",
        "/page/2",
    ):
        yield "GET", f"/letters/{at}{way}", None
    yield "GET", f"/api/letters/{at}", None
    yield "GET", f"/quotes/{at}/5-60/0123456789abcdef", None


def _asking(question: str) -> Iterator[Request]:
    q = quote(question)
    for way in ("/ask?q=", "/?q=", "/?sort=date&q=", "/letters?q=", "/api/suggestions?q="):
        yield "GET", way + q, None
    yield "GET", f"/ask?q={quote('那2023年呢')}&before={q}", None
    for path in ("/api/ask", "/api/ask/stream"):
        yield "POST", path, {"question": question}
    for scope in (
        {"letter_id": "秘-桥.txt"},
        {"issuer": "云岭市螭吻桥梁局"},
        {"year": 2023},
        {"result_class": "D"},
        {"proposal_no": "091"},
    ):
        yield "POST", "/api/ask", {"question": question, "scope": scope}


ADDRESSES = (
    "/", "/ask", "/docs", "/embed", "/embed?issuer=x", "/livez", "/readyz", "/version", "/metrics",
    "/openapi.json", "/widget.js", "/static/fuwen.css", "/static/widget-x.js", "/nothing",
    "/check", "/v1/models", "/v1/models/fuwen", "/v1/models/x",
    "/?year=2023", "/?result_class=D", "/?page=2", "/?topic=" + quote("交通出行"),
    "/?issuer=" + quote("云岭市螭吻桥梁局"), "/feeds", "/feed.atom",
    "/robots.txt", "/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml",
    "/feed.atom?issuer=" + quote("云岭市螭吻桥梁局"),
)  # fmt: skip


def _others() -> Iterator[Request]:
    for address in ADDRESSES:
        yield "GET", address, None
    said = {"question": "养老", "snapshot": "s", "verdict": "answer", "useful": False}
    for name in (*NAMES, *ABSENT):
        cited = {**said, "quote": {"letter_id": name, "start": 1, "end": 9}}
        yield "POST", "/api/feedback", cited
    form = {**said, "useful": "no", "reason": "不对"}
    yield "POST", "/ask/feedback?q=" + quote("养老"), form
    for words in ("养老服务中心有56处", "鹤鸣渡路灯名单，养老服务中心56处。", "鹭鸶塔路灯路灯"):
        yield "POST", "/api/check", {"text": words}
        yield "POST", "/check", {"text": words}
        said_so = [{"role": "user", "content": words}]
        yield "POST", "/v1/chat/completions", {"model": "fuwen", "messages": said_so}
        yield "POST", "/v1/responses", {"model": "fuwen", "input": words}
        yield from _of_mcp(words)
    for name in (*NAMES, *ABSENT):
        yield _tool("get_letter", letter_id=name)
        yield _tool("list_commitments", letter_id=name)
        yield _rpc("resources/read", uri="fuwen://letters/" + quote(name, safe=""))
    yield _rpc("resources/list")
    yield _rpc("tools/list")


def _of_mcp(words: str) -> Iterator[Request]:
    yield _tool("ask", question=words)
    yield _tool("search_letters", words=words)
    yield _tool("search_letters", organ=words)
    yield _tool("check_quote", text=words)


def _tool(tool: str, **given: str) -> Request:
    return _rpc("tools/call", name=tool, arguments=given)


def _rpc(method: str, **params: Any) -> Request:
    return "POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def requests() -> list[Request]:
    return [
        *(one for name in (*NAMES, *ABSENT) for one in _letter_requests(name)),
        *(one for question in QUESTIONS for one in _asking(question)),
        *_others(),
    ]


def sent(client: TestClient, request: Request) -> Any:
    method, address, content = request
    form = address.startswith(("/ask/", "/check"))
    answer = client.request(
        method,
        address,
        json=None if form else content,
        data=content if form else None,
        headers={} if address == "/mcp" else {"sec-fetch-site": "same-origin"},
        follow_redirects=False,
    )
    assert "origin_not_allowed" not in answer.text, request  # it is to get further
    return answer


def routes_of(app: FastAPI) -> Iterator[BaseRoute]:
    """Every route that needs no account, also those of routers inside."""
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        for one in inner.routes if inner else [route]:
            path = getattr(one, "path", "")
            if not path.startswith(("/staff", "/api/staff", "/calendar")):
                yield one


def test_the_requests_below_reach_every_route_of_citizens(client: TestClient) -> None:
    app: FastAPI = client.app  # type: ignore[assignment]
    asked = [(method, address.partition("?")[0]) for method, address, _ in requests()]
    missed = [
        route.path
        for route in routes_of(app)
        if isinstance(route, APIRoute)
        and not any(
            method in (route.methods or ()) and route.path_regex.match(unquote(path))
            for method, path in asked
        )
    ]
    assert not missed, "add requests for them"
    assert {"/api/ask", "/", "/quotes/{letter_id:anytext}/{place}/{digest}"} <= {
        getattr(route, "path", "") for route in routes_of(app)
    }


def test_no_reply_holds_what_is_hidden_or_not_public(client: TestClient) -> None:
    for request in requests():
        words = told(sent(client, request))
        typed = json.dumps(request, ensure_ascii=False) + unquote(request[1])
        leaked = [one for one in (*SECRETS, *UNSEEN) if one in words and one not in typed]
        assert not leaked, (request, leaked)


def test_no_reply_tells_whether_there_are_letters_that_are_not_public(
    both: tuple[TestClient, TestClient],
) -> None:
    """Statuses, words, counts, facets, scores, confidence and order: all are the same."""
    few, every = both
    for request in requests():
        assert told(sent(few, request)) == told(sent(every, request)), request


def test_a_letter_that_is_not_public_is_as_one_that_does_not_exist(client: TestClient) -> None:
    for name in ABSENT:
        for hidden, absent in zip(_letter_requests(name), _letter_requests(NOBODY), strict=True):
            shown = told(sent(client, hidden)).replace(quote(name), "").replace(name, "")
            nothing = told(sent(client, absent)).replace(quote(NOBODY), "").replace(NOBODY, "")
            assert shown == nothing, hidden


def test_scores_of_words_do_not_depend_on_letters_that_are_not_public(
    stores: tuple[LocalStore, LocalStore],
) -> None:
    few, every = (one.current() for one in stores)
    for words in ("养老服务", "路灯", "螭吻桥", "食堂"):
        found = [
            [(reader.passage(at).letter_id, reader.passage(at).span, score) for at, score in hits]
            for reader in (few, every)
            for hits in [reader.lexical(tokens(words), limit=99, scope=PUBLIC)]
        ]
        assert found[0] == found[1]
    assert every.lexical(["螭吻桥"], limit=9, scope=PUBLIC) == []


# --- what is personal in public letters --------------------------------------------------------


def test_staff_see_what_citizens_do_not(stores: tuple[LocalStore, LocalStore]) -> None:
    reader = stores[1].current()
    seen, whole = reader.letter("养老.txt"), reader.unmasked("养老.txt")
    assert len(seen.text) == len(whole.text)
    assert not [one for one in SECRETS if one in seen.text]
    assert not [one for one in SECRETS[:6] if one not in whole.text]
    assert (seen.title, seen.fields["number"]) == (whole.title, whole.fields["number"])
    assert reader.unmasked(LAMPS) == reader.letter(LAMPS)


def test_no_file_of_the_index_holds_what_is_hidden(stores: tuple[LocalStore, LocalStore]) -> None:
    (version,) = (stores[1]._shelf.of(one) for one in stores[1]._shelf.versions())
    for file in version.rglob("*"):
        if file.is_file() and file.name != "letters.db":  # staff's own table lies in there
            content = file.read_bytes()
            assert not [one for one in SECRETS if one.encode() in content], file.name


def test_an_answer_quotes_the_masked_text_verbatim(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "来信人反映的问题解决了没有"}).json()
    text = client.get("/api/letters/" + quote("养老.txt")).json()["text"]
    assert reply["status"] == "answer"
    for one in reply["quotes"]:
        assert text[one["start"] : one["end"]] == one["text"]
    assert "139****4321" in text
    assert "联系人：*** *******" in text


NOTE = "姓名和电话已按规定遮去"


def test_a_letter_with_hidden_words_says_so_once_and_whom_to_call(client: TestClient) -> None:
    page = client.get("/letters/" + quote("养老.txt")).text
    assert page.count(NOTE) == 1
    assert "12345" in page
    assert NOTE not in client.get("/letters/" + quote(LAMPS)).text


def test_beside_a_contact_that_is_hidden_it_says_that_nothing_was_forgotten(
    client: TestClient,
) -> None:
    page = client.get("/letters/" + quote("养老.txt")).text
    assert "按规定遮去，不是漏写" in page[page.index("联系人：***") :][:200]
    assert "不是漏写" not in client.get("/letters/" + quote(LAMPS)).text
    assert NOTE in client.get("/", params={"q": "联系人"}).text
    assert NOTE in client.get("/letters/" + quote("养老.txt") + "/copy").text


def test_an_answer_that_quotes_hidden_words_says_so_once(client: TestClient) -> None:
    page = client.get("/ask", params={"q": "来信人反映的问题解决了没有"}).text
    assert page.count(NOTE) == 1
    assert NOTE not in client.get("/ask", params={"q": "路灯谁维护"}).text


def test_a_letter_with_hidden_words_has_no_original_for_citizens(
    client: TestClient, stores: tuple[LocalStore, LocalStore]
) -> None:
    at = "/letters/" + quote("养老.txt")
    assert client.get("/letters/" + quote(LAMPS) + "/original").status_code == 200
    refused = client.get(at + "/original")
    assert refused.status_code == 404
    assert WITHHELD in refused.text
    assert client.get(at + "/page/1").status_code == 404
    page = client.get(at).text
    assert WITHHELD in page
    assert f"{at}/original" not in page
    assert stores[1].current().original("养老.txt")  # staff have it


def test_a_letter_without_an_original_for_citizens_has_a_copy_of_its_text(
    client: TestClient,
) -> None:
    at = "/letters/" + quote("养老.txt")
    text = client.get("/api/letters/" + quote("养老.txt")).json()["text"]
    copied = client.get(at + "/copy")
    assert copied.status_code == 200
    assert f'href="{at}/copy"' in client.get(at).text
    for line in text.split("\n"):
        assert line in html.unescape(copied.text)
    assert not [one for one in SECRETS if one in copied.text]
    assert "由原文文字生成的副本" in copied.text
    assert "sandbox" in copied.headers["content-security-policy"]
    assert copied.headers["content-disposition"].startswith("attachment; ")

"""``POST /mcp``: what each tool gives and refuses, under the rules of every other question."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from kb.errors import NoSnapshot
from kb.staff.keys import Key
from kb.text.tokens import tokens
from server.mcp.source import AtDesk
from server.present import views
from server.question_log import Notes
from tests.support.fakes import MemoryStore
from tests.support.ledgers import decided, proposed
from tests.support.mcp_calls import HEADERS, called, content, refused, sent, spans
from tests.support.promises import letter_of
from tests.support.served import ANSWERS, OLD, REFUSES, ROAD, SECRET, BrokenStore, letters, served
from tests.support.stores import publish

TEXTS = {letter.id: letter.text for letter in letters()}
PARK = "我局将于2025年6月底前建成滨河公园"
BUS = "计划2027年3月底前开通夜班公交"
NEWS = "滨河公园完成九成"
CLOSED = "我局将于2025年3月底前拆除秘密仓库"


def base() -> MemoryStore:
    store = MemoryStore(tokenize=tokens)
    publish(store, *letters())
    return store


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served(store=base())


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("ask", {"question": "水渠由谁修？"}),
        ("ask", {"question": "2024年答复了多少件"}),
        ("ask", {"question": "水渠由谁修？农村公路硬化率是多少？"}),
        ("search_letters", {"words": "公路"}),
        ("search_letters", {"words": "补助 水渠"}),
        ("get_letter", {"letter_id": "rare", "start": 3, "end": 20}),
        ("check_quote", {"text": ROAD + OLD.replace("村里", "镇里") + "这一句哪里都没有。"}),
    ],
)
def test_every_quote_is_a_span_of_its_letter(
    client: TestClient, tool: str, given: dict[str, Any]
) -> None:
    found = list(spans(content(client, tool, **given)))
    assert found
    for letter_id, start, end, words in found:
        assert TEXTS[letter_id][start:end] == words


BASE = base()


@given(st.text(alphabet="水渠公路补助硬化率村里自己修是多少？。，2024年 ", min_size=1, max_size=30))
@trying(max_examples=30)
def test_whatever_is_asked_every_quote_is_a_span_of_its_letter(question: str) -> None:
    client = served(store=BASE)
    for tool, named in (("ask", "question"), ("search_letters", "words"), ("check_quote", "text")):
        made = called(client, tool, **{named: question}).get("structuredContent")
        for letter_id, start, end, words in spans(made):
            assert TEXTS[letter_id][start:end] == words


def test_a_quote_has_its_citation_and_is_read_as_text_too(client: TestClient) -> None:
    result = called(client, "ask", question="水渠由谁修？")
    quote = next(q for q in result["structuredContent"]["quotes"] if q["quote"] == OLD)
    assert (quote["letter_id"], quote["date"]) == ("old", "1999-06-30")
    place = views.link("/letters/old", start=quote["start"], end=quote["end"], anchor="quote")
    assert quote["url"] == "http://testserver" + place
    said = result["content"][0]["text"]
    assert f"：{OLD}\n" in said
    assert quote["url"] in said


def test_a_refusal_is_a_result_that_says_why() -> None:
    result = called(served(settings=REFUSES), "ask", question="火星移民局的电话")
    assert not result["isError"]
    made = result["structuredContent"]
    assert made["status"] == "refusal"
    assert made["quotes"] == []
    assert made["reason"] in result["content"][0]["text"]


def test_a_list_has_its_count(client: TestClient) -> None:
    made = content(client, "ask", question="2024年答复了多少件")
    assert (made["status"], made["count"]) == ("listing", 1)


def test_a_follow_up_draws_on_the_questions_before(client: TestClient) -> None:
    made = content(client, "ask", question="那2025年呢", before=["2024年答复了多少件"])
    assert made["question"] != "那2025年呢"
    assert [quote["letter_id"] for quote in made["quotes"]] == ["rare"]


def test_letters_are_found_by_words_and_facets_page_by_page(client: TestClient) -> None:
    every = content(client, "search_letters")
    assert every["count"] == 3
    assert {one["value"] for one in every["facets"]["year"]} == {"1999", "2024", "2025"}
    first = content(client, "search_letters", limit=2, newest_first=True)
    rest = content(client, "search_letters", limit=2, newest_first=True,
                   cursor=first["next_cursor"])  # fmt: skip
    ids = [letter["letter_id"] for letter in (*first["letters"], *rest["letters"])]
    assert ids == ["rare", "路/〔2024〕3号.txt", "old"]
    assert rest["next_cursor"] is None
    for narrowed in ({"organ": "交通运输局"}, {"year": 2024}, {"result_class": "A"}):
        (letter,) = content(client, "search_letters", **narrowed)["letters"]
        assert letter["letter_id"] == "路/〔2024〕3号.txt"


def test_a_letter_comes_whole_or_in_pieces(client: TestClient) -> None:
    whole = content(client, "get_letter", letter_id="云交函〔2024〕3号")
    text = TEXTS["路/〔2024〕3号.txt"]
    assert (whole["text"], whole["start"], whole["end"]) == (text, 0, len(text))
    assert whole["next_start"] is None
    assert whole["fields"]["issuer"] == "云岭市交通运输局"
    assert whole["source_url"] == "https://www.yunling.example/a?b=1&c=2"
    long = "长" * 20_000
    store = MemoryStore()
    publish(store, replace(letters()[2], text=long))
    joined, start = "", 0
    while start is not None:
        piece = content(served(store=store), "get_letter", letter_id="old", start=start)
        assert len(piece["text"]) <= 8000
        joined, start = joined + piece["text"], piece["next_start"]
    assert joined == long


def test_sentences_are_verbatim_nearly_or_nowhere(client: TestClient) -> None:
    changed = OLD.replace("市级", "县级")
    made = content(client, "check_quote", text=f"{ROAD}{changed}火星上没有水渠也没有人。")
    verdicts = [one["verdict"] for one in made["sentences"]]
    assert verdicts == ["verbatim", "nearly", "absent"]
    (part,) = made["sentences"][1]["differences"]
    assert (part["given"], part["stands"]) == ("县", "市")


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("ask", {}, "缺少参数 question"),
        ("ask", {"question": ""}, "question 是空的"),
        ("ask", {"question": "  "}, "问题"),
        ("ask", {"question": 3}, "question 应是文字"),
        ("ask", {"question": "长" * 1001}, "question 有 1001 个字，最多 1000 个"),
        ("ask", {"question": "甲", "before": ["乙"] * 6}, "before 有 6 个，最多 5 个"),
        ("ask", {"question": "甲", "model": "x"}, "没有 model 这样的参数，可用的是 question"),
        ("search_letters", {"organ": "火星局"}, "没有“火星局”的复文；有的是"),
        ("search_letters", {"topic": "火星"}, "没有 topic 是“火星”的复文"),
        ("search_letters", {"year": "2024"}, "year 应是整数"),
        ("search_letters", {"limit": 51}, "limit 是 51，最大是 50"),
        ("search_letters", {"cursor": "3"}, "cursor 不对"),
        ("search_letters", {"cursor": "old:3"}, "复文更新过了"),
        ("get_letter", {"letter_id": "没有"}, "没有这份复文，或者它没有公开"),
        ("get_letter", {"letter_id": "old", "start": 9999}, "请从 0 起取"),
        ("get_letter", {"letter_id": "old", "start": 5, "end": 2}, "请从 0 起取"),
        ("list_commitments", {"letter_id": "没有"}, "没有这份复文，或者它没有公开"),
        ("check_quote", {"text": "长" * 5001}, "text 有 5001 个字，最多 5000 个"),
        ("check_quote", {"text": "甲\x00乙"}, "不成字的编码"),
        ("nothing", {}, "没有 nothing 这个工具；可用的是 ask"),
    ],
)
def test_a_wrong_call_is_told_what_to_mend(
    client: TestClient, tool: str, given: dict[str, Any], says: str
) -> None:
    assert says in refused(client, tool, **given)


def ledger_client(folder: Path) -> TestClient:
    letter = letter_of(PARK, BUS)
    later = letter_of(NEWS, letter_id="后来", issued_on="2026-01-01")
    closed = letter_of(CLOSED, letter_id="内部", publicity="closed")
    folder.mkdir(exist_ok=True)
    path = folder / "staff.db"
    proposed(path, letter, closed)
    decided(path, "滨河公园", "under_way", proof=(later, NEWS))
    decided(path, "秘密仓库", "under_way")
    store = MemoryStore(tokenize=tokens)
    publish(store, letter, later, closed)
    return served(store=store, notes=Notes(path))


def test_only_confirmed_promises_of_public_letters_are_listed(tmp_path: Path) -> None:
    client = ledger_client(tmp_path)
    result = called(client, "list_commitments")
    (promise,) = result["structuredContent"]["commitments"]
    assert promise["quote"] == PARK
    assert promise["confirmed"] is True
    assert promise["standing"]["state"] == "under_way"
    assert promise["standing"]["overdue"] is True
    assert [one["quote"] for one in promise["standing"]["evidence"]] == [NEWS]
    said = result["content"][0]["text"]
    assert PARK in said
    assert "本单位自己的记录" in said
    assert "秘密仓库" not in str(result)
    assert BUS not in str(result)
    assert content(client, "list_commitments", overdue=True, letter_id="甲")["count"] == 1
    assert content(client, "list_commitments", organ="没有这个局")["count"] == 0


def test_what_nobody_confirmed_is_shown_to_whoever_may_see_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, of = ledger_client(tmp_path), AtDesk.of
    assert "没有权限" in refused(client, "list_commitments", unconfirmed=True)
    key = Key(
        id=1, name="办公室", scopes=("ask", "unconfirmed"), rate=None, last_day=None,
        made_by="王芳", made_at=datetime.now(UTC), used_on=None, revoked_at=None,
    )  # fmt: skip
    monkeypatch.setattr(AtDesk, "of", classmethod(lambda _, request: replace(of(request), key=key)))
    client = ledger_client(tmp_path / "again")
    (promise,) = content(client, "list_commitments", unconfirmed=True)["commitments"]
    assert (promise["quote"], promise["confirmed"]) == (BUS, False)
    assert promise["standing"]["told"] == "还没有人核实"
    (promise,) = content(client, "list_commitments")["commitments"]
    assert promise["quote"] == PARK


@pytest.mark.parametrize("name", ["桥", "路灯", "密〔2024〕1号"])
def test_a_letter_that_is_not_public_is_as_one_that_is_not_there(
    client: TestClient, name: str
) -> None:
    absent = refused(client, "get_letter", letter_id="没有的")
    assert refused(client, "get_letter", letter_id=name) == absent
    assert refused(client, "list_commitments", letter_id=name) == absent


def test_nothing_of_a_letter_that_is_not_public_is_shown_by_any_tool(client: TestClient) -> None:
    told = [
        called(client, "search_letters", words="桥梁病害名单"),
        called(client, "search_letters"),
        called(client, "ask", question="桥梁病害名单共几座"),
        called(client, "check_quote", text=SECRET),
        sent(client, "resources/list", {}).json(),
        sent(client, "resources/read", {"uri": "fuwen://letters/%E6%A1%A5"}).json(),
        sent(client, "resources/read", {"uri": "fuwen://letters/%E6%A1%A5/0-9"}).json(),
    ]
    for one in told:
        words = str(one).replace(f"“{SECRET}”", "").replace(f"'text': '{SECRET}'", "")
        assert "十七座" not in words
        assert "密〔2024〕1号" not in words
    assert "桥梁处" in refused(client, "search_letters", organ="桥梁处")  # as it was typed
    assert "有的是 云岭市交通运输局、卫健委" in refused(client, "search_letters", organ="桥梁处")


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("fuwen://letters/%E6%B2%A1", "没有这份复文，或者它没有公开"),
        ("fuwen://letters/old/9-3", "没有 9-3"),
        ("fuwen://letters/old/0-9999", "没有 0-9999"),
        ("fuwen://letters/%FF", "没有这样的资源"),
        ("https://www.example.gov.cn/", "没有这样的资源"),
        ("file:///etc/passwd", "没有这样的资源"),
    ],
)
def test_a_resource_that_is_not_there_is_an_error_that_says_so(
    client: TestClient, uri: str, says: str
) -> None:
    answer = sent(client, "resources/read", {"uri": uri}).json()
    assert says in answer["error"]["message"]


def test_questions_are_counted_with_those_of_the_api_and_reading_is_not() -> None:
    client = served(settings=replace(ANSWERS, rate=2), store=base())
    assert client.post("/api/ask", json={"question": "水渠由谁修？"}).status_code == 200
    assert content(client, "search_letters", words="水渠")
    for tool, sends in (("ask", {"question": "水渠由谁修？"}), ("check_quote", {"text": OLD})):
        assert "提问太频繁；请过" in refused(client, tool, **sends)
    assert content(client, "get_letter", letter_id="old")["text"]
    assert sent(client, "resources/list", {}).json()["result"]["resources"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "bad_json"),
        (b"\xff", {}, 400, "bad_json"),
        (b"[]", {}, 422, "invalid_request"),
        (b"3", {}, 422, "invalid_request"),
        (b'{"method":"ping"}', {}, 422, "invalid_request"),
        (b"{}" + b" " * 70_000, {}, 413, "body_too_large"),
        (b"{}", {"content-type": "text/plain"}, 415, "unsupported_media_type"),
        (b"{}", {"origin": "https://evil.example"}, 403, "origin_not_allowed"),
        (b"{}", {"sec-fetch-site": "cross-site"}, 403, "origin_not_allowed"),
    ],
)
def test_what_cannot_be_taken_is_a_json_rpc_error(
    client: TestClient, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    response = client.post("/mcp", content=body, headers={**HEADERS, **headers})
    assert response.status_code == status
    error = response.json()["error"]
    assert error["data"]["code"] == code
    assert error["message"]
    assert response.json()["jsonrpc"] == "2.0"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
SERVED = served()
METHODS = (
    "initialize", "ping", "tools/call", "tools/list", "resources/read", "resources/list",
    "resources/templates/list", "prompts/list", "notifications/cancelled", "server/discover",
    "subscriptions/listen", "logging/setLevel", "",
)  # fmt: skip


@given(
    id_=JSON, method=st.sampled_from(METHODS) | JSON, params=JSON,
    version=st.sampled_from(["2026-07-28", "2025-11-25", "2024-11-05", "x"]),
)  # fmt: skip
@trying(max_examples=150)
def test_no_message_whatever_is_a_fault(id_: Any, method: Any, params: Any, version: str) -> None:
    message = {"jsonrpc": "2.0", "id": id_, "method": method, "params": params}
    headers = {**HEADERS, "mcp-protocol-version": version}
    if isinstance(method, str) and method.isascii():
        headers["mcp-method"] = method or "x"
    assert SERVED.post("/mcp", json=message, headers=headers).status_code < 500


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_session_to_listen_to_or_to_end(client: TestClient, method: str) -> None:
    response = client.request(method, "/mcp", headers=HEADERS)
    assert response.status_code == 405
    assert response.json()["error"]["data"]["code"] == "method_not_allowed"


def test_where_it_is_off_it_says_so() -> None:
    response = sent(served(settings=replace(ANSWERS, mcp="off")), "tools/list", {})
    assert response.status_code == 404
    assert "KB_MCP=on" in response.json()["error"]["message"]


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kb.mcp.service", raising=False)
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    response = sent(served(), "tools/list", {})
    assert response.status_code == 503
    assert "pip install 'fuwen[mcp]'" in response.json()["error"]["message"]


def test_without_a_snapshot_tools_say_so_and_name_no_file() -> None:
    client = served(store=BrokenStore(NoSnapshot("没有 /srv/data/CURRENT")))
    for tool, sends in (("ask", {"question": "甲"}), ("get_letter", {"letter_id": "甲"})):
        told = refused(client, tool, **sends)
        assert "还没有发布过复文" in told
        assert "/srv" not in told
    error = sent(client, "resources/list", {}).json()["error"]
    assert "还没有发布过复文" in error["message"]


def test_a_fault_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    client = served(store=BrokenStore(RuntimeError("秘密的原因")))
    assert "程序内部出错" in refused(client, "ask", question="水渠")
    error = sent(client, "resources/list", {}).json()["error"]
    assert "程序内部出错" in error["message"]
    assert "秘密的原因" in caplog.text

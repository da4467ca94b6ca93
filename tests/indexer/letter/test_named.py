"""What a letter is called may bar citizens: its id, its address, who is said to have sent it."""

from __future__ import annotations

import pytest

from indexer.formats.raw import Raw
from indexer.letter.fields import read

TEXT = "关于第1号提案的答复\n张三委员：\n您的提案收悉，我局已更换路灯三百盏。"


def level(letter_id: str = "1", **meta: str) -> str:
    raw = Raw(id=letter_id, text=TEXT, meta=meta)
    return read(raw, letter_id=letter_id, source="letters.jsonl").publicity


@pytest.mark.parametrize(
    "letter_id", ["不予公开/1", "1（不予公开）", "秘密-1", "内部资料_关于路灯"]
)
def test_an_id_may_bar(letter_id: str) -> None:
    assert level(letter_id) == "closed"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.x.gov.cn/不予公开/1.html",
        "http://x.cn/%E5%86%85%E9%83%A8/1",
        "http://x.cn/%B2%BB%D3%E8%B9%AB%BF%AA/1",
        "/a?lm=内部资料",
        "//x.cn/a/secret/1",
        "x.cn/a#机密",
    ],
)
def test_an_address_may_bar(url: str) -> None:
    assert level(url=url) == "closed"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.x.gov.cn/zwgk/xxgk/ysqgk/202401/t1.html",
        "http://www.x.gov.cn/信息公开/主动公开/t1.html",
        "https://internal.gov.cn/a/1",
        "http://[x",
    ],
)
def test_hosts_and_columns_that_are_public_do_not(url: str) -> None:
    assert level(url=url) == "public"


def test_a_mark_behind_the_issuer_counts() -> None:
    assert level(issuer="云岭市水利局（内部）") == "closed"
    assert level(issuer="云岭市国家保密局") == "public"

"""Addresses of services: a host or a port that there cannot be is refused at the start."""

from __future__ import annotations

import httpx2
import pytest

from kb.environment import read
from kb.errors import WrongUse

# Each setting with what it needs besides, how its address begins, and how it is to be written.
SERVICES = {
    "KB_LLM_URL": ({"KB_LLM_MODEL": "m"}, "http", "http://主机:8000/v1"),
    "KB_EMBEDDINGS_URL": ({"KB_EMBEDDINGS_MODEL": "m"}, "http", "http://主机:8080/v1/embeddings"),
    "KB_RERANK_URL": ({"KB_RERANK_MODEL": "m"}, "http", "http://主机:8081/rerank"),
    "KB_MILVUS_URI": ({"KB_STORE": "milvus"}, "http", r"http\(s\)://主机:端口"),
    "KB_OTLP_ENDPOINT": ({}, "http", "http://主机:4318"),
    "KB_OIDC_ISSUER": ({"KB_OIDC_CLIENT": "c"}, "https", "https://主机/路径"),
    "KB_WEBHOOK_URL": ({"KB_WEBHOOK_SECRET": "s"}, "https", "https://"),
    "KB_NOTIFY_URLS": ({"KB_NOTIFY_SECRET": "s"}, "https", "https://"),
}
PORT, HOST = "端口不是 1 到 65535 的数", "主机不是主机名或 IP 地址"
WRONG = {
    "127.0.0.1:1x99": PORT, "127.0.0.1:99999": PORT, "m:0": PORT, "m:": PORT, "m:٣": PORT,
    "m:" + "9" * 5000: PORT, "[::1": HOST, "[::1:80": HOST, "[zz]:80": HOST, "256.1.1.1": HOST,
    "10.0.0": HOST, "a..b": HOST, ":80": HOST, "a%20b": HOST, "a<b": HOST, "a" * 64: HOST,
}  # fmt: skip
RIGHT = ["m", "10.0.0.5:1", "[::1]:65535", "[fe80::1]", "my_model-1:80", "模型.内网:8000", "a.cn."]


@pytest.mark.parametrize("setting", SERVICES)
@pytest.mark.parametrize("place", WRONG)
def test_a_host_or_port_that_cannot_be_is_told_with_what_to_write(setting: str, place: str) -> None:
    more, scheme, how = SERVICES[setting]
    with pytest.raises(WrongUse, match=rf"{setting} 里的{WRONG[place]}；请写成.*{how}") as error:
        read({**more, setting: f"{scheme}://{place}"})
    assert f"//{place}" not in str(error.value)  # it may hold a key


@pytest.mark.parametrize("setting", SERVICES)
@pytest.mark.parametrize("place", RIGHT)
def test_what_can_be_is_taken_and_can_be_asked(setting: str, place: str) -> None:
    more, scheme, _ = SERVICES[setting]
    address = f"{scheme}://{place}"
    assert address in vars_of(read({**more, setting: address}), setting)
    assert httpx2.URL(address).host


def vars_of(settings: object, setting: str) -> str:
    return str(getattr(settings, setting.removeprefix("KB_").lower()))


@pytest.mark.parametrize("name", ["LLM", "EMBEDDINGS", "RERANK"])
@pytest.mark.parametrize("key", ["密钥", "a b", "a\nb"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(name: str, key: str) -> None:
    given = {f"KB_{name}_URL": "http://m:1/v1", f"KB_{name}_MODEL": "m", f"KB_{name}_KEY": key}
    with pytest.raises(WrongUse, match=f"KB_{name}_KEY 只能有") as error:
        read(given)
    assert key not in str(error.value)

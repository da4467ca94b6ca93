"""A language model that does not answer as it should: the log says what to look at, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import anyio
import httpx2
import pytest

from kb.models.endpoint import REST
from kb.settings import Settings
from server.chat import Chat

SETTINGS = replace(
    Settings(), llm_url="http://10.0.0.8:8000/v1", llm_model="m", llm_key="hush", llm_seconds=5
)
TOLD = [{"role": "user", "content": "我家的电梯"}]


class Office:
    """A model that answers with ``statuses`` one after the other; 0 where nobody listens."""

    def __init__(self, *statuses: int, settings: Settings = SETTINGS) -> None:
        self.now = 0.0
        self._statuses: Iterator[int] = iter(statuses)
        transport = httpx2.MockTransport(self._answer)
        self._chat = Chat(settings, transport=transport, clock=lambda: self.now)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        status = next(self._statuses)
        if not status:
            raise httpx2.ConnectError("Name or service not known")
        if status == 408:
            raise httpx2.ReadTimeout("")
        return httpx2.Response(status, json={"error": "我家的电梯 hush"})

    def asked(self) -> object:
        return anyio.run(self._chat.made, "key", TOLD, str)


@pytest.mark.parametrize(
    ("status", "failure", "told"),
    [
        (401, "status", "回答 401，不让用；请核对 KB_LLM_KEY"),
        (403, "status", "回答 403，不让用；请核对 KB_LLM_KEY"),
        (404, "status", "请核对 KB_LLM_URL（要写全，如 http://主机/v1）和 KB_LLM_MODEL"),
        (500, "status", "回答 500；请核对 KB_LLM_URL、网络和那边的服务"),
        (0, "unreachable", "连不上或没有答完（ConnectError）；请核对 KB_LLM_URL、网络"),
        (408, "timeout", "5 秒（KB_LLM_SECONDS）没有答完；请核对 KB_LLM_URL、网络"),
    ],
)
def test_what_is_wrong_is_logged_with_what_to_look_at(
    caplog: pytest.LogCaptureFixture, status: int, failure: str, told: str
) -> None:
    assert Office(status).asked() == failure
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith("KB_LLM_URL 的 10.0.0.8:8000 ")
    assert told in record.getMessage()
    assert "hush" not in caplog.text
    assert "电梯" not in caplog.text


def test_it_is_logged_once_in_a_while_and_when_it_changes(caplog: pytest.LogCaptureFixture) -> None:
    office = Office(*[401] * 20, 404, 401, 401)
    for _ in range(20):
        assert office.asked() == "status"
    assert len(caplog.records) == 1
    assert office.asked() == office.asked() == "status"
    assert ["回答 401" in one.getMessage() for one in caplog.records] == [True, False]
    office.now += REST
    office.asked()
    assert len(caplog.records) == 3


def test_an_address_that_cannot_be_is_no_fault_of_a_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for url in ("http://[::1/v1", "http://127.0.0.1:1x8612/v1"):
        assert Office(200, settings=replace(SETTINGS, llm_url=url)).asked() == "unreachable"
    assert "InvalidURL" in caplog.text

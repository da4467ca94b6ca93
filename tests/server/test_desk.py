"""Who may ask now: one model, one snapshot a question, and a line that holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx

from kb.errors import ModelUnusable
from server.app import create
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ANSWERS, AskEmbedder, ask, letters, served
from tests.support.stores import publish


def test_two_requests_may_see_two_snapshots_and_each_is_whole() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", "旧文。"))
    client = served(store=store)
    before = (client.get("/readyz").json()["snapshot"], client.get("/api/letters/a").json()["text"])
    publish(store, make_letter("a", "新文。"))
    after = (client.get("/readyz").json()["snapshot"], client.get("/api/letters/a").json()["text"])
    assert before[0] != after[0]
    assert before[1].endswith("旧文。")
    assert after[1].endswith("新文。")


def test_a_swap_in_the_middle_of_a_question_does_no_harm() -> None:
    store = MemoryStore()
    publish(store, make_letter("a", "食堂二十家，今年建成使用。"))
    first = store.current().snapshot.version

    class Swapping(AskEmbedder):
        def question(self, text: str) -> Any:
            with store.draft() as draft:
                draft.drop("a")
                draft.publish()
            return super().question(text)

    page = served(store=store, embedder_of=Swapping).post("/api/ask", json={"question": "食堂"})
    assert page.status_code == 200
    assert page.json()["snapshot"] == first
    assert page.json()["quotes"]


PATH = "/api/ask"


def test_an_unusable_model_is_told_and_tried_again() -> None:
    broken = [True]

    def embedder() -> AskEmbedder:
        if broken:
            raise ModelUnusable("向量模型打不开；请检查文件夹")
        return AskEmbedder()

    client = served(embedder_of=embedder)
    response = client.post(PATH, json={"question": "公路"})
    assert (response.status_code, response.json()["code"]) == (503, "model_unusable")
    broken.clear()
    assert client.post(PATH, json={"question": "公路"}).status_code == 200


def test_the_model_is_loaded_once() -> None:
    loads: list[int] = []

    def embedder() -> AskEmbedder:
        loads.append(1)
        return AskEmbedder()

    with served(embedder_of=embedder) as client:
        assert loads == [1]
        ask(client, "公路")
        ask(client, "水渠")
    assert loads == [1]


class SlowEmbedder(AskEmbedder):
    """Blocks until it is let go; remembers how many were in it at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.inside = self.most = 0
        self.counting = threading.Lock()

    def question(self, text: str) -> Any:
        with self.counting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.go.wait(10)
        with self.counting:
            self.inside -= 1
        return super().question(text)


def test_the_probes_and_refusals_answer_while_questions_wait_in_line() -> None:
    store = MemoryStore()
    publish(store, *letters())
    slow = SlowEmbedder()
    app = create(ANSWERS, store=store, embedder_of=lambda: slow)

    async def crowd() -> tuple[list[int], list[int]]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            asking = [
                asyncio.create_task(client.post(PATH, json={"question": f"公路{n}"}))
                for n in range(6)
            ]
            while slow.inside < 2:
                await asyncio.sleep(0.005)
            quick = [
                (await asyncio.wait_for(client.get("/livez"), 1)).status_code,
                (await asyncio.wait_for(client.get("/readyz"), 1)).status_code,
                (await asyncio.wait_for(client.post(PATH, json={"question": ""}), 1)).status_code,
                (await asyncio.wait_for(client.get("/"), 1)).status_code,
            ]
            slow.go.set()
            return quick, [(await one).status_code for one in asking]

    quick, asked = asyncio.run(crowd())
    assert quick == [200, 200, 422, 200]
    assert asked == [200] * 6
    assert slow.most == 2

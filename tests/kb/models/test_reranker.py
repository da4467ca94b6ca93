"""A reranker that is away keeps no question waiting, and is asked again after a while."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.models.endpoint import REST, Endpoint, EndpointUnusable
from kb.models.outside import Reranker
from tests.support.outside import HTML, Answer, jina, stand_in

TEXTS = ["道路", "电梯"]
AS_THEY_STAND, RANKED = [0, 1], [1, 0]


class Clock:
    """The time, which can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def reranker(url: str, *, timeout: float = 1) -> tuple[Reranker, Clock]:
    clock = Clock()
    there = Endpoint(url=url, key="", timeout=timeout, of="RERANK")
    return Reranker(there, "r", "jina", clock=clock), clock


AWAY = {"broken": Answer(status=500), "restarting": Answer(status=503), "slow": Answer(pause=2)}


@pytest.mark.parametrize("how", AWAY)
def test_after_it_was_away_it_is_not_asked_for_a_while(how: str) -> None:
    wrong = [True]
    with stand_in(lambda body: AWAY[how] if wrong else jina(body)) as there:
        model, clock = reranker(there.url)
        assert model.order("问", TEXTS) == AS_THEY_STAND
        asked, trouble = len(there.asked), model.trouble
        assert trouble is not None
        wrong.clear()
        assert model.order("问", TEXTS) == AS_THEY_STAND
        assert len(there.asked) == asked
        assert model.trouble is trouble  # /readyz goes on telling
        clock.ahead = REST
        assert model.order("问", TEXTS) == RANKED
        assert model.trouble is None
        assert model.order("问", TEXTS) == RANKED


@pytest.mark.parametrize("said", [Answer(status=401), HTML])
def test_who_answers_at_once_that_it_does_not_is_asked_again(said: Answer) -> None:
    answers = [said]
    with stand_in(lambda body: answers.pop() if answers else jina(body)) as there:
        model, _ = reranker(there.url)
        assert model.order("问", TEXTS) == AS_THEY_STAND
        assert model.order("问", TEXTS) == RANKED


def test_where_nobody_listens_no_question_waits() -> None:
    with stand_in(jina) as there:
        url = there.url
    model, _ = reranker(url, timeout=30)
    began = time.monotonic()
    assert model.order("问", TEXTS) == AS_THEY_STAND
    assert time.monotonic() - began < 5
    assert model.trouble is not None
    assert "ConnectError" in model.trouble.why


def test_after_the_rest_one_question_asks_and_the_others_do_not_wait_for_it() -> None:
    with stand_in(lambda _: Answer(pause=1.5)) as there:
        model, clock = reranker(there.url)
        model.order("问", TEXTS)
        clock.ahead = REST
        with ThreadPoolExecutor(4) as pool:
            assert set(map(tuple, pool.map(lambda _: model.order("问", TEXTS), range(4)))) == {
                tuple(AS_THEY_STAND)
            }
        assert len(there.asked) == 2


def test_an_address_that_cannot_be_is_a_fault_that_is_told() -> None:
    for url in ("http://[::1/rerank", "http://127.0.0.1:1x99/rerank"):
        model, _ = reranker(url, timeout=30)
        assert model.order("问", TEXTS) == AS_THEY_STAND
        assert "KB_RERANK_URL" in str(model.trouble)
        with pytest.raises(EndpointUnusable, match="InvalidURL"):
            Endpoint(url=url, key="", timeout=30, of="EMBEDDINGS").ask({})

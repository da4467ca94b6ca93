"""Numbers that addresses and forms write: read strictly, never an error of ours."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server.http.numbers import Number, number_in

NUMBERS = [("1", 1), ("007", 7), ("9" * 15, 10**15 - 1)]
NONE = ["", "0", "-1", "+1", " 1", "1 ", "1.0", "1_0", "x", "٣", "１", "²", "9" * 16, "9" * 5000]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_digits_are_a_number(text: str, number: int) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize("text", NONE)
def test_what_else_is_no_number(text: str) -> None:
    assert not number_in(text)
    assert (number_in(text) is None) == (text != "0")


@pytest.mark.parametrize("text", [text for text in NONE if text])
def test_a_route_takes_any_text_for_a_number(text: str) -> None:
    app = FastAPI()

    @app.get("/{number}")
    async def told(number: Number, page: Number = 5) -> list[int]:
        return [number, page]

    client = TestClient(app)
    assert client.get("/12").json() == [12, 5]
    assert client.get(f"/{text}", params={"page": text}).json() == [0, 0]

"""Addresses that name a letter or a span of it, and what is no address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.mcp.uris import page_of, read, uri_of
from kb.types import Span
from server.present import views

NAMES = st.text(min_size=1).filter(lambda name: name.isprintable())
PLACES = st.tuples(st.integers(0, 10**8), st.integers(0, 10**8)).map(
    lambda pair: Span(start=min(pair), end=max(pair))
)


@given(NAMES, st.none() | PLACES)
def test_what_was_written_is_read_again(name: str, span: Span | None) -> None:
    assert read(uri_of(name, span)) == (name, span)


@given(NAMES, PLACES)
def test_pages_are_those_of_the_server(name: str, span: Span) -> None:
    assert page_of("https://a.example", name, span) == "https://a.example" + views.place(name, span)
    assert page_of("https://a.example", name) == "https://a.example" + views.link(
        f"/letters/{name}"
    )
    assert page_of("", name, span) is None


@pytest.mark.parametrize(
    "uri",
    ["", "fuwen://letters/", "fuwen://letters/a/b", "fuwen://letters/a/1-", "http://a/letters/b",
     "fuwen://letters/a/1-2/3", "fuwen://letters/%ff", "fuwen://letters/a?b", "fuwen://x/a"],
)  # fmt: skip
def test_anything_else_is_no_address(uri: str) -> None:
    assert read(uri) is None

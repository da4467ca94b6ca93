"""Whom a proxy speaks for, and whether it spoke TLS with them."""

from __future__ import annotations

from typing import Any

import pytest

from server.http.proxies import client_of, encrypted, networks

PROXIES = networks("10.0.0.0/8")


def request(peer: str | None, *, scheme: str = "http", **headers: list[str]) -> dict[str, Any]:
    raw = [
        (f"x-forwarded-{name.removesuffix('_')}".encode(), value.encode())
        for name, values in headers.items()
        for value in values
    ]
    client = (peer, 1) if peer is not None else None
    return {"type": "http", "scheme": scheme, "client": client, "headers": raw}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.5", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.0.0.5", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.5", ["198.51.100.1, ::ffff:10.0.0.6"], "198.51.100.1"),
        ("10.0.0.5", ["rubbish, 10.1.1.1"], "10.1.1.1"),
        ("10.0.0.5", ["rubbish"], "10.0.0.5"),
        ("10.0.0.5", ["2001:db8:1:2:3::4"], "2001:db8:1:2::/64"),
        (None, ["198.51.100.1"], ""),
        ("10.0.0.5", ["198.51.100.1:1234"], "198.51.100.1"),
        ("10.0.0.5", ["198.51.100.1:1234, 10.0.0.6:80"], "198.51.100.1"),
        ("10.0.0.5", ["[::ffff:198.51.100.1]:1234"], "198.51.100.1"),
        ("10.0.0.5", ["[2001:db8:1:2:3::4]:1234"], "2001:db8:1:2::/64"),
        ("10.0.0.5", ["[2001:db8:1:2:3::4]"], "2001:db8:1:2::/64"),
        ("10.0.0.5", ["2001:db8:1:2::1234"], "2001:db8:1:2::/64"),
        ("10.0.0.5", ["198.51.100.1:"], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.1:123456"], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.1:http"], "10.0.0.5"),
        ("10.0.0.5", ["[2001:db8::1"], "10.0.0.5"),
        ("10.0.0.5", ["[2001:db8::1]1234"], "10.0.0.5"),
        ("10.0.0.5", ["[]:1234"], "10.0.0.5"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy(
    peer: str | None, forwarded: list[str], client: str
) -> None:
    assert client_of(request(peer, for_=forwarded), proxies=PROXIES) == client


@pytest.mark.parametrize(
    ("peer", "told", "spoken"),
    [
        ("10.0.0.5", ["https"], True),
        ("::ffff:10.0.0.5", ["https"], True),
        ("10.0.0.5", ["http, https"], True),
        ("10.0.0.5", ["https, http"], False),
        ("10.0.0.5", ["https", "http"], False),  # the proxy's word is the last
        ("10.0.0.5", [], False),
        ("203.0.113.9", ["https"], False),
        (None, ["https"], False),
    ],
)
def test_only_the_last_word_of_a_trusted_proxy_makes_it_tls(
    peer: str | None, told: list[str], spoken: bool
) -> None:
    assert encrypted(request(peer, proto=told), proxies=PROXIES) == spoken


def test_tls_with_us_needs_no_word_of_a_proxy() -> None:
    assert encrypted(request("203.0.113.9", scheme="https"), proxies=[])

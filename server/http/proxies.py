"""Who stands at the other end: the peer, or whoever a proxy that we trust speaks for.

Not uvicorn's ProxyHeadersMiddleware: there a word of ``X-Forwarded-For`` that is no address is
the client, and a trusted IPv4 proxy that comes as IPv6 (``::ffff:10.0.0.5``) is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# What proxies say of themselves, and of whom they speak for.
PROXIED = frozenset((
    "forwarded", "via", "x-real-ip", "x-real-port", "x-client-ip", "x-cluster-client-ip",
    "x-original-host", "x-original-url", "x-original-forwarded-for", "x-proxyuser-ip",
    "x-envoy-external-address", "x-request-id", "x-scheme", "x-url-scheme", "front-end-https",
    "true-client-ip", "cf-connecting-ip", "cf-ray", "cf-visitor", "fastly-client-ip",
    "ali-cdn-real-ip", "cdn-loop", "cdn-src-ip", "wl-proxy-client-ip", "proxy-client-ip",
    "proxy-connection",
))  # fmt: skip
# An address as some proxies write it: 192.0.2.1:50000, [2001:db8::1], [2001:db8::1]:50000.
_WITH_PORT = re.compile(r"(?:([0-9.]+):|\[([^\[\]]+)\]:)[0-9]{1,5}|\[([^\[\]]+)\]")


def networks(addresses: str) -> list[Network]:
    """The networks that a setting names, separated by white space."""
    return [ip_network(address) for address in addresses.split()]


def address_in(text: str) -> Address | None:
    """The address that ``text`` is, IPv4 also where it is written as IPv6; None if it is none.

    A port after it says nothing of who it is.
    """
    text = text.strip()
    if written := _WITH_PORT.fullmatch(text):
        text = next(filter(None, written.groups()))
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def peer_of(scope: Scope) -> str:
    """The other end of the connection; "" where that has no address."""
    return str((scope.get("client") or ("",))[0] or "")


def bucket_of(text: str) -> str:
    """Whom an address belongs to: IPv6 by its /64; ``text`` itself where it is no address."""
    address = address_in(text)
    return _bucket(address) if address else text


def trusted(address: Address | None, proxies: Sequence[Network]) -> bool:
    """True if ``address`` is that of one of ``proxies``."""
    return address is not None and any(address in proxy for proxy in proxies)


def client_of(scope: Scope, *, proxies: Sequence[Network]) -> str:
    """Who asks: the peer, or the nearest hop that none of ``proxies`` stands for.

    IPv6 by its /64: whoever has one address of it has them all.
    """
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    client = peer_of(scope)
    for hop in (client, *reversed(forwarded.split(","))):
        address = address_in(hop)
        if address is None:
            break
        client = _bucket(address)
        if not trusted(address, proxies):
            break
    return client


def encrypted(scope: Scope, *, proxies: Sequence[Network]) -> bool:
    """True if the browser speaks TLS to us or to one of ``proxies``."""
    if scope["scheme"] == "https":
        return True
    schemes = ",".join(Headers(scope=scope).getlist("x-forwarded-proto"))
    scheme = schemes.rpartition(",")[2].strip()
    return scheme == "https" and trusted(address_in(peer_of(scope)), proxies)


def proxied(scope: Scope) -> bool:
    """True if a proxy stands between, as far as it shows.

    It shows by a header, or by HTTP/1.0, which nobody speaks who comes by himself.
    """
    names = Headers(scope=scope)
    said = any(name in PROXIED or name.startswith("x-forwarded") for name in names)
    return said or scope.get("http_version") == "1.0"


def reaches(scope: Scope, allowed: Sequence[Network]) -> bool:
    """True if one of ``allowed`` asks by itself: whom a proxy speaks for does not count.

    Whoever comes from this very machine has to name it, too: a proxy here that keeps silent about
    itself passes on the name by which the site is known.
    """
    peer = address_in(peer_of(scope))
    if peer is None or not trusted(peer, allowed) or proxied(scope):
        return False
    return not peer.is_loopback or on_this_machine(f"//{Headers(scope=scope).get('host', '')}")


def on_this_machine(address: str) -> bool:
    """True if the host of ``address`` (``//host:port``, a URL) is this very machine."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    named = address_in(host)
    return host == "localhost" or (named is not None and named.is_loopback)


def _bucket(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), 64), strict=False))

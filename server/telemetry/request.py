"""The request that a thread or a task is busy with, as the log may know it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address, ip_network


@dataclass(slots=True, kw_only=True)
class Request:
    """``id`` is what the client was told; ``client`` finds out who that is, once somebody asks.

    ``account`` is whose session it carries, once that is known.
    """

    id: str
    client: Callable[[], str]
    account: str = ""

    @property
    def network(self) -> str:
        """The network of the client, which is no single household's: /24, of IPv6 /48."""
        return network_of(self.client())


HERE: ContextVar[Request | None] = ContextVar("request", default=None)


def network_of(client: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one or of its /64; "" of what is neither."""
    try:
        address = ip_address(client.partition("/")[0])
    except ValueError:
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))

"""The cookie of a session, and whether a connection is fit for one.

``__Host-`` (RFC 6265bis): only over TLS, only from this host, for all its paths. On this very
machine there is no TLS: there the cookie has another name and can be read by no other machine.
"""

from __future__ import annotations

import re

from fastapi import Request
from starlette.responses import Response

from kb.errors import KbError, WrongUse
from server.desk import desk_of
from server.http import proxies
from server.http.proxies import address_in, on_this_machine, peer_of, proxied

SECURE, LOCAL = "__Host-fuwen", "fuwen-local"


class NotSecure(KbError):
    """Signing in over a connection that others can read."""

    status, code = 403, "not_secure"


def token_of(request: Request, *, what: str = "") -> str | None:
    """The session's token that ``request`` carries, if any; or that of ``what`` else."""
    return request.cookies.get(_name(request) + what)


def give(request: Request, response: Response, token: str, *, what: str = "") -> None:
    """Let the browser carry ``token`` from now on. Raises NotSecure."""
    check_secure(request)
    name = _name(request)
    response.set_cookie(
        name + what, token, path="/", httponly=True, samesite="lax", secure=name == SECURE
    )


def take(request: Request, response: Response, *, what: str = "") -> None:
    """Let the browser forget its token."""
    name = _name(request)
    response.delete_cookie(
        name + what, path="/", httponly=True, samesite="lax", secure=name == SECURE
    )


def check_secure(request: Request) -> None:
    """Raise NotSecure where a password would cross a network without TLS."""
    if not (encrypted(request) or _loopback(request)):
        raise NotSecure(
            "工作人员只能经 https 登录，否则密码会在网络上明文传送；请改用 https 地址，"
            "反向代理要写 X-Forwarded-Proto，并设 KB_TRUSTED_PROXY（见 docs/staff.md）"
        )


def _name(request: Request) -> str:
    return SECURE if encrypted(request) else LOCAL


def encrypted(request: Request) -> bool:
    """True if the browser speaks TLS to us or to a proxy that we trust."""
    known = proxies.networks(desk_of(request).settings.trusted_proxy)
    return proxies.encrypted(request.scope, proxies=known)


def _loopback(request: Request) -> bool:
    """True if both ends of the connection, as the browser names ours, are this machine.

    Not where a proxy stands between, as it shows by a header, by HTTP/1.0, which no browser
    speaks, or by the settings: it may have changed what the browser said. Nor where the page that
    sends a form is one of another name: a proxy that lost the host leaves the form's origin.
    """
    headers, peer = request.headers, address_in(peer_of(request.scope))
    if peer is None or not peer.is_loopback or proxied(request.scope):
        return False
    if proxies.trusted(peer, proxies.networks(desk_of(request).settings.trusted_proxy)):
        return False
    pages = [headers[name] for name in ("origin", "referer") if name in headers]
    return all(map(on_this_machine, (f"//{headers.get('host', '')}", *pages)))


_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


def ours(request: Request) -> str:
    """Scheme and host of this site, as ``request`` named it. Raises WrongUse."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise WrongUse("请求里的主机名读不懂；请用平常的网址再试")
    return f"{'https' if encrypted(request) else 'http'}://{host}"

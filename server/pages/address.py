"""The address under which the public opens this site, for what is read elsewhere."""

from __future__ import annotations

import re

from fastapi import Request

from kb.settings import Settings
from server.http.proxies import encrypted, networks

_HOST = re.compile(r"(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.I)


def site_of(request: Request, settings: Settings) -> str:
    """The origin of this site: KB_PUBLIC_ADDRESS, else as whoever asks has called it.

    "" where the request names no host that could be one: addresses are then without it.
    """
    if settings.public_address:
        return settings.public_address
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        return ""
    secure = encrypted(request.scope, proxies=networks(settings.trusted_proxy))
    return f"{'https' if secure else 'http'}://{host}"

"""All the routes of the application, those of included routers and mounted ones too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def leaves(routes: Any) -> Iterator[Any]:
    """The routes that answer."""
    for one in routes:
        inside = getattr(getattr(one, "original_router", one), "routes", None)
        if inside:
            yield from leaves(inside)
        else:
            yield one

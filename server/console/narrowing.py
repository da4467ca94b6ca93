"""What the pages that count and compare offer to narrow them down by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.profile import profile
from server.console.filters import Filter


def offered(organs: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """What each select offers: value and word."""
    rules = profile()
    return {
        "organ": {one: one for one in organs},
        "result_class": {one: f"{one} {meaning}" for one, meaning in rules.classes.items()},
        "topic": {one: one for one in rules.topics},
    }


def asked(chosen: Filter) -> dict[str, str]:
    """The parameters that the address has, for links that keep them."""
    return {name: value for name, value in chosen.given.items() if value}

"""What differs from place to place, as data: meanings of result classes, names of organs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROFILES = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``classes`` maps a result class to its meaning in plain words; ``short`` maps parts of
    an organ's full name to the way people shorten it."""

    classes: Mapping[str, str]
    short: Mapping[str, str]

    def meaning(self, result_class: str | None) -> str | None:
        """The class in plain words, or None if this place does not define it."""
        return self.classes.get(result_class) if result_class else None

    def aliases(self, issuer: str) -> tuple[str, ...]:
        """The full name, the name without its place, and the short forms; 3 characters or more."""
        bare = issuer
        for mark in ("市", "省"):
            _, found, rest = issuer.partition(mark)
            if found and len(rest) >= 3:
                bare = rest
                break
        names = [issuer, bare]
        for full, brief in self.short.items():
            names += [name.replace(full, brief) for name in (issuer, bare) if full in name]
        return tuple(name for name in dict.fromkeys(names) if len(name) >= 3)


@lru_cache(maxsize=8)
def profile(name: str = "common") -> Profile:
    """The profile in ``kb/profiles/<name>.toml``."""
    content = tomllib.loads((PROFILES / f"{name}.toml").read_text(encoding="utf-8"))
    return Profile(classes=content["classes"], short=content["short"])

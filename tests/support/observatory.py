"""What Mozilla's HTTP Observatory gives and takes for the headers of an answer, as rules of ours.

The points are those that it publishes (developer.mozilla.org/observatory, tests and scoring); where
it is kinder than sense, as with a CSP that leaves forms open, we are stricter. Not here: what one
answer cannot show, that is certificates, the list of preloaded hosts, and how plain HTTP is turned
away, which are the proxy's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from httpx import Response

from tests.support.served import Element, Page

STRANGER = "https://stranger.example"  # the page of another site that asks
BONUS_FROM = 90  # whoever has less after the penalties gets no bonus
BROAD = frozenset(("*", "http:", "https:", "ftp:", "http://*", "https://*"))
INLINE = frozenset(("'unsafe-inline'", "data:"))
CLOSED = frozenset(("'none'", "'self'"))
PRIVATE = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
SIX_MONTHS = 15_768_000  # seconds


@dataclass(frozen=True)
class Seen:
    """An answer as a browser gets it over TLS."""

    response: Response

    def header(self, name: str) -> str:
        return str(self.response.headers.get(name, "")).strip().lower()

    @cached_property
    def policy(self) -> dict[str, frozenset[str]]:
        """The sources of each directive of the one policy; none where there are several."""
        parts = [part.split() for part in self.header("content-security-policy").split(";")]
        named = {part[0]: frozenset(part[1:]) for part in parts if part}
        return named if len(named) == sum(map(bool, parts)) else {}

    def sources(self, directive: str) -> frozenset[str]:
        return self.policy.get(directive, self.policy.get("default-src", frozenset(("*",))))

    @property
    def insecure(self) -> Iterator[str]:
        """The directives that let anything come over plain HTTP."""
        for directive, sources in self.policy.items():
            if any(source.startswith(("http:", "ftp:")) for source in sources):
                yield directive

    @cached_property
    def cookies(self) -> list[Morsel[str]]:
        given = self.response.headers.get_list("set-cookie")
        return [one for line in given for one in SimpleCookie(line).values()]

    @cached_property
    def scripts(self) -> list[Element]:
        """Scripts of other sites."""
        if not self.header("content-type").startswith("text/html"):
            return []
        page = Page.of(self.response.text)
        return [one for one in page.all("script") if urlsplit(one.attributes.get("src", "")).netloc]

    @property
    def host_after(self) -> str:
        return urlsplit(self.header("location")).netloc

    @property
    def age(self) -> int:
        said = re.fullmatch(r"max-age=(\d+)(; ?includesubdomains)?", self.header(STRICT))
        return int(said[1]) if said else 0


STRICT = "strict-transport-security"


def _flag(seen: Seen, name: str) -> bool:
    return all(cookie[name] for cookie in seen.cookies)


def _safe_sites(seen: Seen) -> bool:
    return all(str(cookie["samesite"]).lower() in ("lax", "strict") for cookie in seen.cookies)


def _bound(seen: Seen) -> bool:
    """True if forms and relative addresses lead nowhere else."""
    return all(seen.policy.get(name, BROAD) <= CLOSED for name in ("form-action", "base-uri"))


def _framed(seen: Seen) -> bool:
    return not seen.policy.get("frame-ancestors", BROAD).isdisjoint(BROAD)


def _sources(*directives: str, among: frozenset[str]) -> Callable[[Seen], bool]:
    return lambda seen: any(seen.sources(one) & among for one in directives)


def _says(name: str, *values: str) -> Callable[[Seen], bool]:
    return lambda seen: seen.header(name) in values


def _all_scripts(holds: Callable[[dict[str, str]], bool]) -> Callable[[Seen], bool]:
    return lambda seen: all(holds(script.attributes) for script in seen.scripts)


def _else(_: Seen) -> bool:
    return True


ALLOWED = "access-control-allow-origin"
RESOURCE = "cross-origin-resource-policy"
SECURELY = _all_scripts(lambda given: given["src"].startswith("https:"))
KNOWN = _all_scripts(lambda given: "integrity" in given)
# Of each topic the first that holds counts: points, what it is, when it holds.
Rule = tuple[int, str, Callable[[Seen], Any]]
RULES: Mapping[str, tuple[Rule, ...]] = {
    "content security policy": (
        (-25, "none, or not to be read", lambda seen: not seen.policy),
        (-20, "scripts inline or from anywhere", _sources("script-src", among=BROAD | INLINE)),
        (-20, "objects from anywhere", _sources("object-src", among=BROAD)),
        (-20, "over plain HTTP", lambda seen: set(seen.insecure) - {"img-src", "media-src"}),
        (-10, "eval", _sources("script-src", "style-src", among=frozenset(("'unsafe-eval'",)))),
        (-10, "images over plain HTTP", lambda seen: set(seen.insecure)),
        (0, "styles inline or from anywhere", _sources("style-src", among=BROAD | INLINE)),
        (0, "forms or a base that lead elsewhere", lambda seen: not _bound(seen)),
        (10, "nothing but what is named", lambda seen: seen.policy["default-src"] == {"'none'"}),
        (5, "nothing unsafe", _else),
    ),
    "frames": (
        (5, "said by the policy", lambda seen: not _framed(seen)),
        (0, "said by a header of its own", _says("x-frame-options", "deny", "sameorigin")),
        (-20, "in any frame", _else),
    ),
    "cookies": (
        (0, "none", lambda seen: not seen.cookies),
        (-40, "sent over plain HTTP", lambda seen: not _flag(seen, "secure")),
        (-30, "read by scripts", lambda seen: not _flag(seen, "httponly")),
        (-20, "sent along by other sites", lambda seen: not _safe_sites(seen)),
        (5, "for us alone", _else),
    ),
    "other sites": (
        (-50, "any may read", _says(ALLOWED, "*", STRANGER)),
        (0, "none, or those that are named", _else),
    ),
    "transport": (
        (-20, "not said, or not to be read", lambda seen: not seen.age),
        (-10, "too short", lambda seen: seen.age < SIX_MONTHS),
        (0, "six months or more", _else),
    ),
    "redirection": (
        (-20, "to plain HTTP", lambda seen: seen.header("location").startswith("http:")),
        (-5, "to another host", lambda seen: seen.host_after not in ("", seen.response.url.host)),
        (0, "none, or within", _else),
    ),
    "referrer": (
        (0, "not said", _says("referrer-policy", "")),
        (5, "private", _says("referrer-policy", *PRIVATE)),
        (-5, "tells others, or not to be read", _else),
    ),
    "scripts of others": (
        (0, "none", lambda seen: not seen.scripts),
        (-50, "over plain HTTP", lambda seen: not SECURELY(seen)),
        (-5, "that may be changed", lambda seen: not KNOWN(seen)),
        (5, "that are known byte for byte", _else),
    ),
    "types": (
        (0, "as said", _says("x-content-type-options", "nosniff")),
        (-5, "guessed", _else),
    ),
    "resource": (
        (10, "for our own pages", _says(RESOURCE, "same-origin", "same-site")),
        (0, "for anybody", _says(RESOURCE, "", "cross-origin")),
        (-5, "not to be read", _else),
    ),
}


def points(response: Response) -> dict[str, tuple[int, str]]:
    """What ``response`` gets in each topic, and for what."""
    seen = Seen(response)
    return {
        topic: next((number, what) for number, what, holds in rules if holds(seen))
        for topic, rules in RULES.items()
    }


def score(response: Response) -> int:
    """100, less the penalties, and with the bonuses where enough is left."""
    given = [number for number, _ in points(response).values()]
    left = 100 + sum(number for number in given if number < 0)
    bonus = sum(number for number in given if number > 0)
    return max(left + bonus if left >= BONUS_FROM else left, 0)

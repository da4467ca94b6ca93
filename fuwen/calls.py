"""What is sent for each question, and how its answer is read: the same for both clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx2

from fuwen.decoded import read
from fuwen.errors import FuwenError, refusal_of, retry_after
from fuwen.letters import Letter, Ready, Version
from fuwen.replies import Checks, Excerpt, Reply

Answered = TypeVar("Answered")
Verdict = Literal["answer", "refusal", "listing", "notice", "several"]
LATER = (429, 503)  # statuses with which a server asks to come again
FIRST = 0.5  # seconds before the first retry where the server names none; doubled for each next


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where to look: only letters that meet all that is given."""

    issuer: str | None = None
    year: int | None = None
    result_class: str | None = None
    proposal_no: str | None = None
    letter_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Answered]):
    """A request, and how a good answer to it is read."""

    method: Literal["GET", "POST"]
    path: str
    read: Callable[[httpx2.Response], Answered]
    body: dict[str, Any] | None = None
    params: dict[str, str] = field(default_factory=dict)

    def sending(self) -> dict[str, Any]:
        """What httpx2 is to send."""
        return {"method": self.method, "url": self.path, "json": self.body, "params": self.params}

    def streaming(self) -> dict[str, Any]:
        """The same, to be answered event by event."""
        return self.sending() | {"url": self.path + "/stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a client asks. Raises FuwenError (``bad_client``) for what cannot be asked with.

    ``timeout`` is in seconds, of each wait for the network; up to ``retries`` more tries follow a
    429 or 503, unless the server asks to wait more than ``longest_wait`` seconds.
    """

    base_url: str
    api_key: str
    timeout: float
    retries: int
    longest_wait: float

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("http://", "https://")):
            why = "base_url 应以 http:// 或 https:// 开头；请写服务的网址"
            raise FuwenError(why, code="bad_client")
        if not (self.api_key.isascii() and self.api_key.isprintable()):
            why = "api_key 里有不能用的字符；请照发下来的密钥写"
            raise FuwenError(why, code="bad_client")

    def http(self) -> dict[str, Any]:
        """What httpx2's clients are made with. They follow no redirect: it may lead anywhere."""
        headers = {"user-agent": "fuwen-python"}
        if self.api_key:
            headers["authorization"] = f"Bearer {self.api_key}"
        return {"base_url": self.base_url, "timeout": self.timeout, "headers": headers}

    def pause(self, response: httpx2.Response, *, tried: int) -> float | None:
        """Seconds until the next try after ``tried`` retries; None where there is to be none."""
        if response.status_code not in LATER or tried >= self.retries:
            return None
        asked = retry_after(response)
        wait = FIRST * 2**tried if asked is None else float(asked)
        return wait if wait <= self.longest_wait else None


def ask(question: str, *, before: Sequence[str], scope: Scope | None, carry: bool) -> Call[Reply]:
    """``POST /api/ask``."""
    body = {"question": question, "before": [*before], "carry": carry}
    if scope:
        body["scope"] = {name: value for name, value in asdict(scope).items() if value is not None}
    return Call(method="POST", path="api/ask", body=body, read=partial(read, Reply))


def check(text: str) -> Call[Checks]:
    """``POST /api/check``."""
    return Call(method="POST", path="api/check", body={"text": text}, read=partial(read, Checks))


def letter(name: str) -> Call[Letter]:
    """``GET /api/letters/…``, by id or document number."""
    path = "api/letters/" + quote(name, safe="")
    return Call(method="GET", path=path, read=partial(read, Letter))


def suggestions(words: str) -> Call[tuple[str, ...]]:
    """``GET /api/suggestions``."""
    params = {"q": words}
    return Call(method="GET", path="api/suggestions", params=params, read=_suggested)


def feedback(
    question: str, reply: Reply, *, useful: bool, reason: str | None, quote: Excerpt | None
) -> Call[None]:
    """``POST /api/feedback``."""
    body = {
        "question": question,
        "snapshot": reply.snapshot,
        "verdict": reply.status,
        "useful": useful,
        "reason": reason,
        "quote": quote and {"letter_id": quote.letter_id, "start": quote.start, "end": quote.end},
    }
    return Call(method="POST", path="api/feedback", body=body, read=lambda response: None)


def ready() -> Call[Ready]:
    """``GET /readyz``."""
    return Call(method="GET", path="readyz", read=partial(read, Ready))


def version() -> Call[Version]:
    """``GET /version``."""
    return Call(method="GET", path="version", read=partial(read, Version))


def answered(call: Call[Answered], response: httpx2.Response) -> Answered:
    """What ``response`` says. Raises FuwenError where it is no good answer."""
    if not response.is_success:
        raise refusal_of(response)
    return call.read(response)


def _suggested(response: httpx2.Response) -> tuple[str, ...]:
    return read(_Suggestions, response).suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suggestions:
    suggestions: tuple[str, ...]

"""A model that somebody else runs, asked over HTTP: bounded, patient, and believed in nothing.

What is sent are questions and the text of letters, personal data hidden; what comes back is
checked by whoever asked.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from kb.errors import ModelUnusable

MOST = 64_000_000  # bytes of one answer; 32 texts in 4,096 dimensions take some 3
BUSY = frozenset((429, 502, 503, 504))  # tried again, if there is time left
REST = 30.0  # seconds in which whom one can do without is not asked after it was away
FIRST_PAUSE = 0.5  # seconds; twice as long before each further try, where none is told
WHOLE = {
    "EMBEDDINGS": "http://主机/v1/embeddings",
    "RERANK": "http://主机/rerank",
    "LLM": "http://主机/v1",
}
Plain = Mapping[str, Any]


class EndpointUnusable(ModelUnusable):
    """An endpoint that does not do what it is for; ``why`` names no host.

    ``away`` if nobody answered, or who did is broken or busy.
    """

    def __init__(self, where: str, *, why: str, away: bool = False) -> None:
        super().__init__(f"{where} {why}")
        self.why = why
        self.away = away


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that takes JSON by POST; ``of`` are the settings it is of (``EMBEDDINGS``).

    ``timeout`` is in seconds. Connections are kept, and may be used by several threads.
    """

    url: str
    key: str = field(repr=False)
    timeout: float
    of: str
    kept: list[httpx2.Client] = field(default_factory=list, repr=False, compare=False)
    making: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def ask(
        self,
        body: Plain,
        *,
        patience: float = 1,
        waits: bool = True,
        away: Callable[[], object] = lambda: None,
    ) -> Any:
        """The JSON that is answered within ``patience`` times the timeout, further tries included.

        Where nobody listens it is tried again only if it ``waits`` for them to be back.
        ``away`` is called when a try finds nobody who answers as they should. No redirect is
        followed: the key would go where nobody meant it to. Raises EndpointUnusable.
        """
        deadline = time.monotonic() + patience * self.timeout
        pause = FIRST_PAUSE
        lasting = httpx2.InvalidURL if waits else (httpx2.InvalidURL, httpx2.ConnectError)
        while True:
            try:
                status, told, content = self._try(body, deadline=deadline)
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                status, told, why = 0, None, f"连不上或没有答完（{type(error).__name__}）"
                again = not isinstance(error, lasting)
            else:
                if status == 200:
                    return self._parsed(content, away)
                why, again = f"回答 {status}", status in BUSY
            if status != 429:
                away()
            wait = pause if told is None else told
            if not again or time.monotonic() + wait > deadline:
                raise self.unusable(
                    f"{why}{advice(status, self.of)}", away=status in (0, 429) or status >= 500
                )
            time.sleep(wait)
            pause *= 2

    def unusable(self, why: str, *, away: bool = False) -> EndpointUnusable:
        """The error that names this endpoint, without its key."""
        return EndpointUnusable(f"KB_{self.of}_URL 的 {place_of(self.url)}", why=why, away=away)

    def _try(self, body: Plain, *, deadline: float) -> tuple[int, float | None, bytes]:
        """Status, seconds to wait that are asked for, and content. Raises httpx2.HTTPError."""
        left = max(deadline - time.monotonic(), 0.001)
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        timeout = min(left, self.timeout)
        with self._client().stream(
            "POST", self.url, json=body, headers=headers, timeout=timeout
        ) as answer:
            content = bytearray()
            if answer.status_code == 200:
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > MOST:
                        raise self.unusable(f"的回答超过 {MOST} 字节；请核对地址")
                    if time.monotonic() > deadline:  # bytes that drip are no answer either
                        raise httpx2.ReadTimeout("")
            return answer.status_code, _asked_to_wait(answer.headers), bytes(content)

    def _client(self) -> httpx2.Client:
        with self.making:
            if not self.kept:
                # Straight to where the office has it: a proxy would see letters and questions.
                client = httpx2.Client(trust_env=False, verify=httpx2.create_ssl_context())
                self.kept.append(client)
        return self.kept[0]

    def _parsed(self, content: bytes, away: Callable[[], object]) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            away()
            raise self.unusable("的回答不是 JSON；请核对地址（多半是网页）") from error


def _asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that Retry-After (RFC 9110, 10.2.3) tells, a number or a date."""
    told = headers.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max((at - datetime.now(UTC)).total_seconds(), 0.0) if at.tzinfo else None


def place_of(url: str) -> str:
    """The host and port of ``url``, even one that cannot be."""
    return url.split("/")[2]


def advice(status: int, of: str) -> str:
    """What to look at after ``status``, 0 where nobody answered; ``of`` as of ``Endpoint``."""
    match status:
        case 401 | 403:
            return f"，不让用；请核对 KB_{of}_KEY"
        case 404 | 405:
            whole = f"KB_{of}_URL（要写全，如 {WHOLE[of]}）"
            return f"，没有这个接口或模型；请核对 {whole}和 KB_{of}_MODEL"
        case 400 | 413 | 422:
            return f"，不收这样的请求；请核对 KB_{of}_MODEL，并让它把太长的文字截断"
        case status if 300 <= status < 400:
            return f"，要转到别处，没有跟去；请把 KB_{of}_URL 写成最后的地址"
        case _:
            return f"；请核对 KB_{of}_URL、网络和那边的服务"

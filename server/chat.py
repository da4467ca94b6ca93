"""A language model of the office's own, asked and not believed: a gate judges what it says."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import anyio
import httpx2
from anyio import to_thread

from kb.models.endpoint import REST, advice, place_of
from kb.settings import Settings

LOG = logging.getLogger("fuwen.server")
AT_ONCE = 4  # that it is asked at the same time; what comes besides goes without
MOST_BYTES = 65_536  # of what it sends back
TOKENS = 1000  # that it may write
KEPT = 512  # of what was let through, a few kB each
# Why nothing of the model's came to the gate.
Failure = Literal[
    "busy", "resting", "timeout", "unreachable", "status", "too_large", "cut", "malformed"
]
Messages = Sequence[dict[str, str]]
Made = TypeVar("Made")


def fence() -> str:
    """A line that nobody who wrote a question or a letter can know."""
    return f"==={secrets.token_hex(8)}==="


@dataclass(frozen=True, slots=True)
class Said:
    """What the model wrote, to its end."""

    text: str


class Chat:
    """Asks the model of ``settings``, if one is set; ``transport`` and ``clock`` are for tests."""

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._asking = 0
        self._rested = clock()  # from when on it may be asked
        self._told: dict[str, float] = {}  # until when what is wrong is not told again
        self._kept: dict[Hashable, Any] = {}  # what was let through; the one used last is last
        # Made once: it takes a second to read the certificates.
        self._tls = httpx2.create_ssl_context() if settings.llm_url else None

    @property
    def there(self) -> bool:
        """True if a model is set."""
        return self._tls is not None

    async def made(
        self, key: Hashable, told: Messages, gate: Callable[[str], Made]
    ) -> Made | Failure:
        """What ``gate``, called in a thread, makes of the answer to ``told``; else why none came.

        A string of the gate's is a reason too; what else it gives was let through, and is kept
        under ``key``. It waits for ``KB_LLM_SECONDS`` at most.
        """
        if key in self._kept:
            kept: Made = self._kept.pop(key)
            self._kept[key] = kept
            return kept
        said = await self._said(told)
        if not isinstance(said, Said):
            return said
        made = await to_thread.run_sync(gate, said.text)
        if not isinstance(made, str):
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))
        return made

    async def _said(self, told: Messages) -> Said | Failure:
        if self._clock() < self._rested:
            return "resting"
        if self._asking >= AT_ONCE:
            return "busy"
        self._asking += 1
        failure: Failure = "timeout"
        seconds = self._settings.llm_seconds
        why = f"{seconds} 秒（KB_LLM_SECONDS）没有答完"
        try:
            with anyio.fail_after(seconds):
                return await self._answer(told)
        except (TimeoutError, httpx2.TimeoutException):
            pass
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            failure, why = "unreachable", f"连不上或没有答完（{type(error).__name__}）"
        finally:
            self._asking -= 1
        self._rested = self._clock() + REST
        self._tell(why)
        return failure

    def _tell(self, why: str, *, status: int = 0) -> None:
        """Log what is wrong and what to look at, once in ``REST``; nothing that anybody asked."""
        now = self._clock()
        if now < self._told.get(why, now):
            return
        self._told[why] = now + REST
        place = place_of(self._settings.llm_url)
        LOG.warning("KB_LLM_URL 的 %s %s%s", place, why, advice(status, "LLM"))

    async def _answer(self, told: Messages) -> Said | Failure:
        key, seconds = self._settings.llm_key, self._settings.llm_seconds
        asked = {
            "model": self._settings.llm_model,
            "messages": told,
            "temperature": 0,
            "max_tokens": TOKENS,
            "stream": False,
        }
        # As it is: what is packed small may be large.
        headers = {"accept-encoding": "identity"} | (
            {"authorization": f"Bearer {key}"} if key else {}
        )
        address = f"{self._settings.llm_url.rstrip('/')}/chat/completions"
        async with (
            httpx2.AsyncClient(
                transport=self._transport, verify=self._tls or True, trust_env=False,
                timeout=seconds,
            ) as client,
            client.stream("POST", address, json=asked, headers=headers) as sent,
        ):  # fmt: skip
            if sent.status_code != 200:
                self._tell(f"回答 {sent.status_code}", status=sent.status_code)
                return "status"
            if "content-encoding" in sent.headers:
                return "status"
            body = b""
            async for piece in sent.aiter_raw():
                body += piece
                if len(body) > MOST_BYTES:
                    return "too_large"
        return _read(body)


def _read(body: bytes) -> Said | Failure:
    """The message in ``body``, if there is a whole one."""
    try:
        choice = json.loads(body)["choices"][0]
        content, ended = choice["message"]["content"], choice["finish_reason"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return "malformed"
    if not isinstance(content, str):
        return "malformed"
    return Said(content) if ended == "stop" else "cut"

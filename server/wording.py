"""A language model of the office's own, asked to join the quotes of an answer, and not believed.

Whatever comes back that ``kb.wording.gate`` does not let through whole, or does not come back in
time, leaves the answer as it is.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Literal

import anyio
import httpx2
from anyio import to_thread

from kb.answer.quotes import NotVerbatim, verify
from kb.privacy.pii import masked
from kb.replies import Answer, Reply
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Quote
from kb.wording.gate import Reason, Wording, worded
from kb.wording.prompt import messages
from kb.wording.quotes import to_join
from server.telemetry.metrics import WORDINGS

AT_ONCE = 4  # answers that a model is asked about at the same time; more stay as they are
MOST_BYTES = 65_536  # of what it sends back
TOKENS = 1000  # that it may write
REST = 30.0  # seconds in which it is not asked after it did not answer
KEPT = 512  # wordings, of a few kB each
# Why no answer of the model's came to the gate, or none that came through it was shown.
Failure = Literal[
    "busy", "resting", "timeout", "unreachable", "status", "too_large", "cut", "not_verbatim"
]
LOG = logging.getLogger("fuwen.server")
_Key = tuple[str, tuple[Quote, ...]]


class Writer:
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
        self._kept: dict[_Key, Wording] = {}  # what was let through; the one used last is last
        # Made once: it takes a second to read the certificates.
        self._tls = httpx2.create_ssl_context() if settings.llm_url else None

    async def wording(self, reply: Reply, reader: SnapshotReader) -> Wording | None:
        """The quotes of ``reply`` joined; None if no model is set, or there is nothing to join, or
        what the model made of them is not to be shown.

        It waits for ``KB_LLM_SECONDS`` at most.
        """
        quotes = to_join(reply) if self._tls and isinstance(reply, Answer) else ()
        if not quotes:
            return None
        key = reply.question, quotes
        made = self._kept.pop(key, None) or await self._made(reply.question, quotes)
        if isinstance(made, Wording) and not await to_thread.run_sync(_stands, made, reader):
            made = "not_verbatim"
        WORDINGS.labels("shown" if isinstance(made, Wording) else made).inc()
        if not isinstance(made, Wording):
            return None
        self._kept[key] = made
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))
        return made

    async def _made(self, question: str, quotes: Sequence[Quote]) -> Wording | Reason | Failure:
        if self._clock() < self._rested:
            return "resting"
        if self._asking >= AT_ONCE:
            return "busy"
        self._asking += 1
        failure: Failure = "timeout"
        try:
            with anyio.fail_after(self._settings.llm_seconds):
                return await self._asked(question, quotes)
        except (TimeoutError, httpx2.TimeoutException):
            pass
        except httpx2.HTTPError:
            failure = "unreachable"
        finally:
            self._asking -= 1
        self._rested = self._clock() + REST
        return failure

    async def _asked(self, question: str, quotes: Sequence[Quote]) -> Wording | Reason | Failure:
        key, seconds = self._settings.llm_key, self._settings.llm_seconds
        fence = f"==={secrets.token_hex(8)}==="
        told = messages(masked(question), quotes, fence=fence)
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
            if sent.status_code != 200 or "content-encoding" in sent.headers:
                return "status"
            body = b""
            async for piece in sent.aiter_raw():
                body += piece
                if len(body) > MOST_BYTES:
                    return "too_large"
        return _read(body, quotes)


def _read(body: bytes, quotes: Sequence[Quote]) -> Wording | Reason | Failure:
    """What the gate says of the message in ``body``, if there is a whole one."""
    try:
        choice = json.loads(body)["choices"][0]
        content, ended = choice["message"]["content"], choice["finish_reason"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return "malformed"
    if not isinstance(content, str):
        return "malformed"
    return worded(content, quotes) if ended == "stop" else "cut"


def _stands(wording: Wording, reader: SnapshotReader) -> bool:
    """True if every quote is the text of its letter; else that is a fault of ours, and logged."""
    try:
        for part in wording.parts:
            if isinstance(part, Quote):
                verify(part, reader)
    except NotVerbatim:
        LOG.exception("a wording is not verbatim")
        return False
    return True

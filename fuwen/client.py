"""``Client`` and ``AsyncClient``: the same calls, the one waits for them and the other awaits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import count
from typing import Self, TypeVar

import httpx2

from fuwen import calls
from fuwen.calls import Call, Scope, Settings, answered
from fuwen.decoded import Quoting, excerpts
from fuwen.errors import reaching, refusal_of
from fuwen.letters import Letter, Ready, Version
from fuwen.replies import Checks, Excerpt, Reply
from fuwen.stream import LONGEST, Event, ended, event_of

Answered = TypeVar("Answered")
HERE = "http://127.0.0.1:8000"


class Client:
    """Asks a server of 复文; to be closed, or used with ``with``. Calls raise FuwenError.

    ``api_key`` is sent as ``Authorization: Bearer``; ``timeout`` is in seconds; after a 429 or 503
    up to ``retries`` tries follow, when the server says so (Retry-After), unless that is more than
    ``longest_wait`` seconds away.
    """

    def __init__(
        self,
        base_url: str = HERE,
        *,
        api_key: str = "",
        timeout: float = 60.0,
        retries: int = 2,
        longest_wait: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._settings = Settings(
            base_url=base_url,
            api_key=api_key,
            timeout=timeout,
            retries=retries,
            longest_wait=longest_wait,
        )
        self._http = httpx2.Client(**self._settings.http(), transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        before: Sequence[str] = (),
        scope: Scope | None = None,
        carry: bool = True,
    ) -> Reply:
        """One to three quotes, a refusal with its reason, or a list; ``before`` are the questions
        before it, the latest last, from which it is completed unless ``carry`` is False."""
        return self._done(calls.ask(question, before=before, scope=scope, carry=carry))

    def check(self, text: str) -> Checks:
        """Sentence by sentence: verbatim in a letter, nearly (what differs), or not found."""
        return self._done(calls.check(text))

    def letter(self, name: str) -> Letter:
        """The public letter with this id or document number."""
        return self._done(calls.letter(name))

    def verify(self, quoted: Quoting | Sequence[Quoting]) -> tuple[Letter, ...]:
        """Fetch every letter quoted and compare each quote with ``text[start:end]``; the letters.

        Raises NotVerbatim for the first that differs, TypeError for what holds no quotes.
        """
        quotes = excerpts(quoted)
        letters = {name: self.letter(name) for name in {each.letter_id: 0 for each in quotes}}
        for each in quotes:
            each.verify(letters[each.letter_id])
        return tuple(letters.values())

    def suggestions(self, words: str = "") -> tuple[str, ...]:
        """Questions with these words; without any, those that were approved and examples."""
        return self._done(calls.suggestions(words))

    def feedback(
        self,
        question: str,
        reply: Reply,
        *,
        useful: bool,
        reason: str | None = None,
        quote: Excerpt | None = None,
    ) -> None:
        """Say whether the reply to ``question`` was useful; what was not goes to the staff."""
        call = calls.feedback(question, reply, useful=useful, reason=reason, quote=quote)
        self._done(call)

    def health(self) -> Ready:
        """How the server does; a FuwenError where it cannot answer questions."""
        return self._done(calls.ready())

    def version(self) -> Version:
        """The program that serves."""
        return self._done(calls.version())

    def ask_stream(
        self,
        question: str,
        *,
        before: Sequence[str] = (),
        scope: Scope | None = None,
        carry: bool = True,
    ) -> Iterator[Event]:
        """What ``ask`` gives, event by event as it becomes known; the last is ``done``."""
        call = calls.ask(question, before=before, scope=scope, carry=carry)
        for tried in count():
            with reaching(self._settings.base_url), self._http.stream(**call.streaming()) as got:
                wait = self._settings.pause(got, tried=tried)
                if wait is None:
                    yield from _events(got)
                    return
            time.sleep(wait)

    def _done(self, call: Call[Answered], *, tried: int = 0) -> Answered:
        with reaching(self._settings.base_url):
            response = self._http.request(**call.sending())
        wait = self._settings.pause(response, tried=tried)
        if wait is None:
            return answered(call, response)
        time.sleep(wait)
        return self._done(call, tried=tried + 1)


def _events(response: httpx2.Response) -> Iterator[Event]:
    if not response.is_success:
        response.read()
        raise refusal_of(response)
    last = None
    for sent in httpx2.EventSource(response, max_event_size=LONGEST):
        yield (last := event_of(sent))
    ended(last)


class AsyncClient:
    """``Client`` for asyncio: the same calls, awaited; closed by ``aclose`` or ``async with``."""

    def __init__(
        self,
        base_url: str = HERE,
        *,
        api_key: str = "",
        timeout: float = 60.0,
        retries: int = 2,
        longest_wait: float = 30.0,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = Settings(
            base_url=base_url,
            api_key=api_key,
            timeout=timeout,
            retries=retries,
            longest_wait=longest_wait,
        )
        self._http = httpx2.AsyncClient(**self._settings.http(), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
        self,
        question: str,
        *,
        before: Sequence[str] = (),
        scope: Scope | None = None,
        carry: bool = True,
    ) -> Reply:
        """One to three quotes, a refusal with its reason, or a list; ``before`` are the questions
        before it, the latest last, from which it is completed unless ``carry`` is False."""
        return await self._done(calls.ask(question, before=before, scope=scope, carry=carry))

    async def check(self, text: str) -> Checks:
        """Sentence by sentence: verbatim in a letter, nearly (what differs), or not found."""
        return await self._done(calls.check(text))

    async def letter(self, name: str) -> Letter:
        """The public letter with this id or document number."""
        return await self._done(calls.letter(name))

    async def verify(self, quoted: Quoting | Sequence[Quoting]) -> tuple[Letter, ...]:
        """Fetch every letter quoted and compare each quote with ``text[start:end]``; the letters.

        Raises NotVerbatim for the first that differs, TypeError for what holds no quotes.
        """
        quotes = excerpts(quoted)
        letters = {name: await self.letter(name) for name in {each.letter_id: 0 for each in quotes}}
        for each in quotes:
            each.verify(letters[each.letter_id])
        return tuple(letters.values())

    async def suggestions(self, words: str = "") -> tuple[str, ...]:
        """Questions with these words; without any, those that were approved and examples."""
        return await self._done(calls.suggestions(words))

    async def feedback(
        self,
        question: str,
        reply: Reply,
        *,
        useful: bool,
        reason: str | None = None,
        quote: Excerpt | None = None,
    ) -> None:
        """Say whether the reply to ``question`` was useful; what was not goes to the staff."""
        call = calls.feedback(question, reply, useful=useful, reason=reason, quote=quote)
        await self._done(call)

    async def health(self) -> Ready:
        """How the server does; a FuwenError where it cannot answer questions."""
        return await self._done(calls.ready())

    async def version(self) -> Version:
        """The program that serves."""
        return await self._done(calls.version())

    async def ask_stream(
        self,
        question: str,
        *,
        before: Sequence[str] = (),
        scope: Scope | None = None,
        carry: bool = True,
    ) -> AsyncIterator[Event]:
        """What ``ask`` gives, event by event as it becomes known; the last is ``done``."""
        call = calls.ask(question, before=before, scope=scope, carry=carry)
        for tried in count():
            with reaching(self._settings.base_url):
                async with self._http.stream(**call.streaming()) as got:
                    wait = self._settings.pause(got, tried=tried)
                    if wait is None:
                        async for event in _async_events(got):
                            yield event
                        return
            await asyncio.sleep(wait)

    async def _done(self, call: Call[Answered], *, tried: int = 0) -> Answered:
        with reaching(self._settings.base_url):
            response = await self._http.request(**call.sending())
        wait = self._settings.pause(response, tried=tried)
        if wait is None:
            return answered(call, response)
        await asyncio.sleep(wait)
        return await self._done(call, tried=tried + 1)


async def _async_events(response: httpx2.Response) -> AsyncIterator[Event]:
    if not response.is_success:
        await response.aread()
        raise refusal_of(response)
    last = None
    async for sent in httpx2.EventSource(response, max_event_size=LONGEST):
        last = event_of(sent)
        yield last
    ended(last)

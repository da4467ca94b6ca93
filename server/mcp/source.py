"""A ``kb.mcp.source.Source`` at the desk, for one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request

from kb.errors import KbError
from kb.mcp.source import Made, Told
from kb.promises import Confirmations, ConfirmedPromise
from kb.staff.keys import Key
from kb.store.protocol import SnapshotReader
from server.desk import Desk, desk_of
from server.http import problems
from server.http.keys import client_with, key_of
from server.http.limits import Limits
from server.http.proxies import client_of, networks
from server.pages.address import site_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """Whoever sent ``request`` asks; their limits and their place in line are those of /api.

    ``key`` is what they came with, None for a visitor.
    """

    request: Request
    desk: Desk
    limits: Limits
    key: Key | None

    @classmethod
    def of(cls, request: Request) -> AtDesk:
        """The desk of the application that ``request`` came to."""
        limits, key = request.app.state.limits, key_of(request)
        return cls(request=request, desk=desk_of(request), limits=limits, key=key)

    @property
    def site(self) -> str:
        return site_of(self.request, self.desk.settings)

    @property
    def unconfirmed(self) -> bool:
        return self.key is not None and self.key.may("unconfirmed")

    def count(self) -> None:
        if self.key:
            self.key.permit("ask")
        self.limits.charge(self.request.scope, self.key)

    async def ask(self, question: str, *, before: Sequence[str]) -> Told:
        replied = await self.desk.ask(question, before=before, client=self._client)
        return Told(reply=replied.reply, resolved=replied.resolved, reader=replied.reader)

    async def look(self, work: Callable[[SnapshotReader], Made]) -> Made:
        return await to_thread.run_sync(
            lambda: work(self.desk.store.current()), limiter=self.desk.parsing
        )

    async def in_turn(self, work: Callable[[SnapshotReader], Made]) -> Made:
        reader = self.desk.store.current()
        return await self.desk.in_turn(self._client, lambda: work(reader))

    def confirmed(self, reader: SnapshotReader) -> Confirmations:
        return self.desk.ledger.confirmed(reader)

    def proposed(self, reader: SnapshotReader) -> Sequence[ConfirmedPromise]:
        return self.desk.ledger.unconfirmed(reader)

    def tell(self, error: KbError) -> str:
        return problems.told(error)

    @property
    def _client(self) -> str:
        if self.key:
            return client_with(self.key)
        return client_of(self.request.scope, proxies=networks(self.desk.settings.trusted_proxy))

"""A ``Source`` that answers from the data folder of this machine, for whoever started it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Self

from anyio import CapacityLimiter, to_thread

from kb.answer.ask import ask
from kb.errors import KbError
from kb.ledger.public import PublicLedger
from kb.mcp.source import PUBLIC, Made, Told
from kb.models.embedding import Embedder
from kb.models.outside import embedder_of
from kb.models.reading import ReadingModel, reading_model
from kb.promises import Confirmations, ConfirmedPromise
from kb.query.directory import directory_of
from kb.query.parse import checked
from kb.query.understand import understood
from kb.settings import Settings
from kb.staff.database import staff_of
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader, Store

LOG = logging.getLogger("fuwen.mcp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """All that answering needs; one thing is worked out at a time."""

    settings: Settings
    store: Store
    embedder: Embedder
    model: ReadingModel | None
    ledger: PublicLedger
    today: Callable[[], date] = date.today
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """What ``settings`` name, loaded. Raises NoSnapshot, BadSnapshot, ModelUnusable."""
        store = open_store(settings)
        store.current()
        return cls(
            settings=settings,
            store=store,
            embedder=embedder_of(settings),
            model=reading_model(settings.reader),
            ledger=PublicLedger(staff_of(settings)),
        )

    @property
    def site(self) -> str:
        return self.settings.public_address

    @property
    def unconfirmed(self) -> bool:
        return False  # what a model is told, it may pass on

    def count(self) -> None:
        """Whoever started this program may ask as often as they like."""

    async def ask(self, question: str, *, before: Sequence[str]) -> Told:
        return await self.look(partial(self._answered, question, before))

    def _answered(self, question: str, before: Sequence[str], reader: SnapshotReader) -> Told:
        typed = checked(question, settings=self.settings)
        found = understood(
            typed,
            directory_of(reader, PUBLIC),
            before=[one for one in before if one.strip()],
            settings=self.settings,
            today=self.today(),
            reader=reader,
        )
        reply = ask(
            found.query,
            reader,
            self.embedder,
            model=self.model,
            settings=self.settings,
            promises=self.ledger.confirmed(reader),
        )
        return Told(reply=reply, resolved=found.resolved(reply.question), reader=reader)

    async def look(self, work: Callable[[SnapshotReader], Made]) -> Made:
        return await to_thread.run_sync(
            lambda: work(self.store.current()), limiter=self.limiter, abandon_on_cancel=True
        )

    async def in_turn(self, work: Callable[[SnapshotReader], Made]) -> Made:
        return await self.look(work)

    def confirmed(self, reader: SnapshotReader) -> Confirmations:
        return self.ledger.confirmed(reader)

    def proposed(self, reader: SnapshotReader) -> Sequence[ConfirmedPromise]:
        return self.ledger.unconfirmed(reader)

    def tell(self, error: KbError) -> str:
        LOG.info("refused: %s", error.code)
        return str(error)

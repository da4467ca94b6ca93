"""What the tools stand on: whoever answers, be it this process alone or a server at its desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kb.errors import KbError
from kb.promises import Confirmations, ConfirmedPromise
from kb.query.follow_up import Resolved
from kb.replies import Reply
from kb.store.protocol import SnapshotReader
from kb.types import Scope

Made = TypeVar("Made")
PUBLIC = Scope(public_only=True)  # whoever asks by this way is a citizen


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reply, how the question came from what was asked, and what the reply was drawn from."""

    reply: Reply
    resolved: Resolved | None
    reader: SnapshotReader


class Source(Protocol):
    """Who answers one caller, from public letters only."""

    @property
    def site(self) -> str:
        """The origin of the web pages, as ``https://www.example.gov.cn``; "" where unknown."""
        ...

    @property
    def unconfirmed(self) -> bool:
        """True where the caller may see promises that nobody confirmed yet."""
        ...

    def count(self) -> None:
        """Count one thing that costs the work of a question. Raises what a limit does."""
        ...

    async def ask(self, question: str, *, before: Sequence[str]) -> Told:
        """The reply to ``question`` after those ``before`` it, the latest last.

        Raises WrongUse, NoSnapshot, BadSnapshot, ModelUnusable; what keeps callers waiting.
        """
        ...

    async def look(self, work: Callable[[SnapshotReader], Made]) -> Made:
        """What ``work`` gives of the current snapshot, in a thread. Raises NoSnapshot too."""
        ...

    async def in_turn(self, work: Callable[[SnapshotReader], Made]) -> Made:
        """As ``look``, when it is the caller's turn: for what takes as long as a question."""
        ...

    def confirmed(self, reader: SnapshotReader) -> Confirmations:
        """The promises that staff confirmed and the public may see; reads the disk."""
        ...

    def proposed(self, reader: SnapshotReader) -> Sequence[ConfirmedPromise]:
        """The promises that nobody confirmed yet; reads the disk."""
        ...

    def tell(self, error: KbError) -> str:
        """What whoever calls may read of ``error``, in Chinese."""
        ...

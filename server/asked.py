"""A question put to a snapshot, and what it was replied."""

from __future__ import annotations

import time
from dataclasses import dataclass

from kb import serialize
from kb.answer.steps import Step
from kb.query.follow_up import Resolved
from kb.query.understand import Understood
from kb.replies import Reply
from kb.store.protocol import SnapshotReader
from kb.wording.gate import Wording
from server.answers import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question put to a snapshot: as it was typed, and parsed as it reads after earlier ones.

    ``basis`` is what it is answered from, ``known`` the steps if the same was asked before, and
    ``began`` when it came, by the performance counter. If it is refused, ``rewrite`` lets a
    language model put it in other words.
    """

    typed: str
    understood: Understood
    reader: SnapshotReader
    basis: Basis
    began: float
    known: tuple[Step, ...] | None = None
    rewrite: bool = False

    def replied(self, reply: Reply) -> Replied:
        """``reply`` to this question, just known."""
        return Replied(asked=self, reply=reply, seconds=time.perf_counter() - self.began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A reply, what it replies to, and how many seconds it took since that came in.

    ``wording`` are its quotes joined by a language model, where that was let through.
    """

    asked: Asked
    reply: Reply
    seconds: float
    wording: Wording | None = None

    @property
    def resolved(self) -> Resolved | None:
        """How the question that is answered came from what was typed; None where it is that."""
        return self.asked.understood.resolved(self.reply.question)

    @property
    def question(self) -> str:
        """The question that is answered, in no words of a model's."""
        return (self.resolved and self.resolved.reworded) or self.reply.question

    @property
    def reader(self) -> SnapshotReader:
        """The reader of the snapshot that the reply was drawn from."""
        return self.asked.reader

    def plain(self) -> serialize.Plain:
        """The reply as JSON has it; ``wording`` only where there is one."""
        told = serialize.reply(self.reply, seconds=self.seconds, resolved=self.resolved)
        return told | ({"wording": serialize.wording(self.wording)} if self.wording else {})

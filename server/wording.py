"""A language model, asked to join the quotes of an answer.

Whatever comes back that ``kb.wording.gate`` does not let through whole, or does not come back in
time, leaves the answer as it is.
"""

from __future__ import annotations

import logging
from functools import partial

from anyio import to_thread

from kb.answer.quotes import NotVerbatim, verify
from kb.privacy.pii import masked
from kb.replies import Answer, Reply
from kb.store.protocol import SnapshotReader
from kb.types import Quote
from kb.wording.gate import Wording, worded
from kb.wording.prompt import messages
from kb.wording.quotes import to_join
from server.chat import Chat, fence
from server.telemetry.metrics import WORDINGS

LOG = logging.getLogger("fuwen.server")


class Writer:
    """Has ``chat`` join quotes, if it has a model."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def wording(self, reply: Reply, reader: SnapshotReader) -> Wording | None:
        """The quotes of ``reply`` joined; None if no model is set, or there is nothing to join, or
        what the model made of them is not to be shown.

        It waits for ``KB_LLM_SECONDS`` at most.
        """
        quotes = to_join(reply) if self._chat.there and isinstance(reply, Answer) else ()
        if not quotes:
            return None
        told = messages(masked(reply.question), quotes, fence=fence())
        made = await self._chat.made((reply.question, quotes), told, partial(worded, quotes=quotes))
        if not isinstance(made, Wording):
            WORDINGS.labels(made).inc()
            return None
        stands = await to_thread.run_sync(_stands, made, reader)
        WORDINGS.labels("shown" if stands else "not_verbatim").inc()
        return made if stands else None


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

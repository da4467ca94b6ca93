"""A language model, asked for one other wording of a question that was refused.

Whatever comes back that ``kb.rewriting.gate`` does not let through, or does not come back in time,
leaves the refusal as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from anyio import to_thread

from kb.answer.steps import Step, Verdict
from kb.privacy.pii import masked
from kb.query.directory import Directory, directory_of
from kb.query.follow_up import Mended, Resolved, lacks_subject
from kb.query.understand import Understood, understood
from kb.replies import Answer, Refusal, Reply
from kb.rewriting.gate import LONGEST, Rewriting, rewritten
from kb.rewriting.prompt import messages
from kb.settings import Settings
from server.asked import Asked
from server.chat import Chat, fence
from server.telemetry.metrics import REWRITINGS

# Of these the letters may say something after all; other codes tell what there is or is not.
CODES = ("nothing_found", "not_sure")


class Rewriter:
    """Has ``chat`` put questions in other words, if ``settings`` say so."""

    def __init__(self, chat: Chat, settings: Settings) -> None:
        self._chat = chat
        self._settings = settings

    async def other(self, asked: Asked, reply: Reply) -> Asked | None:
        """What ``asked`` asks, in other words; None if ``reply`` is what is to be shown.

        That is so of all but refusals for want of an answer, of several questions in one, of one
        that leans on those before it, and of what has personal data. It waits for
        ``KB_LLM_SECONDS`` at most.
        """
        if self._settings.llm_rewrite != "on" or not asked.rewrite:
            return None
        known = await to_thread.run_sync(_known, asked, reply)
        if known is None:
            return None
        question = reply.question
        longest = min(self._settings.question_length, max(LONGEST, len(question)))
        told = messages(question, longest=longest, fence=fence())
        gate = partial(rewritten, question=question, known=known, longest=longest)
        made = await self._chat.made((question, known.scope), told, gate)
        if not isinstance(made, Rewriting):
            REWRITINGS.labels(made).inc()
            return None
        return await to_thread.run_sync(self._put, made.text, asked, question, known)

    def _put(self, text: str, asked: Asked, question: str, known: Directory) -> Asked:
        """``text`` in the place of ``question``, to be looked for as it stands."""
        query = understood(
            text, known, as_typed=True, settings=self._settings, today=asked.basis.day
        ).query
        before = asked.understood.resolved(question)
        mended = (*(before.mended if before else ()), Mended(kind="model", was=question, now=text))
        changed = {text: Resolved(question=text, mended=mended)}
        return replace(asked, understood=Understood(query=query, changed=changed), known=None)


def unled(steps: Sequence[Step]) -> Sequence[Step]:
    """``steps`` without a 是 or 不是 of ours, which would answer what nobody asked."""
    return [_unled(step) for step in steps]


def _unled(step: Step) -> Step:
    if isinstance(step, Verdict) and isinstance(step.reply, Answer):
        return Verdict(reply=replace(step.reply, lead=None))
    return step


def _known(asked: Asked, reply: Reply) -> Directory | None:
    """What the letters that were asked name; None if they are not to be asked in other words."""
    query, question = asked.understood.query, reply.question
    resolved = asked.understood.resolved(question)
    one = not query.parts and not query.scant and not lacks_subject(question)
    refused = isinstance(reply, Refusal) and reply.code in CODES
    if not (refused and one) or (resolved and resolved.carried):
        return None
    personal = masked(asked.typed) != asked.typed
    return None if personal else directory_of(asked.reader, query.scope)

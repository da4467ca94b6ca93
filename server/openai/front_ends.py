"""What chat front ends send that no citizen wrote: chores for a model, questions in wrappings.

Open WebUI begins both with ``### Task:``. A chore (a title, tags, what to ask next, what to search
for) wants a JSON object: an empty one has the front end do without, by its own rules (the title is
the question then). LibreChat shows what it is answered as the title, or reads it as JSON.
Known by how they begin are those that come with either; what an office wrote in their place is
asked as it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

WRAPPED = "### Task:"
NO_QUESTION = "复文问答"  # the title of a conversation in which nothing was asked
LONGEST_TITLE = 30  # code points
_CONTEXT = "</context>"
_QUERY = re.compile(r"<user_query>(.*)</user_query>", re.DOTALL)
_TURN = re.compile(r"^User: (.+)$", re.MULTILINE)


def question_in(words: str) -> str:
    """The question that a message holds: without what a front end found for a model to read.

    It stands in a tag of its own, or after what was found.
    """
    _, found, after = words.rpartition(_CONTEXT)
    if not (found and words.startswith(WRAPPED)):
        return words
    tagged = _QUERY.search(after)
    return tagged[1] if tagged else after


def chore(words: str) -> str | None:
    """What a chore is answered with; None of what is no chore."""
    if words.startswith(WRAPPED) and _CONTEXT not in words:
        return "{}"
    for beginning, answer in _TITLES.items():
        if words.startswith(beginning):
            turn = _TURN.search(words)
            return answer(turn[1].strip()[:LONGEST_TITLE] if turn else NO_QUESTION)
    return None


def _as_json(title: str) -> str:
    return json.dumps({"language": "中文", "title": title}, ensure_ascii=False)


_TITLES: dict[str, Callable[[str], str]] = {
    "Provide a concise, 5-word-or-less title": str,
    "Analyze this conversation and provide:": _as_json,
}

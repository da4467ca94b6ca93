"""The Python client of 复文: every answer is text[start:end] of a letter, and one call checks it.

It needs httpx2 and nothing else of this project.
"""

from fuwen.calls import Scope
from fuwen.client import AsyncClient, Client
from fuwen.errors import FuwenError, NotVerbatim
from fuwen.letters import Letter
from fuwen.replies import Checks, Excerpt, Quote, Reply
from fuwen.stream import Event

__all__ = [
    "AsyncClient",
    "Checks",
    "Client",
    "Event",
    "Excerpt",
    "FuwenError",
    "Letter",
    "NotVerbatim",
    "Quote",
    "Reply",
    "Scope",
]

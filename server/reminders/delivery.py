"""Trying again what failed for a while, and failing with a reason that tells no secret."""

from __future__ import annotations

import time
from collections.abc import Callable

from kb.errors import KbError

PAUSES = (2.0, 8.0)  # seconds before the second try and the third
Sleep = Callable[[float], None]


class NotDelivered(KbError):
    """A reminder could not be sent.

    ``passing`` where it may succeed a little later, ``general`` where no other would go that way
    either.
    """

    status, code = 502, "reminder_not_delivered"

    def __init__(self, message: str, *, passing: bool = False, general: bool = False) -> None:
        super().__init__(message)
        self.passing = passing
        self.general = general


def persistently(
    attempt: Callable[[], None],
    *,
    sleep: Sleep = time.sleep,
) -> None:
    """Call ``attempt`` until it succeeds, with ``PAUSES`` between the tries.

    Raises the last NotDelivered, at once where it is not ``passing``.
    """
    for pause in (*PAUSES, None):
        try:
            attempt()
            return
        except NotDelivered as error:
            if pause is None or not error.passing:
                raise
            sleep(pause)

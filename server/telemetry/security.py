"""The security log: what was refused to whom, as far as that may be told, and what was taken down.

Told with each is the network that it came from, never an address, and of accounts only those that
had signed in: what is typed as a name may be a password.
"""

from __future__ import annotations

import logging
from typing import Literal

from kb.errors import READING_CODES, KbError
from server.telemetry.metrics import SECURITY
from server.telemetry.request import HERE

LOG = logging.getLogger("fuwen.security")
Event = Literal[
    "sign_in_refused", "sign_in_locked", "rights_refused", "not_our_page", "origin_refused",
    "limited", "upload_refused", "metrics_refused", "key_refused", "not_secure", "taken_down",
]  # fmt: skip
# What an error means for security, by its code; of the others nothing is told.
BY_CODE: dict[str, Event] = {
    "sign_in_refused": "sign_in_refused",
    "sign_on_refused": "sign_in_refused",
    "locked_out": "sign_in_locked",
    "not_secure": "not_secure",
    "not_allowed": "rights_refused",
    "key_refused": "key_refused",
    "key_required": "key_refused",
    "key_not_allowed": "rights_refused",
    "not_our_page": "not_our_page",
    "origin_not_allowed": "origin_refused",
    "metrics_not_allowed": "metrics_refused",
    "too_many": "limited",
    "busy": "limited",
}


def tell(event: Event, **fields: str) -> None:
    """Write that ``event`` happened in the request that is here, and count it."""
    SECURITY.labels(event).inc()
    here = HERE.get()
    whence = {"network": here.network, "account": here.account} if here else {}
    LOG.warning(event, extra={"fields": {**_known(whence), **fields}})


def event_of(error: KbError) -> Event | None:
    """What ``error`` means for security."""
    return "upload_refused" if error.code in READING_CODES else BY_CODE.get(error.code)


def _known(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}

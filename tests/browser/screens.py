"""The screens that people have, and that nothing is too wide or too small on one."""

from __future__ import annotations

import time

from tests.browser.citizen import Citizen

WIDE = {"width": 1280, "height": 800}
LEAST = 44  # pixels
PATIENCE = 5  # seconds
PHONE = {"width": 320, "height": 640}
MAGNIFIED = {"width": 320, "height": 256}  # what a window of 1280 × 1024 shows at 400%
VIEWS = {"phone": PHONE, "375": {"width": 375, "height": 667}, "wide": WIDE, "400%": MAGNIFIED}


def judge(citizen: Citizen, what: str) -> None:
    """Charts are drawn anew after the screen changed: what stays too wide counts."""
    until = time.monotonic() + PATIENCE
    while found := citizen.deep(f"[...wide(), ...small({LEAST})]"):
        if time.monotonic() > until:
            break
        citizen.page.wait_for_timeout(50)
    assert not found, "\n".join([what, *found])

"""What a screen reader is given, compared with what was once read through and kept.

``FUWEN_SNAPSHOTS=1 make test-browser`` keeps what is there now; read the difference before it
is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.browser.citizen import Citizen
from tests.browser.states import EVERY

KEPT = Path(__file__).parent / "snapshots"
SNAPSHOTS = {
    "launcher": ("closed", "body"),
    "answer": ("answered", "fuwen-panel"),
    "refusal": ("refused", "fuwen-panel"),
    "listing": ("listing", "fuwen-panel .turn"),
    "source": ("source", "fuwen-panel"),
    "letter": ("letter", "body"),
    "ask": ("ask: answered", "body"),
}


def steady(tree: str, citizen: Citizen) -> str:
    """``tree`` without what changes from day to day: ports, and how long ago a letter is."""
    for site in (citizen.sites.fuwen, citizen.sites.allowed):
        tree = tree.replace(site, "http://HOST")
    return re.sub(r"（[^（）]{1,12}前）", "（…前）", unquote(tree)) + "\n"


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_tree_is_the_one_that_was_kept(name: str, citizen: Citizen) -> None:
    state, part = SNAPSHOTS[name]
    EVERY[state].reached(citizen)
    tree = steady(citizen.page.locator(part).aria_snapshot(), citizen)
    file = KEPT / f"{name}.txt"
    if os.environ.get("FUWEN_SNAPSHOTS"):
        file.write_text(tree, "utf-8")
    assert file.exists(), f"没有 {file}；设 FUWEN_SNAPSHOTS=1 再运行一次"
    assert tree == file.read_text("utf-8")

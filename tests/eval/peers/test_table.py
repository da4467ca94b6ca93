"""The table of peers."""

from __future__ import annotations

import pytest

from eval.peers.table import chosen
from kb.errors import WrongUse


def test_an_unknown_peer_is_refused_with_the_names_that_are_known() -> None:
    with pytest.raises(WrongUse, match=r"elastic.*bm25"):
        chosen(["bm25", "elastic"])
    assert chosen(["rrf", "bm25", "rrf"]) == ["fuwen", "rrf", "bm25"]

"""The table of peers."""

from __future__ import annotations

import pytest

from eval.peers.peer import DEPTH, LEG
from eval.peers.table import PEERS, chosen
from kb.errors import WrongUse
from kb.settings import Settings


def test_an_unknown_peer_is_refused_with_the_names_that_are_known() -> None:
    with pytest.raises(WrongUse, match=r"elastic.*bm25"):
        chosen(["bm25", "elastic"])
    assert chosen(["rrf", "bm25", "rrf"]) == ["fuwen", "rrf", "bm25"]


def test_what_the_page_says_of_depth_is_what_the_code_does() -> None:
    said = {name: peer.given for name, peer in PEERS.items()}
    assert f"各取前 {Settings().depth} 段融合，留下 {Settings().hits} 段" in said["fuwen"]
    for name in ("rrf", "langchain", "haystack", "llamaindex"):
        assert f"各取前 {LEG} 段" in said[name]
    for name in ("bm25", "dense"):
        assert f"前 {DEPTH} 段" in said[name]
    assert f"各取 {10 * DEPTH} 段" in said["txtai"]

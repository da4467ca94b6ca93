"""What ``fuwen mcp`` stands on in the data folder of this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.mcp.local import Local
from kb.models.outside import EndpointEmbedder
from kb.settings import OFF, Settings
from tests.support.fakes import MemoryStore
from tests.support.served import letters
from tests.support.stores import publish


def test_questions_are_embedded_by_the_model_that_the_settings_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = MemoryStore()
    publish(store, *letters())
    monkeypatch.setattr("kb.mcp.local.open_store", lambda _: store)
    url = "http://127.0.0.1:9/v1/embeddings"
    outside = replace(Settings(), reader=OFF, embeddings_url=url, embeddings_model="m")
    assert isinstance(Local.of(outside).embedder, EndpointEmbedder)
    inside = replace(outside, embeddings_url="")
    assert not isinstance(Local.of(inside).embedder, EndpointEmbedder)

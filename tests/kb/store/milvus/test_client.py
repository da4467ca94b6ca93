"""The way to Milvus: what is said where it is not there, or not for us."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest

from kb.errors import StoreUnreachable, WrongUse
from kb.store.milvus import client
from kb.store.milvus.client import Address, Milvus
from kb.store.milvus.collection import condition
from tests.support import milvus
from tests.support.milvus import NEEDED, Server
from tests.support.receivers import certificate

SERVING = pytest.mark.skipif(
    "server" not in milvus.kinds(), reason="milvus-lite 3.2 才能当服务；make test-milvus 会装好再跑"
)


def test_without_pymilvus_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "find_spec", lambda name: None)
    with pytest.raises(WrongUse, match=r"pip install 'fuwen\[milvus\]'"):
        client.library()


def test_what_a_scope_names_goes_to_milvus_as_numbers() -> None:
    nasty = """issuer=' or 1 == 1 or issuer in ["\\"""
    found = condition([[nasty], ["id=甲", "id=乙"]])
    assert found.startswith("issuer in [")
    assert set(found) <= set("issuerandid in[],-0123456789 ")
    assert condition([]) == ""


@NEEDED
@pytest.mark.parametrize("uri", ["http://127.0.0.1:{port}", "http://no-such-host.invalid:19530"])
def test_a_bad_address_is_tried_again_and_then_named(uri: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        uri = uri.format(port=taken.getsockname()[1])
        with pytest.raises(StoreUnreachable, match=r"KB_MILVUS_URI") as caught:
            Milvus(Address(uri=uri, timeout=1))("list_collections")
    assert uri in str(caught.value)


@NEEDED
def test_a_file_that_is_none_of_milvus_is_named(tmp_path: Path) -> None:
    path = tmp_path / "milvus.db"
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreUnreachable, match=r"milvus\.db"):
        Milvus(Address(uri=str(path), timeout=3))("list_collections")
    milvus.close()


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server with TLS that wants the token root:right, and what makes a client trust it."""
    folder = tmp_path_factory.mktemp("milvus")
    _, authority = certificate(folder)
    pair = (str(authority), str(folder / "server.pem"))
    server = Server(folder / "milvus.db", "root:right", *pair)
    yield server, authority
    server.kill()


def ask(server: Server, *, token: str, authority: str) -> object:
    uri = server.uri.replace("http:", "https" + ":")
    address = Address(uri=uri, token=token, authority=authority, timeout=5)
    return Milvus(address)("list_collections")


@SERVING
def test_who_has_the_token_and_trusts_the_certificate_is_answered(
    trusted: tuple[Server, Path],
) -> None:
    server, authority = trusted
    assert ask(server, token="root:right", authority=str(authority)) == []


@SERVING
def test_a_wrong_token_is_called_that_and_not_told(trusted: tuple[Server, Path]) -> None:
    server, authority = trusted
    with pytest.raises(StoreUnreachable, match="不认 KB_MILVUS_TOKEN") as caught:
        ask(server, token="root:wrong", authority=str(authority))
    assert "wrong" not in str(caught.value)


@SERVING
def test_a_certificate_that_nobody_signed_is_not_trusted(trusted: tuple[Server, Path]) -> None:
    server, _ = trusted
    with pytest.raises(StoreUnreachable, match="KB_MILVUS_CA"):
        ask(server, token="root:right", authority="")


def test_importing_the_store_does_not_load_pymilvus() -> None:
    assert util.find_spec("kb.store.milvus.engine")
    code = "import sys, kb.store.open; sys.exit('pymilvus' in sys.modules)"
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

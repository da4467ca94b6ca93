"""The store that settings name, and what shapes a snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from importlib.metadata import version

from kb.models.outside import embedder_name
from kb.privacy.redact import version as masking_version
from kb.profile import profile
from kb.settings import Settings
from kb.store.local.engine import Engine, LocalEngine
from kb.store.local.insert import Tokenize
from kb.store.local.store import LocalStore
from kb.store.milvus.client import Address, Milvus, library
from kb.store.milvus.engine import MilvusEngine
from kb.store.protocol import SnapshotReader, Store
from kb.text.tokens import WORDS, tokens
from kb.text.traditional import TRADITIONAL

# Raise one when the indexer's rules of that name change: snapshots made before are then
# refused with the command that makes them anew.
RULE_VERSIONS: Mapping[str, str] = {"letter_rules": "5", "passage_rules": "3", "schema": "6"}


def fingerprint(settings: Settings) -> dict[str, str]:
    """What a snapshot must have been made with to be read under ``settings``."""
    words = hashlib.sha256(WORDS.read_bytes() + TRADITIONAL.read_bytes()).hexdigest()[:16]
    return {
        "model": embedder_name(settings),
        "tokenizer": f"jieba {version('jieba')}",
        "dictionary": words,
        "masking": masking_version(profile().masking),
        **RULE_VERSIONS,
        **({} if settings.store == "local" else {"store": settings.store}),
        "letter_rules": f"{RULE_VERSIONS['letter_rules']}{_unmarked(settings)}{_shown()}",
    }


def _shown() -> str:
    """Which kinds of letters this place shows although most places hold them back."""
    held = profile().held
    shown = [name for name in held.__slots__ if not getattr(held, name)]
    return "".join(f"-{name}" for name in shown)


def _unmarked(settings: Settings) -> str:
    """What letters without a mark of publicity were taken for, unless for public."""
    default = settings.publicity_default
    return "" if default == "public" else f"-{default}"


def open_store(
    settings: Settings,
    *,
    tokenize: Tokenize = tokens,
    warm: Callable[[SnapshotReader], object] | None = None,
) -> Store:
    """Snapshots in ``settings.data``, whose passages the engine of ``settings.store`` finds.

    ``tokenize`` gives what ``tokens`` does; ``warm`` as of ``LocalStore``. Nothing is read yet, and
    Milvus not asked. Raises WrongUse where pymilvus is not installed.
    """
    return LocalStore(
        settings.data,
        fingerprint=fingerprint(settings),
        tokenize=tokenize,
        engine=_milvus(settings) if settings.store == "milvus" else LocalEngine(),
        warm=warm,
    )


def _milvus(settings: Settings) -> Engine:
    address = Address(
        uri=settings.milvus_uri,
        token=settings.milvus_token,
        authority=settings.milvus_ca,
        timeout=settings.milvus_timeout,
    )
    library()
    return MilvusEngine(
        root=settings.data,
        milvus=Milvus(address),
        name=settings.milvus_name,
        index=settings.milvus_index,
    )

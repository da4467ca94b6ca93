"""The stores that have to keep the contract, and how tests fill and ask them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from kb.store.kin import Traits
from kb.store.local.store import LocalStore
from kb.store.protocol import Draft, SnapshotReader, Store
from kb.types import Hidden, Letter, Passage, Scope, Vectors
from tests.support import milvus
from tests.support.fakes import FakeEmbedder, MemoryStore, cut, make_letter, tokenize

ALL = Scope()
EMBEDDER = FakeEmbedder()
FINGERPRINT = {"model": "fake"}


def local(folder: Path, **fingerprint: str) -> LocalStore:
    """A local store in ``folder``."""
    return LocalStore(
        folder / "data", fingerprint={**FINGERPRINT, **fingerprint}, tokenize=tokenize
    )


STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda folder: MemoryStore(fingerprint=FINGERPRINT),
    "local": local,
    **{
        f"milvus-{kind}": partial(milvus.beside, kind=kind, fingerprint=FINGERPRINT)
        for kind in milvus.kinds()
    },
}


def put(
    draft: Draft,
    letter: Letter,
    *,
    source: str = "a.txt",
    digest: str = "d1",
    headings: tuple[str, ...] = (),
    passages: Sequence[Passage] | None = None,
    hidden: Sequence[Hidden] = (),
    traits: Traits | None = None,
) -> None:
    cuts = cut(letter, headings=headings) if passages is None else passages
    draft.put(
        letter,
        cuts,
        source=source,
        digest=digest,
        vectors=EMBEDDER.embed([one.span.of(letter.text) for one in cuts]),
        sentence_vectors=[
            EMBEDDER.embed([s.of(letter.text) for s in one.sentences]) for one in cuts
        ],
        hidden=hidden,
        traits=traits,
    )


def publish(store: Store, *letters: Letter, headings: tuple[str, ...] = ()) -> SnapshotReader:
    with store.draft() as draft:
        for letter in letters:
            put(draft, letter, headings=headings)
        draft.publish()
    return store.current()


def ask(reader: SnapshotReader, words: str, scope: Scope = ALL) -> list[str]:
    hits = reader.lexical(tokenize(words), limit=50, scope=scope)
    return [reader.passage(ordinal).letter_id for ordinal, _ in hits]


def vector_of(text: str) -> Vectors:
    row: Vectors = EMBEDDER.embed([text])[0]
    return row


def varied_letters() -> list[Letter]:
    """Twelve letters of two passages that differ in every fact a scope can name."""
    return [
        make_letter(
            f"{n:02}",
            f"道路第{n}段。\n桥梁第{n}座。",
            publicity=("public", "held", "on_request", "closed")[n % 4],
            issuer="甲局" if n % 2 else "乙局",
            result_class="ABC"[n % 3],
            proposal_no=f"{n:04}",
            **({"issued_on": f"{2023 + n % 2}-0{1 + n % 9}-01"} if n % 5 else {}),
        )
        for n in range(12)
    ]

"""What models from outside are asked of a search: whether they are still the same, in what order
passages stand."""

from __future__ import annotations

from collections.abc import Sequence

from kb.models.embedding import Embedder, surroundings
from kb.models.folding import letter_simplified
from kb.models.outside import EndpointEmbedder, reranker_of
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Hit


def check_model(reader: SnapshotReader, embedder: Embedder) -> None:
    """Raise OtherModel where an endpoint no longer says what the snapshot was made with.

    Its own passages tell, the first, one in the middle and the last: nothing else has to be kept.
    """
    count = reader.snapshot.passages
    if not isinstance(embedder, EndpointEmbedder) or not count:
        return
    version = reader.snapshot.version
    if embedder.trusts(version):
        return
    ordinals = sorted({0, count // 2, count - 1})
    passages = []
    for ordinal in ordinals:
        passage = reader.passage(ordinal)
        letter, (read,) = letter_simplified(reader.letter(passage.letter_id), [passage])
        passages.append((letter, read))
    embedder.check_same(version, passages, reader.vectors(ordinals))


def reranked(
    question: str, hits: Sequence[Hit], reader: SnapshotReader, *, settings: Settings
) -> list[Hit]:
    """``hits`` in the order of the reranker, where the settings name one; scores stay."""
    reranker = reranker_of(settings)
    if reranker is None:
        return list(hits)
    texts = []
    for hit in hits:
        letter = reader.letter(hit.passage.letter_id)
        texts.append(surroundings(letter, hit.passage) + hit.passage.span.of(letter.text))
    return [hits[at] for at in reranker.order(question, texts)]

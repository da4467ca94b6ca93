"""Embedding models, run offline: the bundled encoder, or one of sentence-transformers."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kb.errors import ModelUnusable
from kb.types import Letter, Passage, Span, Vectors

if TYPE_CHECKING:
    from kb.models.encoder import Encoder

BATCH = 8  # texts a batch for sentence-transformers
MOST_AT_ONCE = 8  # passages; each takes some 30 MB while it is embedded
MODULES, CONFIGURATION = "modules.json", "config_sentence_transformers.json"
BUNDLED_MODULES = (  # what the bundled encoder's modules.json names, in this order
    "kb.models.onnx.OnnxEncoder",
    "sentence_transformers.models.Pooling",
    "sentence_transformers.models.Normalize",
)


class Embedder(Protocol):
    """Texts in, unit vectors out."""

    @property
    def name(self) -> str:
        """What tells this model from any other: part of the snapshot's fingerprint."""
        ...

    def question(self, text: str) -> Vectors:
        """The vector of a question, ``(dim,) float32``."""
        ...

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        """``(n, dim)`` passage vectors, and ``(sentences, dim)`` for each passage."""
        ...


def embedding_model(folder: str, *, at_once: int = MOST_AT_ONCE) -> Embedder:
    """The model in ``folder``; its weights are loaded when they are first needed.

    The bundled encoder embeds at most ``at_once`` passages at a time, each on a core of its own.

    A folder whose ``modules.json`` names the bundled encoder's modules is run by onnxruntime
    and tokenizers; any other is a sentence-transformers model. No code that a folder names is
    ever run. Raises ModelUnusable.
    """
    path = Path(folder)
    name = model_name(path)
    if not (path / MODULES).is_file():
        raise ModelUnusable(
            f"模型 {path} 里没有 {MODULES}，不是 sentence-transformers 模型文件夹；请检查 KB_MODEL"
        )
    with _loading(path):
        listed = json.loads((path / MODULES).read_bytes())
        bundled = tuple(module["type"] for module in listed) == BUNDLED_MODULES
    if bundled:
        return OnnxEmbedder(path, name=name, at_once=at_once)
    return SentenceTransformersEmbedder(path, name=name)


def surroundings(letter: Letter, passage: Passage) -> str:
    """What stands in front of a passage when it is embedded: title and heading path."""
    title = letter.title.value if letter.title else ""
    subject = letter.value("proposal_title") or ""
    return "\n".join([*dict.fromkeys(filter(None, (title, subject, *passage.headings))), ""])


class OnnxEmbedder:
    """The bundled encoder, without torch.

    A sentence's vector is the mean of its tokens in the pass over the whole passage (late
    chunking, arXiv 2409.04701): it knows what it stands among and costs nothing extra. Passages
    are embedded one at a time, as many at once as there are cores: nothing is padded, and since
    int8 scales are of a whole batch, no vector depends on what else is embedded.
    """

    def __init__(self, folder: Path, *, name: str, at_once: int = MOST_AT_ONCE) -> None:
        self._folder = folder
        self.name = name
        self._at_once = at_once

    @cached_property
    def _encoder(self) -> Encoder:
        with _loading(self._folder):
            # Imported here: whoever only looks at a letter shall not wait for it.
            from kb.models.encoder import Encoder

            return Encoder(self._folder)

    @cached_property
    def _prompts(self) -> tuple[str, str]:
        """What the model was trained to see in front of a question and of a passage."""
        with _loading(self._folder):
            prompts = json.loads((self._folder / CONFIGURATION).read_bytes())["prompts"]
            return prompts["query"], prompts["document"]

    def question(self, text: str) -> Vectors:
        return self._encoder.vectors(self._prompts[0] + text)[0]

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        prefixes = [self._prompts[1] + surroundings(letter, passage) for passage in passages]
        texts = [p + s.span.of(letter.text) for p, s in zip(prefixes, passages, strict=True)]
        spans = [
            _sentences(passage, after=len(prefix))
            for prefix, passage in zip(prefixes, passages, strict=True)
        ]
        # The longest first, so that the cores are done at about the same time.
        order = sorted(range(len(texts)), key=lambda n: -len(texts[n]))
        encoder = self._encoder
        with ThreadPoolExecutor(min(cores(), self._at_once)) as pool:
            rows = pool.map(lambda n: encoder.vectors(texts[n], spans[n]), order)
            found = dict(zip(order, rows, strict=True))
        wholes, parts = zip(*(found[n] for n in range(len(texts))), strict=True)
        return np.stack(wholes), list(parts)


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _sentences(passage: Passage, *, after: int) -> list[Span]:
    """Where the sentences stand in a text that has the passage ``after`` so many characters."""
    shift = after - passage.span.start
    return [Span(start=s.start + shift, end=s.end + shift) for s in passage.sentences]


class SentenceTransformersEmbedder:
    """A sentence-transformers model, which embeds each sentence by itself."""

    def __init__(self, folder: Path, *, name: str) -> None:
        self._folder = folder
        self.name = name

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with _loading(self._folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside the libraries, not ours
            # Imported here: it takes ten seconds, and the bundled encoder needs none of it.
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(
                str(self._folder), device="cpu", local_files_only=True, trust_remote_code=False
            )

    def question(self, text: str) -> Vectors:
        return self._encode([text], query=True).reshape(-1)

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        texts = [
            surroundings(letter, passage) + passage.span.of(letter.text) for passage in passages
        ]
        sentences = [span.of(letter.text) for passage in passages for span in passage.sentences]
        vectors = self._encode(sentences, query=False)
        ends = accumulate(len(passage.sentences) for passage in passages)
        parts = np.split(vectors, list(ends)[:-1])
        return self._encode(texts, query=False), parts

    def _encode(self, texts: list[str], *, query: bool) -> Vectors:
        encode = self._model.encode_query if query else self._model.encode_document
        rows = encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)


@contextmanager
def _loading(path: Path) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelUnusable(
            f"向量模型 {path} 不是随库的模型，要用 sentence-transformers 来跑，这里没有装"
            f"（{error}）；请运行 pip install sentence-transformers torch"
            "（版本见 pyproject.toml），或取消设置 KB_MODEL"
        ) from error
    except Exception as error:  # tokenizers and onnxruntime raise bare Exceptions for bad files
        raise ModelUnusable(f"向量模型 {path} 无法载入（{error}）；请检查文件夹是否完整") from error


def model_name(path: Path) -> str:
    """The folder's name and a digest of its configuration and the size of every file."""
    if not path.is_dir():
        raise ModelUnusable(
            f"模型 {path} 不是本机上的文件夹；"
            "请把 KB_MODEL、KB_READER、KB_TAGGER 指向已下载的模型，或取消设置"
        )
    digest = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".md"):
        digest.update(f"{file.relative_to(path)}:{file.stat().st_size}\n".encode())
        if file.stat().st_size < 1_000_000:
            digest.update(file.read_bytes())
    return f"{path.name}:{digest.hexdigest()[:16]}"

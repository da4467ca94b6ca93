"""Made-up letters, their passages, and an embedder that needs no model."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kb.types import Field, Letter, Passage, Publicity, Span, Vectors

DIM = 32


class FakeEmbedder:
    """Texts that share character pairs are near: (n, DIM) float32, rows of unit length."""

    dim = DIM

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Hash the character pairs of each text into ``DIM`` counts and normalise."""
        rows = np.zeros((len(texts), DIM), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1  # so that an empty text has a direction too
            for pair in pairwise(text):
                row[zlib.crc32("".join(pair).encode("utf-8", "replace")) % DIM] += 1
        lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / lengths


def tokenize(text: str) -> list[str]:
    """Every character but white space is a word."""
    return [one for one in text if not one.isspace()]


def make_letter(
    letter_id: str,
    body: str = "关于农村道路建设，我局已安排资金。明年六月底前完工。",
    *,
    title: str | None = "关于提案的答复",
    publicity: Publicity = "public",
    **fields: str,
) -> Letter:
    """A letter whose text is its title, a line break and ``body``."""
    text = f"{title or ''}\n{body}"
    start = len(text) - len(body)
    return Letter(
        id=letter_id,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        source=f"{letter_id}.txt",
        title=Field(value=title, span=Span(start=0, end=len(title)), rule="首行")
        if title
        else None,
        body=Span(start=start, end=len(text)),
        fields={name: Field(value=one, span=None, rule="导入") for name, one in fields.items()},
        publicity=publicity,
    )


def cut(letter: Letter, *, headings: tuple[str, ...] = ()) -> list[Passage]:
    """One passage a line of the body, one sentence up to each 。"""
    passages = []
    for line in re.finditer(r"[^\n]+\n?", letter.body.of(letter.text)):
        span = Span(start=letter.body.start + line.start(), end=letter.body.start + line.end())
        sentences = tuple(
            Span(start=span.start + one.start(), end=span.start + one.end())
            for one in re.finditer(r"[^。]*(。\n?|\Z)", span.of(letter.text))
            if one.group()
        )
        passages.append(
            Passage(letter_id=letter.id, span=span, headings=headings, sentences=sentences)
        )
    return passages

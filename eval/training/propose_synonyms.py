"""Everyday words that citizens ask in, with the official ones that answer them, and their worth.

    python -m eval.training.propose_synonyms asked/qa.jsonl replies.jsonl.gz… [--judge ncp] \
        [--before old.txt] [--most 400]

Half of the documents, by a hash of their ids, propose: IBM's Model 1 (Brown et al. 1993) on each
question's tokens and those of the sentence that its answer stands in. What is printed is to be
read by a person; only what is true in any city goes into ``kb/text/synonyms.txt``. The other half
of the documents, and the questions of ``--judge``, tell what the list is worth: the share whose
document is among the first 5 and 10 by words alone, without a list, with ours, with that of
``--before``, and with ours where words that only ask are looked for too. Documents are those of
the files, JSON lines, perhaps gzipped.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.query.parse import plainly
from kb.search.hybrid import SYNONYM_WEIGHT
from kb.text.sentences import sentences
from kb.text.synonyms import SYNONYMS, expanded, meanings
from kb.text.tokens import carrying, tokens
from kb.types import Span

PASSAGE = 400  # code points, about what passages of the indexer have
K1, B = 1.2, 0.75  # tantivy's BM25
ROUNDS = 5  # of expectation and maximisation
LEAST = 3  # questions that a proposed pair is seen in
CUTS = (5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its document and where in it the answer stands, if that is known."""

    docid: str
    question: str
    answer: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """``everyday`` in a question goes with ``official`` in answers, in ``count`` questions."""

    everyday: str
    official: str
    probability: float
    information: float
    count: int


class Words:
    """BM25 over the passages of documents; a document is as good as its best passage."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        held: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths, self._home, self._names = list[int](), list[int](), list(documents)
        for number, text in enumerate(documents.values()):
            for passage in passages(text):
                words = tokens(passage)
                for token, count in Counter(words).items():
                    held[token].append((len(lengths), count))
                lengths.append(len(words))
                self._home.append(number)
        size = np.array(lengths)
        self._norm = K1 * (1 - B + B * size / size.mean())
        self._held = {token: np.array(rows).T for token, rows in held.items()}

    def scores(self, asked: Sequence[str]) -> npt.NDArray[np.float64]:
        """The score of each passage for ``asked``, each token once."""
        found = np.zeros(len(self._norm))
        for token in dict.fromkeys(asked):
            if token in self._held:
                at, count = self._held[token]
                rare = math.log(1 + (len(found) - len(at) + 0.5) / (len(at) + 0.5))
                found[at] += rare * count * (K1 + 1) / (count + self._norm[at])
        return found

    def rank(self, docid: str, scores: npt.NDArray[np.float64]) -> int:
        """The rank of a document, from 1, those of equal score before it."""
        best = np.zeros(len(self._names))
        np.maximum.at(best, self._home, scores)
        own = best[self._names.index(docid)]
        return int((best >= own).sum()) if own > 0 else len(best)


def passages(text: str) -> Iterator[str]:
    """``text`` in runs of whole sentences of about ``PASSAGE`` code points."""
    start = 0
    for sentence in sentences(text, Span(start=0, end=len(text))):
        if sentence.end - start >= PASSAGE:
            yield text[start : sentence.end]
            start = sentence.end
    if text[start:].strip():
        yield text[start:]


def proposals(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Proposal]:
    """Pairs of tokens that Model 1 aligns, likeliest first, without those known to be alike."""
    together: Counter[tuple[str, str]] = Counter()
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for asked, answer in pairs:
        left.update(set(asked))
        right.update(set(answer))
        together.update((one, other) for one in set(asked) for other in set(answer))
    likely = _aligned(pairs)
    found = [
        Proposal(
            everyday=one,
            official=other,
            probability=likely[one, other],
            information=math.log(count * len(pairs) / left[one] / right[other]),
            count=count,
        )
        for (one, other), count in together.items()
        if count >= LEAST and other not in meanings(one) and not (one in other or other in one)
    ]
    told = [each for each in found if each.information > 0 and each.probability > 0.02]
    return sorted(told, key=lambda each: -each.probability * math.sqrt(each.count))


def _aligned(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> Mapping[tuple[str, str], float]:
    """The probability that a token of the question becomes one of the answer; "" is none."""
    likely: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for _ in range(ROUNDS):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        totals: dict[str, float] = defaultdict(float)
        for asked, answer in pairs:
            for other in answer:
                sources = ("", *asked)
                whole = sum(likely[one, other] for one in sources)
                for one in sources:
                    share = likely[one, other] / whole
                    counts[one, other] += share
                    totals[one] += share
        likely = defaultdict(float, {key: n / totals[key[0]] for key, n in counts.items()})
    return likely


def recalls(
    asked: Sequence[Asked], words: Words, *, listed: Path | None, every: bool = False
) -> tuple[float, ...]:
    """The shares of questions whose document is among the first of each of ``CUTS``.

    ``listed`` are the synonyms. Words that only ask are not looked for, unless ``every`` one is.
    """
    ranks = []
    for each in asked:
        own = tokens(plainly(each.question))
        scores = words.scores(own if every else carrying(own) or own)
        if listed and (added := expanded(own, listed=listed)):
            scores = scores + SYNONYM_WEIGHT * words.scores(added)
        ranks.append(words.rank(each.docid, scores))
    return tuple(sum(rank <= cut for rank in ranks) / len(ranks) for cut in CUTS)


def fitted(docid: str) -> bool:
    """True of the half of the documents that propose."""
    return zlib.crc32(docid.encode()) % 2 == 0


def rows(path: Path) -> Iterator[Mapping[str, str]]:
    """The rows of a file of JSON lines, perhaps gzipped."""
    content = path.read_bytes()
    lines = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from map(json.loads, lines.splitlines())


def asked_in(path: Path) -> list[Asked]:
    """The questions of ``qa.jsonl``."""
    return [
        Asked(
            docid=str(row["docid"]),
            question=row["question"],
            answer=Span(start=int(row["start"]), end=int(row["end"])) if "start" in row else None,
        )
        for row in rows(path)
    ]


def documents_in(paths: Sequence[Path], wanted: frozenset[str] | None) -> dict[str, str]:
    """Texts by id: a mailbox's replies, or documents; of the latter only those ``wanted``."""
    found = {}
    for path in paths:
        for row in rows(path):
            if "reply" in row or wanted is None or row["id"] in wanted:
                found[str(row["id"])] = row.get("reply") or row.get("text") or ""
    return found


def sentence_of(text: str, answer: Span) -> str:
    """The sentences that the answer stands in."""
    whole = sentences(text, Span(start=0, end=len(text)))
    return "".join(s.of(text) for s in whole if s.meets(answer))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print proposals, then recalls."""
    program = argparse.ArgumentParser(prog="python -m eval.training.propose_synonyms")
    program.add_argument("qa", type=Path)
    program.add_argument("documents", type=Path, nargs="+")
    program.add_argument("--judge", type=Path, help="a folder of docs.jsonl and qa.jsonl")
    program.add_argument("--before", type=Path, help="an older list of synonyms")
    program.add_argument("--most", type=int, default=400, help="proposals to print")
    given = program.parse_args(arguments)
    asked = asked_in(given.qa)
    documents = documents_in(given.documents, frozenset(each.docid for each in asked))
    pairs = [
        (carrying(tokens(each.question)), carrying(tokens(sentence_of(text, each.answer))))
        for each in asked
        if fitted(each.docid) and each.answer and (text := documents.get(each.docid))
    ]
    for found in proposals(pairs)[: given.most]:
        sys.stdout.write(
            f"{found.everyday}\t{found.official}\t{found.probability:.3f}"
            f"\t{found.information:.2f}\t{found.count}\n"
        )
    words = Words(documents)
    half = [each for each in asked if not fitted(each.docid)]
    _report("held out", half, words, before=given.before)
    if given.judge:
        others = Words(documents_in([given.judge / "docs.jsonl"], None))
        _report("judge", asked_in(given.judge / "qa.jsonl"), others, before=given.before)
    return 0


def _report(name: str, asked: Sequence[Asked], words: Words, *, before: Path | None) -> None:
    ways = [("every word", SYNONYMS, True), ("none", None, False), ("ours", SYNONYMS, False)]
    ways += [("before", before, False)] if before else []
    for called, listed, every in ways:
        found = recalls(asked, words, listed=listed, every=every)
        shares = "  ".join(f"R@{cut} {r:.4f}" for cut, r in zip(CUTS, found, strict=True))
        sys.stdout.write(f"{name}, {len(asked)} questions, {called}: {shares}\n")


if __name__ == "__main__":
    sys.exit(main())

"""Training examples of the reader: questions with passages that answer them and that don't.

    python -m eval.training.reader_examples TEXTS FILE mail=DATA policy=DATA ncp=DATA letters=DATA

Reading comprehension texts are cut into windows of whole sentences of about a passage's length.
TEXTS is the folder of the texts (``reading/ ncp/ asked/ replies/ background/``). Questions come
with passages that our own search found in the snapshot DATA of their source (the documents that
``eval.training.asked_suites`` writes). Needs ``pip install .[models]``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import opencc
from tqdm import tqdm

from eval.training.asked_examples import (
    Asked,
    Example,
    asked_of,
    examples,
    ncp_of,
    packed,
    rows,
)
from eval.training.reader_stages import BESIDE, READING
from kb.models.embedding import embedding_model
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.search.hybrid import search
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.normalize import standing_in
from kb.text.sentences import sentences
from kb.types import EVERY_LETTER, Hit, Span

WINDOW = 300  # code points of a window of a reading text, as eval.training.train_reader crops
REPLIES, BACKGROUND = "replies/teddy.jsonl.gz", ("hebei", "gov_cn")
ANNOTATIONS = Path(__file__).parents[1] / "annotations"
LETTERS = ANNOTATIONS / "letters.jsonl"
OWN = (ANNOTATIONS / "asked.jsonl", ANNOTATIONS / "letters_asked.jsonl")
EVERYDAY = {"squad2_zh_dev"}  # only their unanswerable questions are taken: translated text


def equal_texts(documents: Sequence[Any]) -> dict[str, str]:
    """Documents whose text stands earlier under another id → that id."""
    first: dict[str, str] = {}
    for row in documents:
        first.setdefault(bare(row["text"]), row["id"])
    return {
        row["id"]: first[bare(row["text"])]
        for row in documents
        if first[bare(row["text"])] != row["id"]
    }


def reading(folder: Path) -> Iterator[Example]:
    """Reading comprehension in SQuAD form, in windows of whole sentences."""
    simplified = opencc.OpenCC("t2s").convert
    for name in READING:
        with gzip.open(folder / f"{name}.json.gz", "rt", encoding="utf-8") as file:
            content = json.load(file)
        turn = simplified if name.startswith("drcd") else str
        for article in content["data"]:
            for paragraph in article["paragraphs"]:
                text = turn(paragraph["context"])
                windows = list(_windows(text))
                for qa in paragraph["qas"]:
                    yield from _windowed(qa, text, windows, name=name, turn=turn)


def _windows(text: str) -> Iterator[Span]:
    start = end = 0
    for sentence in sentences(text, Span(start=0, end=len(text))):
        if end > start and sentence.end - start > WINDOW:
            yield Span(start=start, end=end)
            start = end
        end = sentence.end
    if end > start:
        yield Span(start=start, end=end)


def _windowed(
    qa: Any, text: str, windows: Sequence[Span], *, name: str, turn: Any
) -> Iterator[Example]:
    answers = [a for a in qa.get("answers") or [] if a["text"] and a["answer_start"] >= 0]
    impossible = str(qa.get("is_impossible", False)).lower() == "true"
    if (name in EVERYDAY) != (impossible or not answers) or (not answers and not impossible):
        return
    gold: Span | None = None
    if answers:
        words, near = turn(answers[0]["text"]), answers[0]["answer_start"]
        found = sorted(standing_in(text, words), key=lambda span: abs(span.start - near))
        if not found:
            return
        gold = found[0]
    made = {
        "group": f"{name}/{qa['id']}",
        "source": name,
        "fold": -1,
        "context": "",
        "question": turn(qa["question"]),
    }
    for window in windows:
        inside = gold is not None and window.holds(gold)
        if gold is not None and not inside and window.start < gold.end and gold.start < window.end:
            continue  # cut in two: neither yes nor no
        start = gold.start - window.start if gold and inside else -1
        end = gold.end - window.start if gold and inside else -1
        kind = "holds" if inside else "other"
        yield Example(passage=window.of(text), kind=kind, start=start, end=end, **made)


def searched(asked: Sequence[Asked], reader: SnapshotReader) -> Iterator[Example]:
    """The examples of questions that are asked of one snapshot."""
    settings = Settings()
    embedder, directory = embedding_model(settings.model), directory_of(reader, EVERY_LETTER)

    def look(question: str) -> Sequence[Hit]:
        query = as_written(question[: settings.question_length], directory)
        return search(query, reader, embedder, settings=settings).hits

    for question in tqdm(asked, disable=None):
        yield from examples(question, reader, look)


def opened(data: Path) -> SnapshotReader:
    return open_store(replace(Settings(), data=data)).current()


def gathered(data: Path) -> list[Asked]:
    """Every question of a folder of texts, and our own."""
    policy = [row for name in BACKGROUND for row in packed(data / f"background/{name}.jsonl.gz")]
    texts = {
        "mail": {row["id"]: row["reply"] for row in packed(data / REPLIES)},
        "policy": {row["id"]: row["text"] for row in policy},
        "letters": {row["id"]: row["text"] for row in rows(LETTERS)},
    }
    asked = asked_of((data / "asked/qa.jsonl", data / "asked/refuse.jsonl", *OWN), texts)
    return asked + ncp_of(data / "ncp", equal_texts(rows(data / "ncp/docs.jsonl")))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("texts", type=Path, help="folder of the texts and the questions")
    parser.add_argument("file", type=Path)
    parser.add_argument("sources", nargs="+", metavar="NAME=DATA")
    given = parser.parse_args()
    asked = gathered(given.texts)
    made = list(reading(given.texts / "reading"))
    for each in given.sources:
        name, _, snapshot = each.partition("=")
        own = [one for one in asked if one.source in (name, *BESIDE.get(name, ()))]
        made += searched(own, opened(Path(snapshot)))
    random.Random(0).shuffle(made)
    with given.file.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in made)
    counts = Counter(f"{row.source} {row.kind}" for row in made)
    sys.stdout.write(json.dumps(dict(sorted(counts.items())), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

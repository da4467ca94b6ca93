"""Training examples of the reader: questions with passages that answer them and that don't.

    python -m eval.training.reader_examples --ncp FOLDER --reading FOLDER --base DATA FILE

NCP and the refusals come with passages that our own search found in the snapshot in DATA
(docs of NCP and the background, as ``python -m eval`` indexes them): what contains the answer,
and the best of what does not. Reading comprehension texts are cut into windows of whole
sentences of about a passage's length. Needs ``pip install .[models]``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import opencc
from tqdm import tqdm

from eval.training import counted_questions, made_questions
from kb.models.embedding import embedding_model, surroundings
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.search.hybrid import search
from kb.settings import Settings
from kb.store.open import open_local
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.normalize import standing_in
from kb.text.sentences import sentences
from kb.text.tokens import tokens
from kb.types import EVERY_LETTER, Letter, Span

FOLDS = 5
WINDOW = 300  # code points of a window of a reading text, as eval.training.train_reader crops
NEGATIVES = 8  # best passages without the answer that are kept of a question
READING = ("cmrc2018_dev", "cmrc2018_trial", "cjrc_dev", "drcd_dev", "drcd_test", "squad2_zh_dev")
EVERYDAY = {"squad2_zh_dev"}  # only their unanswerable questions are taken: translated text


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question with one passage; ``start``, ``end`` are -1 where it does not answer.

    ``fold`` is 0 to 4 for questions that figures are reported on, -1 for reading texts.
    ``context`` is what stands above the passage: title and headings.
    """

    group: str
    source: str
    fold: int
    question: str
    context: str
    passage: str
    start: int
    end: int


def fold_of(key: str) -> int:
    """The fold of a document, or of a question without one: by hash, so that it never moves."""
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % FOLDS


def rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ncp(folder: Path, reader: SnapshotReader, look: Any) -> Iterator[Example]:
    """The development questions and the refusals, with passages of our own search."""
    asked = [(r, r["docid"]) for r in rows(folder / "qa.jsonl")]
    asked += [(r, None) for r in rows(folder / "refuse.jsonl")]
    known = {head.id for head in reader.letters()}
    same = equal_texts(folder, known)
    for row, docid in tqdm(asked, desc="ncp", disable=None):
        docid = same.get(docid, docid) if docid else None
        fold = fold_of(docid or row["id"])
        made = {"group": row["id"], "source": "ncp" if docid else "refuse", "fold": fold}
        gold = list(_gold(row["answer"], docid, reader)) if docid else []
        for ordinal, start, end in gold:
            yield _example(ordinal, row["question"], reader, start=start, end=end, **made)
        holding, negatives = {ordinal for ordinal, _, _ in gold}, 0
        for hit in look(row["question"]):
            words = bare(hit.passage.span.of(reader.letter(hit.passage.letter_id).text))
            if hit.ordinal in holding or (docid and bare(row["answer"]) in words):
                continue
            yield _example(hit.ordinal, row["question"], reader, start=-1, end=-1, **made)
            negatives += 1
            if negatives == NEGATIVES:
                break


def equal_texts(folder: Path, known: set[str]) -> dict[str, str]:
    """Documents that were left out → the one indexed with the same text."""
    first: dict[str, str] = {}
    for row in rows(folder / "docs.jsonl"):
        if row["id"] in known:
            first[bare(row["text"])] = row["id"]
    return {
        row["id"]: first[bare(row["text"])]
        for row in rows(folder / "docs.jsonl")
        if row["id"] not in known and bare(row["text"]) in first
    }


def _gold(answer: str, docid: str, reader: SnapshotReader) -> Iterator[tuple[int, int, int]]:
    """The passages that hold at least half of a place of the answer, and where in them."""
    text = reader.letter(docid).text
    for place in standing_in(text, answer):
        for ordinal in reader.passages_of(docid):
            span = reader.passage(ordinal).span
            start, end = max(span.start, place.start), min(span.end, place.end)
            if 2 * (end - start) >= place.end - place.start:
                yield ordinal, start - span.start, end - span.start


def _example(ordinal: int, question: str, reader: SnapshotReader, **given: Any) -> Example:
    passage = reader.passage(ordinal)
    letter = reader.letter(passage.letter_id)
    return Example(
        question=question,
        context=surroundings(letter, passage).strip(),
        passage=passage.span.of(letter.text),
        **given,
    )


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


def made(reader: SnapshotReader, own: set[str]) -> Iterator[Example]:
    """Questions made from the wording and the figures of the letters that are not in ``own``."""
    letters = [reader.letter(head.id) for head in reader.letters() if head.id not in own]
    places = [(letter, ordinal) for letter in letters for ordinal in reader.passages_of(letter.id)]
    texts = [reader.passage(ordinal).span.of(letter.text) for letter, ordinal in places]
    titles = [
        letter.value("title") or (letter.title.value if letter.title else "")
        for letter, _ in places
    ]
    for source, asked in (
        ("made", made_questions.asked(list(zip(titles, texts, strict=True)), seed=0)),
        ("counted", counted_questions.asked(texts, seed=0)),
    ):
        drawing = random.Random(0)
        for number, (place, question, gold) in enumerate(asked):
            letter, ordinal = places[place]
            given = {"group": f"{source}/{number}", "source": source, "fold": -1}
            yield _example(ordinal, question, reader, start=gold.start, end=gold.end, **given)
            for other in _others(question, gold.of(texts[place]), letter, ordinal, reader, drawing):
                yield _example(other, question, reader, start=-1, end=-1, **given)


def _others(
    question: str,
    words: str,
    letter: Letter,
    own: int,
    reader: SnapshotReader,
    drawing: random.Random,
) -> Iterator[int]:
    """Passages of the letter, and such as the words find near, that do not have ``words``."""
    others = [ordinal for ordinal in reader.passages_of(letter.id) if ordinal != own]
    near = reader.lexical(tokens(question), limit=4, scope=EVERY_LETTER)
    others = drawing.sample(others, min(2, len(others))) + [ordinal for ordinal, _ in near]
    for other in dict.fromkeys(others):
        passage = reader.passage(other)
        if other != own and words not in passage.span.of(reader.letter(passage.letter_id).text):
            yield other


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
        yield Example(passage=window.of(text), start=start, end=end, **made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ncp", type=Path, required=True)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="data folder of the snapshot")
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    settings = replace(Settings(), data=given.base)
    reader, embedder = open_local(settings).current(), embedding_model(settings.model)

    def look(question: str) -> Any:
        query = as_written(question, directory_of(reader, EVERY_LETTER))
        return search(query, reader, embedder, settings=settings).hits

    own = {row["id"] for row in rows(given.ncp / "docs.jsonl")}
    examples = [*reading(given.reading), *made(reader, own), *ncp(given.ncp, reader, look)]
    random.Random(0).shuffle(examples)
    with given.file.open("w", encoding="utf-8") as file:
        file.writelines(
            json.dumps(asdict(example), ensure_ascii=False) + "\n" for example in examples
        )
    counts: dict[str, int] = {}
    for example in examples:
        counts[f"{example.source} {'+' if example.start >= 0 else '-'}"] = (
            counts.get(f"{example.source} {'+' if example.start >= 0 else '-'}", 0) + 1
        )
    sys.stdout.write(json.dumps(counts, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

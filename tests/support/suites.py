"""Small suites in every form, written into a folder of a test's own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.suite import BadSuite
from eval.suites import load

DOCS = [
    {"id": "a", "text": "甲", "title": "题", "dept": "x"},
    {"id": "b", "text": "乙"},
]
QA = {"id": "q1", "docid": "a", "question": "问？", "answer": "甲"}
ASKED = {"id": "q", "question": "问", "letter": "x.txt", "answer": "甲", "type": "fact"}


def write(path: Path, text: str) -> Path:
    """``text`` as a file, packed if its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode("utf-8")
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def rows(path: Path, *given: Any) -> Path:
    """A file of JSON lines."""
    return write(path, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in given))


def own(folder: Path, *qa: Any, docs: Any = DOCS) -> Path:
    """A suite in the form ``questions``."""
    rows(folder / "docs.jsonl", *docs)
    rows(folder / "qa.jsonl", *qa)
    return folder


def refused(path: Path, *parts: str, form: str | None = None) -> None:
    """Loading ``path`` is refused with a message that has every part."""
    with pytest.raises(BadSuite) as caught:
        load(path, form=form)
    for part in parts:
        assert part in str(caught.value)


def beir(folder: Path, **qrels: str) -> Path:
    """A suite in the form ``beir``; each qrels file by its name, without its header."""
    documents = [
        {"_id": "a", "title": "题", "text": "甲", "metadata": {}},
        {"_id": "b", "title": "乙", "text": ""},
    ]
    rows(folder / "corpus.jsonl.gz", *documents)
    rows(folder / "queries.jsonl", *({"_id": f"q{n}", "text": f"问{n}"} for n in range(4)))
    for name, lines in qrels.items():
        write(folder / "qrels" / f"{name}.tsv", "query-id\tcorpus-id\tscore\n" + lines)
    return folder


def said(*texts: str) -> list[dict[str, Any]]:
    """References; YES, NO and a blank stand nowhere."""
    nowhere = {"YES", "NO", ""}
    return [{"text": text, "answer_start": -1 if text in nowhere else 0} for text in texts]


def squad(path: Path, *references: list[dict[str, Any]]) -> Path:
    """One paragraph in SQuAD's form, a question for each list of references."""
    qas = [{"id": f"q{n}", "question": "问", "answers": a} for n, a in enumerate(references)]
    paragraph = {"context": "甲是乙。", "qas": qas}
    return write(path, json.dumps({"data": [{"paragraphs": [paragraph]}]}))


def corpus(folder: Path, *questions: Any) -> Path:
    """A suite in the form ``corpus``: a letter by itself and one in a bulk import."""
    write(folder / "letters" / "x.txt", "甲")
    rows(folder / "letters" / "sub" / "y.jsonl", {"id": "y-1", "text": "乙"})
    rows(folder / "questions.jsonl", *questions)
    return folder

"""How often the lead before the first quote is right, and how often there is one.

    python -m eval.leads TEXTS

TEXTS is the folder of the texts and the questions (``asked/qa.jsonl``, ``replies/``,
``background/``). The quote is the sentence that holds the annotated answer, emphasised as it was
annotated: what is measured is the lead alone. Whether a yes-no question is answered yes or no is
annotated by hand in ``eval/annotations/leads.tsv``; a figure or a day is right if it stands in the
annotated answer, or holds it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.answer.lead import lead
from kb.query.directory import Directory
from kb.query.given import directory
from kb.query.parse import as_written, plainly
from kb.replies import Lead
from kb.text.chars import bare
from kb.text.sentences import sentences
from kb.types import Citation, Letter, Quote, Span

LABELS = Path(__file__).parent / "annotations" / "leads.tsv"
FILES = (
    ("replies/teddy.jsonl.gz", "reply"),
    ("background/hebei.jsonl.gz", "text"),
    ("background/gov_cn.jsonl.gz", "text"),
)
FIGURES = ("amount", "when", "contact", "who")
MEANS = {
    "是": "yes", "可以": "yes", "有": "yes",
    "不是": "no", "不可以": "no", "没有": "no", "还没有": "no",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Of ``asked`` questions so many had a lead, of which so many were ``right``."""

    asked: int
    led: int
    right: int

    def told(self) -> str:
        """The figures as a line."""
        precision = self.right / self.led if self.led else 0.0
        return (
            f"{self.asked} 问，说了 {self.led}（{self.led / self.asked:.0%}），对 {precision:.1%}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print precision and coverage by kind of question; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.leads", description=__doc__)
    parser.add_argument("texts", type=Path, metavar="TEXTS")
    for name, measured in measures(parser.parse_args(arguments).texts):
        sys.stdout.write(f"{name}：{measured.told()}\n")
    return 0


def measures(folder: Path) -> Iterator[tuple[str, Measured]]:
    """Each kind of question in ``folder`` with its figures."""
    texts = dict(_texts(folder))
    rows = {row["id"]: row for row in map(json.loads, _lines(folder / "asked/qa.jsonl"))}
    labels = list(csv.DictReader(_lines(LABELS), delimiter="\t"))
    for half in ("tuning", "held_out"):
        mine = {one["id"]: one["label"] for one in labels if one["half"] == half}
        yield f"是不是（{half}）", _measured([rows[id_] for id_ in mine], texts, mine)
    for kind in FIGURES:
        asked = [row for row in rows.values() if row["type"] == kind and row["docid"] in texts]
        yield kind, _measured(asked, texts, {})


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for name, field in FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            yield from ((row["id"], row[field]) for row in map(json.loads, file))


def _measured(
    rows: Sequence[Mapping[str, Any]], texts: Mapping[str, str], labels: Mapping[str, str]
) -> Measured:
    nobody, counted = directory(()), Counter[str]()
    for row in rows:
        found = led(row, texts[row["docid"]], nobody)
        if found:
            label = labels.get(row["id"])
            fits = MEANS.get(found.text) == label if label else _fits(found.text, row["answer"])
            counted["right" if fits else "wrong"] += 1
    return Measured(asked=len(rows), led=counted.total(), right=counted["right"])


def led(row: Mapping[str, Any], text: str, known: Directory) -> Lead | None:
    """The lead before the annotated answer of a question in the form of ``asked/qa.jsonl``."""
    answer = Span(start=row["start"], end=row["end"])
    body = Span(start=0, end=len(text))
    around = [sentence for sentence in sentences(text, body) if sentence.meets(answer)]
    span = Span(start=around[0].start, end=around[-1].end)
    letter = Letter(id=row["docid"], text=text, sha256="", source="", title=None, body=body)
    cited = Citation(
        letter_id=letter.id, name="", number=None, issuer=None, issued_on=None, result_class=None
    )
    quote = Quote(
        citation=cited,
        title=None,
        span=span,
        text=span.of(text),
        headings=(),
        score=0.0,
        exact=(answer,),
    )
    return lead(as_written(plainly(row["question"]), known), quote, letter)


def _fits(words: str, answer: str) -> bool:
    told, expected = bare(words), bare(answer)
    return told in expected or expected in told


if __name__ == "__main__":
    sys.exit(main())

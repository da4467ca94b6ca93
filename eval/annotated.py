"""Commitments found in annotated sentences: how many are right, by half and by how drawn.

``eval/annotations/README.md`` says what was annotated and how; the texts are not there, but
come from a bulk file of replies, or from a snapshot for the letters that it lacks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.measures.letters import Figures, commitment_scores
from eval.rows import SuiteRow, lines
from kb import serialize
from kb.extract.commitments import parts_read
from kb.extract.commitments import promised as commitments_of
from kb.extract.tagger import labels
from kb.profile import profile
from kb.types import Field, Letter, Span

ANNOTATIONS = Path(__file__).parent / "annotations" / "commitments.jsonl"

# Column of the table → figure.
HEADS = {
    "句": "sentences",
    "标注": "gold",
    "找出": "found",
    "精确率": "precision",
    "召回率": "recall",
    "期限对": "due_exact",
    "单位对": "organ_exact",
    "语气对": "strength_exact",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that a person read: the commitments in it, none where it promises nothing."""

    letter: str
    date: str
    span: Span
    drawn: str
    half: str
    commitments: tuple[Mapping[str, Any], ...]


def annotated() -> tuple[Sentence, ...]:
    """The annotated sentences. Raises BadSuite."""
    return tuple(_sentence(row) for row in lines(ANNOTATIONS))


def _sentence(row: SuiteRow) -> Sentence:
    return Sentence(
        letter=row.text("letter"),
        date=row.text("date"),
        span=Span(start=row.value("start"), end=row.value("end")),
        drawn=row.text("drawn"),
        half=row.text("half"),
        commitments=tuple(commitment.values for commitment in row.rows("commitments")),
    )


def replies(path: Path) -> dict[str, str]:
    """Reply texts by id, from rows ``{"id", "reply"}``. Raises BadSuite."""
    return {row.identity("id"): row.text("reply", blank=True) for row in lines(path)}


def scored(
    sentences: Sequence[Sentence], texts: Mapping[str, str], letters: Mapping[str, Letter]
) -> dict[str, Figures]:
    """Figures of ``commitment_scores`` for each half, each way of drawing, and "all".

    A sentence whose letter is in neither ``texts`` nor ``letters`` is left out. What is found
    counts where it begins in an annotated sentence.
    """
    known = [
        sentence for sentence in sentences if sentence.letter in texts or sentence.letter in letters
    ]
    made = {
        sentence.letter: letters.get(sentence.letter) or reply_letter(sentence, texts)
        for sentence in known
    }
    found = {id_: promised(letter) for id_, letter in made.items()}
    halves = dict.fromkeys(sentence.half for sentence in known)
    drawn = dict.fromkeys(f"{sentence.half} {sentence.drawn}" for sentence in known)
    return {
        name: _figures([sentence for sentence in known if _named(sentence, name)], found, made)
        for name in ("all", *halves, *drawn)
    }


def _named(sentence: Sentence, name: str) -> bool:
    return name in ("all", sentence.half, f"{sentence.half} {sentence.drawn}")


def reply_letter(sentence: Sentence, texts: Mapping[str, str]) -> Letter:
    """A reply as a letter: its text as it is stored, and its date."""
    text = texts[sentence.letter]
    return Letter(
        id=sentence.letter,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=sentence.letter,
        title=None,
        body=Span(start=0, end=len(text)),
        fields={"issued_on": Field(value=sentence.date, span=None, rule="导入")},
    )


def promised(letter: Letter) -> list[Mapping[str, Any]]:
    """What kb's own finder finds, in the form of ``python -m kb commitments --json``.

    A sentence of several steps is one promise, as in the sample letters: so these sentences were
    annotated too.
    """
    parts = parts_read(letter, profile())
    found = commitments_of(letter, parts, labels(letter, parts, whole=True), profile=profile())
    return [serialize.commitment(promise, letter) for promise in found]


def as_text(figures: Mapping[str, Figures]) -> str:
    """A line a group: precision, recall, due dates, organ and strength that are right."""
    lines = [f"{'':24}" + "".join(f"{name:>8}" for name in HEADS)]
    for name, row in figures.items():
        values = "".join(f"{_written(row[column]):>10}" for column in HEADS.values())
        lines.append(f"{name:24}{values}")
    return "\n".join(lines) + "\n"


def _written(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _figures(
    sentences: Sequence[Sentence],
    found: Mapping[str, Sequence[Mapping[str, Any]]],
    letters: Mapping[str, Letter],
) -> Figures:
    read = {
        (row["letter_id"], row["start"], row["end"]): row
        for sentence in sentences
        for row in found[sentence.letter]
        if sentence.span.start <= row["start"] < sentence.span.end
    }
    gold = [row for sentence in sentences for row in _gold(sentence, letters[sentence.letter])]
    texts = {id_: letter.text for id_, letter in letters.items()}
    return {**commitment_scores(gold, list(read.values()), texts), "sentences": len(sentences)}


def _gold(sentence: Sentence, letter: Letter) -> Iterator[Mapping[str, Any]]:
    """The rows of ``corpus/commitments.jsonl`` that the annotation stands for."""
    text, issuer = letter.text, letter.value("issuer") or ""
    for promise in sentence.commitments:
        due, organ = promise["due"] or {}, promise["organ"]
        yield {
            "letter": sentence.letter,
            "text": text[promise["start"] : promise["end"]],
            "organ": text[organ[0] : organ[1]] if organ else issuer,
            "due_first": due.get("first"),
            "due_last": due.get("last"),
            "strength": promise["strength"],
        }

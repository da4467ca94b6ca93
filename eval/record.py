"""What the program did with one question, as a line of ``records.jsonl``.

Everything that is measured is measured from these records and the texts they point into, so
that anybody can measure again what was shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.suite import Question, Stale
from kb.errors import WrongUse

# "error" is a quote that failed the program's own last check (kb.answer.quotes.NotVerbatim).
Status = Literal["answer", "refusal", "error"]
Texts = Mapping[str, str]  # document id → the immutable text that offsets point into


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A quote: ``texts[docid][start:end] == text`` in code points, or the run fails.

    ``exact`` are the parts inside it, in code points of the document, that are emphasised;
    empty where the whole quote is meant.
    """

    docid: str
    start: int
    end: int
    text: str
    exact: tuple[tuple[int, int], ...] = ()

    @property
    def answer(self) -> str:
        """The emphasised words one after the other, or the whole quote."""
        return (
            "".join(self.text[a - self.start : b - self.start] for a, b in self.exact) or self.text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A passage that was found: a half-open range of code points of a document's text."""

    docid: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A question and the program's reply.

    ``confidence`` is 0–1; ``seconds`` the whole reply, ``stages`` its parts by name, in
    seconds; ``cpu`` the processor's seconds, all threads together, 0 where unmeasured.
    ``quotes`` were shown, strongest first (none in a refusal); ``forced`` is what would have
    been shown had refusing been off (equal to ``quotes`` of an answer). ``passages`` are the
    first that were found, best first; ``ranking`` the documents, best first, each once.
    ``code`` says why it was refused.
    """

    question: Question
    status: Status
    confidence: float
    seconds: float
    stages: Mapping[str, float] = field(default_factory=dict)
    quotes: tuple[Shown, ...] = ()
    forced: tuple[Shown, ...] = ()
    passages: tuple[Place, ...] = ()
    ranking: tuple[str, ...] = ()
    code: str = ""
    cpu: float = 0.0

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id


def line(record: Record) -> str:
    """``record`` as one line of JSON."""
    content = asdict(record) | {"question": asdict(record.question)}
    content["question"]["relevant"] = dict(record.question.relevant)
    return json.dumps(content, ensure_ascii=False)


def parsed(line: str) -> Record:
    """The record that ``line`` made."""
    given: dict[str, Any] = json.loads(line)
    asked = given["question"]
    asked["answers"] = tuple(asked["answers"])
    asked["stale"] = tuple(Stale(**place) for place in asked.get("stale", ()))
    return Record(
        **given
        | {
            "question": Question(**asked),
            "quotes": tuple(map(_shown, given["quotes"])),
            "forced": tuple(map(_shown, given["forced"])),
            "passages": tuple(Place(**place) for place in given["passages"]),
            "ranking": tuple(given["ranking"]),
        }
    )


def _shown(given: dict[str, Any]) -> Shown:
    return Shown(**given | {"exact": tuple((a, b) for a, b in given.get("exact", ()))})


def read_records(path: Path) -> list[Record]:
    """The records of a file; a last line that was cut off in the middle is left out.

    Raises WrongUse for any other line that is no record.
    """
    *rows, _ = path.read_text(encoding="utf-8").split("\n")  # what no line end closes is cut off
    records: list[Record] = []
    for number, row in enumerate(rows, 1):
        try:
            records.append(parsed(row))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise WrongUse(
                f"{path} 第 {number} 行不是评测的记录，文件被改动过；请加 --fresh 重新评测"
            ) from error
    return records


def answer_line(record: Record) -> str:
    """A line of ``answers.jsonl``, the form that is published."""
    return json.dumps(
        {
            "id": record.id,
            "question": record.question.question,
            "status": record.status,
            "confidence": record.confidence,
            "seconds": record.seconds,
            "cpu": record.cpu,
            "quotes": [asdict(quote) for quote in record.quotes],
        },
        ensure_ascii=False,
    )


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file of lines, whole or not at all."""
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(text + "\n" for text in lines)
    aside.replace(path)

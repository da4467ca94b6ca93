"""A suite of what staff made cases of: ``python -m eval collect OUT`` writes it.

The form is ``questions``: docs.jsonl has the public letters of the current snapshot, qa.jsonl
the cases with an answer, refuse.jsonl those that are rightly refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import LetterNotFound, WrongUse
from kb.feedback.rulings import Case, Gold, cases, gold_in
from kb.settings import Settings
from kb.staff import database as staff_database
from kb.staff.database import opened
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.types import Letter, Scope

Plain = Mapping[str, Any]
PUBLIC = Scope(public_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was written: numbers of letters and questions, and why cases were left out."""

    letters: int
    answerable: int
    unanswerable: int
    left_out: tuple[str, ...]


def collect(settings: Settings, out: Path) -> Collected:
    """Write the cases in force into the folder ``out``, over an earlier suite of this kind.

    The same cases and letters give the same bytes. A case whose letter is no longer public or
    no longer says so is left out. Raises WrongUse where no case with an answer remains,
    NoSnapshot, BadSnapshot, StaffUnusable.
    """
    path = staff_database.staff_of(settings)
    if not path.exists():
        raise WrongUse(f"没有 {path}；先启动服务，让问题记下来，再到 /staff/queue 做评测题")
    with opened(path) as database:
        all_cases = cases(database)
    reader = open_store(settings).current()
    rows, left_out = _questions(all_cases, reader)
    if not rows:
        raise WrongUse(
            "还没有带答案的评测题；请到 /staff/queue 给至少一题填上复文和原话"
            + "".join(f"\n{reason}" for reason in left_out)
        )
    refuse = [{"id": _id(case), "question": case.question} for case in all_cases if not case.gold]
    letters = [_document(reader.letter(head.id)) for head in reader.letters(PUBLIC)]
    out.mkdir(parents=True, exist_ok=True)
    for name, lines in (("docs", letters), ("qa", rows), ("refuse", refuse)):
        _write(out / f"{name}.jsonl", lines)
    return Collected(
        letters=len(letters),
        answerable=len(rows),
        unanswerable=len(refuse),
        left_out=tuple(left_out),
    )


def _questions(all_cases: Iterable[Case], reader: SnapshotReader) -> tuple[list[Plain], list[str]]:
    """Rows of the cases that are answered by public letters, and why others are not."""
    rows, left_out = list[Plain](), list[str]()
    for case in all_cases:
        if case.gold:
            try:
                rows.append(_question(case, case.gold, reader))
            except (LetterNotFound, WrongUse) as error:
                left_out.append(f"{_id(case)}（{case.question}）：{error}")
    return rows, left_out


def _question(case: Case, gold: Gold, reader: SnapshotReader) -> Plain:
    """Raises LetterNotFound, or WrongUse where the letter no longer has the words."""
    letter = reader.letter(gold.place.letter_id)
    if letter.publicity != "public":
        raise LetterNotFound(f"复文 {letter.id} 不再公开；请改选一份")
    still = gold_in(letter, gold.words)
    return {
        "id": _id(case),
        "docid": letter.id,
        "question": case.question,
        "answer": still.words,
    }


def _id(case: Case) -> str:
    return f"miss-{case.id}"


def _document(letter: Letter) -> Plain:
    return {
        "id": letter.id,
        "text": letter.text,
        "title": letter.title.value if letter.title else "",
        "issuer": letter.value("issuer") or "",
        "date": letter.value("issued_on") or "",
        "url": letter.url,
    }


def _write(path: Path, rows: Iterable[Plain]) -> None:
    """JSON lines, there as a whole or not at all."""
    aside = path.with_name(path.name + ".new")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)

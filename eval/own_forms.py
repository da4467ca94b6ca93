"""Readers of our own two forms, ``questions`` and ``corpus``; a key they don't know is refused.

Every reader takes a path and gives a Suite without a name; every one raises BadSuite.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.formats import RELEVANT, needed, optional, some
from eval.rows import Ids, SuiteRow, lines
from eval.suite import KINDS, NEAR, BadSuite, Document, Question, Stale, Suite

NONE = "none"  # the group of the corpus's unanswerable questions

# ``note`` is a remark for people. Of a document, ``category``, ``dept`` and ``source`` too are
# read by nobody here; of an answer, ``start``, ``end`` and ``places`` say where it stood when
# the suite was made: the words are what is judged.
DOCUMENT_KEYS = (
    "id", "text", "title", "issuer", "date", "url", "publicity", "category", "dept", "source",
    "note",
)  # fmt: skip
ASKED_KEYS = ("id", "question", "type", "kind", "note")
QA_KEYS = (*ASKED_KEYS, "docid", "answer", "also", "stale", "start", "end", "places")
REFUSE_KEYS = (*ASKED_KEYS, "near")
CORPUS_KEYS = (*ASKED_KEYS, "letter", "answer", "also", "stale", "near")
STALE_KEYS = ("docid", "letter", "answer", "note")
FIELDS_KEYS = ("letter", "fields", "note")
COMMITMENT_KEYS = (
    "letter", "text", "organ", "due", "due_first", "due_last", "strength", "kept_by", "note",
)  # fmt: skip


def document(row: SuiteRow, taken: Ids) -> Document:
    """A row {id, text, title?, issuer?, date?, url?, publicity?}; other keys are passed over."""
    return Document(
        id=taken.take(row.identity("id"), row),
        text=row.text("text"),
        title=row.option("title"),
        issuer=row.option("issuer"),
        date=row.option("date"),
        url=row.option("url"),
        publicity=row.option("publicity"),
    )


def read_questions(folder: Path) -> Suite:
    """docs.jsonl {id, text, …}, qa.jsonl {id, docid, question, answer, …}, refuse.jsonl?.

    ``docid`` is one id or a list; ``answer`` one wording or a list of alternatives, to which
    ``also`` adds. An answer need not stand in its document. refuse.jsonl {id, question, kind?,
    near?} has the questions that no document answers.
    """
    taken, asked = Ids(), Ids()
    documents = tuple(
        document(row.only(DOCUMENT_KEYS), taken) for row in lines(needed(folder, "docs.jsonl"))
    )
    questions: list[Question] = []
    for row in lines(needed(folder, "qa.jsonl")):
        row.only(QA_KEYS)
        for key in ("start", "end", "places"):
            _count(row, key)
        answering = [value.identity("docid") for value in row.each("docid")]
        questions.append(
            Question(
                id=asked.take(row.identity("id"), row),
                question=row.text("question"),
                relevant={taken.known(docid, row): RELEVANT for docid in answering},
                answers=(*_wordings(row, "answer"), *_wordings(row, "also")),
                group=row.option("type"),
                kind=row.option("kind"),
                stale=_stale(row, taken),
            )
        )
    some(questions, folder / "qa.jsonl")
    for row in optional(folder, "refuse.jsonl"):
        row.only(REFUSE_KEYS)
        questions.append(_unanswerable(row, asked, taken, group=row.option("type")))
    return Suite(name="", documents=documents, questions=tuple(questions))


def read_corpus(folder: Path) -> Suite:
    """The form of ``corpus/README.md``: questions.jsonl, letters/ and what is known of them.

    A question's ``also`` has further wordings that are right; its group is its ``type``, or
    "none" if no letter answers it. fields.jsonl and commitments.jsonl need not be there.
    """
    letters = folder / "letters"
    known, asked = _letters(letters), Ids()
    path = needed(folder, "questions.jsonl")
    questions = [_asked(row.only(CORPUS_KEYS), asked, known) for row in lines(path)]
    return Suite(
        name="",
        questions=some(questions, path),
        letters=letters,
        fields=_about(folder / "fields.jsonl", "fields", known, keys=FIELDS_KEYS),
        commitments=_about(folder / "commitments.jsonl", "text", known, keys=COMMITMENT_KEYS),
    )


def letter_files(folder: Path) -> list[Path]:
    """Every file of a folder of letters that is not hidden, in order."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.startswith("."))


def _letters(folder: Path) -> Ids:
    """The letters' ids: a file's path in the folder, or of a bulk import each row's own."""
    if not folder.is_dir():
        raise BadSuite(f"{folder}：没有这个文件夹；请把复文放在里面")
    known = Ids()
    for path in letter_files(folder):
        if path.suffix.lower() == ".jsonl":
            for row in lines(path):
                known.take(row.identity("id"), row)
        else:
            name = path.relative_to(folder).as_posix()
            known.take(name, SuiteRow(name, {}))
    return known


def _asked(row: SuiteRow, asked: Ids, known: Ids) -> Question:
    letter, answer = row.option("letter"), row.option("answer")
    if bool(letter) != bool(answer):
        row.bad("letter 和 answer 只写了一个", "请都写上；没有答案的问题两个都写 null")
    if not letter:
        return _unanswerable(row, asked, known, group=NONE)
    return Question(
        id=asked.take(row.identity("id"), row),
        question=row.text("question"),
        relevant={known.known(letter, row): RELEVANT},
        answers=(answer, *_wordings(row, "also")),
        group=row.text("type"),
        kind=row.option("kind"),
        stale=_stale(row, known),
    )


def _unanswerable(row: SuiteRow, asked: Ids, known: Ids, *, group: str) -> Question:
    """A question that no document answers; one with ``near`` is of that kind."""
    for key in ("also", "stale"):
        if row.values.get(key):
            row.bad(f"没有答案的问题却有 {key}", f"请补上答案，或删去 {key}")
    near = row.identity("near") if row.values.get("near") is not None else ""
    kind = row.option("kind") or (NEAR if near else "")
    if kind and kind not in KINDS:
        row.bad(f"kind 是 {kind}", f"没有答案的问题，kind 应是 {'、'.join(KINDS)} 之一")
    return Question(
        id=asked.take(row.identity("id"), row),
        question=row.text("question"),
        group=group,
        kind=kind,
        near=known.known(near, row) if kind == NEAR and near else near,
    )


def _wordings(row: SuiteRow, key: str) -> tuple[str, ...]:
    """The wording or wordings under ``key``; ``also`` may be absent or null."""
    if key == "also" and row.values.get(key) is None:
        return ()
    return tuple(value.text(key) for value in row.each(key))


def _stale(row: SuiteRow, known: Ids) -> tuple[Stale, ...]:
    """Where the question was answered in an earlier year; often nowhere."""
    if row.values.get("stale") is None:
        return ()
    places = []
    for place in row.rows("stale"):
        place.only(STALE_KEYS)
        key = "letter" if "letter" in place.values else "docid"
        docid = known.known(place.identity(key), place)
        places.append(Stale(docid=docid, answer=place.text("answer")))
    return tuple(places)


def _count(row: SuiteRow, key: str) -> None:
    """Refuse what is neither absent nor a whole number from 0."""
    value = row.values.get(key)
    if value is not None and not (type(value) is int and value >= 0):
        row.bad(f"{key} 应当是不小于 0 的整数", "请改正或删去")


def _about(
    path: Path, key: str, known: Ids, *, keys: tuple[str, ...]
) -> tuple[Mapping[str, Any], ...]:
    rows = tuple(optional(path.parent, path.name))
    for row in rows:
        row.only(keys).value(key)
        known.known(row.identity("letter"), row)
    return tuple(row.values for row in rows)

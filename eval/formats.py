"""Readers of suites that are kept as rows: our own two forms, BEIR's, and replies to messages.

Every reader takes a path and gives a Suite without a name; every one raises BadSuite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.rows import Ids, SuiteRow, lines, table
from eval.suite import BadSuite, Document, Question, Suite

RELEVANT = 1  # the grade where a suite knows only relevant or not
NONE = "none"  # the group of the corpus's unanswerable questions


def present(folder: Path, name: str) -> Path | None:
    """``folder/name`` or ``folder/name.gz``, whichever is there."""
    return next((p for p in (folder / name, folder / f"{name}.gz") if p.exists()), None)


def needed(folder: Path, name: str) -> Path:
    """As ``present``; raises BadSuite if neither is there."""
    path = present(folder, name)
    if path is None:
        raise BadSuite(f"{folder}：没有 {name}（或 {name}.gz）；请补上，或换一种格式")
    return path


def optional(folder: Path, name: str) -> Iterator[SuiteRow]:
    """The rows of a file that need not be there."""
    path = present(folder, name)
    return lines(path) if path else iter(())


def some(questions: list[Question], path: Path) -> tuple[Question, ...]:
    """``questions``; raises BadSuite if there are none."""
    if not questions:
        raise BadSuite(f"{path}：一个问题也没有；请写上至少一个")
    return tuple(questions)


def document(row: SuiteRow, taken: Ids) -> Document:
    """A row {id, text, title?, issuer?, date?, url?}; other keys are passed over."""
    return Document(
        id=taken.take(row.identity("id"), row),
        text=row.text("text"),
        title=row.option("title"),
        issuer=row.option("issuer"),
        date=row.option("date"),
        url=row.option("url"),
    )


def read_questions(folder: Path) -> Suite:
    """docs.jsonl {id, text, …}, qa.jsonl {id, docid, question, answer}, refuse.jsonl?.

    ``docid`` is one id or a list; ``answer`` one wording or a list of alternatives. An
    answer need not stand in its document. refuse.jsonl {id, question} has the questions
    that no document answers.
    """
    taken, asked = Ids(), Ids()
    documents = tuple(document(row, taken) for row in lines(needed(folder, "docs.jsonl")))
    questions: list[Question] = []
    for row in lines(needed(folder, "qa.jsonl")):
        answering = [value.identity("docid") for value in row.each("docid")]
        questions.append(
            Question(
                id=asked.take(row.identity("id"), row),
                question=row.text("question"),
                relevant={taken.known(docid, row): RELEVANT for docid in answering},
                answers=tuple(value.text("answer") for value in row.each("answer")),
            )
        )
    some(questions, folder / "qa.jsonl")
    questions += [
        Question(id=asked.take(row.identity("id"), row), question=row.text("question"))
        for row in optional(folder, "refuse.jsonl")
    ]
    return Suite(name="", documents=documents, questions=tuple(questions))


def read_beir(folder: Path) -> Suite:
    """corpus.jsonl {_id, title?, text}, queries.jsonl {_id, text} and qrels/*.tsv.

    The form of BEIR (Thakur et al. 2021, arXiv 2104.08663). Queries without a row in the
    qrels belong to another split and are left out, as BEIR's own loader does; a grade of 0
    or less is not relevant, and a query with no other grade is left out too: that nothing
    judged answers it does not say that nothing does. A text may be empty where there is
    only a title.
    """
    taken, asked = Ids(), Ids()
    documents = tuple(
        Document(
            id=taken.take(row.identity("_id"), row),
            text=row.text("text", blank=True),
            title=row.option("title"),
        )
        for row in lines(needed(folder, "corpus.jsonl"))
    )
    queries = {
        asked.take(row.identity("_id"), row): row.text("text")
        for row in lines(needed(folder, "queries.jsonl"))
    }
    grades = _grades(qrels_of(folder), taken, queries)
    questions = [
        Question(id=identity, question=text, relevant=grades[identity])
        for identity, text in queries.items()
        if grades.get(identity)
    ]
    return Suite(name="", documents=documents, questions=some(questions, folder))


def qrels_of(folder: Path) -> Path:
    """BEIR's qrels: test.tsv, or the only file there is. Raises BadSuite."""
    files = sorted(p for pattern in ("*.tsv", "*.tsv.gz") for p in (folder / "qrels").glob(pattern))
    tests = [p for p in files if p.name.startswith("test.")]
    if len(files) > 1 and not tests:
        names = "、".join(p.name for p in files)
        raise BadSuite(f"{folder / 'qrels'}：有 {names}，不知用哪一个；请只留一个，或取名 test.tsv")
    if not files:
        raise BadSuite(f"{folder / 'qrels'}：没有 .tsv 文件；请补上 test.tsv")
    return (tests or files)[0]


def _grades(
    path: Path, documents: Ids, queries: Mapping[str, str]
) -> Mapping[str, Mapping[str, int]]:
    """Query id → document id → grade above 0, for every query that the file speaks of."""
    grades: dict[str, dict[str, int]] = {}
    pairs = Ids()
    for row in table(path, ("query-id", "corpus-id", "score")):
        query, answering = row.identity("query-id"), row.identity("corpus-id")
        pairs.take(f"{query} {answering}", row)
        if query not in queries:
            row.bad(f"没有编号为 {query} 的问题", "请在 queries.jsonl 里补上，或删去这一行")
        known = grades.setdefault(query, {})
        try:
            grade = int(row.text("score"))
        except ValueError:
            row.bad("score 应当是整数", "请改正")
        if grade > 0:
            known[documents.known(answering, row)] = grade
    return grades


def read_pairs(path: Path) -> Suite:
    """Rows {id, title, message, reply}: messages to a government with its replies.

    A reply is a document; the message's title and its whole words are two questions that it
    answers. Its title is no part of the document, or the question would find itself. A
    blank reply is no document and its questions are left out, as is a blank question.
    """
    taken = Ids()
    documents: list[Document] = []
    questions: list[Question] = []
    for row in lines(path):
        identity = taken.take(row.identity("id"), row)
        asked = {kind: row.text(kind, blank=True) for kind in ("title", "message")}
        reply = row.text("reply", blank=True)
        if not reply.strip():
            continue
        documents.append(Document(id=identity, text=reply))
        questions += [
            Question(
                id=f"{identity}/{kind}", question=text, relevant={identity: RELEVANT}, group=kind
            )
            for kind, text in asked.items()
            if text.strip()
        ]
    return Suite(name="", documents=tuple(documents), questions=some(questions, path))


def read_corpus(folder: Path) -> Suite:
    """The form of ``corpus/README.md``: questions.jsonl, letters/ and what is known of them.

    A question's ``also`` has further wordings that are right; its group is its ``type``, or
    "none" if no letter answers it. fields.jsonl and commitments.jsonl need not be there.
    """
    letters = folder / "letters"
    known, asked = _letters(letters), Ids()
    path = needed(folder, "questions.jsonl")
    questions = [_asked(row, asked, known) for row in lines(path)]
    return Suite(
        name="",
        questions=some(questions, path),
        letters=letters,
        fields=_about(folder, "fields.jsonl", "fields", known),
        commitments=_about(folder, "commitments.jsonl", "text", known),
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
    also = [value.text("also") for value in row.each("also")] if "also" in row.values else []
    return Question(
        id=asked.take(row.identity("id"), row),
        question=row.text("question"),
        relevant={known.known(letter, row): RELEVANT} if letter else {},
        answers=(answer, *also) if answer else (),
        group=row.text("type") if letter else NONE,
    )


def _about(folder: Path, name: str, key: str, known: Ids) -> tuple[Mapping[str, object], ...]:
    rows = tuple(optional(folder, name))
    for row in rows:
        row.value(key)
        known.known(row.identity("letter"), row)
    return tuple(row.values for row in rows)

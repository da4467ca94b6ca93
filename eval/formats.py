"""Readers of suites that others keep as rows: BEIR's, and replies to messages.

Every reader takes a path and gives a Suite without a name; every one raises BadSuite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.rows import Ids, SuiteRow, lines, table
from eval.suite import BadSuite, Document, Question, Suite

RELEVANT = 1  # the grade where a suite knows only relevant or not
PAIR_KEYS = ("id", "title", "message", "reply", "user", "asked_at", "replied_at", "note")


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
        row.only(PAIR_KEYS)
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

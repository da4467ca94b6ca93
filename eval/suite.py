"""A suite: documents, questions, and what is known to be right."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kb.errors import WrongUse
from kb.text.chars import bare

ALL_GROUPS = ""
NEAR, FAR, CUT = "near", "far", "cut"
# Unanswerable questions: on the subject of a document that does not say; far from every
# document; with the answering sentences taken out of their document (eval.cut).
KINDS = (NEAR, FAR, CUT)


class BadSuite(WrongUse):
    """A suite that can't be read; the message says which file and line, why, what to do."""

    status, code = 422, "bad_suite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text to be searched, as the suite gives it (the index mends it once)."""

    id: str
    text: str
    title: str = ""
    issuer: str = ""
    date: str = ""
    url: str = ""
    publicity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Words that answered the question in an earlier year, and the document they stand in."""

    docid: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with the documents that answer it and the words that do.

    ``relevant`` maps document id → grade above 0, as in qrels; empty means that no document
    answers it and the right reply is a refusal. ``answers`` are alternative wordings, any one
    of which is right; empty where only the document is known. ``group`` parts a suite's
    kinds of questions.
    """

    id: str
    question: str
    relevant: Mapping[str, int] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    group: str = ALL_GROUPS
    kind: str = ""
    near: str = ""
    stale: tuple[Stale, ...] = ()

    @property
    def answerable(self) -> bool:
        """True if some document answers it."""
        return bool(self.relevant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """How many questions had their answer cut out, and how many others were dropped for it."""

    questions: int
    dropped: int
    sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What is asked of what.

    ``letters`` is a folder of letter files that are indexed as they stand (the corpus suite);
    its documents are then empty here. ``fields`` and ``commitments`` are gold rows of
    ``corpus/README.md``'s form. ``background`` counts the last documents, which no question
    is about. ``equal`` maps a document that was left out → the one kept with the same text.
    """

    name: str
    documents: tuple[Document, ...] = ()
    questions: tuple[Question, ...] = ()
    letters: Path | None = None
    fields: tuple[Mapping[str, Any], ...] = ()
    commitments: tuple[Mapping[str, Any], ...] = ()
    background: int = 0
    equal: Mapping[str, str] = field(default_factory=dict)
    cut: Cutting | None = None


def with_background(suite: Suite, documents: Sequence[Document]) -> Suite:
    """``suite`` with documents that no question is about. Raises BadSuite for a known id."""
    taken = {document.id for document in suite.documents}
    for document in documents:
        if document.id in taken:
            raise BadSuite(f"背景文件里的编号 {document.id} 已经有了；请在背景文件里改用不同的编号")
        taken.add(document.id)
    return replace(
        suite,
        documents=(*suite.documents, *documents),
        background=suite.background + len(documents),
    )


def merged(suite: Suite) -> Suite:
    """``suite`` with documents of equal text counted as one: the first that stands in it.

    Texts are equal where they are after white space is removed; one that is empty is its
    title. Questions about one that is left out are about the one that is kept.
    """
    first: dict[str, str] = {}
    equal: dict[str, str] = {}
    distinct: list[Document] = []
    for document in suite.documents:
        words = bare(document.text or document.title)
        if words in first:
            equal[document.id] = first[words]
        else:
            first[words] = document.id
            distinct.append(document)
    own = {document.id for document in suite.documents[: len(suite.documents) - suite.background]}
    return replace(
        suite,
        documents=tuple(distinct),
        background=sum(document.id not in own for document in distinct),
        questions=tuple(_about_kept(question, equal) for question in suite.questions),
        equal=equal,
    )


def _about_kept(question: Question, equal: Mapping[str, str]) -> Question:
    grades: dict[str, int] = {}
    for document_id, grade in question.relevant.items():
        first = equal.get(document_id, document_id)
        grades[first] = max(grade, grades.get(first, 0))
    return replace(
        question,
        relevant=grades,
        near=equal.get(question.near, question.near),
        stale=tuple(
            replace(place, docid=equal.get(place.docid, place.docid)) for place in question.stale
        ),
    )


def sampled(suite: Suite, limit: int | None, *, seed: int) -> Suite:
    """``suite`` with ``limit`` of its questions, drawn with ``seed``, in their old order.

    Documents stay: a smaller base would be an easier one. Answerable and unanswerable
    questions keep their proportion.
    """
    if limit is None or limit >= len(suite.questions):
        return suite
    drawing = random.Random(seed)
    drawn: set[int] = set()
    answerable = [n for n, q in enumerate(suite.questions) if q.answerable]
    refusable = [n for n, q in enumerate(suite.questions) if not q.answerable]
    share = round(limit * len(answerable) / len(suite.questions))
    drawn |= set(drawing.sample(answerable, share))
    drawn |= set(drawing.sample(refusable, limit - share))
    return replace(suite, questions=tuple(q for n, q in enumerate(suite.questions) if n in drawn))

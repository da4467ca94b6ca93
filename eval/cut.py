"""Half of a suite's answerable questions asked with the answer cut out of its document.

The hardest thing to refuse: the right letter is there, on the right subject, and no longer says
it. No suite needs new questions for it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eval.measures.known import gold_places
from eval.record import Place, Texts
from eval.suite import CUT, Cutting, Document, Question, Suite
from kb.text.sentences import sentences
from kb.types import Span


def cut(suite: Suite, *, seed: int) -> Suite:
    """``suite`` with half of its questions, drawn by ``seed``, made unanswerable.

    Every whole sentence that holds a part of one of their answers, at every place where it
    stands in a document that answers, is taken out of the documents; the questions stay, of
    kind CUT. A question of the other half that has no place of its answer left is dropped.
    Questions whose answer stands nowhere, or that an earlier year's letter answers, are never
    drawn. The suite must have its documents as texts (see ``as_texts``).
    """
    texts = {document.id: document.text for document in suite.documents}
    places = {question.id: gold_places(question, texts) for question in suite.questions}
    able = [q.id for q in suite.questions if places[q.id] and not q.stale]
    drawn = set(random.Random(seed).sample(able, len(able) // 2))
    taken = _sentences((place for id_ in drawn for place in places[id_]), texts)
    questions: list[Question] = []
    dropped = 0
    for question in suite.questions:
        if question.id in drawn:
            questions.append(_without_answer(question))
        elif places[question.id] and all(_hit(place, taken) for place in places[question.id]):
            dropped += 1
        else:
            questions.append(question)
    return replace(
        suite,
        documents=tuple(
            _without(document, taken.get(document.id, ())) for document in suite.documents
        ),
        questions=tuple(questions),
        cut=Cutting(questions=len(drawn), dropped=dropped, sentences=sum(map(len, taken.values()))),
    )


def as_texts(suite: Suite, documents: Iterable[Document]) -> Suite:
    """``suite`` with ``documents`` in place of its folder of letters.

    What letters themselves are measured by, fields and commitments, is left out: they are no
    longer read from their own files.
    """
    return replace(suite, letters=None, documents=tuple(documents), fields=(), commitments=())


def _without_answer(question: Question) -> Question:
    near = next(iter(question.relevant))
    return replace(question, relevant={}, answers=(), kind=CUT, near=near)


def _sentences(places: Iterable[Place], texts: Texts) -> dict[str, Sequence[Span]]:
    """Document id → the sentences that hold a part of one of ``places``, in their order."""
    of_document: dict[str, list[Place]] = {}
    for place in places:
        of_document.setdefault(place.docid, []).append(place)
    return {
        docid: [
            sentence
            for sentence in sentences(texts[docid], Span(start=0, end=len(texts[docid])))
            if any(place.start < sentence.end and sentence.start < place.end for place in own)
        ]
        for docid, own in of_document.items()
    }


def _hit(place: Place, taken: Mapping[str, Sequence[Span]]) -> bool:
    return any(
        place.start < sentence.end and sentence.start < place.end
        for sentence in taken.get(place.docid, ())
    )


def _without(document: Document, taken: Sequence[Span]) -> Document:
    """``document`` without some of its sentences; the lines that they ended still end."""
    kept, start = [], 0
    for sentence in taken:
        kept.append(document.text[start : sentence.start])
        if sentence.of(document.text).endswith("\n"):
            kept.append("\n")
        start = sentence.end
    text = "".join([*kept, document.text[start:]])
    return replace(document, text=text if text.strip() else "")

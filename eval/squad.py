"""Reading comprehension in SQuAD's form: SQuAD 1 and 2, CMRC 2018, DRCD, CJRC."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from eval.formats import RELEVANT, some
from eval.rows import Ids, SuiteRow, whole
from eval.suite import ALL_GROUPS, Document, Question, Suite

UNANSWERABLE, YES_NO = "unanswerable", "yes_no"


def read_squad(path: Path) -> Suite:
    """{data: [{title?, paragraphs: [{id?, context, qas: [{id, question, answers}]}]}]}.

    The form of SQuAD (Rajpurkar et al. 2018, arXiv 1806.03822). Every paragraph is a
    document: its own id, or the article's title (or number, from 1) with the paragraph's
    number behind it. Question ids are given once in all of CMRC 2018, DRCD, CJRC and
    SQuAD, so one that is given again is an error. Two of CMRC 2018's trial questions are
    blank and are kept: they count in its own measure.

    What is right is what the references say, as in the official measures of these sets:
    none of them reads ``is_impossible`` (in CJRC "true" or "false"), which says true where
    all three references have an answer for 169 of the 6,000 questions of CJRC's dev set.
    Unanswerable: more than half of the references are blank, or there are none. Of those
    that are not blank, more YES or NO (which stand nowhere) than words: group "yes_no", the
    paragraph is known and no words are. Otherwise all the words are right, those too that
    do not stand in the paragraph (CMRC 2018 has dates that became numbers, 39648.0).

    Raises BadSuite.
    """
    taken, asked, numbers = Ids(), Ids(), Counter[str]()
    documents: list[Document] = []
    questions: list[Question] = []
    for number, article in enumerate(whole(path).rows("data"), start=1):
        title = article.option("title")
        label = _printable(title) or str(number)
        for paragraph in article.rows("paragraphs"):
            numbers[label] += 1
            own = paragraph.values.get("id") is not None
            identity = paragraph.identity("id") if own else f"{label}#{numbers[label]}"
            documents.append(
                Document(
                    id=taken.take(identity, paragraph), text=paragraph.text("context"), title=title
                )
            )
            questions += [_question(row, asked, identity) for row in paragraph.rows("qas")]
    return Suite(name="", documents=tuple(documents), questions=some(questions, path))


def _printable(title: str) -> str:
    """``title`` without what an id can't hold."""
    return "".join(character for character in title if character.isprintable()).strip()


def _question(row: SuiteRow, asked: Ids, paragraph: str) -> Question:
    group, answers = _judged(row)
    return Question(
        id=asked.take(row.identity("id"), row),
        question=row.text("question", blank=True),
        relevant={} if group == UNANSWERABLE else {paragraph: RELEVANT},
        answers=answers,
        group=group,
    )


def _judged(row: SuiteRow) -> tuple[str, tuple[str, ...]]:
    """The group of a question and the words that are right, by the vote of its references."""
    references = list(row.rows("answers"))
    given = [reference for reference in references if reference.text("text", blank=True).strip()]
    if not given or 2 * len(given) < len(references):
        return UNANSWERABLE, ()
    wordings = [reference.text("text") for reference in given if not _yes_or_no(reference)]
    if 2 * len(wordings) < len(given):
        return YES_NO, ()
    return ALL_GROUPS, tuple(dict.fromkeys(wordings))


def _yes_or_no(reference: SuiteRow) -> bool:
    return reference.values["text"] in ("YES", "NO") and reference.values.get("answer_start") == -1

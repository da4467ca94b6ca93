"""``fuwen eval export SUITE FOLDER``: a suite in the forms that other evaluators read.

Documents are as they are indexed, personal data hidden where the suite is a folder of letters.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.base import build, documents
from eval.cut import as_texts
from eval.gold import gold_spans
from eval.suite import BadSuite, Question, Suite
from eval.suite_arguments import add_questions, places_of, suite_of
from kb.cli import program
from kb.dataset.folder import made_whole

EXPORTING = "把题集写成别人的评测程序读的样子：BEIR、CMRC 2018"
Plain = Mapping[str, Any]
LeftOut = list[str]  # ids of questions that the form cannot hold


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_questions(parser)
    parser.add_argument("folder", type=Path, help="写到这个文件夹：空的，或还没有的")
    parser.add_argument("--form", choices=list(FORMS), required=True, help="写成什么样子")
    parser.set_defaults(command=_export, out=None)


def _export(given: argparse.Namespace) -> int:
    suite, mark = suite_of(given)
    if suite.letters:
        base = build(suite, places_of(given, suite, mark)[1], settings=program.settings(given))
        suite = as_texts(suite, documents(base))
    with made_whole(given.folder) as folder:
        left_out = FORMS[given.form](suite, folder)
    asked = len(suite.questions) - len(left_out)
    told = f"已写到 {given.folder}：文件 {len(suite.documents)} 份，问题 {asked} 个"
    if left_out:
        told += f"；{len(left_out)} 个写不进 {given.form}：{'、'.join(left_out[:10])}"
        told += "……" if len(left_out) > 10 else ""
    sys.stdout.write(told + "\n")
    return program.FINE


def beir(suite: Suite, folder: Path) -> LeftOut:
    """corpus.jsonl, queries.jsonl and qrels/test.tsv (Thakur et al. 2021, arXiv 2104.08663).

    Left out are the questions that no document answers, of which the form knows none.
    """
    corpus = ({"_id": one.id, "title": one.title, "text": one.text} for one in suite.documents)
    _lines(folder / "corpus.jsonl", corpus)
    asked = [question for question in suite.questions if question.answerable]
    _lines(folder / "queries.jsonl", ({"_id": one.id, "text": one.question} for one in asked))
    grades = (
        f"{question.id}\t{document}\t{grade}\n"
        for question in asked
        for document, grade in question.relevant.items()
    )
    (folder / "qrels").mkdir()
    table = "".join(("query-id\tcorpus-id\tscore\n", *grades))
    (folder / "qrels" / "test.tsv").write_text(table, "utf-8")
    return [question.id for question in suite.questions if not question.answerable]


def cmrc(suite: Suite, folder: Path) -> LeftOut:
    """cmrc.json: CMRC 2018 in SQuAD's form (Cui et al. 2019, arXiv 1810.07366), a document a
    paragraph; ``answer_start`` counts code points.

    A question without an answer stands with the document that it is near to, and is left out
    where that is not known, as is one of which only the document is known. Raises BadSuite where
    an answer does not stand in its document.
    """
    texts = {document.id: document.text or document.title for document in suite.documents}
    asked: dict[str, list[Plain]] = {}
    left_out: LeftOut = []
    for question in suite.questions:
        if question.answerable and question.answers:
            document, answers = _placed(question, texts)
        elif not question.answerable and question.near in texts:
            document, answers = question.near, []
        else:
            left_out.append(question.id)
            continue
        row = {"id": question.id, "question": question.question, "answers": answers}
        asked.setdefault(document, []).append({**row, "is_impossible": not answers})
    data = [
        {"title": one.title, "paragraphs": [_paragraph(one.id, texts[one.id], asked)]}
        for one in suite.documents
    ]
    whole = {"version": "fuwen", "data": data}
    content = json.dumps(whole, ensure_ascii=False, indent=1)
    (folder / "cmrc.json").write_text(content + "\n", "utf-8")
    return left_out


def _paragraph(document: str, text: str, asked: Mapping[str, list[Plain]]) -> Plain:
    return {"id": document, "context": text, "qas": asked.get(document, [])}


def _placed(question: Question, texts: Mapping[str, str]) -> tuple[str, list[Plain]]:
    """The first document that has answers of a question, and where each first stands in it."""
    for document in question.relevant:
        text = texts[document]
        spans = [gold_spans(answer, text)[:1] for answer in question.answers]
        found: list[Plain] = [
            {"text": span.of(text), "answer_start": span.start} for own in spans for span in own
        ]
        if found:
            return document, found
    raise BadSuite(
        f"问题 {question.id}：答案“{question.answers[0]}”不在它的文件 "
        f"{'、'.join(question.relevant)} 里，CMRC 写不了；请改成原文里的话，或去掉这一题"
    )


def _lines(path: Path, rows: Iterable[Plain]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


FORMS: Mapping[str, Callable[[Suite, Path], LeftOut]] = {"beir": beir, "cmrc": cmrc}

"""Suites of the sources that the reading model learns from, to judge it where it did not learn.

    python -m eval.training.asked_suites TEXTS OUT [--fold 0] [--far 200] [--cut]

TEXTS is the folder of the texts and the questions (see ``eval.training.reader_examples``). Writes
OUT/mail, OUT/policy, OUT/ncp and OUT/letters, each with all documents of its source, the questions
(those about documents of ``--fold``, where it is given) and, besides the near-misses, questions of
the other sources, which no document answers. Documents that hold the answering sentence word for
word answer too: one reply often goes to several people. With ``--cut`` half of the answers are
taken out of their documents (``eval.cut``), as ``eval.training.fit_reader`` needs them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.cut import cut
from eval.own_forms import read_questions
from eval.training.asked_examples import Asked, packed, rows
from eval.training.folds import FOLDS
from eval.training.reader_examples import BACKGROUND, LETTERS, REPLIES, gathered
from kb.text.chars import bare
from kb.text.normalize import standing_in
from kb.text.sentences import sentences
from kb.types import Span

OURS = "本项目的人写的，口语，不用原文的说法；答案由程序核对过"
CARDS = {  # origin, licence, how the questions were made
    "mail": ("网民留言的答复，地名已隐去（Teddy Cup 2020 C 题）", "竞赛数据", OURS),
    "policy": ("河北省和国务院的政策文件", "官方文件，不受著作权保护", OURS),
    "ncp": ("疫情政策文件和问题（DataFountain 424）", "竞赛数据", "竞赛的主办者"),
    "letters": ("本项目写的复文和答复，市县、单位、人和数字都是虚构的", "同本项目", OURS),
}


def documents(data: Path, source: str) -> list[dict[str, Any]]:
    """The documents of a source, those of equal text once."""
    if source == "mail":
        found = [{"id": row["id"], "text": row["reply"]} for row in packed(data / REPLIES)]
    elif source == "ncp":
        found = rows(data / "ncp/docs.jsonl")
    elif source == "letters":
        found = rows(LETTERS)
    else:
        found = [row for name in BACKGROUND for row in packed(data / f"background/{name}.jsonl.gz")]
    known: dict[str, dict[str, Any]] = {}
    for row in found:
        if row["text"].strip():
            known.setdefault(bare(row["text"]), {key: row[key] for key in KEYS if row.get(key)})
    return list(known.values())


KEYS = ("id", "text", "title", "date", "url")
SEED = 13
LEAST_COPY = 12  # characters; what is shorter says elsewhere something else


def answering(asked: Asked, bares: Mapping[str, str], text: str) -> list[str]:
    """The question's document, whose ``text`` is given, and those that say the same.

    ``bares`` are the texts of all documents without white space.
    """
    found = sorted(standing_in(text, asked.answer), key=lambda at: abs(at.start - asked.start))
    whole = sentences(text, Span(start=0, end=len(text)))
    said = [u for u in whole if any(u.start < at.end and at.start < u.end for at in found[:1])]
    words = "".join(bare(each.of(text)) for each in said)
    copies = [id_ for id_, other in bares.items() if words in other and id_ != asked.docid]
    return [asked.docid, *(copies if len(words) >= LEAST_COPY else ())]


def answerable(asked: Asked, docids: Sequence[str]) -> Mapping[str, Any]:
    row = {"id": asked.id, "docid": [*docids], "question": asked.question}
    return row | {"answer": asked.answer} | ({"type": asked.type} if asked.type else {})


def refusable(asked: Asked, *, far: bool = False) -> Mapping[str, Any]:
    row = {"id": f"far-{asked.id}" if far else asked.id, "question": asked.question}
    return row | (
        {"kind": "far"} if not asked.near or far else {"kind": "near", "near": asked.near}
    )


def write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    path.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
    )


def suite(
    folder: Path,
    source: str,
    asked: Sequence[Asked],
    docs: Sequence[Mapping[str, Any]],
    *,
    far: int,
    fold: int | None = None,
) -> None:
    """One source's folder; ``asked`` are the questions of every source, of ``fold`` alone."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {row["id"]: row["text"] for row in docs}
    bares = {id_: bare(text) for id_, text in known.items()}
    own = [each for each in asked if (each.docid or each.near) in known]
    strange = [each for each in asked if each.docid and each.docid not in known]
    drawn = random.Random(0).sample(strange, min(far, len(strange)))
    refused = [each for each in asked if each.source == "refuse"] if source == "ncp" else []
    write(folder / "docs.jsonl", docs)
    write(
        folder / "qa.jsonl",
        (answerable(each, answering(each, bares, known[each.docid])) for each in own if each.docid),
    )
    write(
        folder / "refuse.jsonl",
        [
            *(refusable(each) for each in own if each.near),
            *(refusable(each) for each in refused),
            *(refusable(each, far=True) for each in drawn),
        ],
    )
    (folder / "card.toml").write_text(card(source, fold), encoding="utf-8")


def card(source: str, fold: int | None) -> str:
    """What ``eval.cards`` reads. What ships left out fold 0, but its first weights saw all NCP."""
    words = zip(("origin", "licence", "made"), CARDS[source], strict=True)
    part = "全部" if fold is None else f"按文件的散列分五折，这里是第 {fold} 折的题"
    seen = str(fold != 0 or source == "ncp").lower()
    lines = [f'{key} = "{value}"' for key, value in (*words, ("split", part))]
    return "\n".join([*lines, f"seen_in_training = {seen}", ""])


def cut_in(folder: Path) -> None:
    """Take the answers of half of a suite's questions out of its documents, in place."""
    made = cut(read_questions(folder), seed=SEED)
    docs = [{k: v for k, v in asdict(each).items() if v} for each in made.documents if each.text]
    there = {row["id"] for row in docs}
    asked = [q for q in made.questions if q.answerable and there.intersection(q.relevant)]
    write(folder / "docs.jsonl", docs)
    write(
        folder / "qa.jsonl",
        (
            {"id": q.id, "docid": [id_ for id_ in q.relevant if id_ in there]}
            | {"question": q.question, "answer": [*q.answers]}
            | ({"type": q.group} if q.group else {})
            for q in asked
        ),
    )
    write(
        folder / "refuse.jsonl",
        (
            {"id": q.id, "question": q.question, "kind": q.kind}
            | ({"near": q.near} if q.near in there else {})
            for q in made.questions
            if not q.answerable and (q.kind != "near" or q.near in there)
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fold", type=int, choices=range(FOLDS))
    parser.add_argument("--far", type=int, default=200)
    parser.add_argument("--cut", action="store_true", help="half of the answers out of the texts")
    given = parser.parse_args()
    docs = {source: documents(given.texts, source) for source in CARDS}
    asked = [each for each in gathered(given.texts) if given.fold in (None, each.fold)]
    for source, own in docs.items():
        suite(given.out / source, source, asked, own, far=given.far, fold=given.fold)
        if given.cut:
            cut_in(given.out / source)


if __name__ == "__main__":
    main()

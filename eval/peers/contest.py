"""Run the peers one after another and measure what they found."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from eval.asking import PASSAGES, PLACES
from eval.measures.latency import quantiles
from eval.measures.passage import passage
from eval.measures.per_question import PerQuestion, means
from eval.measures.ranking import judged, write_qrels, write_run
from eval.peers import child, inputs
from eval.peers.inputs import Base
from eval.peers.page import as_page
from eval.peers.table import PEERS, REFERENCE, chosen
from eval.record import Place, Record, Texts, line, read_records, write_lines
from eval.significance import Comparison, compare, holm
from eval.suite import Question
from kb.errors import LetterNotFound, WrongUse
from kb.settings import Settings

# Tested for every peer against REFERENCE, and corrected all together.
FAMILY = ("nDCG@10", "R@1", "R@5", "passage@1", "passage@5")

Result = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Contest:
    """The same questions for every peer over the same base; ``folder`` is written to."""

    base: Base
    questions: tuple[Question, ...]
    folder: Path
    settings: Settings
    seed: int

    @cached_property
    def work(self) -> Path:
        """The folder that the peers read, written when the first of them needs it."""
        work = self.folder / "inputs"
        shutil.rmtree(work, ignore_errors=True)
        inputs.write(work, self.base, self.questions, self.settings)
        return work

    @cached_property
    def digest(self) -> str:
        """What tells whether an older result still holds."""
        return inputs.digest(self.base, self.questions, self.settings)

    @cached_property
    def embedding(self) -> Mapping[str, float]:
        """What embedding the passages costs; the same for all, so it is looked at once."""
        path = self.folder / "embedding.json"
        known = _known(path, self.digest)
        if known is None:
            measured = inputs.embedding_seconds(self.base, seed=self.seed)
            known = {"digest": self.digest, **measured}
            _write(path, known)
        return {name: known[name] for name in ("seconds", "processor", "sample")}

    @cached_property
    def owners(self) -> list[str]:
        """The id of the letter that each passage is of, by ordinal."""
        reader = self.base.reader
        return [head.id for head in reader.letters() for _ in reader.passages_of(head.id)]

    @cached_property
    def texts(self) -> Texts:
        """The texts of the documents that answer a question, as far as they are indexed."""
        texts: dict[str, str] = {}
        for letter_id in {docid for question in self.questions for docid in question.relevant}:
            try:
                texts[letter_id] = self.base.reader.letter(letter_id).text
            except LetterNotFound:  # refused by the indexer: no peer can find it
                continue
        return texts


def held(
    contest: Contest, *, names: Sequence[str], suite: str, tick: Callable[[str], object]
) -> dict[str, Any]:
    """Run the peers that have no result yet, and write and return what all of them did."""
    names = chosen(names)
    if not contest.questions or not contest.base.reader.snapshot.passages:
        raise WrongUse(f"题集 {suite} 没有可答的题，或者没有编入任何段落，无从比较；请换一个题集")
    contest.folder.mkdir(parents=True, exist_ok=True)
    write_qrels(contest.folder / "qrels.trec", contest.questions)
    results: dict[str, Result] = {}
    absent: dict[str, str] = {}
    for name in names:
        try:
            results[name] = _result(name, contest)
        except WrongUse as error:
            absent[name] = str(error)
        except child.Crashed as error:
            absent[name] = f"{PEERS[name].label}中途出错，没有成绩（{error}）；其余照常"
        tick(name)
    outcome = {"suite": suite, **_outcome(results, contest), "absent": absent}
    shutil.rmtree(contest.folder / "inputs", ignore_errors=True)
    _write(contest.folder.with_suffix(".json"), outcome)
    contest.folder.with_suffix(".md").write_text(as_page(outcome), encoding="utf-8")
    return outcome


def _outcome(results: Mapping[str, Result], contest: Contest) -> dict[str, Any]:
    """What ``peers.json`` says of those that have a result."""
    values = {name: _values(name, contest) for name in results}
    compared = _compared(values, seed=contest.seed)
    return {
        "seed": contest.seed,
        "questions": len(contest.questions),
        "documents": contest.base.reader.snapshot.letters,
        "passages": contest.base.reader.snapshot.passages,
        "embedding": contest.embedding,
        "peers": [
            {
                **result,
                "figures": means(values[name]),
                "compared": [asdict(comparison) for comparison in compared.get(name, ())],
            }
            for name, result in results.items()
        ],
    }


def _result(name: str, contest: Contest) -> Result:
    """What the peer cost, run now unless that is known. Raises WrongUse, Crashed."""
    row, own = PEERS[name], contest.folder / name
    packages = row.versions()
    given = json.dumps([contest.digest, name, packages])
    mark = hashlib.sha256(given.encode()).hexdigest()
    known = _known(own / "result.json", mark)
    if known is not None:
        return known
    child.run(name, contest.work)
    work = contest.work / name
    own.mkdir(exist_ok=True)
    records = list(_records(work / "found.jsonl", contest))
    write_lines(own / "records.jsonl", map(line, records))
    write_run(own / "run.trec", records, tag=name)
    taken = quantiles([record.seconds for record in records])
    cost: Result = json.loads((work / "cost.json").read_text(encoding="utf-8"))
    result: Result = {
        "name": name,
        "label": row.label,
        "digest": mark,
        "packages": packages,
        **cost,
        "index_seconds": cost["index_seconds"] if row.indexes else None,
        "index_processor_seconds": cost["index_processor_seconds"] if row.indexes else None,
        "embedding_seconds": contest.embedding["seconds"] if row.embeds else None,
        "embedding_processor_seconds": contest.embedding["processor"] if row.embeds else None,
        "query_p50_ms": taken["p50"],
        "query_p95_ms": taken["p95"],
    }
    _write(own / "result.json", result)  # last: it says that the others are whole
    shutil.rmtree(work)
    return result


def _records(found: Path, contest: Contest) -> Iterator[Record]:
    """A record of each question: documents stand where their best passage does."""
    by_id = {question.id: question for question in contest.questions}
    with found.open(encoding="utf-8") as file:
        for question_id, seconds, ordinals in map(json.loads, file):
            ranking = dict.fromkeys(contest.owners[ordinal] for ordinal in ordinals)
            yield Record(
                question=by_id[question_id],
                status="answer",
                confidence=0.0,  # peers only rank
                seconds=seconds,
                passages=tuple(_place(ordinal, contest) for ordinal in ordinals[:PASSAGES]),
                ranking=tuple(ranking)[:PLACES],
            )


def _place(ordinal: int, contest: Contest) -> Place:
    best = contest.base.reader.passage(ordinal)
    return Place(docid=best.letter_id, start=best.span.start, end=best.span.end)


def _values(name: str, contest: Contest) -> PerQuestion:
    own = contest.folder / name
    figures = passage(read_records(own / "records.jsonl"), contest.texts)
    return {**judged(contest.folder / "qrels.trec", own / "run.trec"), **figures}


def _compared(values: Mapping[str, PerQuestion], *, seed: int) -> dict[str, list[Comparison]]:
    """Each peer against REFERENCE (a rise is above 0), all p values corrected together."""
    if REFERENCE not in values:
        return {}
    rows = [
        (name, comparison)
        for name in values
        if name != REFERENCE
        for comparison in compare(values[REFERENCE], values[name], measures=FAMILY, seed=seed)
    ]
    by_peer: dict[str, list[Comparison]] = {}
    for (name, comparison), p in zip(
        rows, holm([comparison.p for _, comparison in rows]), strict=True
    ):
        by_peer.setdefault(name, []).append(replace(comparison, p_holm=p))
    return by_peer


def _known(path: Path, digest: str) -> Result | None:
    """What was written to ``path`` for the same ``digest``, if anything was."""
    try:
        known: Result = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if known.get("digest") == digest else None


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

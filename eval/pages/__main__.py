"""Judge what was read of a set of pages: ``python -m eval.pages DATA [--set NAME] [--faults]``.

First ``python -m eval.pages.make DIR --set NAME`` and ``python -m indexer update DIR --data DATA``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eval.gold import gold_spans
from eval.pages.judge import FIELDS, Gold, Judgement, furniture_in, judged
from eval.pages.make import SETS, rows
from kb.answer.ask import ask
from kb.cli import program
from kb.errors import WrongUse
from kb.models.outside import embedder_of
from kb.models.reading import reading_model
from kb.query.directory import directory_of
from kb.query.parse import parse
from kb.replies import Answer, Listing
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where a passage or an answer holds furniture."""
    parser = argparse.ArgumentParser(prog="python -m eval.pages", description="评网页的读法")
    parser.add_argument("data", type=Path, help="编入了这些网页的数据文件夹")
    parser.add_argument("--set", choices=SETS, default="first", help="哪一组网页")
    parser.add_argument("--fields-only", action="store_true", help="不提问")
    parser.add_argument("--faults", action="store_true", help="逐条列出错的")
    given = parser.parse_args(arguments)
    settings = program.settings(given)
    found = open_store(settings).current()
    page_set = SETS[given.set]
    gold_rows = rows(page_set.gold)
    templates = {row["id"]: row["template"] for row in rows(page_set.letters)}
    judgement: Judgement = judged(gold_rows, templates, found)
    if not given.fields_only:
        _ask_all(judgement, gold_rows, templates, found, settings=settings)
    sys.stdout.write("\n".join(_lines(judgement, faults=given.faults)) + "\n")
    kept_out = ("passages", "answers")
    return int(any(fault.what in kept_out for fault in judgement.faults))


def _ask_all(
    judgement: Judgement,
    gold_rows: Sequence[Gold],
    templates: Mapping[str, str],
    found: SnapshotReader,
    *,
    settings: Settings,
) -> None:
    """Ask every question; count what was shown, and how often it holds the answering words."""
    embedder, model = embedder_of(settings), reading_model(settings.reader)
    directory = directory_of(found, EVERY_LETTER)
    for gold in gold_rows:
        template = templates[gold["id"]]
        for asked in (*gold["questions"], *gold.get("tempting", ())):
            try:
                query = parse(asked["question"], directory, settings=settings)
                reply = ask(query, found, embedder, model=model, settings=settings)
            except WrongUse:
                continue
            quotes = (
                reply.quotes
                if isinstance(reply, Answer)
                else reply.rows
                if isinstance(reply, Listing)
                else ()
            )
            shown = [quote.text for quote in quotes]
            furniture_in(judgement, gold, "\n".join(shown), what="answers", template=template)
            if asked["answer"] is None:
                judgement.judged[template, "unanswerable"] += 1
                judgement.right[template, "unanswerable"] += not shown
                continue
            judgement.judged[template, "found"] += 1
            right = any(gold_spans(asked["answer"], text) for text in shown)
            judgement.right[template, "found"] += right


def _lines(judgement: Judgement, *, faults: bool) -> Iterator[str]:
    templates = list(dict.fromkeys(template for template, _ in judgement.judged))
    yield "要素\t对\t共\t比例"
    for name in FIELDS:
        yield _figure(name, judgement, [(template, name) for template in templates])
    yield _figure("全部", judgement, [(t, name) for t in templates for name in FIELDS])
    yield "\n模板\t对\t共\t比例"
    for template in templates:
        yield _figure(template, judgement, [(template, name) for name in FIELDS])
    yield ""
    labels = {
        "attached": "只有附件、没有当作复文的网页",
        "passages": "没有页面杂件的段落",
        "answers": "没有页面杂件的回答",
        "found": "摘录含答案的问题",
        "unanswerable": "只有杂件能答、没有摘录的问题",
    }
    for what, label in labels.items():
        yield _figure(label, judgement, [(template, what) for template in templates])
    if faults:
        yield ""
        for fault in judgement.faults:
            yield "\t".join((fault.page, fault.template, fault.what, fault.known, fault.found))


def _figure(label: str, judgement: Judgement, keys: Sequence[tuple[str, str]]) -> str:
    right, total = (_sum(counts, keys) for counts in (judgement.right, judgement.judged))
    return f"{label}\t{right}\t{total}\t{right / total if total else 0:.3f}"


def _sum(counts: Counter[tuple[str, str]], keys: Sequence[tuple[str, str]]) -> int:
    return sum(counts[key] for key in keys)


if __name__ == "__main__":
    raise SystemExit(main())

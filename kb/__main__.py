"""Ask the knowledge base from the command line: ``python -m kb ask "…"``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import assert_never

from kb import cli, serialize
from kb.answer.ask import ask, checked
from kb.extract.commitments import commitments
from kb.extract.types import STRENGTHS, Commitment
from kb.models.embedding import SentenceModel
from kb.models.reading import reading_model
from kb.profile import profile
from kb.query.directory import letter_named
from kb.store.open import open_local
from kb.text.chars import bare
from kb.types import Answer, Letter, Listing, Quote, Refusal, Reply, Row, Scope


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = _parser().parse_args(arguments)
    return cli.run(lambda: int(given.command(given)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kb", description="向复文知识库提问")
    commands = parser.add_subparsers(required=True, metavar="命令")
    asking = commands.add_parser("ask", help="提一个问题")
    asking.add_argument("question", help="问题")
    asking.set_defaults(command=_ask)
    letter = commands.add_parser("letter", help="看一份复文的全文和要素")
    letter.add_argument("name", help="复文的编号或文号")
    letter.set_defaults(command=_letter)
    promising = commands.add_parser("commitments", help="列出复文里的承诺和期限，供工作人员核实")
    promising.add_argument("--letter", metavar="编号", help="只看这一份（编号或文号），默认全部")
    promising.set_defaults(command=_commitments)
    for command in (asking, letter, promising):
        cli.add_common(command)
    return parser


def _ask(given: argparse.Namespace) -> int:
    settings = cli.settings(given)
    question = checked(given.question, settings=settings)
    reader = open_local(settings).current()
    embedder = SentenceModel(settings.model)
    model = reading_model(settings.reader)
    embedder.question(question)  # start-up, apart from the time of the answer
    started = time.perf_counter()
    today = date.today()
    reply = ask(
        question, reader, embedder, model=model, settings=settings, scope=Scope(), today=today
    )
    seconds = time.perf_counter() - started
    if given.json:
        cli.show(serialize.reply(reply, seconds=seconds))
    else:
        sys.stdout.write(_as_text(reply))
    return cli.FINE


def _letter(given: argparse.Namespace) -> int:
    reader = open_local(cli.settings(given)).current()
    letter = letter_named(given.name, reader)
    if given.json:
        cli.show(serialize.letter(letter))
    else:
        sys.stdout.write(_head(letter) + "\n" + letter.text + "\n")
    return cli.FINE


def _commitments(given: argparse.Namespace) -> int:
    reader = open_local(cli.settings(given)).current()
    every = (reader.letter(head.id) for head in reader.letters())
    letters = [letter_named(given.letter, reader)] if given.letter else every
    found = ((one, letter) for letter in letters for one in commitments(letter, profile()))
    if given.json:
        cli.show({"commitments": [serialize.commitment(one, letter) for one, letter in found]})
        return cli.FINE
    count = 0
    for count, (one, letter) in enumerate(found, 1):
        sys.stdout.write("\n".join(_promised(count, one, letter)) + "\n")
    sys.stdout.write(f"共 {count} 条承诺（程序所提，须由人核实）\n")
    return cli.FINE


def _promised(number: int, one: Commitment, letter: Letter) -> Iterator[str]:
    due = one.due
    days = f"（{due.first or '…'} 至 {due.last or '…'}）" if due and (due.first or due.last) else ""
    facts = (
        one.organ,
        "会同 " + "、".join(one.co_organs) if one.co_organs else None,
        STRENGTHS[one.strength],
        f"期限 {bare(due.raw)}{days}" if due else None,
        f"指标 {one.target.text}" if one.target else None,
        f"{one.letter_id}[{one.span.start}:{one.span.end}]",
    )
    yield f"{number:>4}  {bare(one.span.of(letter.text))}"
    yield "    —— " + " · ".join(filter(None, facts))


def _as_text(reply: Reply) -> str:
    match reply:
        case Answer(quotes=quotes):
            lines = [line for number, one in enumerate(quotes, 1) for line in _quoted(number, one)]
        case Listing(caption=caption, rows=rows):
            lines = [f"清单  {caption}"]
            lines += [line for number, row in enumerate(rows, 1) for line in _listed(number, row)]
        case Refusal(reason=reason, nearest=nearest):
            lines = [f"未能回答：{reason}。"]
            lines += [
                f"  相关  {n.number or ''} {n.title or n.letter_id}".rstrip() for n in nearest
            ]
        case _:
            assert_never(reply)
    return "\n".join(lines) + "\n"


def _quoted(number: int, quote: Quote) -> Iterator[str]:
    about = f"{quote.about}：" if quote.about else ""
    path, place = " › ".join(quote.headings), f"[{quote.span.start}:{quote.span.end}]"
    facts = (quote.issuer, quote.number, quote.issued_on, _class(quote.result_class))
    yield f"原文摘录 {number}  {about}{quote.text}"
    yield "    —— " + " · ".join(filter(None, (*facts, path, place)))


def _listed(number: int, row: Row) -> Iterator[str]:
    place = f"[{row.quote.span.start}:{row.quote.span.end}]"
    facts = (row.issuer, row.number, row.issued_on, _class(row.result_class))
    yield f"{number:>4}  {row.name}"
    yield "    —— " + " · ".join(filter(None, (*facts, f"“{row.quote.text}”{place}")))


def _class(result_class: str | None) -> str | None:
    meaning = profile().meaning(result_class)
    return f"{result_class} {meaning}" if result_class and meaning else result_class


def _head(letter: Letter) -> str:
    rows = [f"{name}：{field.value}" for name, field in letter.fields.items()]
    rows += [f"{name}：{'、'.join(f.value for f in all_)}" for name, all_ in letter.lists.items()]
    return "\n".join([f"编号：{letter.id}", *rows, ""])


if __name__ == "__main__":
    sys.exit(main())

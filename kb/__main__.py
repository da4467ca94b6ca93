"""Ask the knowledge base from the command line: ``python -m kb ask "…"``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import assert_never

from kb import serialize
from kb.answer.ask import ask
from kb.cli import program
from kb.extract.commitments import commitments
from kb.extract.types import STRENGTHS, Commitment
from kb.ledger.public import PublicLedger
from kb.models.outside import embedder_of
from kb.models.reading import reading_model
from kb.models.tagging import tagging_model
from kb.profile import profile
from kb.query.directory import directory_of, letter_named
from kb.query.parse import checked
from kb.query.understand import understood
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several
from kb.search.versions import ALONE, Kin, kin_of
from kb.settings import Settings
from kb.staff.database import staff_of
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.confidence import DOUBT
from kb.text.years import glosses
from kb.types import EVERY_LETTER, Citation, Letter, Quote, Standing


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return program.main(command_line("python -m kb"), arguments)


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser; ``prog`` is what is typed before a command."""
    parser = argparse.ArgumentParser(prog=prog, description="向复文知识库提问")
    commands = parser.add_subparsers(required=True, metavar="命令")
    asking = program.add_command(commands, "ask", "提一个问题")
    asking.add_argument("question", help="问题")
    asking.set_defaults(command=_ask)
    letter = program.add_command(commands, "letter", "看一份复文的全文和要素")
    letter.add_argument("name", help="复文的编号或文号")
    letter.set_defaults(command=_letter)
    promising = program.add_command(
        commands, "commitments", "列出复文里的承诺和期限，供工作人员核实"
    )
    promising.add_argument("--letter", metavar="编号", help="只看这一份（编号或文号），默认全部")
    promising.set_defaults(command=_commitments)
    for command in (asking, letter, promising):
        program.add_common(command)
    return parser


def _ask(given: argparse.Namespace) -> int:
    settings = program.settings(given)
    question = checked(given.question, settings=settings)
    reader = _current(settings)
    embedder = embedder_of(settings)
    model = reading_model(settings.reader)
    embedder.question(question)  # start-up, apart from the time of the answer
    started = time.perf_counter()
    known = directory_of(reader, EVERY_LETTER)
    found = understood(question, known, settings=settings, today=date.today(), reader=reader)
    promises = PublicLedger(staff_of(settings)).confirmed(reader)
    reply = ask(found.query, reader, embedder, model=model, settings=settings, promises=promises)
    seconds = time.perf_counter() - started
    plain = serialize.reply(reply, seconds=seconds, resolved=found.resolved(reply.question))
    return program.say(given, plain, _as_text(reply))


def _current(settings: Settings) -> SnapshotReader:
    """The current snapshot; on stderr what is wrong, where an older one stands in for it."""
    store = open_store(settings)
    reader = store.current()
    if store.degraded:
        sys.stderr.write(f"注意：{store.degraded}\n")
    return reader


def _letter(given: argparse.Namespace) -> int:
    reader = _current(program.settings(given))
    letter = letter_named(given.name, reader)
    kin = kin_of(letter.id, reader, scope=EVERY_LETTER)
    told = "\n".join((_head(letter), *_belonging(kin), letter.text))
    return program.say(given, serialize.letter(letter, kin=kin), told)


def _belonging(kin: Kin) -> Iterator[str]:
    """The newer or older versions of a letter and its copies, a line each; a line to end them."""
    if kin.newer:
        yield f"较早的版本，现在的是：{kin.newer.id}"
    if kin.copy_of:
        yield f"副本，计数的是：{kin.copy_of.id}"
    for older in kin.earlier:
        day = older.letter.value("issued_on") or older.taken_in
        yield f"更早的版本：{older.letter.id}（{day}）"
    for copy in kin.copies:
        yield f"另存为：{' '.join(filter(None, (copy.letter.source, copy.letter.url)))}"
    if kin != ALONE:
        yield ""


def _commitments(given: argparse.Namespace) -> int:
    settings = program.settings(given)
    reader, tagger = _current(settings), tagging_model(settings.tagger)
    every = (reader.letter(head.id) for head in reader.letters())
    letters = [letter_named(given.letter, reader)] if given.letter else every
    found = (
        (promise, letter)
        for letter in letters
        for promise in commitments(letter, profile(), tagger)
    )
    if given.json:
        program.show(
            {"commitments": [serialize.commitment(promise, letter) for promise, letter in found]}
        )
        return program.FINE
    count = 0
    for count, (promise, letter) in enumerate(found, 1):
        sys.stdout.write("\n".join(_promised(count, promise, letter)) + "\n")
    sys.stdout.write(f"共 {count} 条承诺（程序所提，须由人核实）\n")
    return program.FINE


def _promised(number: int, promise: Commitment, letter: Letter) -> Iterator[str]:
    due = promise.due
    days = f"（{due.first or '…'} 至 {due.last or '…'}）" if due and (due.first or due.last) else ""
    facts = (
        promise.organ,
        "会同 " + "、".join(promise.co_organs) if promise.co_organs else None,
        STRENGTHS[promise.strength],
        f"期限 {bare(due.raw)}{days}" if due else None,
        f"指标 {promise.target.text}" if promise.target else None,
        "有条件" if promise.conditional else None,
        "空泛" if promise.vague else None,
        f"{promise.letter_id}[{promise.span.start}:{promise.span.end}]",
    )
    yield f"{number:>4}  {bare(promise.span.of(letter.text))}"
    yield "    —— " + " · ".join(filter(None, facts))


def _as_text(reply: Reply) -> str:
    match reply:
        case Answer(quotes=quotes, lead=lead):
            lines = [lead.text] if lead else []
            lines += [
                line for number, quote in enumerate(quotes, 1) for line in _quoted(number, quote)
            ]
        case Listing(caption=caption, rows=rows):
            lines = [f"清单  {caption}"]
            lines += [line for number, row in enumerate(rows, 1) for line in _listed(number, row)]
        case Refusal(reason=reason, nearest=nearest, way_out=contacts):
            lines = [f"未能回答：{reason}。"]
            lines += [
                f"  相关  {n.citation.number or ''} {n.title or n.citation.letter_id}".rstrip()
                for n in nearest
            ]
            lines += [f"  可以找  {contact.label} {contact.value}" for contact in contacts]
        case Notice(text=text, options=options):
            lines = [text, *(f"  可以问  {option}" for option in options)]
        case Several(parts=parts):
            lines = [line for part in parts for line in (f"【{part.label}】", _as_text(part.reply))]
        case _:
            assert_never(reply)
    return "\n".join(lines)


def _quoted(number: int, quote: Quote) -> Iterator[str]:
    about = f"{quote.about}：" if quote.about else ""
    path, place = " › ".join(quote.headings), f"[{quote.span.start}:{quote.span.end}]"
    yield f"原文摘录 {number}  {about}{quote.text}"
    yield "    —— " + " · ".join(filter(None, (*_facts(quote.citation), path, place)))
    for word in glosses(quote):
        at = word.span.start - quote.span.start
        words = quote.text[at : at + word.span.end - word.span.start]
        yield f"    说明：原文的“{words}”指 {word.year} 年"
    if quote.doubtful:
        yield f"    说明：{DOUBT}"
    yield from _stands(quote.standing)
    if "**" in quote.text:
        yield "    说明：姓名和电话已按规定遮去（文中的 *）"
    for older in quote.earlier:
        there = f"{older.letter_id}[{older.span.start}:{older.span.end}]"
        yield f"    以前  {older.citation.issued_on}  {older.text}  {there}"


def _listed(number: int, row: Quote) -> Iterator[str]:
    words = f"“{row.text}”[{row.span.start}:{row.span.end}]"
    yield f"{number:>4}  {row.citation.name}"
    yield "    —— " + " · ".join(filter(None, (*_facts(row.citation), words)))
    yield from _stands(row.standing)


def _stands(standing: Standing | None) -> Iterator[str]:
    """What staff confirmed of the promise in a quote, and the words that prove it."""
    if standing is None:
        return
    due = f"，期限 {standing.due}" if standing.due else ""
    late = "（已过期限）" if standing.overdue else ""
    yield f"    状态  {standing.told}{late}{due}；{serialize.RECORD}"
    for proof in standing.evidence:
        place = f"{proof.letter_id}[{proof.span.start}:{proof.span.end}]"
        yield f"    依据  {proof.about}：{proof.text}  {place}"


def _facts(cited: Citation) -> tuple[str | None, ...]:
    return cited.issuer, cited.number, cited.issued_on, _class(cited.result_class)


def _class(result_class: str | None) -> str | None:
    meaning = profile().meaning(result_class)
    return f"{result_class} {meaning}" if result_class and meaning else result_class


def _head(letter: Letter) -> str:
    rows = [f"{name}：{field.value}" for name, field in letter.fields.items()]
    rows += [f"{name}：{'、'.join(f.value for f in all_)}" for name, all_ in letter.lists.items()]
    return "\n".join([f"编号：{letter.id}", *rows, ""])


if __name__ == "__main__":
    sys.exit(main())

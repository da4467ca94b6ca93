"""What each tool does: arguments that were checked go in, structured content comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from kb import serialize
from kb.answer.checked import check
from kb.answer.promised import quoted as promised
from kb.answer.quotes import quote
from kb.errors import KbError, WrongUse
from kb.mcp import plain
from kb.mcp.plain import Plain
from kb.mcp.schemas import PIECE, USUAL
from kb.mcp.source import PUBLIC, Source
from kb.promises import ConfirmedPromise
from kb.query.directory import aliases, letter_named
from kb.search import highlight
from kb.search.browse import Browsed, Match, Wanted, browse
from kb.search.versions import kin_of
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.titles import citation_of
from kb.text.traditional import simplified
from kb.types import Letter

Given = Mapping[str, Any]
Item = TypeVar("Item")
SHOWN = 20  # values of a facet
NAMED = 10  # values that an error offers


async def ask(source: Source, given: Given) -> Plain:
    """The reply to a question. A refusal is one; raises what ``Source.ask`` does."""
    source.count()
    answered = await source.ask(given["question"], before=given.get("before", ()))
    return await source.look(lambda _: plain.told(answered, site=source.site))


async def search(source: Source, given: Given) -> Plain:
    """The letters that hold the words. Raises WrongUse for a value that none has."""
    source.count()
    return await source.look(partial(_searched, given, site=source.site))


def _searched(given: Given, reader: SnapshotReader, *, site: str) -> Plain:
    words = given.get("words", "").strip()
    chosen = _chosen(given, reader)
    wanted = Wanted(words=words, chosen=chosen, by_date=given.get("newest_first", False))
    found = browse(wanted, reader, scope=PUBLIC)
    shown, cursor = page(found.matches, given, reader)
    return {
        "snapshot": reader.snapshot.version,
        "count": len(found.matches),
        "letters": [_row(match, words, reader, site=site) for match in shown],
        "facets": _facets(found),
        "next_cursor": cursor,
    }


def _chosen(given: Given, reader: SnapshotReader) -> dict[str, str]:
    """The facets that the letters are narrowed down by. Raises WrongUse."""
    chosen = {name: given[name] for name in ("topic", "result_class") if given.get(name)}
    if "year" in given:
        chosen["year"] = str(int(given["year"]))
    known = {name: [*reader_values(name, reader)] for name in chosen if name != "year"}
    for name, values in known.items():
        if chosen[name] not in values:
            raise WrongUse(f"没有 {name} 是“{chosen[name]}”的复文；可用的是 {_some(values)}")
    if organ := given.get("organ"):
        chosen["issuer"] = _issuer(organ, reader)
    return chosen


def reader_values(facet: str, reader: SnapshotReader) -> Sequence[str]:
    """The values that public letters have of ``facet``, the most frequent first."""
    return [value for value, _ in browse(Wanted(), reader, scope=PUBLIC).facets[facet]]


def _issuer(organ: str, reader: SnapshotReader) -> str:
    """The one organ that is called so. Raises WrongUse where none or several are."""
    issuers = reader_values("issuer", reader)
    called = aliases(issuers).get(simplified(bare(organ)), frozenset())
    found = [organ] if organ in issuers else sorted(called)
    if len(found) == 1:
        return found[0]
    if found:
        raise WrongUse(f"“{organ}”可以是 {_some(found)}；请写全称")
    near = [issuer for issuer in issuers if organ in issuer]
    raise WrongUse(f"没有“{organ}”的复文；有的是 {_some(near or issuers)}")


def _some(values: Sequence[str]) -> str:
    more = f"等 {len(values)} 个" if len(values) > NAMED else ""
    return "、".join(values[:NAMED]) + more or "（没有）"


def page(
    items: Sequence[Item], given: Given, reader: SnapshotReader
) -> tuple[Sequence[Item], str | None]:
    """A page of ``items`` and the cursor of the next; a cursor holds for one snapshot.

    Raises WrongUse.
    """
    version, _, number = given.get("cursor", "").rpartition(":")
    if "cursor" in given and not (number.isascii() and number.isdecimal() and version):
        raise WrongUse("cursor 不对；请照上一页的 next_cursor 写，或者不写，从头列")
    if version and version != reader.snapshot.version:
        raise WrongUse("复文更新过了，上一页的 cursor 不能再用；请不写 cursor，从头列")
    first, size = int(number or 0), int(given.get("limit", USUAL))
    after = first + size
    more = f"{reader.snapshot.version}:{after}" if after < len(items) else None
    return items[first:after], more


def _row(match: Match, words: str, reader: SnapshotReader, *, site: str) -> Plain:
    cited, said = match.entry.citation, None
    if words and match.ordinal is not None:
        letter, passage = reader.letter(cited.letter_id), reader.passage(match.ordinal)
        span = highlight.excerpt(words, letter, passage).span
        said = plain.excerpt(quote(letter, span, score=match.score), reader, site=site)
    return {
        **plain.citation(cited, site=site),
        "topics": [*match.entry.topics],
        "quote": said,
    }


def _facets(found: Browsed) -> Plain:
    return {
        ("organ" if name == "issuer" else name): [
            {"value": value, "count": count} for value, count in values[:SHOWN]
        ]
        for name, values in found.facets.items()
    }


async def get(source: Source, given: Given) -> Plain:
    """A public letter and a piece of its text. Raises LetterNotFound, WrongUse."""
    return await source.look(partial(_got, given, site=source.site))


def _got(given: Given, reader: SnapshotReader, *, site: str) -> Plain:
    letter = letter_named(given["letter_id"], reader, scope=PUBLIC)
    start, length = int(given.get("start", 0)), len(letter.text)
    end = min(int(given.get("end", length)), length, start + PIECE)
    if not start <= end:
        raise WrongUse(f"start {start} 不在 end 之前，或在全文（{length} 个码点）之后；请从 0 起取")
    newer = kin_of(letter.id, reader, scope=PUBLIC).newer
    return {
        "snapshot": reader.snapshot.version,
        **plain.citation(citation_of(letter), site=site),
        "fields": _fields(letter),
        "source_url": letter.url or None,
        "newer": newer.id if newer else None,
        "length": length,
        "start": start,
        "end": end,
        "text": letter.text[start:end],
        "next_start": end if end < length else None,
    }


def _fields(letter: Letter) -> Plain:
    named = {name: letter.value(name) for name in serialize.ORDER if name in letter.fields}
    listed = {name: [one.value for one in fields] for name, fields in letter.lists.items()}
    return {**named, **listed}


class NotAllowed(KbError):
    """What the caller has no right to see."""

    status, code = 403, "not_allowed"


async def commitments(source: Source, given: Given) -> Plain:
    """The promises that staff confirmed and the public may see; those that nobody confirmed,
    for whoever may see them. Raises LetterNotFound, WrongUse, NotAllowed.
    """
    if given.get("unconfirmed") and not source.unconfirmed:
        raise NotAllowed("没有权限看还没有人核实的承诺；请去掉 unconfirmed，只看核实过的")
    return await source.look(lambda reader: _promised(given, reader, source))


def _promised(given: Given, reader: SnapshotReader, source: Source) -> Plain:
    known, unconfirmed = source.confirmed(reader), bool(given.get("unconfirmed"))
    found = source.proposed(reader) if unconfirmed else known.promises
    found = _wanted(found, given, reader)
    shown, cursor = page(found, given, reader)
    rows = []
    for promise in shown:
        words = promised(promise, reader)
        if words.standing is None:
            continue
        rows.append(
            {
                **plain.excerpt(words, reader, site=source.site),
                "organ": promise.organ,
                "confirmed": not unconfirmed,
                "standing": plain.standing(words.standing, reader, site=source.site),
            }
        )
    return {
        "snapshot": reader.snapshot.version,
        "day": known.day.isoformat() if known.day else None,
        "count": len(found),
        "commitments": rows,
        "next_cursor": cursor,
    }


def _wanted(
    found: Sequence[ConfirmedPromise], given: Given, reader: SnapshotReader
) -> Sequence[ConfirmedPromise]:
    """Those of ``found`` that are asked for. Raises LetterNotFound."""
    if "letter_id" in given:
        letter_id = letter_named(given["letter_id"], reader, scope=PUBLIC).id
        found = tuple(one for one in found if one.letter_id == letter_id)
    if "organ" in given:
        organ = given["organ"]
        found = tuple(one for one in found if organ in (one.organ or ""))
    if given.get("overdue"):
        found = tuple(one for one in found if one.overdue)
    return found


async def check_quote(source: Source, given: Given) -> Plain:
    """Each sentence of a text against the letters; neither noted nor logged. Raises WrongUse."""
    source.count()
    return await source.in_turn(partial(_checked, given["text"], site=source.site))


def _checked(text: str, reader: SnapshotReader, *, site: str) -> Plain:
    sentences = []
    for one in check(text, reader, scope=PUBLIC):
        told = serialize.checked(one, text, reader)
        said = plain.excerpt(one.quote, reader, site=site) if one.quote else None
        differences = [
            {name: part[name] for name in ("kind", "given", "stands")}
            for part in told["differences"]
        ]
        sentences.append(
            {
                **{name: told[name] for name in ("text", "start", "end", "verdict")},
                "partly": one.partly,
                "others": one.others,
                "quote": said,
                "differences": differences,
            }
        )
    return {"snapshot": reader.snapshot.version, "sentences": sentences}

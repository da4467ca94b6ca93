"""Replies and letters as plain dictionaries: the JSON of the server and of the command line."""

from __future__ import annotations

from typing import Any, assert_never

from kb.answer.checked import Checked
from kb.extract.types import Commitment
from kb.query.follow_up import Resolved
from kb.replies import Answer, Lead, Listing, Notice, Refusal, Reply, Several, quotes_of
from kb.search.versions import ALONE, Kin, Related
from kb.store.protocol import SnapshotReader
from kb.text.years import glosses
from kb.types import MULTI_FIELDS, Field, Heading, Letter, Nearest, Quote, Standing
from kb.wording.gate import Wording, Words

# The fields of a letter in the order in which they are given; lists may be empty.
ORDER = (
    "issuer",
    "number",
    "signer",
    "result_class",
    "assembly",
    "kind",
    "proposal_no",
    "proposal_title",
    "addressees",
    "co_organs",
    "issued_on",
    "contact_unit",
    "cc",
)
LISTS = frozenset(MULTI_FIELDS)
RECORD = "以上状态是本单位自己的记录"  # said wherever what became of a promise is shown
REWORDED = "照您的原话没有找到能直接回答的原文。语言模型换了个说法"  # before its words
MADE = "模型写的"  # before each of its words, so that a copy of them says so too
WORDED = "连接的话由语言模型写，不是原文；引用的逐字取自原文"  # wherever its words are shown

Plain = dict[str, Any]


def reply(reply: Reply, *, seconds: float, resolved: Resolved | None = None) -> Plain:
    """Any reply with the same keys; ``seconds`` is how long it took.

    ``resolved`` says what the question took over from earlier ones, if it was asked so.
    """
    return {
        "question": reply.question,
        "snapshot": reply.snapshot,
        "quotes": [],
        "code": None,
        "reason": None,
        "way_out": [],
        "caption": None,
        "count": 0,
        "rows": [],
        "lead": None,
        "text": None,
        "lang": "zh-CN",
        "options": [],
        "kind": None,
        "parts": [],
        **_own(reply),
        "nearest": [_nearest(near) for near in reply.nearest],
        "confidence": float(reply.confidence),
        "resolved": resolved_question(resolved) if resolved else None,
        "seconds": round(seconds, 4),
    }


def _part(part: Reply) -> Plain:
    return reply(part, seconds=0.0)


def _own(reply: Reply) -> Plain:
    """What only this kind of reply has."""
    match reply:
        case Answer(quotes=quotes, lead=lead):
            return {"status": "answer", "quotes": list(map(quote, quotes)), "lead": _lead(lead)}
        case Refusal(code=code, reason=reason, way_out=contacts):
            offered = [
                {"label": one.label, "value": one.value, "href": one.href} for one in contacts
            ]
            return {"status": "refusal", "code": code, "reason": reason, "way_out": offered}
        case Listing(caption=caption, count=count, rows=rows):
            listed = [_row(row) for row in rows]
            return {"status": "listing", "caption": caption, "count": count, "rows": listed}
        case Notice(code=code, text=text, lang=lang, options=options):
            told = {"code": code, "text": text, "lang": lang, "options": list(options)}
            return {"status": "notice", **told}
        case Several(kind=kind, parts=parts):
            shown = [{"label": p.label, "reply": _part(p.reply)} for p in parts]
            every = list(map(quote, quotes_of(reply)))
            return {"status": "several", "kind": kind, "parts": shown, "quotes": every}
        case _:
            assert_never(reply)


def resolved_question(resolved: Resolved) -> Plain:
    """What a question took over from the earlier ones, what was mended, how it reads then."""
    carried = [{"kind": part.kind, "text": part.text} for part in resolved.carried]
    mended = [{"kind": one.kind, "was": one.was, "now": one.now} for one in resolved.mended]
    return {"question": resolved.question, "carried": carried, "mended": mended}


def letter(letter: Letter, *, kin: Kin = ALONE) -> Plain:
    """A whole letter; every ``start`` and ``end`` counts code points of ``text``.

    ``kin`` are the letters that belong to it.
    """
    return {
        "id": letter.id,
        "title": letter.title.value if letter.title else None,
        "text": letter.text,
        "fields": {name: _named(letter, name) for name in ORDER},
        "headings": [_heading(heading) for heading in letter.headings],
        "source": letter.source,
        "url": letter.url,
        "sha256": letter.sha256,
        "newer": kin.newer.id if kin.newer else None,
        "copy_of": kin.copy_of.id if kin.copy_of else None,
        "earlier": [_related(older) for older in kin.earlier],
        "copies": [_related(copy) for copy in kin.copies],
    }


def _related(other: Related) -> Plain:
    return {
        "letter_id": other.letter.id,
        "date": other.letter.value("issued_on"),
        "taken_in": other.taken_in,
        "source": other.letter.source,
        "url": other.letter.url,
    }


def quote(quote: Quote) -> Plain:
    """A quote with its whole citation; ``start`` and ``end`` count code points of its letter.

    ``glosses`` are the years that 今年 and the like in it mean, in words of ours and not of the
    letter; ``doubtful`` if it was read from a scan, and not surely; ``earlier`` are what older
    letters answered to the same.
    """
    return {
        **_excerpt(quote),
        "earlier": [_excerpt(older) for older in quote.earlier],
        "standing": _standing(quote.standing) if quote.standing else None,
    }


def wording(wording: Wording) -> Plain:
    """Quotes joined by a language model, whose own words are told apart and are no quote."""
    parts = [
        {"kind": "words", "text": part.text}
        if isinstance(part, Words)
        else {"kind": "quote", "quote": _excerpt(part)}
        for part in wording.parts
    ]
    return {"note": WORDED, "parts": parts}


def checked(one: Checked, text: str, reader: SnapshotReader) -> Plain:
    """A sentence of ``text`` that was checked; of differences the words on both sides are told."""
    stands = reader.letter(one.quote.letter_id).text if one.quote else ""
    return {
        "start": one.span.start,
        "end": one.span.end,
        "text": one.span.of(text),
        "verdict": one.verdict,
        "quote": quote(one.quote) if one.quote else None,
        "partly": one.partly,
        "others": one.others,
        "differences": [
            {
                "kind": part.kind,
                "given": part.given.of(text),
                "given_start": part.given.start,
                "given_end": part.given.end,
                "stands": part.stands.of(stands),
                "stands_start": part.stands.start,
                "stands_end": part.stands.end,
            }
            for part in one.differences
        ],
    }


def _standing(standing: Standing) -> Plain:
    return {
        "state": standing.state,
        "told": standing.told,
        "due": standing.due,
        "overdue": standing.overdue,
        "evidence": [_excerpt(words) for words in standing.evidence],
        "record": RECORD,
    }


def _lead(lead: Lead | None) -> Plain | None:
    if lead is None:
        return None
    start, end = (lead.span.start, lead.span.end) if lead.span else (None, None)
    return {"text": lead.text, "start": start, "end": end}


def _excerpt(quote: Quote) -> Plain:
    cited = quote.citation
    return {
        "text": quote.text,
        "letter_id": cited.letter_id,
        "start": quote.span.start,
        "end": quote.span.end,
        "exact": [{"start": span.start, "end": span.end} for span in quote.exact],
        "title": quote.title,
        "number": cited.number,
        "issuer": cited.issuer,
        "date": cited.issued_on,
        "result_class": cited.result_class,
        "headings": list(quote.headings),
        "about": quote.about,
        "doubtful": quote.doubtful,
        "glosses": [
            {"start": word.span.start, "end": word.span.end, "year": word.year}
            for word in glosses(quote)
        ],
        "score": float(quote.score),
    }


def commitment(found: Commitment, letter: Letter) -> Plain:
    """A promise with its words and what was read of it; ``due`` and ``target`` may be null."""
    due, target = found.due, found.target
    return {
        "letter_id": found.letter_id,
        "start": found.span.start,
        "end": found.span.end,
        "text": found.span.of(letter.text),
        "organ": found.organ,
        "co_organs": list(found.co_organs),
        "action": found.action,
        "due": due
        and {"raw": due.raw, "first": due.first, "last": due.last, "precision": due.precision},
        "target": target and {"value": target.value, "unit": target.unit, "text": target.text},
        "strength": found.strength,
        "vague": found.vague,
        "conditional": found.conditional,
    }


def _row(row: Quote) -> Plain:
    cited = row.citation
    return {
        "letter_id": cited.letter_id,
        "name": cited.name,
        "issuer": cited.issuer,
        "number": cited.number,
        "date": cited.issued_on,
        "result_class": cited.result_class,
        "quote": quote(row),
    }


def _nearest(nearest: Nearest) -> Plain:
    return {
        "letter_id": nearest.citation.letter_id,
        "title": nearest.title,
        "number": nearest.citation.number,
        "score": float(nearest.score),
    }


def _named(letter: Letter, name: str) -> Plain | list[Plain] | None:
    if name in LISTS:
        return [_field(field) for field in letter.lists.get(name, ())]
    found = letter.fields.get(name)
    return _field(found) if found else None


def _field(field: Field) -> Plain:
    return {
        "value": field.value,
        "start": field.span.start if field.span else None,
        "end": field.span.end if field.span else None,
        "rule": field.rule,
    }


def _heading(heading: Heading) -> Plain:
    return {
        "text": heading.text,
        "level": heading.level,
        "start": heading.span.start,
        "end": heading.span.end,
    }

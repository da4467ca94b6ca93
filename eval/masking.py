"""How much of the personal data in annotated texts is hidden, and how much else is.

A text is masked as a letter is, by the profile ``common``, or as a citizen's question is. What
counts as hidden is said at ``is_hidden``; ``eval/annotations/README.md`` says what was annotated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from eval.rows import SuiteRow, lines
from eval.suite import BadSuite
from kb.privacy import pii
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.text.numerals import in_digits
from kb.types import Letter, Span

ANNOTATIONS = Path(__file__).parent / "annotations" / "masking.jsonl"
Kind = Literal["number", "person", "address"]
Where = Literal["letter", "question"]
NAMES = {"number": "号码", "person": "人名", "address": "住址"}
_PREFIX = re.compile(r"^\D{0,2}(?:\+|00)?86(?=\D{0,3}1)")
_MAILBOX = re.compile(r"@|＠|[(（\[]\s?at\s?[)）\]]|艾特", re.IGNORECASE)
_MOST_VISIBLE, _LEAST_HIDDEN = 8, 4  # characters of a number: as 6222********1234 and 138****5678


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """Personal data that a person found in a text: at ``span``, or if None wherever it stands."""

    kind: Kind
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A text, where it comes from, what of it is to be hidden, and which half it belongs to."""

    id: str
    where: Where
    text: str
    data: tuple[Datum, ...]
    half: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """What became of an annotated text: data that can still be read, words hidden for nothing."""

    annotated: Annotated
    missed: tuple[Datum, ...]
    runs: int
    false: tuple[str, ...]


def annotated_texts(path: Path = ANNOTATIONS, *, half: str | None = None) -> tuple[Annotated, ...]:
    """The annotated texts of ``path``, of one ``half`` only if it is given. Raises BadSuite."""
    texts = tuple(_annotated(row) for row in lines(path))
    halves = sorted({text.half for text in texts})
    if half is not None and half not in halves:
        known = "、".join(filter(None, halves)) or "没有分半"
        raise BadSuite(f"{path.name} 里没有 half = {half}；可用的是 {known}")
    return tuple(text for text in texts if half in (None, text.half))


def _annotated(row: SuiteRow) -> Annotated:
    where, text = row.text("where"), row.text("text")
    if where not in get_args(Where):
        row.bad(f"where = {where} 不对", f"请写 {' 或 '.join(get_args(Where))}")
    data = []
    for datum in row.rows("hide"):
        kind, words = datum.text("kind"), datum.text("text")
        if kind not in NAMES or words not in text:
            datum.bad("kind 不对，或 text 不在文中", f"kind 可写 {'、'.join(NAMES)}，text 照抄原文")
        data.append(Datum(kind=kind, text=words, span=_stated(datum, text)))  # type: ignore[arg-type]
    return Annotated(
        id=row.identity("id"),
        where=where,  # type: ignore[arg-type]
        text=text,
        data=tuple(data),
        half=row.option("half"),
    )


def _stated(datum: SuiteRow, text: str) -> Span | None:
    """Where the row says that the datum stands, in code points; None if it does not say."""
    if "start" not in datum.values:
        return None
    span = Span(start=datum.value("start"), end=datum.value("end"))
    if span.of(text) != datum.text("text"):
        datum.bad("start、end 处不是 text", "请改正位置（码点，半开区间）")
    return span


def masked(annotated: Annotated) -> str:
    """The text as citizens see it, or as a question is written down."""
    if annotated.where == "question":
        return pii.masked(annotated.text)
    letter = Letter(
        id=annotated.id,
        text=annotated.text,
        sha256=hashlib.sha256(annotated.text.encode()).hexdigest(),
        source=annotated.id,
        title=None,
        body=Span(start=0, end=len(annotated.text)),
    )
    return redacted(letter, profile().masking).letter.text


def scored(annotated: Annotated) -> Masked:
    """One text masked and compared with what its annotator found."""
    shown = masked(annotated)
    spans = [(datum, span) for datum in annotated.data for span in _places(annotated.text, datum)]
    missed = tuple(
        dict.fromkeys(
            datum
            for datum, span in spans
            if not is_hidden(datum.kind, span.of(annotated.text), span.of(shown))
        )
    )
    # 3号楼2单元 is one run: what is masked with two characters between belongs together.
    runs = [
        Span(start=run.start(), end=run.end())
        for run in re.finditer(r"\x00+(?:[^\x00]{1,2}\x00+)*", _differing(annotated.text, shown))
    ]
    false = [run for run in runs if not any(run.meets(span) for _, span in spans)]
    return Masked(
        annotated=annotated,
        missed=missed,
        runs=len(runs),
        false=tuple(run.of(annotated.text) for run in false),
    )


def _places(text: str, datum: Datum) -> Iterator[Span]:
    if datum.span:
        yield datum.span
        return
    for match in re.finditer(re.escape(datum.text), text):
        yield Span(start=match.start(), end=match.end())


def _differing(text: str, shown: str) -> str:
    """``text`` with a NUL for each character that is hidden."""
    return "".join("\0" if was != now else was for was, now in zip(text, shown, strict=True))


def is_hidden(kind: Kind, text: str, shown: str) -> bool:
    """True if ``shown`` no longer tells the datum ``text``.

    Of a person no character may remain, of an address no numeral. Of a number at least four
    letters or digits in a row are hidden and at most eight remain, as in 138****5678; a prefix
    of the country does not count, of a mailbox only what stands before the @ does.
    """
    if kind == "person":
        return not any(was == now and was.isalnum() for was, now in zip(text, shown, strict=True))
    numerals = in_digits(text)
    if kind == "address":
        return not any(
            was == now and (digit.isdigit() or digit in "十百")
            for was, now, digit in zip(text, shown, numerals, strict=True)
        )
    prefix, mailbox = _PREFIX.match(numerals), _MAILBOX.search(text)
    start, end = prefix.end() if prefix else 0, mailbox.start() if mailbox else len(text)
    told = [
        was == now
        for was, now in zip(text[start:end], shown[start:end], strict=True)
        if was.isalnum()
    ]
    in_row = max(map(len, "".join(".#"[not seen] for seen in told).split(".")))
    return in_row >= min(_LEAST_HIDDEN, len(told) - 1) and sum(told) <= _MOST_VISIBLE


def as_text(all_masked: Sequence[Masked], *, faults: bool = False) -> str:
    """Recall by kind and precision, as a table; with ``faults`` each on a line."""
    out = [f"{'':8}{'标注':>6}{'遮去':>6}{'召回率':>8}"]
    for kind, name in NAMES.items():
        gold, kept = recall(all_masked, kind)
        out.append(f"{name:8}{gold:>8}{gold - kept:>8}{_share(gold - kept, gold):>10}")
    runs, false = precision(all_masked)
    out.append(
        f"遮去 {runs} 处，其中 {runs - false} 处是个人信息，精确率 {_share(runs - false, runs)}"
    )
    if faults:
        for one in all_masked:
            out += [f"漏\t{one.annotated.id}\t{datum.kind}\t{datum.text}" for datum in one.missed]
            out += [f"误\t{one.annotated.id}\t\t{words}" for words in one.false]
    return "\n".join(out) + "\n"


def recall(all_masked: Sequence[Masked], kind: str) -> tuple[int, int]:
    """How many data of ``kind`` were annotated, and how many of them can still be read."""
    gold = sum(datum.kind == kind for one in all_masked for datum in set(one.annotated.data))
    return gold, sum(datum.kind == kind for one in all_masked for datum in one.missed)


def precision(all_masked: Sequence[Masked]) -> tuple[int, int]:
    """How many runs of characters were hidden, and how many of them hold nothing annotated."""
    return sum(one.runs for one in all_masked), sum(len(one.false) for one in all_masked)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"

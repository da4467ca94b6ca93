"""A commitment as the columns of a row, and as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from kb.errors import WrongUse
from kb.extract.types import STRENGTHS, Commitment, Due, Precision, Strength, Target
from kb.ledger.columns import COLUMNS, CORRECTABLE, ENTRY, LABELS
from kb.ledger.types import Entry, Excerpt
from kb.profile import profile
from kb.text.chars import encodable
from kb.text.sentences import heading_path
from kb.text.titles import citation_of
from kb.types import Citation, Letter, Span

LONGEST = 2000  # code points of what staff write into a field
LONGEST_ACTION = 500
LAST_YEAR = "2100"  # in which anything can be due
# The fields of an entry that are values of several columns → what makes them; None where the
# column that is named holds none.
_PARTS: Mapping[str, tuple[Callable[..., Any], str | None]] = {
    "citation": (Citation, None),
    "span": (Span, None),
    "due": (Due, "raw"),
    "target": (Target, "text"),
}
_PATHS = tuple((*column.path.rpartition(".")[::2], column.codec) for column in ENTRY)


def entry_of(row: Sequence[Any]) -> Entry:
    """The commitment in a row of the columns ``ENTRY``; its organ by its one name."""
    parts: dict[str, dict[str, Any]] = {part: {} for part in ("", *_PARTS)}
    for (part, name, codec), value in zip(_PATHS, row, strict=True):
        parts[part][name] = codec.read(value) if codec else value
    fields = parts.pop("")
    for part, (make, telling) in _PARTS.items():
        values = parts[part]
        fields[part] = None if telling and values[telling] is None else make(**values)
    if organ := fields["organ"]:
        fields["organ"] = profile().organs.one_name(organ)
    return Entry(**fields)


def columns_of(**fields: Any) -> dict[str, Any]:
    """Fields of an ``Entry`` as columns; all columns of one are None where it is."""
    columns: dict[str, Any] = {}
    for column in COLUMNS:
        if column.field in fields:
            value = fields[column.field]
            for name in column.path.split(".")[1:]:
                value = None if value is None else getattr(value, name)
            columns[column.name] = column.codec.write(value) if column.codec else value
    return columns


def about_columns(letter: Letter) -> dict[str, Any]:
    """What the ledger repeats of a letter."""
    cited = citation_of(letter)
    topics = profile().topics_of(cited.name)
    return columns_of(citation=cited, publicity=letter.publicity, topics=topics)


def place_columns(words: Excerpt, letter: Letter) -> dict[str, Any]:
    """Where a commitment stands, and under which headings."""
    path = heading_path(letter.headings, words.span.start)
    headings = [heading.text for heading in path]
    columns = columns_of(span=words.span, text=words.text, place="found", headings=headings)
    return columns | {"letter": letter.id, "text_sum": words.text_sum}


def found_columns(words: Excerpt | None) -> dict[str, Any]:
    """What the program proposed, whatever staff make of it; None where it proposed nothing."""
    return {
        "found_start": words.span.start if words else None,
        "found_stop": words.span.end if words else None,
        "found_words": words.text if words else None,
    }


def read_columns(found: Commitment) -> dict[str, Any]:
    """What the program read out of the words."""
    return columns_of(
        organ=found.organ,
        co_organs=found.co_organs,
        action=found.action,
        due=found.due,
        target=found.target,
        strength=found.strength,
        vague=found.vague,
        conditional=found.conditional,
    )


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Corrections by name, as columns. Raises WrongUse for what makes no sense."""
    for name, value in fields.items():
        if name not in CORRECTABLE:
            raise WrongUse(f"没有可更正的项目“{name}”；可以更正：{'、'.join(CORRECTABLE)}")
        if check := _CHECKS.get(name):
            check(value)
    columns = columns_of(**fields)
    if "organ" in columns:
        columns["organ"] = columns["organ"] or None
    for name, text in columns.items():
        if isinstance(text, str):
            _check_text(text, LABELS[name])
    return columns


def _check_text(text: str, label: str) -> None:
    longest = LONGEST_ACTION if label == LABELS["action"] else LONGEST
    if len(text) > longest:
        raise WrongUse(f"{label}不能超过 {longest} 个字；请写短一些")
    if not encodable([text]) or any(mark < " " and mark not in "\t\r\n" for mark in text):
        raise WrongUse(f"{label}里有无法保存的控制字符；请重新输入")


def _check_due(due: Due | None) -> None:
    days = [day for day in (due.first, due.last) if day] if due else []
    try:
        sound = all(date.fromisoformat(day).isoformat() == day for day in days)
    except ValueError:
        sound = False
    known = get_args(Precision)
    if due and not (sound and days == sorted(days) and due.raw and due.precision in known):
        raise WrongUse("期限要有文字，首日和末日要写成 2025-06-30 的样子，首日不晚于末日；请改正")
    if days and days[-1][:4] > LAST_YEAR:
        raise WrongUse(f"期限 {days[-1]} 太晚；请写 {LAST_YEAR} 年以前的日子")


def _check_target(target: Target | None) -> None:
    if target and target.value < 0:
        raise WrongUse(f"目标的数值 {target.value:g} 不能是负数；请改正")


def _check_strength(strength: str) -> None:
    if strength not in get_args(Strength):
        raise WrongUse(f"语气“{strength}”应是 {'、'.join(STRENGTHS.values())} 之一；请改正")


_CHECKS: Mapping[str, Callable[[Any], None]] = {
    "due": _check_due,
    "target": _check_target,
    "strength": _check_strength,
}

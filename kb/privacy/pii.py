"""Personal data in free text: where it stands, and the text with it hidden.

Whatever a citizen wrote is shown or written down through ``masked`` and ``logged`` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from kb.privacy import contacts, mentions
from kb.privacy.address_rules import BUILDING, HOME
from kb.privacy.contact_rules import CONTACTS
from kb.privacy.pii_rules import RULES, PiiRule
from kb.privacy.rule import views
from kb.settings import QuestionLog
from kb.types import Span

HIDDEN = "*"
NAME, PHONE, MOBILE = "姓名", "联系电话", "手机号"
_OWNED = ("手机号", "身份证号", "银行卡号", "QQ号", "微信号", "证件号")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Personal data: its ``kind`` in Chinese, where it stands in code points, and which of its
    characters are hidden."""

    kind: str
    span: Span
    places: tuple[int, ...]


def found(text: str, *, contact_persons: bool = True, buildings: bool = True) -> tuple[Found, ...]:
    """Personal data in ``text``, in the order of the text; none overlaps another.

    Document and proposal numbers, dates, amounts and landlines of offices are none. Without
    ``contact_persons``, those whom a text names for contact (联系人) are none either; without
    ``buildings``, neither are 3号楼5单元, which are no one's home.
    Takes as long as the text is long.
    """
    view = views(text)
    words, digits = view["words"], view["digits"]
    rules = (rule for rule in RULES if buildings or rule.kind != BUILDING)
    data = [datum for rule in rules for datum in _by(rule, view[rule.view])]
    owned = [datum.span for datum in data if datum.kind in _OWNED]
    data += [_all(NAME, name, words) for span in owned for name in mentions.owners(words, span)]
    homes = [datum.span for datum in data if datum.kind == HOME]
    data += [_all(NAME, name, words) for span in homes for name in mentions.residents(words, span)]
    data += _contacts(words) if contact_persons else []
    persons = [datum.span for datum in data if datum.kind == NAME]
    phones = [phone for name in persons if (phone := mentions.landline(digits, name))]
    data += [_all(PHONE, phone, digits) for phone in phones]
    mobiles = [datum.span for datum in data if datum.kind == MOBILE]
    beside = {
        further for phone in (*phones, *mobiles) for further in mentions.further(digits, phone)
    }
    data += [_all(PHONE, phone, digits) for phone in beside]
    again = mentions.elsewhere({span.of(words) for span in persons}, words)
    return tuple(_merged([*data, *(_all(NAME, name, words) for name in again)]))


def masked(text: str) -> str:
    """``text`` with personal data as 138****5678; as many code points, the rest untouched."""
    shown = list(text)
    for datum in found(text):
        for place in datum.places:
            shown[place] = HIDDEN
    return "".join(shown)


# A question is logged when it was answered and noted a moment later.
_LOGGED: Mapping[QuestionLog, Callable[[str], str | None]] = {
    "off": lambda _: None,
    "masked": lru_cache(64)(masked),
    "on": str,
}


def logged(text: str, how: QuestionLog) -> str | None:
    """What of a citizen's words may be written down: nothing (None), masked, or all of it."""
    return _LOGGED[how](text)


def _by(rule: PiiRule, view: str) -> Iterator[Found]:
    """What ``rule`` finds. Where its find was none, it is tried again a character further."""
    match = rule.pattern.search(view)
    while match:
        at = match.start() + 1
        for span in rule.finds(view, Span(start=match.start("hide"), end=match.end("hide"))):
            places = [
                place for place in range(span.start, span.end) if rule.hides.match(view[place])
            ]
            hidden = tuple(places[rule.front : len(places) - rule.back])
            outer = Span(start=min(match.start(), span.start), end=max(match.end(), span.end))
            if hidden:
                yield Found(
                    kind=rule.kind, span=outer if rule.view == "digits" else span, places=hidden
                )
            at = max(at, outer.end)
        match = rule.pattern.search(view, at)


def _all(kind: str, span: Span, view: str) -> Found:
    """A datum of which all is hidden: every digit of a number, every character of a name."""
    hides = str.isascii if kind == PHONE else str.isalnum
    places = tuple(
        place
        for place in range(span.start, span.end)
        if hides(view[place]) and view[place].isalnum()
    )
    return Found(kind=kind, span=span, places=places)


def _contacts(words: str) -> Iterator[Found]:
    for row in CONTACTS:
        for span in contacts.named(words, row):
            yield _all(PHONE if any(map(str.isdecimal, span.of(words))) else NAME, span, words)


def _merged(data: Iterable[Found]) -> Iterator[Found]:
    """``data`` in the order of the text; what overlaps is one, of the kind of the longer."""
    group, end = list[Found](), 0
    for datum in sorted(data, key=lambda datum: (datum.span.start, -datum.span.end)):
        if group and datum.span.start >= end:
            yield _one(group, end)
            group = []
        group.append(datum)
        end = max(end, datum.span.end)
    if group:
        yield _one(group, end)


def _one(group: Sequence[Found], end: int) -> Found:
    span = Span(start=group[0].span.start, end=end)
    return replace(group[0], span=span, places=tuple(chain(*(datum.places for datum in group))))

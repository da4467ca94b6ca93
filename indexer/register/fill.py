"""What a register tells that its letter does not say, and where the two differ.

A filled field has the rule ``register`` and no span, so that nothing can quote it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.register.assembly import agree
from indexer.register.candidates import Known, Sought
from indexer.register.likeness import number_key, same_organ, same_person, same_title
from kb.privacy import pii
from kb.privacy.pii import HIDDEN
from kb.privacy.publicity import CONTRIBUTION
from kb.profile import Masking
from kb.store.register import CONFLICT, RULE, Conflict, Outcome
from kb.text.organs import ORGAN
from kb.types import Field, Letter

Told = Mapping[str, tuple[str, ...]]  # a field's name → its values
# What is told of the reply and not of the proposal, as of which several letters are alike.
_OF_ONE = frozenset(("result_class", "issuer", "number", "co_organs", "addressees"))


def stripped(letter: Letter) -> Letter:
    """``letter`` without what registers gave it."""
    if CONFLICT not in letter.flags and not any(_given(letter)):
        return letter
    return replace(
        letter,
        fields={name: field for name, field in letter.fields.items() if field.rule != RULE},
        lists={
            name: kept
            for name, many in letter.lists.items()
            if (kept := tuple(field for field in many if field.rule != RULE))
        },
        flags=tuple(flag for flag in letter.flags if flag != CONFLICT),
    )


def _given(letter: Letter) -> Iterator[bool]:
    for field in letter.fields.values():
        yield field.rule == RULE
    for many in letter.lists.values():
        yield from (field.rule == RULE for field in many)


def filled(
    letter: Letter,
    joined: Sequence[tuple[Sought, Outcome]],
    masking: Masking,
    *,
    settled: Collection[str] = (),
) -> Letter:
    """``letter`` with what its rows tell besides; a field of which two rows differ stays empty.

    So do those of ``settled``, of which somebody said what the letter has.
    """
    tellings = [_told(letter, sought, outcome, masking) for sought, outcome in joined]
    names = dict.fromkeys(name for telling in tellings for name in telling)
    fields, lists = dict(letter.fields), dict(letter.lists)
    for name in names:
        values = {telling[name] for telling in tellings if name in telling}
        if len(values) > 1 or name in fields or name in lists or name in settled:
            continue
        given = tuple(Field(value=value, span=None, rule=RULE) for value in values.pop())
        if name in _LISTS:
            lists[name] = given
        else:
            fields[name] = given[0]
    differs = any(
        conflict.letter_id == letter.id for _, outcome in joined for conflict in outcome.conflicts
    )
    flags = (*letter.flags, CONFLICT) if differs else letter.flags
    return replace(letter, fields=fields, lists=lists, flags=flags)


_LISTS = frozenset(("addressees", "co_organs"))
# What citizens may be shown of a cell must be just that: beside it may stand a person's telephone.
_IS: Mapping[str, re.Pattern[str]] = {
    "issuer": re.compile(ORGAN),
    "co_organs": re.compile(ORGAN),
    "addressees": re.compile(r"[\u4e00-\u9fff·]{2,30}"),
    "number": re.compile(r"[\u4e00-\u9fffA-Za-z]{1,20}[〔\[（(【﹝]\d{4}[〕\]）)】﹞]第?\d{1,5}号"),
}


def _told(letter: Letter, sought: Sought, outcome: Outcome, masking: Masking) -> Told:
    """What a row tells of ``letter`` and how a citizen may see it."""
    row = sought.row
    host = row.host or (row.organs if len(row.organs) == 1 and not row.co_organs else ())
    told: dict[str, tuple[str, ...]] = {
        "assembly": (row.assembly,),
        "kind": sought.kinds[:1] if len(sought.kinds) == 1 else (),
        "proposal_no": row.numbers if len(row.numbers) == 1 else (),
        "proposal_title": (pii.masked(row.title),),
        "result_class": (row.result_class,),
        "number": (row.reply_number,),
        "issuer": host if len(host) == 1 else (),
        "co_organs": row.co_organs,
        "addressees": row.proposers if _may_name(letter, host, masking) else (),
    }
    for name, pattern in _IS.items():
        told[name] = tuple(value for value in told[name] if pattern.fullmatch(value))
    alone = len(outcome.letters) == 1 and not takes_part(letter, sought)
    return {
        name: values
        for name, values in told.items()
        if any(values) and (alone or name not in _OF_ONE)
    }


def _may_name(letter: Letter, host: Sequence[str], masking: Masking) -> bool:
    """True if wherever the letter comes from citizens may see who brought a proposal."""
    organs = (letter.value("issuer"), *host)
    return all(masking.of(organ).members for organ in organs)


def takes_part(letter: Letter, sought: Sought) -> bool:
    """True of a letter that is no reply by itself: a 会办意见, or of an organ that takes part."""
    issuer, row = letter.value("issuer") or "", sought.row
    helps = bool(issuer) and any(same_organ(issuer, organ) for organ in row.co_organs)
    hosts = bool(issuer) and any(same_organ(issuer, organ) for organ in row.host)
    return CONTRIBUTION in letter.flags or (helps and not hosts)


def conflicts(letter: Letter, known: Known, sought: Sought) -> Iterator[Conflict]:
    """Where ``letter`` and its row differ."""
    for name, differs, said in _differences(known, sought):
        if differs:
            yield Conflict(
                letter_id=letter.id, field=name, letter=_shown(letter, name), register=said
            )
    graded = letter.value("result_class")
    row = sought.row
    if graded and row.result_class and not known.contribution and graded != row.result_class:
        yield Conflict(
            letter_id=letter.id, field="result_class", letter=graded, register=row.result_class
        )


def _differences(known: Known, sought: Sought) -> Iterator[tuple[str, bool, str]]:
    """The name of a field, whether letter and row differ in it, and what the row says."""
    row = sought.row
    if known.numbers and sought.numbers:
        yield "proposal_no", not known.numbers & sought.numbers, "、".join(row.numbers)
    if known.assembly and sought.assembly:
        yield "assembly", not agree(known.assembly, sought.assembly), row.assembly
    if known.kind and row.kind:
        plans = ("建议", "议案")
        same = known.kind == row.kind or (known.kind in plans and row.kind in plans)
        yield "kind", not same, row.kind
    if known.title and sought.title and HIDDEN not in known.title:
        yield "proposal_title", not same_title(known.title, sought.title), row.title
    if known.issuer and sought.organs and not known.contribution:
        same = any(same_organ(known.issuer, organ) for organ in sought.organs)
        yield "issuer", not same, "、".join(sought.organs)
    if known.contribution:
        return
    if known.reply_number and sought.reply_number:
        same = number_key(row.reply_number) == known.reply_number
        yield "number", not same, row.reply_number
    hidden = any(HIDDEN in name for name in known.addressees)
    if known.addressees and row.proposers and not hidden:
        same = same_person(known.addressees, row.proposers)
        yield "addressees", not same, "、".join(row.proposers)


def _shown(letter: Letter, name: str) -> str:
    if name in _LISTS:
        return "、".join(field.value for field in letter.lists.get(name, ()))
    return letter.value(name) or ""

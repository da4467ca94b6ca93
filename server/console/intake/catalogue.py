"""The letters of a snapshot as staff look for them: by number, member, organ, proposal, flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.intake.corrections import CORRECTED
from kb.intake.flags import DOUBTS, NEEDED, doubtful, stood_for, told
from kb.privacy.publicity import reasons
from kb.privacy.redact import MASKED
from kb.store.kin import SetAside
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.titles import name_of
from kb.text.tokens import number_key
from kb.types import EVERY_LETTER, Letter, Publicity, Scope

PUBLIC = Scope(public_only=True)
ASIDE = "aside"
WHERE: Mapping[str, str] = {
    "": "不限",
    "number": "文号",
    "member": "答复对象",
    "organ": "单位",
    "proposal": "提案的题目、编号",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A letter as the list has it; ``words`` is what it is looked up by, folded.

    ``aside`` if another letter stands for it: it is in the list where that is asked for.
    """

    id: str
    name: str
    number: str
    issuer: str
    issued_on: str
    result_class: str
    proposal_no: str
    members: tuple[str, ...]
    publicity: Publicity
    flags: tuple[str, ...]
    missing: bool
    aside: bool
    told: tuple[str, ...]
    words: Mapping[str, str]


FLAGS: Mapping[str, tuple[str, Callable[[Listed], bool]]] = {
    "doubt": ("可能读得不准", lambda one: doubtful(one.flags)),
    "missing": ("缺单位、文号或日期", lambda one: one.missing),
    "held": ("会办意见、标记不清等，暂不给市民看", lambda one: bool(reasons(one.flags))),
    "not_public": ("市民看不到", lambda one: one.publicity != "public"),
    "masked": ("遮去了个人信息", lambda one: MASKED in one.flags),
    "corrected": ("经人更正", lambda one: CORRECTED in one.flags),
    ASIDE: ("副本、较早的版本", lambda one: one.aside),
}


def found(
    reader: SnapshotReader, *, whole: bool, words: str = "", where: str = "", flag: str = ""
) -> list[Listed]:
    """The letters that have all the ``words`` ``where`` and the ``flag``, the newest first.

    ``whole`` if those that are not public are among them, and persons that are masked are found.
    """
    wanted = [_pattern(word) for word in words.split()]
    return [
        listed
        for listed in catalogue(reader, whole)
        if _has(listed, flag) and all(_in(listed, word, where) for word in wanted)
    ]


def offered(reader: SnapshotReader, *, whole: bool) -> dict[str, str]:
    """The flags that some letter has, and how many have it."""
    listed = catalogue(reader, whole)
    numbers = {flag: sum(_has(one, flag) for one in listed) for flag in (*FLAGS, *DOUBTS)}
    words = {flag: word for flag, (word, _) in FLAGS.items()}
    words |= {flag: word.partition("；")[0] for flag, word in DOUBTS.items()}
    return {flag: f"{words[flag]}（{count}）" for flag, count in numbers.items() if count}


@memo()
def catalogue(reader: SnapshotReader, whole: bool) -> tuple[Listed, ...]:
    """The letters of ``reader``, the newest first."""
    aside = reader.set_aside()
    apart = (one.head for one in aside.values() if whole or one.head.publicity == "public")
    heads = (*reader.letters(EVERY_LETTER if whole else PUBLIC), *apart)
    letter_of = reader.unmasked if whole else reader.letter
    # Whether something is masked is told by the letter as citizens see it.
    listed = [
        _listed(letter_of(head.id), reader.letter(head.id).flags, aside.get(head.id))
        for head in heads
    ]
    return tuple(sorted(listed, key=lambda one: (one.issued_on, one.id), reverse=True))


def _listed(letter: Letter, flags: tuple[str, ...], aside: SetAside | None) -> Listed:
    members = tuple(member.value for member in letter.lists.get("addressees", ()))
    organs = (letter.value("issuer") or "", *_values(letter, "co_organs"), *_values(letter, "cc"))
    number, proposal_no = letter.value("number") or "", letter.value("proposal_no") or ""
    proposal = (letter.value("proposal_title") or "", _numbers(proposal_no))
    own = letter.title.value if letter.title else ""
    words = {
        "number": number_key(number),
        "member": searchable("\n".join(members)),
        "organ": searchable("\n".join(organs)),
        "proposal": searchable("\n".join(proposal)),
        "title": searchable(f"{own}\n{letter.id}"),
    }
    return Listed(
        id=letter.id,
        name=name_of(letter),
        number=number,
        issuer=letter.value("issuer") or "",
        issued_on=letter.value("issued_on") or "",
        result_class=letter.value("result_class") or "",
        proposal_no=proposal_no,
        members=members,
        publicity=letter.publicity,
        flags=flags,
        missing=not all(letter.value(name) for name in NEEDED),
        aside=aside is not None,
        told=(*stood_for(aside), *(reason.why for reason in reasons(flags)), *told(flags)),
        words=words,
    )


def _values(letter: Letter, name: str) -> tuple[str, ...]:
    return tuple(member.value for member in letter.lists.get(name, ()))


def _numbers(proposal_no: str) -> str:
    """A proposal's number with and without the zeros before it, as people type it."""
    return f"第{proposal_no}号 第{proposal_no.lstrip('0')}号" if proposal_no else ""


def _pattern(word: str) -> re.Pattern[str]:
    """What finds ``word``, as a document number too; no part of a longer number: 3号 in 13号."""
    keys = {searchable(word), number_key(word)} - {""}
    ways = (
        ("(?<![0-9])" if key[0].isdigit() else "")
        + re.escape(key)
        + ("(?![0-9])" if key[-1].isdigit() else "")
        for key in sorted(keys)
    )
    return re.compile("|".join(ways))


def _in(listed: Listed, word: re.Pattern[str], where: str) -> bool:
    if where in listed.words:
        return bool(word.search(listed.words[where]))
    return any(word.search(words) for words in listed.words.values())


def _has(listed: Listed, flag: str) -> bool:
    if listed.aside and flag != ASIDE:
        return False
    if not flag:
        return True
    return FLAGS[flag][1](listed) if flag in FLAGS else flag in listed.flags

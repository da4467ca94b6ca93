"""Names in the ledger that are probably one organ's, for a person to say so in the profile.

Nothing is merged here: the profile's ``[organs]`` is what makes names one organ's.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.errors import WrongUse
from kb.ledger.queries import names_of_organs, organs
from kb.ledger.types import Entry, OrganNotFound
from kb.profile import Profile, profile
from kb.staff.connection import Database
from kb.staff.permissions import same_organ

# The place at the beginning of a name: 云岭市, 云岭市青河区, or only its level, as in 市住建局.
_PLACE = re.compile(
    r"(?:[^省市县区]{2,8}(?:省|自治区))?(?:[^省市县区]{2,8}市(?!场))?(?:[^省市县区]{1,6}(?:(?<![新发范])区|县))?"
)
_LEVEL = re.compile(r"[省市县区](?!场|域|划)")
_ENDS = (("委员会", "委"), ("办公室", "办"), ("管理中心", "中心"))
NEAR = 5  # organs that an error names
SHORTEST = 3  # characters of a name without its place that may be shortened


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """``others`` are probably names of ``full``; ``line`` is what says so in ``[organs]``."""

    full: str
    others: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    whole: str
    place: str
    level: str
    rest: str


def likely_same(names: Sequence[str], profile: Profile) -> tuple[Likely, ...]:
    """The organs of which one of ``names`` is the full name and others are probably short for it.

    A name counts as short where it is the full one without its place, or its characters stand in
    the full one in their order (城管局 in 城市管理局), of the same place or of its level. What
    could be short for two is nobody's.
    """
    one = profile.organs.one_name
    known = [_parted(name) for name in dict.fromkeys(map(one, names))]
    given: dict[str, list[str]] = {}
    for short in known:
        full = [name for name in known if name is not short and _shortens(short, name, profile)]
        if len(full) == 1:
            given.setdefault(full[0].whole, []).append(short.whole)
    chained = {short for others in given.values() for short in others}
    return tuple(
        _likely(full, tuple(others), profile)
        for full, others in sorted(given.items())
        if full not in chained
    )


def _likely(full: str, others: tuple[str, ...], profile: Profile) -> Likely:
    every = dict.fromkeys((*profile.organs.names.get(full, ()), *others))
    listed = ", ".join(f'"{name}"' for name in every)
    return Likely(full=full, others=others, line=f'"{full}" = [{listed}]')


def _parted(name: str) -> _Name:
    match = _PLACE.match(name)
    place = match[0] if match else ""
    rest = name[len(place) :]
    level = place[-1:] if place else ""
    if not place and (bare := _LEVEL.match(rest)):
        level, rest = bare[0], rest[1:]
    return _Name(whole=name, place=place, level=level, rest=rest)


def _shortens(short: _Name, full: _Name, profile: Profile) -> bool:
    """True if ``short`` is probably a way of saying ``full``, which names its place."""
    if not full.place or len(full.rest) < SHORTEST:
        return False
    if short.place:
        if not full.place.endswith(short.place):
            return False
    elif short.level not in ("", full.level):
        return False
    if short.rest == full.rest:
        return short.place != full.place
    if len(short.rest) >= len(full.rest):
        return False
    return short.rest in _told(full.rest, profile) or _abbreviates(short.rest, full.rest)


def _told(rest: str, profile: Profile) -> frozenset[str]:
    return frozenset(
        rest.replace(part, way) for part, ways in profile.short.items() for way in ways
    )


def _abbreviates(short: str, full: str) -> bool:
    """True if the characters of ``short`` stand in ``full`` in order, with its first and last."""
    whole, short = (next(_ended(name), name).removeprefix("人民") for name in (full, short))
    if len(short) < SHORTEST or short[0] != whole[0] or short[-1] != whole[-1]:
        return False
    rest = iter(whole)
    return all(character in rest for character in short)


def _ended(name: str) -> Iterator[str]:
    return (name.removesuffix(full) + end for full, end in _ENDS if name.endswith(full))


def check_organ(database: Database, organ: str, *, also: Sequence[str] = ()) -> None:
    """Raise OrganNotFound, with the organs of the likest names, where nobody knows ``organ``.

    Known are those of the ledger and ``also``, by any way to write them.
    """
    known = sorted({*organs(database), *also})
    if any(same_organ(organ, name) or same_organ(name, organ) for name in known):
        return
    near = difflib.get_close_matches(organ, known, n=NEAR, cutoff=0.4) or known[:NEAR]
    shown = "、".join(near) or "还没有"
    more = f"等 {len(known)} 个" if len(known) > len(near) else ""
    raise OrganNotFound(f"没有“{organ[:100]}”这个单位；台账里有：{shown}{more}，请从中选择")


_NAME = re.compile(r"[\w（）()·]{3,60}")  # what the name of an organ may be, a new one's too


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The organs that a correction may name, by every name; with ``new`` others too."""

    names: frozenset[str]
    new: bool = False

    def check(self, name: str) -> None:
        """Raise WrongUse where nobody knows the organ, with those of the likest names."""
        if name in self.names or (self.new and _NAME.fullmatch(name)):
            return
        if not _NAME.fullmatch(name):
            raise WrongUse(f"“{name[:60]}”不是单位的名称；请写全称，3 到 60 个字")
        near = difflib.get_close_matches(name, sorted(self.names), n=NEAR, cutoff=0.4)
        likest = f"名称相近的有：{'、'.join(near)}；" if near else ""
        raise WrongUse(
            f"台账、复文和地方配置里都没有“{name}”这个单位；{likest}"
            "请改用已有的名称，确是新的单位请主管或管理员勾选“新的单位”"
        )

    def check_fields(self, now: Entry, fields: Mapping[str, Any]) -> None:
        """The same for every organ that corrected ``fields`` bring in; nor may the one go."""
        if "organ" in fields and now.organ and not (fields["organ"] or "").strip():
            raise WrongUse("负责单位不能改成空的；请写由哪个单位负责")
        named = {fields.get("organ"), *fields.get("co_organs", ())}
        for name in sorted(filter(None, named - {now.organ, *now.co_organs})):
            self.check(name)


def known_organs(database: Database, issuers: Iterable[str | None], *, new: bool = False) -> Known:
    """Those of the ledger, of letters (``issuers``) and of the profile."""
    beside = database.execute("SELECT DISTINCT value FROM commitment, json_each(co_organs)")
    listed = profile().organs
    names = {*names_of_organs(database), *(name for (name,) in beside), *filter(None, issuers)}
    names |= {*listed.names, *(name for every in listed.names.values() for name in every)}
    return Known(names=frozenset(names | {listed.one_name(name) for name in names}), new=new)

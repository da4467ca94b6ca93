"""What differs from place to place, as data: meanings of result classes, names of organs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.errors import WrongUse

PROFILES = Path(__file__).parent / "profiles"
SHORTEST = 3  # characters of an alias
SATURDAY = 5  # as date.weekday counts
# The place that an issuer's name begins with; 市场 and 开发区 are no places.
_PLACE = re.compile(
    r"(?:[^省市]{2,8}?(?:省|自治区))?(?:[^省市]{2,8}?市(?!场监|委))?(?:[^省市]{1,6}?(?:(?<![新发范])区|县))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days off that fall on weekdays, and weekend days that are worked; none if not known."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def after(self, day: date, count: int) -> tuple[date, bool]:
        """The ``count``-th working day after ``day``, and whether the holidays were known."""
        last = day
        while count > 0:
            last += timedelta(days=1)
            off = last.weekday() >= SATURDAY and last not in self.worked
            count -= not (off or last in self.holidays)
        years = {day.year for day in self.holidays}
        return last, {day.year, last.year} <= years


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """What citizens are shown of the persons in a letter; what is not shown is hidden.

    ``contacts``: contact persons with their phones; ``landlines``: phones and mailboxes of
    offices; ``members``: who brought the proposal. ``places`` maps what an issuer's name begins
    with to its own.
    """

    contacts: bool = False
    landlines: bool = True
    members: bool = True
    places: Mapping[str, Masking] = field(default_factory=dict)

    def of(self, issuer: str | None) -> Masking:
        """What holds for letters of ``issuer``."""
        named = (
            masking for name, masking in self.places.items() if issuer and issuer.startswith(name)
        )
        return next(named, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``classes`` maps a result class to its meaning in plain words; ``short`` maps parts of
    an organ's full name to the ways people shorten them; ``topics`` maps a topic to words that a
    letter's title names it by; ``calendar`` is for counting working days;
    ``masking`` says what citizens see of persons; ``solved`` and ``under_way`` are the classes
    that say that it is done, and that it is going to be."""

    classes: Mapping[str, str]
    short: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, tuple[str, ...]]
    calendar: Calendar = Calendar()
    masking: Masking = Masking()
    solved: frozenset[str] = frozenset()
    under_way: frozenset[str] = frozenset()

    def meaning(self, result_class: str | None) -> str | None:
        """The class in plain words, or None if this place does not define it."""
        return self.classes.get(result_class) if result_class else None

    def topics_of(self, title: str) -> tuple[str, ...]:
        """The topics that ``title`` names, in the order of the table."""
        return tuple(
            topic for topic, words in self.topics.items() if any(word in title for word in words)
        )

    def aliases(self, issuer: str) -> tuple[str, ...]:
        """The full name, the name without its place, and the short forms; 3 characters or more."""
        rest = issuer[len(match[0]) :] if (match := _PLACE.match(issuer)) else issuer
        names = [issuer, rest if len(rest) >= SHORTEST else issuer]
        for full, ways in self.short.items():
            names += [n.replace(full, way) for way in ways for n in names[:2] if full in n]
        return tuple(name for name in dict.fromkeys(names) if len(name) >= SHORTEST)


SHOWN: Mapping[str, bool] = {"shown": True, "hidden": False}


def _masking(table: Mapping[str, Any]) -> Masking:
    """The table ``[masking]``; what a place does not say is as everywhere."""
    everywhere = {name: value for name, value in table.items() if name != "places"}
    known = Masking.__slots__[:-1]
    for name, value in everywhere.items():
        if name not in known or value not in SHOWN:
            raise WrongUse(
                f"地方配置的 [masking] 里 {name} = {value!r} 不对；"
                f"可用的项是 {'、'.join(known)}，值是 {' 或 '.join(SHOWN)}"
            )
    places = {
        name: _masking({**everywhere, **own}) for name, own in dict(table.get("places", {})).items()
    }
    return Masking(**{name: SHOWN[value] for name, value in everywhere.items()}, places=places)


@lru_cache(maxsize=8)
def profile(name: str = "common") -> Profile:
    """The profile in ``kb/profiles/<name>.toml``."""
    content = tomllib.loads((PROFILES / f"{name}.toml").read_text(encoding="utf-8"))
    short, topics = (
        {key: tuple(words) for key, words in content[table].items()}
        for table in ("short", "topics")
    )
    days = {name: frozenset(listed) for name, listed in content.get("calendar", {}).items()}
    return Profile(
        classes=content["classes"],
        short=short,
        topics=topics,
        calendar=Calendar(**days),
        masking=_masking(content.get("masking", {})),
        **{name: frozenset(listed) for name, listed in content.get("standing", {}).items()},
    )

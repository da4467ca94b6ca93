"""What differs from place to place, as data: meanings of result classes, names of organs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.calendars import YEARLY, Calendar, calendar_of
from kb.contacts import Contacts, contacts_of, mailboxes_of
from kb.errors import WrongUse, reason

PROFILES = Path(__file__).parent / "profiles"
SHORTEST = 3  # characters of an alias
# The place that an issuer's name begins with; 市场 and 开发区 are no places.
_PLACE = re.compile(
    r"(?:[^省市]{2,8}?(?:省|自治区))?(?:[^省市]{2,8}?市(?!场监|委))?(?:[^省市]{1,6}?(?:(?<![新发范])区|县))?"
)


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
class Held:
    """Kinds of letters that citizens are never shown, whatever mark of publicity they bear.

    ``contributions``: 会办意见, written to the organ that replies; ``not_to_forward``: what is
    only for that organ, or not to be passed on.
    """

    contributions: bool = True
    not_to_forward: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Organs:
    """Organs that go by several names: ``names`` maps the full name of each to the others."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    full: Mapping[str, str] = field(default_factory=dict)

    def one_name(self, name: str) -> str:
        """The full name of the organ that goes by ``name``; ``name`` itself where none is told."""
        return self.full.get(name, name)

    def spellings(self, name: str) -> tuple[str, ...]:
        """Every name that the organ of ``name`` goes by, the full one first."""
        full = self.one_name(name)
        return (full, *self.names.get(full, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``classes`` maps a result class to its meaning in plain words; ``short`` maps parts of
    an organ's full name to the ways people shorten them; ``topics`` maps a topic to words that a
    letter's title names it by; ``calendar`` is what due dates are told by;
    ``masking`` says what citizens see of persons, ``held`` which letters they never see,
    ``contacts`` whom they can turn to; ``organs`` which names are one organ's; ``mailboxes`` maps
    an organ, by any of its names, to where it is reminded of what it promised; ``solved`` and
    ``under_way`` are the classes that say that it is done, and that it is going to be."""

    classes: Mapping[str, str]
    short: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, tuple[str, ...]]
    calendar: Calendar = field(default_factory=Calendar)
    masking: Masking = Masking()
    held: Held = Held()
    contacts: Contacts = field(default_factory=Contacts)
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    organs: Organs = field(default_factory=Organs)
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
        names += self.organs.spellings(issuer)
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


HELD: Mapping[str, bool] = {"held": True, "as_marked": False}


def _held(table: Mapping[str, Any]) -> Held:
    """The table ``[held]``; what a place does not say is held."""
    for name, value in table.items():
        if name not in Held.__slots__ or value not in HELD:
            raise WrongUse(
                f"地方配置的 [held] 里 {name} = {value!r} 不对；"
                f"可用的项是 {'、'.join(Held.__slots__)}，值是 {' 或 '.join(HELD)}"
            )
    return Held(**{name: HELD[value] for name, value in table.items()})


def _organs(table: Mapping[str, Any]) -> Organs:
    """The table ``[organs]``: full name = [other names]; a name is one organ's only."""
    full: dict[str, str] = {}
    for organ, names in table.items():
        for name in names if isinstance(names, list) else [None]:
            if not isinstance(name, str) or name in table or full.get(name, organ) != organ:
                raise WrongUse(
                    f"地方配置的 [organs] 里 {organ} = {names!r} 不对；请写成 "
                    '"云岭市城市管理局" = ["市城管局"]，'
                    "一个简称只属于一个单位，也不能是另一个的全称"
                )
            full[name] = organ
    return Organs(names={organ: tuple(names) for organ, names in table.items()}, full=full)


COMMON = "common"
_chosen = [COMMON]


def choose(name: str) -> None:
    """Have ``profile()`` give the profile ``name`` from now on: once a program, at its main.

    Raises WrongUse, saying what is wrong with it.
    """
    profile(name)
    _chosen[:] = [name]


def chosen() -> str:
    """The name of the profile in force."""
    return _chosen[0]


def profile(name: str | None = None) -> Profile:
    """The profile in force, or the one that is named. Raises WrongUse."""
    return _profile(name or chosen())


@lru_cache(maxsize=8)
def _profile(name: str) -> Profile:
    """The profile of that name here, or in the file of that name, over what holds everywhere."""
    content = _content(COMMON)
    if name != COMMON:
        for table, own in _content(name).items():
            if not isinstance(own, dict) or table not in TABLES:
                raise WrongUse(
                    f"地方配置 {name} 里没有 {table} 这张表；可用的是 {'、'.join(TABLES)}"
                )
            content[table] = {**content.get(table, {}), **own}
    short, topics = (
        {key: tuple(words) for key, words in content[table].items()}
        for table in ("short", "topics")
    )
    return Profile(
        classes=content["classes"],
        short=short,
        topics=topics,
        calendar=calendar_of(content),
        masking=_masking(content.get("masking", {})),
        held=_held(content.get("held", {})),
        contacts=contacts_of(content.get("contacts", {})),
        mailboxes=mailboxes_of(content.get("mailboxes", {})),
        organs=_organs(content.get("organs", {})),
        **{name: frozenset(listed) for name, listed in content.get("standing", {}).items()},
    )


TABLES = (
    "classes", "standing", "short", "organs", "topics", "calendar", *YEARLY, "masking", "held",
    "contacts", "mailboxes",
)  # fmt: skip


def _content(name: str) -> dict[str, Any]:
    """The tables of a profile. Raises WrongUse."""
    path = Path(name) if name.endswith(".toml") else PROFILES / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        known = "、".join(sorted(file.stem for file in PROFILES.glob("*.toml")))
        raise WrongUse(
            f"没有地方配置 {name!r}（{reason(error)}）；"
            f"KB_PROFILE 写一个 .toml 文件，或随库的 {known}"
        ) from None
    except ValueError as error:
        raise WrongUse(f"地方配置 {name!r} 不是 UTF-8 的 TOML（{error}）；请改正") from None

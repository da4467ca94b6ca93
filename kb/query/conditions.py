"""The conditions that a list of letters is asked for by, and which letters' heads meet them."""

from __future__ import annotations

from dataclasses import dataclass

from kb.text.traditional import simplified
from kb.types import LetterHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from ``first`` to ``last``, both within, as ISO dates; ``called`` is it in words."""

    first: str
    last: str
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An assembly's session as a question names it: 市政协五届三次会议, or a part of that."""

    called: str
    body: str = ""
    term: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConditions:
    """The conditions of a list; an empty one admits every letter.

    ``organs`` is how the question calls the issuers; ``topic`` holds the words that a title or a
    heading must hold. ``partners`` are organs that took part, ``people`` and ``bodies`` those who
    brought the proposal; ``together`` that several did. ``newest`` is how many of the newest are
    asked for, ``each`` by what they are counted besides: year, class, issuer or kind.
    ``shows`` is the field that is asked of each letter, or "card" for what the newest says.
    """

    organs: tuple[str, ...] = ()
    issuers: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    consulted: bool = False
    topic: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    together: bool = False
    session: Session | None = None
    newest: int | None = None
    each: str = ""
    shows: str = ""

    def admits(self, head: LetterHead) -> bool:
        """True if the letter meets every condition that its head can tell of."""
        about = simplified(f"{head.issuer or ''}\n{head.title or ''}")
        return (
            (not self.issuers or head.issuer in self.issuers)
            and self._dated(head.issued_on or "")
            and (not self.classes or head.result_class in self.classes)
            and (not self.kinds or simplified(head.kind or "") in self.kinds)
            and all(place in about for place in self.places)
        )

    @property
    def days(self) -> tuple[tuple[str, str], ...]:
        """The first and the last day of each year and period; () where any day will do."""
        years = tuple((year, f"{year}~") for year in self.years)
        return years + tuple((period.first, period.last) for period in self.periods)

    def _dated(self, day: str) -> bool:
        if not self.years and not self.periods:
            return True
        within = any(period.first <= day <= period.last for period in self.periods)
        return bool(day) and (day[:4] in self.years or within)

    @property
    def needs_letters(self) -> bool:
        """True if there is a condition that only the letter itself can tell of."""
        return bool(
            self.topic
            or self.partners
            or self.people
            or self.bodies
            or self.together
            or self.session
        )

"""What an update did: counts, what was refused, what citizens do not see and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.privacy.publicity import REASONS, reasons, words_of
from kb.types import Letter, Publicity

SHOWN = 3  # marks of a letter that a report shows
MOST_TOLD = 10_000  # what is told one by one in all; the rest is counted
MOST_OF_ONE = 100  # refused lines of one file that are told; of a million the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file, or a line of one, that was not indexed."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A letter that citizens don't see: how public it is, why, and the marks it bears."""

    letter: str
    file: str
    publicity: Publicity
    flags: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def message(self) -> str:
        """Why, and what to do."""
        because = "；".join(f"{reason.why}，{reason.mend}" for reason in reasons(self.flags))
        said = "、".join(f"“{mark}”" for mark in self.marks[:SHOWN])
        return f"{because}（写着：{said}）" if said else because


@dataclass(slots=True, kw_only=True)
class Tally:
    """What an update did, in letters (``passages``: those of the letters that were put).

    ``unanswered`` are citizens' letters without a reply in the exports that were read now.

    ``held_back`` are those of the letters read now that are held back for another reason than a
    clear mark of theirs. It and ``refused`` hold the first ``MOST_TOLD``; ``refused_more`` counts
    the refused that stand in no entry: one that says how many more of a file there are
    stands for one of them.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    passages: int = 0
    unanswered: int = 0
    held_back: list[HeldBack] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    refused_more: int = 0

    def refuse(self, refused: Refused) -> None:
        """Note one that was not indexed."""
        if len(self.refused) < MOST_TOLD:
            self.refused.append(refused)
        else:
            self.refused_more += 1

    def refuse_more(self, file: str, how_many: int) -> None:
        """Note that of ``file``, besides what was told, ``how_many`` were refused."""
        if how_many:
            message = f"{file}：另有 {how_many} 行也被拒收，不一一列出"
            self.refuse(Refused(file=file, code="bad_line", message=message))
            self.refused_more += how_many - 1

    def mark(self) -> tuple[int, int, int, int, int]:
        """Where the tally stands before a file."""
        return self.added, self.changed, self.unchanged, self.unanswered, len(self.held_back)

    def back_to(self, mark: tuple[int, int, int, int, int]) -> None:
        """Count none of the letters since ``mark``: their file was refused after all."""
        self.added, self.changed, self.unchanged, self.unanswered, held_back = mark
        del self.held_back[held_back:]

    def put(self, letter: Letter, *, file: str, known: bool) -> None:
        """Count a letter of ``file`` that was put; ``known`` if it replaced one."""
        self.changed += known
        self.added += not known
        flags = tuple(flag for flag in letter.flags if flag in REASONS)
        if flags and len(self.held_back) < MOST_TOLD:
            held = HeldBack(
                letter=letter.id,
                file=file,
                publicity=letter.publicity,
                flags=flags,
                marks=words_of(letter),
            )
            self.held_back.append(held)

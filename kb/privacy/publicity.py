"""How public a letter is, in words, and why one is held back from citizens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from kb.types import Letter, Publicity

LEVELS: tuple[Publicity, ...] = get_args(Publicity)
NAMES: Mapping[Publicity, str] = {
    "public": "主动公开",
    "held": "暂不公开",
    "on_request": "依申请公开",
    "closed": "不予公开",
}
MARKS = "publicity"  # the list of a letter that holds its marks, as Fields

CONFLICT = "publicity_conflict"
UNKNOWN = "publicity_unknown"
UNMARKED = "publicity_unmarked"
CONTRIBUTION = "contribution"
NOT_TO_FORWARD = "not_to_forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a letter is held back, and what whoever keeps the file can do."""

    why: str
    mend: str


_SAY_SO = "可以公开的，请写明“公开属性：主动公开”再编入"
REASONS: Mapping[str, Reason] = {
    CONFLICT: Reason(why="公开标记互相矛盾，按最严的算", mend="请改正文件里的标记再编入"),
    UNKNOWN: Reason(why="有公开标记读不懂", mend="请改成“公开属性：主动公开”之类的写法再编入"),
    UNMARKED: Reason(why="没有公开标记（KB_PUBLICITY_DEFAULT 是 held）", mend=_SAY_SO),
    CONTRIBUTION: Reason(
        why="会办意见，是写给主办单位的，不作为给公众的答复",
        mend="请收录主办单位的正式答复；本地另有规定的，见 docs/profile.md 的 [held]",
    ),
    NOT_TO_FORWARD: Reason(
        why="写明不要转发，或只供主办单位参考",
        mend="请收录给公众的答复；本地另有规定的，见 docs/profile.md 的 [held]",
    ),
}


def reasons(flags: Sequence[str]) -> tuple[Reason, ...]:
    """Why a letter with these flags is held back; () where its mark is clear."""
    return tuple(REASONS[flag] for flag in flags if flag in REASONS)


def words_of(letter: Letter) -> tuple[str, ...]:
    """The marks that the letter bears, in their own words."""
    return tuple(dict.fromkeys(mark.value for mark in letter.lists.get(MARKS, ())))


def strictest(levels: tuple[Publicity, ...]) -> Publicity:
    """The strictest of ``levels``, of which there is at least one."""
    return max(levels, key=LEVELS.index)

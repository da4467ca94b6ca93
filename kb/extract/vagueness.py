"""Whether anybody could ever check a promise, and whether it hangs on something else.

Both are told by weights that were learned (``kb.extract.tagger``); the rules' verdicts are
features among others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_CONDITION = re.compile(
    r"(?:待|等|如果?|若|一旦|发现)[^，；]{2,60}(?:[，后]|的话|时)|(?:之?后|到位|基础上|情况下|的)，"
)
_EMPTY = re.compile(
    r"(?:加强|加大|加快|强化|提升|提高|改善|优化|完善|深化|做好|落实|履行|重视|关注|努力|尽力|积极|不断|继续)"
)
_HOLD = re.compile(
    r"\d|《|“|[一二三四五六七八九十两百千万]+[个条处套次家名座台辆公]|完成|建成|开工|竣工|安装|更换|拆除|修复|出台|印发|通车"
    r"|投入使用|移交|约谈|立案|查处|上报|补[种建栽]|划设|设置|增设|新建|改造|开通|联系|告知|公布"
)
_DIGITS = re.compile(r"\d+")
MOST = 120  # characters of a promise that are looked at


def features(words: str, *, dated: bool) -> list[str]:
    """What tells whether ``words`` (squeezed) are vague or conditional; ``dated``: with a due."""
    plain = _DIGITS.sub("0", words)[:MOST]
    row = [f"n{min(len(plain) // 4, 8)}", f"^{plain[:1]}", f"^{plain[:2]}", f"${plain[-2:]}"]
    row += [name for name, held in (("", True), ("dated", dated)) if held]
    row += [
        name
        for name, pattern in (("case", _CONDITION), ("empty", _EMPTY), ("hold", _HOLD))
        if pattern.search(words)
    ]
    grams = {plain[n : n + size] for size in (1, 2, 3) for n in range(len(plain) - size + 1)}
    return [*row, *(f"w{gram}" for gram in sorted(grams))]


def is_so(row: Sequence[str], learned: Mapping[str, float]) -> bool:
    """True if the features of ``row`` speak for it, by ``learned`` log-odds."""
    return sum(learned.get(name, 0.0) for name in row) > 0

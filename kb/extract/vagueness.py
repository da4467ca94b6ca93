"""Whether anybody could ever check a promise, and whether it hangs on something else."""

from __future__ import annotations

import re

_CONDITION = re.compile(
    r"(?:待|等|如果?|若|一旦|发现)[^，；]{2,60}(?:[，后]|的话|时)|(?:之?后|到位)，"
)
_EMPTY = re.compile(
    r"(?:加强|加大|加快|强化|提升|提高|改善|优化|完善|深化|做好|落实|履行|重视|关注|努力|尽力|积极|不断|继续)"
)
_HOLD = re.compile(
    r"\d|《|“|[一二三四五六七八九十两百千万]+[个条处套次家名座台辆公]|完成|建成|开工|竣工|安装|更换|拆除|修复|出台|印发|通车"
    r"|投入使用|移交|约谈|立案|查处|上报|补[种建栽]|划设|设置|增设|新建|改造|开通|联系|告知|公布"
)


def conditional(words: str) -> bool:
    """True if ``words`` (squeezed) promise something for a case, or for after an event."""
    return bool(_CONDITION.search(words))


def vague(words: str, *, dated: bool) -> bool:
    """True if ``words`` (squeezed) name nothing to check by; ``dated`` ones always do."""
    return not dated and bool(_EMPTY.search(words)) and not _HOLD.search(words)

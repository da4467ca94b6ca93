"""Whether a letter is a 会办意见: a part of somebody else's reply, and none itself."""

from __future__ import annotations

import re

from kb.text.titles import consulted

# Told by the opening where the title does not tell.
_OWN = re.compile(
    r"(?:我[^，。；\n]{0,8}|现(?:将|就|提出)?(?P<whose>[^，。；\n]{0,12}))(?:会办|协办)意见[^，。；\n]{0,8}(?:如下|[贵你](?:局|委|办|厅|院|会|部|单位))"
    r"|[贵你](?:局|委|办|厅|院|会|部|中心|单位|公司)[^，。；\n]{0,6}(?:主办|牵头办理|牵头承办)的[^。\n]{0,60}(?:提案|建议|议案)"
)
# 市财政局的会办意见, 各会办单位的意见: of others, as the organ that replies tells of them.
_OTHERS = re.compile(r"(?<![我本])(?:局|委|厅|办|部门|单位)(?:[等的]|有关)*$")


def contribution(title: str | None, opening: str) -> bool:
    """True if the letter with this ``title`` and ``opening`` is a 会办意见.

    One that only tells of such opinions, or answers a proposal about them, is none.
    """
    if consulted(title):
        return True
    return any(not _OTHERS.search(told["whose"] or "") for told in _OWN.finditer(opening))

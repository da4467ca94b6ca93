"""Pages as an engine sees them: lines with corners, turned as a sheet on the glass is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from indexer.formats.scan import Seen

EM = 40.0  # pixels
Put = tuple[float, float, str]  # ems from the left and from the top, words

SHEET: Sequence[Put] = (
    (8, 2, "关于第19号建议的答复"),
    (0, 4, "魏青禾代表："),
    (2, 6, "您提出的《关于在河西增设公厕的建议》收悉，经研究，答复如下："),
    (0, 8, "河西片区现有公厕九座，今年再建四座，其中河西菜场、西站广场各一座，"),
    (0, 10, "其余两座建在沿河步道，九月底前开放。"),
    (2, 12, "感谢您的关心。"),
    (20, 15, "云水市城市管理局"),
    (21, 17, "2024年5月8日"),
)


def sheet(*puts: Put, degrees: float = 0.0, sure: float = 0.99) -> list[Seen]:
    """The lines of a page that was turned clockwise by ``degrees``, in the order given."""
    way = math.radians(degrees)
    cos, sin = math.cos(way), math.sin(way)
    lines = []
    for x, y, words in puts:
        wide = sum(0.5 if character.isascii() else 1.0 for character in words)
        box = [(x, y), (x + wide, y), (x + wide, y + 1), (x, y + 1)]
        corners = [(EM * (a * cos - b * sin), EM * (a * sin + b * cos)) for a, b in box]
        lines.append(Seen(words=words, confidence=sure, corners=corners))
    return lines

"""An invented letter on pages as eight content systems of government sites lay them out.

TRS WCM, 大汉 JCMS, 博达 VSB, 开普 UCAP, 拓尔思 XXGK, ASP.NET, WordPress and tables of old;
``sites.txt`` has what stands between the menu and the foot of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

TITLE = "澄湖市水务局关于市九届人大三次会议第27号建议的答复"
LETTER = (
    "蒋素英代表：",
    "您提出的“关于整修南塘村灌渠的建议”收悉，现答复如下：",
    "南塘村灌渠全长4.2公里，今年已清淤1.9公里，余下部分安排在冬季施工。",
    "感谢您对水务工作的支持。",
    "澄湖市水务局",
    "2022年7月8日",
)
_META = (
    f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2022-08-01 09:30">'
)
_MENU = (
    "<ul class=nav><li><a href=/>首页</a><li><a href=/a>政务公开</a><li><a href=/b>服务</a></ul>"
)
_FOOT = (
    "<div class=bottom><p>主办：澄湖市人民政府办公室　承办：澄湖市数据局</p>"
    "<p>某ICP备12345678号　网站标识码：4100000000</p></div>"
)


def pages(lines: Sequence[str] = LETTER) -> Mapping[str, str]:
    """The name of each system and layout → a page with the letter of ``lines`` on it."""
    words = {
        "TITLE": TITLE,
        "META": "",
        "BODY": "".join(f"<p>{line}</p>" for line in lines),
        "BREAKS": "<br>".join(f"　　{line}" for line in lines),
    }
    made: dict[str, str] = {}
    source = Path(__file__).with_name("sites.txt").read_text(encoding="utf-8")
    for section in source.split("## ")[1:]:
        name, body = section.split("\n", 1)
        head = _META if "$META" in body else ""
        made[name] = (
            f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}<title>{TITLE}_澄湖市人民政府"
            f"</title></head><body>{_MENU}{Template(body).substitute(words)}{_FOOT}</body></html>"
        )
    return made

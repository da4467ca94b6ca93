"""What a page shows around a letter that is none of its words: clocks, bars, buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LABEL = (
    r"来源|信息来源|文章来源|发布(?:时间|日期)|发表时间|更新(?:时间|日期)|时间|日期|作者|编辑|责任编辑|审核"
    r"|浏览(?:次数|量)?|点击(?:数|量|次数)?|阅读(?:次数|量)?|访问(?:次数|量)?|字体(?:大小)?|字号|文字大小|背景色|分享(?:到)?"
)
_PAIR = re.compile(
    rf"[【\[（(]?\s?(?P<name>{_LABEL})\s?[：:]\s?(?P<value>.*?)(?=[\s|｜【\[（(]*(?:{_LABEL})\s?[：:]|$)"
)
_CLOCK = re.compile(
    r"(?:今天是|现在是|当前时间)?[：:]?\s?\d{4}年\d{1,2}月\d{1,2}日,?\s*(?:星期|周)[一二三四五六日天][\s\d:：]*"
)
_BUTTONS = re.compile(
    r"[\s\[【|｜·]*(?:(?:打印(?:本页|页面|文章)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|返回(?:顶部|列表|首页)?|字体|大|中|小|朗读|纠错"
    r"|分享(?:到)?|微信|微博)[\s\]】|｜·/：:\[【]*){2,}"
    r"|扫一扫(?:在|用)?手机(?:打开|浏览|上看)[^。]{0,12}|(?:上|下)一(?:篇|条|页)[：:].{0,80}"
)
_LONGEST_BAR = 160  # code points of a line that may be a bar
_VALUE = re.compile(r"[^\s|｜\]】）)]{2,40}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?")
_KEPT = {
    "来源": "来源",
    "信息来源": "来源",
    "文章来源": "来源",
    "发布时间": "发布时间",
    "发布日期": "发布时间",
}


def parted(lines: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The lines that are words of the letter, and what bars among the others name: 来源, 发布时间.

    >>> parted(["来源：市水利局　发布时间：2024-05-08 浏览次数：12", "李明代表："])
    (['李明代表：'], {'来源': '市水利局', '发布时间': '2024-05-08'})
    """
    kept: list[str] = []
    named: dict[str, str] = {}
    for line in lines:
        words = line.strip(" \u3000\xa0\t")
        pairs = list(_PAIR.finditer(words)) if len(words) <= _LONGEST_BAR else []
        if len(pairs) >= 2 and not words[: pairs[0].start()].strip(" \u3000\xa0\t|｜"):
            for pair in pairs:
                value = _VALUE.match(pair["value"].strip())
                if value and pair["name"] in _KEPT:
                    named.setdefault(_KEPT[pair["name"]], value[0])
        elif not (_CLOCK.fullmatch(words) or _BUTTONS.fullmatch(words)):
            kept.append(line)
    return kept, named

"""Questions for the newest letters: 最近一次, 最新一份, 最近答复过什么."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.text.numerals import number

SEVERAL = 5  # letters of 最近答复过什么

_LETTER = r"(?:答复[函件信]?|回复|复文|复函|回信|复信|会办意见)"
_ANSWERED = r"(?:答复|回复|办理|印发|发布|答|回|办|发)"
_WHEN = r"(?:哪一?年|什么时候|哪天|哪一天|何时|几号|几月份?|多久以?前)"
_LAST = r"(?:最近|最新|最后|最晚)(?:的)?"

_ONE = re.compile(
    rf"{_LAST}(?:(?:是|那|这)?一?(?:次|份|封|回|件)(?!数)|(?=(?:政协|人大|代表)?(?:提案|建议)?的?{_LETTER}(?!了|过|哪些|什么|有|都)))"
    rf"|(?:最近|最后){_ANSWERED}(?:过|了)?的(?:是|那)?(?:一|哪一?)?(?:份|件|封|个)"
    rf"|上一?次(?={_ANSWERED}|关于|的)"
)
_COUNTED = re.compile(rf"{_LAST}(?P<count>[两二三四五六七八九十]|\d{{1,2}})(?:次|份|封|回|件)")
_WHICH = re.compile(
    rf"(?:最近|最新|新近|近期|近来)(?:都|又|新)?(?:{_ANSWERED}|发出)(?:过|了)?(?:什么|啥|哪些|些什么)(?:提案|建议|{_LETTER}|问题|事情|事)?$"
    rf"|(?:最近|最新|新近|近期|近来)的?(?:都)?有(?:什么|啥|哪些)(?:新的?)?(?:提案)?(?:{_LETTER})$"
    rf"|(?:最近|最新|新近|近期)的(?:提案|建议)?的?{_LETTER}(?:都)?(?:有)?(?:什么|哪些)"
)
_LAST_DAY = re.compile(
    rf"(?:最近|最后|最晚)(?:一次|一回)?(?:是|在)?{_WHEN}{_ANSWERED}(?:过|了)?的?"
    rf"|(?:最近|最后)(?:一次|一回){_ANSWERED}(?:过|了)?是?(?:在)?{_WHEN}"
)
_SAYS = re.compile(
    r"(?:里面?|中)?(?:是|都)?(?:怎么|咋)(?:答复|回复|说|答|讲|写)(?:的|了)?|(?:里面?|中)?(?:都)?(?:说|讲|写|答复|答)了?(?:些)?(?:什么|啥)(?:内容)?"
    r"|(?:主要)?内容是?(?:什么|啥)?"
)
_DAY = re.compile(rf"是?(?:在)?{_WHEN}(?:{_ANSWERED}|发出|写)?(?:的|了)?(?=$|，|？)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """How many of the newest letters are asked for, and what of each: its day, or its card."""

    count: int
    shows: str = ""


def newest(text: str) -> tuple[Newest | None, str]:
    """How ``text`` asks for the newest letters, and ``text`` without that."""
    plain = text.rstrip("？?。！!")
    for pattern, count, shows in (
        (_LAST_DAY, 1, "issued_on"),
        (_COUNTED, 0, ""),
        (_WHICH, SEVERAL, ""),
        (_ONE, 1, ""),
    ):
        match = pattern.search(plain)
        if match is None:
            continue
        rest = plain[: match.start()] + "，" + plain[match.end() :]
        counted = count or number(match["count"])
        if counted == 1 and not shows:
            shows, rest = _shown(rest)
        return Newest(count=counted, shows=shows), rest
    return None, text


def _shown(rest: str) -> tuple[str, str]:
    for shows, pattern in (("card", _SAYS), ("issued_on", _DAY)):
        match = pattern.search(rest)
        if match:
            return shows, rest[: match.start()] + "，" + rest[match.end() :]
    return "", rest

"""Where a person is due: what stands there weighed as a name and as words.

A name of a rare surname, or one that is a word (居民蓝天), has no form that tells. So the surname,
the given characters and what follows are weighed, as logarithms of how often they are met, against
the likeliest words of the dictionary at the same place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from kb.privacy.behind_roles import BEHIND_ROLES
from kb.privacy.name_words import ENDINGS, NOT_IN, NOT_LAST, SAYS, TITLES, no_name
from kb.privacy.names import HOUSE, PLACE
from kb.privacy.surnames import CLEAR, COMPOUND, GIVEN, NO_NAMES, ODD, RARE, SURNAMES
from kb.text.organs import OFFICE_END
from kb.text.tokens import segmenter
from kb.types import Span

_WINDOW = 10  # characters that are weighed
_DUE = math.log(0.2)  # that a person is named where a role stands
_SEEN = 4.0  # against what is known to stand behind roles and is no name
_UNSEEN = -4.5  # against a word of the dictionary that was never seen there
_GIVEN, _ODD_GIVEN = math.log(1 / 250), math.log(1 / 5000)
_SHORT, _LONG = math.log(0.2), math.log(0.8)  # one given character, or two
_NOBODY = BEHIND_ROLES | NO_NAMES
_COMPOUND = re.compile(COMPOUND)
_HAN = re.compile(r"[\u3400-\u9fff]")
_WEIGHTS = (
    {name: math.log(1 / 20000) for name in ODD}
    | {name: math.log(1 / 2500) for name in RARE}
    | {name: math.log(1 / 300) for name in SURNAMES}
    | {name: math.log(1 / 120) for name in CLEAR}
)
# What only persons do or have, and what closes a name off; the weights of a name before them.
_DOES = re.compile(
    rf"{SAYS}|{TITLES}|[来去]电|来访|来信|自述|[所自]称|之[妻子夫女父母弟兄姐妹]|本人|死亡|去世|病故|离世|住院"
    r"|受伤|出生|退休|下岗|失业|离异|离婚|再婚|结婚|未婚|外出|务工|打工|户口|户籍|家[庭中里属人]|名下"
    r"|拖欠|讨[薪要]|闯|瘫|坐月子|收[了取到]|跑[路了]|推诿|打人|缴纳?|领取|[把也]|上[初高小大中幼]|占道|饲养|去年|应[共当]|所[反述诉]|维权|上访|辞职|离职|入职|求职|参保|投保|退费|转正|就[读学医诊业]|确诊|患[有病]|欠付|拒[不绝付]|私[自拉搭建]|擅自|无证|酒后|醉酒|驾驶|超载|超速|违[规法停建]|涉嫌|侵占|强占|霸占|占用"
    r"|[未没][曾有能经到取办按在]|[因被]|[曾已未]|[欠骗打]|[于自][\d一二]|系|[现今]年|等[\d一二两三四五六七八九十]"
    r"|\d{4}年|签订|承[包租建]|购[买房]|租[住赁]|种植|养殖|居住|现住|名叫|不[服退给还是在让同愿满交]|同意|表示"
)
_CLOSES = re.compile(
    r"(?![\u3400-\u9fff])|$|[的与和及在将向对说称问为由从以按至应须需可也又还仍均都并则就即却再天半收有无]"
)
_DOES_WEIGHT, _CLOSES_WEIGHT = 4.0, 2.0
_AND = re.compile(r"[、和及与]|以及")
_MOST = 40  # persons in one list
_OFFICE = re.compile(rf"(?!所[称述诉说反在有需指]){OFFICE_END}")
_OFTEN = GIVEN | frozenset("向为无归之有开望忌危行自立半生知")  # where a person is due
_LINKS = frozenset("向为无之有自行")  # which are no given names alone
_RUNS_ON = re.compile(r"户|于(?=[\d一二])|可(?=[持凭以])")  # behind a name, not of it


def likely_at(text: str, start: int, *, due: float = 0.0, only: int | None = None) -> Span | None:
    """The name that begins at ``start``, if it is likelier there than words; None if not.

    ``due`` is added to its weight: more where nobody but a person can stand. ``only``: where it
    has to end.
    """
    surname = _COMPOUND.match(text, start) or _HAN.match(text, start)
    if not surname or (len(surname[0]) == 1 and surname[0] not in _WEIGHTS):
        return None
    if no_name(text, start) or _OFFICE.match(text, start):
        return None
    window = text[start : start + _WINDOW]
    words: dict[int, tuple[float, int]] = {}
    segmenter().calc(window, segmenter().get_DAG(window), words)
    plain = words[0][0] + _known(window[: words[0][1] + 1])
    best, end = plain, None
    for given in (1, 2):
        at = surname.end() + given
        if at > len(text) or only not in (None, at):
            continue
        weight = _weight(text, surname, at)
        if weight is not None and weight + due + words[at - start][0] > best:
            best, end = weight + due + words[at - start][0], at
    return Span(start=start, end=end) if end and not HOUSE.match(text, end) else None


def _known(word: str) -> float:
    """The weight of a first ``word`` that is no name."""
    if word in _NOBODY:
        return _SEEN
    return _UNSEEN if len(word) > 1 else 0.0


def _weight(text: str, surname: re.Match[str], end: int) -> float | None:
    """The weight of the name from ``surname`` to ``end``; None if it can be none."""
    given = text[surname.end() : end]
    words = text[surname.start() : end]
    if not all(map(_HAN.match, given)) or NOT_IN & {*given} or given[-1] in NOT_LAST:
        return None
    if (
        words in BEHIND_ROLES
        or words in NO_NAMES
        or PLACE.match(text, end)
        or _OFFICE.match(text, end)
    ):
        return None
    if given in _LINKS or (len(given) > 1 and _RUNS_ON.match(text, end - 1)):
        return None
    if surname[0] in ODD and not _OFTEN.issuperset(given):
        return None  # 自用桩
    first = -8.0 if len(surname[0]) > 1 else _WEIGHTS.get(surname[0])
    follows = _DOES_WEIGHT if _DOES.match(text, end) else 0.0
    follows = follows or (_CLOSES_WEIGHT if _CLOSES.match(text, end) else 0.0)
    if first is None:
        return None
    characters = sum(_GIVEN if one in _OFTEN else _ODD_GIVEN for one in given)
    ending = -2.0 if given[-1] in ENDINGS and given[-1] not in _OFTEN else 0.0
    return _DUE + first + characters + ending + follows + (_SHORT if len(given) == 1 else _LONG)


def likely(text: str, start: int, *, due: float = 0.0) -> Iterator[Span]:
    """The name that begins at ``start``, and those listed after."""
    name = likely_at(text, start, due=due)
    for _ in range(_MOST):
        if name is None:
            return
        yield name
        comma = _AND.match(text, name.end)
        name = likely_at(text, comma.end(), due=due) if comma else None

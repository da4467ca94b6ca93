"""What a yes-no question asks: is it so, is it allowed, is there any, was it done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kb.text.traditional import simplified

Form = Literal["true", "may", "done", "ever", "have", "lawful", "is"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whether:
    """A yes-no question: its ``form``, and the words of its clause that it asks ``about``.

    ``verb`` holds the characters of what was done, where that is asked: 修 of 修好了没有.
    """

    form: Form
    about: str
    verb: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words that ask in one form; ``asks`` is taken out of the clause, the rest is asked about."""

    form: Form
    asks: re.Pattern[str]
    example: str


def _row(form: Form, asks: str, example: str) -> Wording:
    return Wording(form=form, asks=re.compile(asks), example=example)


_END = r"(?:吗|么|嘛|不|没|没有|没得|否)$"
_MAY = r"(?:可以|允许|准许|能够|(?<![功智节性职可技才机动潜效产热电核不])能(?![源力量耗效手动]))"
# In this order: 能不能修好了吗 asks whether it may be, 有没有去过 whether it ever was.
FORMS = (
    _row("true", r"(?:(?:到底|究竟)?是不是|是否|到底)?(?:属实|真的|是真|真有|真假|有没有这(?:么)?回事"
         r"|有这(?:么)?回事|有此事|确有其事)(?:吗|么|嘛|不|没有?|是假)?", "网上说的属实吗"),
    _row("may", rf"能不能够?|可不可以|能否|可否|行不行|允不允许|让不让|准不准|是否{_MAY}", "外地人能不能办"),
    _row("may", rf"{_MAY}(?=.{{1,30}}{_END})|(?:可以|行|允许){_END}", "外地人可以办吗"),
    _row("ever", r"有没有(?=.{0,20}过)|过(?:没有|没|吗|么)$|过(?=.{1,8}(?:没有|没|吗|么)$)", "来检查过没有"),
    _row("done", r"(?:了|(?<=[修办建拆弄装铺搞种做清补])[好完成通]|(?<=完)成|到位|完工|竣工|开工|动工|下来|落实|解决|开通|建成"
         r"|投用|上线|接通|通车|实行)了?(?:没有|没|吗|么|嘛|没得|不|否)$", "路修好了没有"),
    _row("done", r"是否(?:都|均)?已经?|有没有(?=.{0,20}(?:完成|落实|解决|开工|动工|到位|竣工|完工|[修办建]好))"
         r"|已经?(?=.{1,20}(?:吗|么|没有?)$)|(?P<verb>(?!有)[\u4e00-\u9fff])没(?P=verb)", "电梯是否已经装好"),
    _row("lawful", r"(?:是不是|是否)?(?:合不合(?:法|规矩?|理|格)|合法|合规)(?:吗|么|嘛|不)?", "这样收费合不合法"),
    _row("have", rf"有没有|有无|是否有|(?<![没所只])有(?=.{{1,24}}{_END})", "有没有补助"),
    _row("is", r"是不是|是否|算不算|属不属于|(?<![但可于还要总])是(?=.{1,24}(?:吗|么|嘛)$)", "这条路是不是市政道路"),
)  # fmt: skip
_ENDING = re.compile(r"(?:了|吗|么|嘛|不|没有|没得|没|否|呢|啊|呀)+$")
_TWICE = re.compile(r"(?P<verb>(?!有)[\u4e00-\u9fff])没(?P=verb)")
_DONE = frozenset("了好完成到位过上来下已经")
_PAUSE = re.compile(r"[，,；;。！!？?、\s：:]+")
# What a person or a number answers is no yes or no; nor is a choice of two.
_OPEN = re.compile(
    r"什么|啥|多少|几(?!乎|经)|谁|哪|怎|咋|为何|何[时地处]|如何|多[久长大远高宽]|还是|或者|凭"
)
_SHORT = 3  # code points; 到底行不行 asks of what stands before
_DENIED = re.compile(r"[不没未无非别莫勿]|难道|岂")
_HARMLESS = re.compile(r"无障碍|无人机|非机动|非遗|不动产|无线|无偿|非洲|无烟|无主")


def whether(question: str) -> Whether | None:
    """What the yes-no question asks; None where it is none, two of them, or asks with a no.

    不是说要修吗 and 能不能不交 are asked with a no: 是
    would tell nobody whether that is meant or its contrary.
    """
    clauses, marked = _marked(question)
    if len(marked) != 1:
        return None
    number, (form, about) = marked[0]
    before = "".join(clauses[max(0, number - 1) : number])
    about = before + about if form == "true" or len(about) < _SHORT else about
    if any(_OPEN.search(clause) for clause in clauses[number:]):
        return None
    if _DENIED.search(_HARMLESS.sub("", about)):
        return None
    return Whether(form=form, about=about, verb=_verb(clauses[number]))


def _verb(clause: str) -> frozenset[str]:
    """The characters of the verb that the clause ends with, but those that only say: done."""
    twice = _TWICE.search(clause)
    return frozenset(twice["verb"] if twice else _ENDING.sub("", clause)[-2:]) - _DONE


def asks_whether(question: str) -> bool:
    """True if a clause of the question asks for a yes or a no, be it beside something else."""
    return bool(_marked(question)[1])


def _marked(question: str) -> tuple[list[str], list[tuple[int, tuple[Form, str]]]]:
    """The clauses of the question, and those that ask for a yes or a no, by number."""
    clauses = [clause for clause in _PAUSE.split(simplified(question)) if clause]
    found = ((number, _form(clause)) for number, clause in enumerate(clauses))
    return clauses, [(number, form) for number, form in found if form]


def _form(clause: str) -> tuple[Form, str] | None:
    """The form that the clause asks in, and its words without those that ask."""
    for row in FORMS:
        found = row.asks.search(clause)
        if found:
            kept = found["verb"] if found.re.groups and found["verb"] else ""
            rest = clause[: found.start()] + kept + clause[found.end() :]
            return row.form, _ENDING.sub("", rest)
    return None

"""Questions about the letter itself (its number, who issued it, its class): which field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.text.tokens import subject_tokens
from kb.types import Span

CONTENT = ""  # asked of the text and not of a field, yet of one letter only


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a field is asked for; ``label`` is its name for people."""

    field: str
    label: str
    pattern: re.Pattern[str]
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuestion:
    """A question about fields: what is asked, in its order, and the words that tell which letter.

    ``askings`` has one at least.
    """

    askings: tuple[Asking, ...]
    subject: tuple[str, ...]

    @property
    def asking(self) -> Asking:
        """What is asked first."""
        return self.askings[0]


def _ask(field: str, label: str, pattern: str, example: str) -> Asking:
    return Asking(field=field, label=label, pattern=re.compile(pattern), example=example)


_WHO = r"(?:哪个|哪家|哪一个|哪些|什么|何)(?:单位|部门|局|机关)"

ASKINGS = (
    _ask("cc", "抄送", r"(?:都)?抄送(?:给|了|单位)?(?:哪些|谁|哪里|哪个)?(?:单位|部门)?", "抄送给谁"),
    _ask("number", "文号", r"(?:发文)?(?:文号|字号)(?:是|为)?(?:多少|什么|几号)?|什么文号", "这份答复的文号"),
    _ask("signer", "签发人", r"(?:是)?谁签发的?|签发人(?:是谁|叫什么)?|哪位领导签发的?"
         r"|签发的?(?:领导|人)?(?:是|叫)(?:谁|什么|啥)(?:名字)?", "这份答复是谁签发的"),
    _ask("co_organs", "会办单位", rf"(?:会办|协办)(?!意见|函)(?:的)?(?:单位|部门)?(?:是|有)?(?:哪些|谁|哪个|哪几个)?"
         rf"|(?:和|与|会同)(?:了)?(?:{_WHO}|谁)(?:一起|共同|联合)?(?:研究|办理|会商|答复)?的?", "和哪些单位共同研究的"),
    _ask("contact_unit", "联系单位", r"联系单位(?:是)?(?:哪个|哪里|什么)?|(?:找|联系)(?:哪个|什么)(?:科室|处室|部门|单位)"
         r"|承办科室(?:是)?(?:哪个)?|(?:经办|主办|承办)(?:科室|处室)(?:是)?(?:哪个|谁)?|(?:由)?\S{0,6}(?:哪个|什么)(?:科室|处室|科)(?:负责)?(?:联系|承办|办理)?", "联系单位是哪个"),
    _ask("issuer", "发文单位", rf"(?:是|由)?(?:{_WHO}|谁)(?:负责)?(?:来)?(?:答复|回复|发文|发出|发布|印发|主办|承办|写|发(?![放展生]))(?:的|了)?"
         rf"|(?:发文|答复|回复|承办|主办|办理)(?:单位|机关|部门)(?:是)?(?:哪个|谁|哪里|哪家)?|(?:哪个|哪家)(?:单位|部门|局)的?(?:答复|复文)|^(?:这)?(?:是)?(?:哪个|哪家|什么)(?:单位|部门|局)(?:的|呢)?[？?]?$",
         "哪个单位答复的"),
    _ask("result_class", "办理结果", r"(?:办理)?(?:结果)?(?:是|属于|属|为|算)?(?:什么|哪一|哪|几)类(?:别)?(?=答复|件|提案|建议|复[文函]|办理|[吗呢啊吧？?，,。！!\s]|$)(?:答复|件)?"
         r"|办理结果(?:是|怎么样|如何|怎样)?(?:什么)?(?:类)?|[ABC]还是[ABC]|[ABC]类还是[ABC]类", "是什么类"),
    _ask("addressees", "称呼", r"(?:是)?(?:谁|什么人)(?:提出|联名提|提|写)(?:的|了)?|(?:是)?哪[位些个两三几]{1,2}(?:政协)?(?:委员|代表)(?!会)(?:提出|联名提|提|写)?(?:的|了)?"
         r"|(?:是)?(?:由)?哪一?个(?:民主党派|党派|团体|界别)提(?:出)?的?|(?:提案|建议)(?:人|者)(?:是)?(?:谁|哪位)?|(?:委员|代表)(?:是谁|叫什么)|(?:答复|回复)(?:的是)?给?(?:谁|哪位)(?:的)?|(?:是)?(?:发|写)?给(?:谁|哪位\w{0,2}|哪个党派|哪个单位|哪个部门)(?:的|看)?(?:答复|回复)?",
         "提案是谁提的"),
    _ask("issued_on", "日期", r"(?:是)?(?:什么时候|何时|哪天|哪一天|哪年|哪一年|几月几[号日])(?:答复|回复|印发|发文|发布|发(?![放展生])|成文|落款|写|办结|作出|签发?)(?:的|了)?"
         r"|(?:答复|回复|印发|发文|成文|落款|发布)(?:的)?(?:日期|时间)(?:是)?(?:什么时候|哪天|多少)?|^(?:是)?(?:什么时候|何时|哪天)(?:的|呢)?[？?]?$", "什么时候答复的"),
    _ask("proposal_no", "提案号", r"(?:是)?(?:第)?(?:几|多少)号(?:提案|建议)|(?<=提案|建议|议案)(?:是|为)?第?(?:几|多少)号|(?:提案|建议)(?:编号|号码|号)(?:是)?(?:多少|什么|几)?", "是第几号提案"),
    _ask("proposal_title", "题目", r"(?:提案|建议)(?:的)?(?:题目|标题|名称|案由)(?:是|叫)?(?:什么)?|(?:提案|建议)叫什么(?:名字)?|案由(?:是什么)?|(?<![命出考试做])题目(?:是|叫)?(?:什么|啥)?", "提案的题目是什么"),
    _ask("assembly", "会议", r"(?:是)?(?:哪次|哪一次|哪届(?:政协|人大)|哪届|第几届|哪个|几届几次)(?:会议|大会|政协会议|人大会议|两会|全会)(?:上)?(?:提)?(?:出)?(?:的)?", "哪次会议的"),
    _ask(CONTENT, "下一步的打算", r"下一?步(?:的)?(?:工作)?(?:有什么|有啥|有哪些)?(?:打算|计划|安排)?(?:是)?(?:怎么做|怎么办|做什么|什么|怎样|如何)?", "下一步打算怎么做"),
)  # fmt: skip

# Words that point at the letter in hand without telling which it is.
_POINTING = frozenset((
    "这份", "这封", "这个", "这件", "该", "此", "本", "份", "封", "件", "答复", "回复",
    "复文", "复函", "答复函", "提案", "建议", "议案", "文件", "信", "函", "来信", "公文", "文",
    "请", "查", "查查", "查询", "查一下", "找", "找一下", "看看", "告诉", "那份", "那封", "那件", "那个",
    "这次", "那次", "份的", "叫", "写", "发", "出", "最后", "当时", "麻烦", "帮", "帮忙",
    "办理", "是", "提", "单位", "部门", "号", "号提案", "号建议", "第", "结果",
))  # fmt: skip


# What may stand between two fields that are asked for in one breath: 字号和办理结果.
_JOINING = re.compile(
    r"[，,；;。？?、\s]*(?:和|与|及|以及|还有|跟|并且|另外|同时|又|也|都|它|其|分别|的|是|请问|顺便问|问|一下"
    r"|(?:这|那)[份封件]|答复|复文|[，,；;。？?、\s])*"
)


def field_question(question: str) -> FieldQuestion | None:
    """What fields ``question`` asks for, or None if it asks for the letter's content."""
    matches = dict(_matches(question))
    first = next(iter(matches), None)
    if first is None:
        return None
    taken = {first: matches[first]}
    while first.field != CONTENT and (more := _joined(question, taken, matches)):
        taken[more] = matches[more]
    asked = sorted(taken, key=lambda asking: taken[asking].start)
    rest, at = "", 0
    for asking in asked:
        rest, at = f"{rest}{question[at : taken[asking].start]} ", taken[asking].end
    subject = tuple(t for t in subject_tokens(rest + question[at:]) if t not in _POINTING)
    return FieldQuestion(askings=tuple(asked), subject=subject)


def _matches(question: str) -> Iterator[tuple[Asking, Span]]:
    """Each field that is asked for, in the order of the table, and where it is."""
    for asking in ASKINGS:
        match = asking.pattern.search(question)
        if match and match[0]:
            yield asking, Span(start=match.start(), end=match.end())


def _joined(
    question: str, taken: Mapping[Asking, Span], matches: Mapping[Asking, Span]
) -> Asking | None:
    """One more field that is asked for beside those ``taken``; None if there is none."""
    for asking, span in matches.items():
        apart = not any(span.meets(other) for other in taken.values())
        if (
            asking not in taken
            and apart
            and asking.field != CONTENT
            and any(_beside(question, span, other) for other in taken.values())
        ):
            return asking
    return None


def _beside(question: str, one: Span, other: Span) -> bool:
    first, second = sorted((one, other), key=lambda span: span.start)
    between = question[first.end : second.start]
    return bool(between and _JOINING.fullmatch(between))

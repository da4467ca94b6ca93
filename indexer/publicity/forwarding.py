"""What is not to be passed on: 请勿转发, 仅供主办单位答复时参考.

Unlike marks of publicity, which ask who may see a letter, these are words to the one organ that
it is for, and stand beside 主动公开 where a form was filled in without thought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.publicity.words import plain
from kb.types import Span

_NOT = r"(?:勿|不得|不要|不可|不能|不宜|不应|不便|严禁|禁止|谢绝|切忌)"
_PASS = r"(?:转发|转交|转送|转给|转寄|转告|转达|转载|外发|外送|外传|外泄|照转|下发|提供给?(?:委员|代表|他人|外|第三方))"
_THIS = r"(?:此|本|该|以上|上述|这份)(?:件|文件?|函件?|复函|复文|意见|会办意见|协办意见|答复(?:意见)?|回复|材料|资料|内容|情况|信息)"
_HOST = r"(?:[贵你](?:局|委|办|厅|院|会|部|处|中心|单位)|(?:主办|承办|牵头)(?:办理)?(?:单位|部门)|综合部门)"
_WHOLE = 90  # characters of a sentence that may say it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A way to say it, as a sentence without white space has it, with an example."""

    name: str
    pattern: re.Pattern[str]
    example: str


ROWS = (
    Row(
        name="此件勿转",
        pattern=re.compile(
            rf"{_THIS}[^。]{{0,30}}?{_NOT}[^,。]{{0,10}}?{_PASS}"
        ),
        example="此件为会办意见,请勿直接转发委员",
    ),
    Row(
        name="勿转此件",
        pattern=re.compile(
            rf"{_NOT}(?:将|把|对)?{_THIS}[^,。]{{0,12}}?{_PASS}"
        ),
        example="请勿将此件转发委员本人",
    ),
    Row(
        name="单独一句",
        pattern=re.compile(
            rf"^(?:注:?|备注:?|说明:?|特别提示:?)?(?:敬?请|望|务请|务必|烦请|并请|★|\*)*{_NOT}"
            r"(?:直接|擅自|随意|私自|对外|向外|再|原文|将?原件|[向对](?:委员|代表|提案人|社会|外界|公众))*"
            rf"{_PASS}(?:给|至)?(?:委员|代表|提案人|他人|外界|社会|公众|本人|第三方|媒体|其他单位)*$"
        ),
        example="请勿转发",
    ),
    Row(
        name="只供主办单位",
        pattern=re.compile(
            rf"(?:仅|只|专)(?:供|限){_HOST}[^,。]{{0,12}}(?:参考|参阅|参用|采用|汇总|掌握|使用|答复)"
        ),
        example="本件仅供贵局答复时参考",
    ),
    Row(
        name="供主办单位答复",
        pattern=re.compile(
            rf"供(?:{_HOST}(?:综合|统一|汇总)?(?:办理|答复)|(?:主办|承办|牵头)(?:办理)?(?:单位|部门))[^,。]{{0,12}}(?:参考|参阅|参用|采用|采纳)"
        ),
        example="以上意见供主办单位参考",
    ),
    Row(
        name="供主办单位而勿转",
        pattern=re.compile(rf"供{_HOST}[^。]{{0,24}},[^。]{{0,6}}{_NOT}[^,。]{{0,10}}{_PASS}"),
        example="以上供贵委答复时参考,请勿直接转发",
    ),
    Row(
        name="只在内部",
        pattern=re.compile(
            rf"(?:{_THIS}|^)(?:仅|只|专)?(?:供|限)[^,。]{{0,10}}内部[^,。]{{0,4}}(?:使用|参考|参阅|掌握|传阅|交流|工作)"
        ),
        example="本材料仅供机关内部使用",
    ),
)  # fmt: skip
_SENTENCE = re.compile(r"[^。;!?\n]+")
_SPACE = re.compile(r"\s+")
_EDGES = "()[]*★※·-—_ "


def not_to_forward(text: str) -> list[Span]:
    """The sentences of ``text`` that say that it is not to be passed on."""
    return list(_found(text))


def _found(text: str) -> Iterator[Span]:
    for match in _SENTENCE.finditer(plain(text)):
        words = _SPACE.sub("", match[0]).strip(_EDGES)
        if len(words) > _WHOLE:
            continue
        if any(row.pattern.search(words) for row in ROWS):
            lead = len(match[0]) - len(match[0].lstrip())
            yield Span(start=match.start() + lead, end=match.start() + len(match[0].rstrip()))

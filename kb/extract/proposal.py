"""What a proposal asks for, point by point, out of its plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from kb.text.chars import bare
from kb.text.sentences import trimmed
from kb.text.voices import contact, formal
from kb.types import Field, Letter, Span

LONGEST_TITLE = 80  # code points
SHORTEST = 4  # characters of a point
BRIEF = 14  # characters: what is shorter may be the name of what follows
LONGEST_HEADING = 40
_TITLE = re.compile(
    r"关于[^，。；“”《》\n]{4,60}?的(?:若干|几点|一些)?(?:提案|建议|议案|意见|思考)"
)
_LABEL = re.compile(
    r"^[\s【\[（(]*(?:提案|建议|议案)?(?:题目|标题|名称|案由|主题)[】\]）)]?\s*[：:]?\s*"
)
# Lines of a form or of a letter's head that name nothing.
_HEAD = re.compile(
    r"^\s*(?:尊敬的|您好|你好|各位|敬爱的|市政协|市人大|政协|人大|第?\s*\d+\s*号|此致|敬礼"
    r"|(?:提案|建议|议案)?(?:编?号|类别|届次)|(?:提案|建议|领衔|联名)(?:人|者|单位)|(?:主|承|会|协)办|分送|附议|日期|时间|\d{4}年\d{1,2}月\d{1,2}日\s*$|[^：:，。]{0,6}提案[：:]?$)"
)
# What a point may begin with; the name of the group is its kind, so that 1. under （一） is inside.
_NUMBER = re.compile(
    r"\s*(?:(?P<asked>建议[一二三四五六七八九十\d]{1,3}[：:、.．，])|(?P<big>[一二三四五六七八九十]{1,3}、)"
    r"|(?P<round>[（(][一二三四五六七八九十]{1,3}[）)]、?)|(?P<small>[（(]\d{1,2}[）)]|\d{1,2}[)）、]|\d{1,2}[.．](?!\d))"
    r"|(?P<ring>[①-⑳])|(?P<first>[一二三四五六七八九十]{1,2}是(?:要)?|第[一二三四五六七八九十]，|(?:首先|其次|再次|再者|最后)，))\s*"
)
_CUT = re.compile(
    r"[。！？；!?;\n]+|(?<=[：:，])(?=[一二三四五六七八九十]{1,2}(?:是|、)|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d[、.．](?!\d)|[①-⑳])|(?<!^)(?=[①-⑳])"
)
_BLOCK = re.compile(r"^[\s【\[]*([^】\]：:\n]{1,14})[】\]：:]\s*")
# The kinds of numbers, the outer ones first.
_DEPTH = {"asked": 0, "big": 1, "round": 2, "small": 3, "ring": 4, "first": 4, "": 9}
_BY_OTHERS = re.compile(r"^\s*(?:审查|立案|办理|承办|审核|拟办|批示)[^：:\n]{0,6}[：:]")
# Headings under which it is asked, or told why; what else stands in them.
_OF_HEADINGS = (
    r"[几两三四五六七八九]点|主要|相关|有关|具体|当前|目前|存在|基本|突出|工作|解决|改进|整改"
    r"|下一步|提案|我们?|我[市县区]|[的和与及、]"
)
_ASKING = re.compile(
    rf"^(?:{_OF_HEADINGS}|建议|对策|意见|措施|办法|诉求|请求|希望)*(?:建议|对策|意见|措施|办法|诉求|请求)(?:如下|是)?$"
    r"|(?:提|如下|以下|几点|下列)[^，]{0,8}(?:建议|意见|措施|对策)(?:如下)?$|建议如下$"
)
_TELLING = re.compile(
    rf"^(?:{_OF_HEADINGS}|分析)*(?:问题|现状|背景|原因|情况|案由|困难|理由|分析|不足|意义|必要性|现实)(?:[和与及、](?:问题|现状|背景|原因|情况|困难|分析|不足|必要性))*$"
)
_CONJUNCTION = r"(?:因此|为此|对此|鉴于此|综上|同时|另外|此外|还有|，|并且|并|也|还|再)*"
_ASKS = re.compile(
    rf"^{_CONJUNCTION}(?:我们?|本人|特|现)*(?:建议|希望|呼吁|恳请|请求?|盼|期待)(?![书人信示在一问])"
    r"|(?:建议|希望|呼吁|恳请)(?:市|县|区|政府|有关|相关|尽快|加|由|将|把|在|对|从|出台|制定|提高|完善|建立|增|能)"
    r"|能不能|能否|可否|可不可以|应当|应该|应尽快|(?:，|也|还|都)请(?![问示假客])"
)
# What a numbered clause says that stands under no heading: 首先，要开展清淤.
_SHOULD = re.compile(r"^(?:要|应|须|需|必须|尽快|加|建议|希望|请)")
_CLOSING = re.compile(
    r"^(?:以上|上述|特此|此致|妥否|当否)|^(?:望|请|敬请|恳请|希望|盼)(?:贵|各位|领导|有关部门)?(?:予以?|给予|能)?(?:考虑|采纳|研究|答复|重视|支持|回复|批评)[^，]{0,6}$"
    r"|^(?:希望|恳请|请|望)[^，]{0,8}(?:高度|引起)重视"
)
# Where an asking sentence goes on to another thing: 提高标准，同时建立基金，并由社区牵头.
_NEXT = re.compile(
    r"[，、；](?=(?:同时|另外|此外|并且|以及|并(?!不|未|非)|还要?|再|对(?=[^，]{2,14}(?:实行|予以|给予|进行))|(?:尽快|进一步)?"
    r"(?:提高|建立|完善|配备|加强|加大|设立|出台|制定|增加|增设|简化|推行|扩大|落实|开展|强化|健全|建设|改造|优化|严格|严厉|规范|明确|推动|推进|支持|鼓励|开放|取消|延长|新建|通过)))"
)


# What comes before it is asked: 部分小区没有投放点，建议…
_PREAMBLE = re.compile(r"[^。！？\n]{1,200}?[，：](?=(?:我们?|本人|特|现)?(?:建议|希望|呼吁|恳请))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is asked for: ``text`` is verbatim what stands at ``span`` of the proposal."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch up to a mark or to the next number; ``kind`` of its number, "" without one."""

    span: Span
    words: str
    kind: str


def title_of(text: str) -> str:
    """The title of a proposal: 关于…的提案, else its first telling line, else what it asks first.

    Cut short; "" where there is none.
    """
    if match := _TITLE.search(text):
        return match[0]
    lines = [_LABEL.sub("", line).strip() for line in text.splitlines()]
    telling = [line for line in lines if line and not (_HEAD.search(line) or _idle(line))]
    prose = not telling or telling[0].endswith(("。", "；")) or len(telling[0]) > LONGEST_TITLE
    asked = points(text) if prose else ()
    return (asked[0].text if asked else next(iter(telling), ""))[:LONGEST_TITLE]


def as_letter(text: str) -> Letter:
    """The proposal in the form that the readers of letters take; it has no other field."""
    field = Field(value=title_of(text), span=None, rule="提案")
    return Letter(
        id="",
        text=text,
        sha256="",
        source="",
        title=None,
        body=Span(start=0, end=len(text)),
        fields={"proposal_title": field},
    )


def points(text: str) -> tuple[Point, ...]:
    """All that ``text`` asks for, in its order: the items under 建议 and the sentences that ask."""
    spans = dict.fromkeys(_spans(text, list(_pieces(text))))
    kept = (span for span in spans if _weight(span.of(text)) >= SHORTEST)
    return tuple(Point(span=span, text=span.of(text)) for span in kept)


def _idle(words: str) -> bool:
    return formal(words) or contact(words) or bool(_CLOSING.search(words))


def _weight(words: str) -> int:
    return sum(char.isalnum() for char in words)


def _pieces(text: str) -> Iterator[_Piece]:
    """The stretches of ``text`` without their numbers and marks; a heading's label is one too."""
    for line in re.finditer(r"[^\n]+", text):
        start, block = line.start(), _BLOCK.match(line[0])
        label = bare(block[1]) if block else ""  # 建    议：
        if block and (_ASKING.search(label) or _TELLING.search(label)):
            yield _Piece(span=Span(start=start, end=start + block.end()), words=label, kind="")
            start += block.end()
        if _BY_OTHERS.match(line[0]):
            continue
        for cut in [*_CUT.finditer(text, start, line.end()), None]:
            end = cut.start() if cut else line.end()
            number = _NUMBER.match(text, start, end)
            begin = number.end() if number else start
            span = trimmed(text, Span(start=begin, end=end))
            kind = (number.lastgroup or "") if number else ""
            if span.start < span.end and _weight(span.of(text)):
                yield _Piece(span=span, words=span.of(text), kind=kind)
            start = cut.end() if cut else end


def _spans(text: str, pieces: Sequence[_Piece]) -> Iterator[Span]:
    """Where the points stand, as ``points`` tells them."""
    asking: bool | None = None  # None where no heading says it
    over = ""  # the kind of number that the heading has
    item: Span | None = None
    for piece, after in zip_longest(pieces, pieces[1:]):
        turns, begins = _turns(piece), False
        if turns is None and asking and over and piece.kind == over:
            asking, over = None, ""  # the next heading, whatever it says
        elif turns is not None:
            asking, over = turns, piece.kind
        else:
            begins = _begins(piece, asking)
            asking = asking or (begins and piece.kind == "asked") or asking
        idle = _idle(piece.words) or bool(_TITLE.fullmatch(piece.words))
        if item and not (turns is not None or begins or idle or asking is None):
            item = Span(start=item.start, end=piece.span.end)
            continue
        if item:
            yield item
        item = piece.span if begins and not _names(piece, after) else None
        free = turns is None and not begins and not idle and asking is not False
        if free and _ASKS.search(piece.words):
            yield from _several(text, piece.span)
    if item:
        yield item


def _names(piece: _Piece, after: _Piece | None) -> bool:
    """True of a short point that only names those under it."""
    return bool(
        after and len(piece.words) <= BRIEF and _DEPTH[piece.kind] < _DEPTH[after.kind] < _DEPTH[""]
    )


def _turns(piece: _Piece) -> bool | None:
    """True if from here on it is asked, False if told; None of what is no heading."""
    if len(piece.words) > LONGEST_HEADING or piece.kind == "asked":
        return None
    words = piece.words.rstrip("：:，,")
    return True if _ASKING.search(words) else False if _TELLING.search(words) else None


def _begins(piece: _Piece, asking: bool | None) -> bool:
    """True if a numbered point begins with it."""
    if piece.kind == "asked":
        return True
    should = asking is None and _SHOULD.search(piece.words)
    return bool(piece.kind and (asking or should))


def _several(text: str, span: Span) -> Iterator[Span]:
    """The things that one sentence asks for, each in its own words."""
    opening = _PREAMBLE.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    for cut in _NEXT.finditer(text, start, span.end):
        if _weight(text[start : cut.start()]) >= SHORTEST + 2:
            yield trimmed(text, Span(start=start, end=cut.start()))
            start = cut.end()
    yield trimmed(text, Span(start=start, end=span.end))

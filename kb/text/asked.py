"""What somebody asked, printed in full before the reply: a proposal's card, a letter sent in."""

from __future__ import annotations

import re
from functools import lru_cache

from kb.text.traditional import simplified
from kb.types import Span

_ASKED = re.compile(
    r"^[ \t]*(?:(?:来信|来件|信件|留言|诉求|咨询|反映|提问|问题|投诉|建议|提案|议案|主要)?的?"
    r"(?:内\s{0,4}容|正文|描述|详情)|提问|来信|留言|案由及?建议|网友留言|网民留言|群众来信)"
    r"[ \t]*[：:\t\n]",
    re.MULTILINE,
)
# What stands behind it: the reply, or the next row of the card.
_ROW = (
    r"(?:承办|主办|协办|会办|答复|回复|办理|受理|处理|交办|责任|反馈|审查|审核|办结|回信|官方|部门"
    r"|领导|局)[\u4e00-\u9fff]{0,8}\s{0,4}(?:[：:\t]|$)"
)
_TITLED = r"(?:关于|对)[^。\n]{2,150}(?:答复|复函|回复|意见|函)$"
_GREETED = (
    r"(?:尊敬的)?[\u4e00-\u9fff、，· ]{1,60}(?:委员|代表|网友|先生|女士|市民|同志)"
    r"(?:您好|你好)?[：:！!，,]"
)
_RECEIVED = r"[^。\n]{0,60}(?:收悉|答复如下|回复如下)"
_NEXT = re.compile(rf"^[ \t]*(?:{_ROW}|{_TITLED}|{_GREETED}|{_RECEIVED})", re.MULTILINE)
_RECEIPT = re.compile(
    r"(?:收悉|敬悉|(?:答复|函复|回复|复函|报告|反馈|意见|情况)如下)[。：:，,；;]?\s*"
)
RECEIPT_WITHIN = 1500  # code points from the title
LONGEST = 20_000  # code points of what is asked


@lru_cache(maxsize=256)
def asked_parts(text: str) -> tuple[Span, ...]:
    """What of ``text`` was asked: from a label such as 来信内容： to the row or reply behind it.

    A label with no reply behind it opens no such part.
    """
    words, parts, at = simplified(text), list[Span](), 0
    while label := _ASKED.search(words, at):
        behind = _NEXT.search(words, label.end(), label.end() + LONGEST)
        if behind is None:
            break
        parts.append(Span(start=label.start(), end=behind.start()))
        at = max(behind.start(), label.end())
    return tuple(parts)


def receipt_end(text: str, span: Span) -> int | None:
    """Where the last receipt (收悉，现答复如下：) at the head of ``span`` ends, if there is one."""
    words = simplified(text[span.start : min(span.end, span.start + RECEIPT_WITHIN)])
    first = _RECEIPT.search(words)
    if first is None:
        return None
    near = [m.end() for m in _RECEIPT.finditer(words, first.start(), first.end() + 200)]
    return span.start + near[-1]

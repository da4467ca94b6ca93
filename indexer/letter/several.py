"""Whether one text holds several letters, each of which must be cited by its own name.

A false citation is the worst that can happen, and so is a letter lost: only strong evidence
counts. Two letters are two blocks that each greet, confirm the receipt and are signed, and that
answer different proposals. The reply of another organ to the same proposal, what is attached or
quoted, and the rounds of a mailbox are parts of one letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.letter.rules import NUMBER, TITLE
from kb.text.chars import bare, narrow
from kb.text.numerals import DAY
from kb.text.organs import ORGAN
from kb.text.traditional import simplified
from kb.types import Span

REACH = 4  # lines from a salutation or title within which the receipt is confirmed
LINE = 400  # code points of a line that are looked at
MOST_LINES = 5_000  # of a text; the lines after them are not looked at

_GREETING = re.compile(
    r"^(?:尊敬的)?(?P<who>[\u4e00-\u9fff·、，,（）()]{1,60}?(?:委员|代表|委员会|支部|工委|工商联))(?:你们?好|您好)?[！!，,]?[：:]"
)
_RECEIPT = re.compile(
    r"(?:提出|所提|提交|来函|转来|反映|关于)[^\n]{0,200}?(?:收悉|收到|敬悉|(?:研究)?办理|(?:答复|函复|回复|复函)如下)"
)
_SIGNED = re.compile(rf"^(?:{ORGAN}\s?)?{DAY}$")
_NUMBERED = re.compile(rf"^[（(]?(?P<v>{NUMBER})")
_PROPOSAL = re.compile(r"(?<![〕\])】﹞\d])第?(?P<v>\d{1,9})号(?=[^\n]{0,12}(?:提案|建议|议案))"
                       r"|(?:提案|建议|议案)[^\n\d]{0,6}第?(?P<w>\d{1,9})号")  # fmt: skip
_ATTACHED = re.compile(
    r"^(?:附件?\d{0,2}[：:]?$|附件?\d{0,2}[：:].*(?:答复|回复|意见|复函|函)|.{0,16}(?:原文|原答复|原复文|抄录|转录|照录"
    r"|会办意见|协办意见|历年答复|往年答复|此前答复|去年答复|相关阅读|相关链接|上一篇|下一篇).{0,16}$)"
)
_MAILBOX = re.compile(
    r"^(?:来信|留言|诉求|咨询|信件|提问|问题|答复|回复|办理)(?:内容|时间|日期|标题|部门|单位|人)\s?[：:\t]",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A greeting or title with its receipt: where its head begins, and what it answers."""

    head: int
    receipt: int
    who: str
    proposals: frozenset[str]
    number: str
    words: str


def several(text: str, body: Span, *, gazette: bool = False) -> bool:
    """True if ``text`` surely holds more than one letter; of ``body`` alone.

    ``gazette``: it was set in columns, as gazettes set letters, often without who signed them;
    then different proposals are enough.
    """
    whole = simplified(narrow(body.of(text)))
    if _MAILBOX.search(whole):
        return False
    lines = [line[:LINE].strip() for line in whole.split("\n")[:MOST_LINES]]
    signed = [at for at, line in enumerate(lines) if _SIGNED.match(line)]
    blocks = _blocks(lines, signed)
    return any(
        _apart(blocks[at], later, lines=lines, signed=signed)
        or (gazette and _answer_others(blocks[at], later))
        for at in range(len(blocks))
        for later in blocks[at + 1 : at + 2]
    )


def _blocks(lines: Sequence[str], signed: Sequence[int]) -> list[_Block]:
    found: list[_Block] = []
    for at, line in enumerate(lines):
        greeting = _GREETING.match(line)
        if not greeting or (found and at <= found[-1].receipt):
            continue
        near = range(at, min(at + REACH, len(lines)))
        receipt = next((n for n in near if _RECEIPT.search(lines[n])), None)
        if receipt is None:
            continue
        after = max((n for n in signed if n < at), default=-1)
        after = max(after, found[-1].receipt if found else -1, at - 12)
        above = lines[after + 1 : at]
        head = next((after + 1 + n for n, words in enumerate(above) if _opens(words)), at)
        told = [words for words in above if TITLE.match(words)] + [lines[receipt]]
        found.append(
            _Block(
                head=head,
                receipt=receipt,
                who=bare(greeting["who"]),
                proposals=_proposals(told),
                number=next((bare(m["v"]) for m in map(_NUMBERED.match, above) if m), ""),
                words=lines[receipt],
            )
        )
    return found


def _opens(line: str) -> bool:
    return bool(TITLE.match(line) or _NUMBERED.match(line))


def _proposals(lines: Sequence[str]) -> frozenset[str]:
    found = (match for line in lines for match in _PROPOSAL.finditer(line))
    return frozenset((match["v"] or match["w"]).lstrip("0") for match in found)


def _answer_others(first: _Block, second: _Block) -> bool:
    """True if the two say which proposals they answer, none of them the same."""
    return bool(first.proposals and second.proposals) and not first.proposals & second.proposals


def _apart(first: _Block, second: _Block, *, lines: Sequence[str], signed: Sequence[int]) -> bool:
    """True if the two are letters of their own: both signed, of different matters."""
    between = [at for at in signed if first.receipt < at < second.head]
    closed = any(at > second.receipt for at in signed)
    if not between or not (closed or second.number):
        return False
    if any(_ATTACHED.match(line) for line in lines[between[-1] + 1 : second.head + 1]):
        return False
    if first.proposals and second.proposals:
        return not first.proposals & second.proposals
    if first.number and second.number:
        return first.number != second.number
    return first.who != second.who and first.words != second.words

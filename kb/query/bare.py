"""Questions that name a letter and ask for nothing of it, or that are too little to search for."""

from __future__ import annotations

import re

from kb.query.directory import PROPOSAL
from kb.text.chars import bare, fold, made_of, searchable
from kb.text.tokens import document_numbers

_ASSEMBLY = re.compile(
    r"(?:关于|对)?(?:[\u4e00-\u9fff]{1,12}?)?第?[一二三四五六七八九十百\d]{1,4}届[\u4e00-\u9fff]{0,12}?"
    r"第?[一二三四五六七八九十\d]{1,3}次(?:全体)?会议"
)
# What is left of a question for a letter as a whole, once its number is taken out.
_OF_THE_WHOLE = frozenset((
    "答复", "答复函", "回复", "复函", "复文", "函", "文件", "公文", "信", "提案", "建议",
    "议案", "办理", "情况", "内容", "主要", "具体", "全文", "原文", "详情", "是什么", "是",
    "什么", "怎么", "怎样", "如何", "讲了什么", "说了什么", "写了什么", "讲", "说", "写", "的",
    "了", "请问", "查", "查询", "查一下", "查看", "看", "看一下", "找", "找一下", "我", "想",
    "要", "给我", "这份", "这件", "这封", "份", "件", "号", "文号", "提案号", "关于", "对",
    "有关", "意见", "呢", "吗", "吧", "啊", "协办件", "会办件", "重点", "人大", "政协", "代表",
    "委员", "哪些", "有", "一下", "介绍", "情形",
))  # fmt: skip
_MARKS = re.compile(r"[^\w]|_")
SHORTEST = 2  # characters of a question that can be searched for
SHORTEST_FIGURE = 5  # digits of one: 12345 is a hotline, 12 is anything


def only_a_number(question: str) -> bool:
    """True if ``question`` is a document or proposal number, and at most asks what it says."""
    text = fold(question)
    spans = document_numbers(text)
    named = bool(spans)
    for span in reversed(spans):
        text = text[: span.start] + " " + text[span.end :]
    text, proposals = PROPOSAL.subn(" ", text)
    if not named and not proposals:
        return False
    return made_of(_MARKS.sub("", bare(_ASSEMBLY.sub("", text))), _OF_THE_WHOLE)


def scant(question: str) -> bool:
    """True if ``question`` is too little to search for: one character, a bare figure, marks."""
    words = "".join(character for character in searchable(question) if character.isalnum())
    return len(words) < (SHORTEST_FIGURE if words.isdecimal() else SHORTEST)

"""Replies of every kind as the contract of ``POST /api/ask/stream`` has them, for the widget alone.

What is said in them stands in a letter of ``letters/``, so that its place can be shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote as quoted_path

Json: TypeAlias = dict[str, Any]
LETTER = "云水函〔2025〕4号.txt"
SENTENCE = (
    "经与𠮷野村、𡋾坝社区商定，𠮷野村引水渠修缮投资260万元，其中市级财政承担182万元，"
    "𣲗水镇自筹78万元，2025年10月底前完成渠底防渗，12月底前恢复通水。"
)
KEEPING = "渠道修好后移交𣲗水镇水管站，按每公里每年6000元安排管护经费。"
LEAKS = "渗漏最重的𡋾坝段每年要损失水量31万立方米"
STORY = "我家在𠮷野村，种了一辈子的地，前年开始水就上不来了，找了村里找镇里，都说在研究。" * 4
WAYS = [
    {"label": "云岭市水利局", "value": "0999-5550101", "href": "tel:0999-5550101"},
    {"label": "12345 政务服务便民热线", "value": "12345", "href": "tel:12345"},
    {"label": "市长信箱", "value": "打开", "href": "https://www.example.gov.cn/szxx"},
]
SOURCE = {
    "letter_id": LETTER,
    "name": "关于修缮𠮷野村引水渠、保障𡋾坝灌溉用水的建议",
    "issuer": "云岭市水利局",
    "number": "云水函〔2025〕4号",
    "date": "2025-04-18",
    "dated": "2025年4月18日（1 年前）",
    "graded": "B 所提问题正在解决或列入计划解决",
    "href": "/letters/" + quoted_path(LETTER),
}
EMPTY: Mapping[str, Any] = {
    "quotes": [], "code": None, "reason": None, "caption": None, "count": 0, "rows": [],
    "nearest": [], "confidence": 0.5, "resolved": None, "seconds": 0.1, "lead": None,
    "text": None, "lang": "zh-CN", "options": [], "kind": None, "parts": [], "way_out": [],
    "ask_whom": [],
}  # fmt: skip


def cited(text: str, words: str) -> Json:
    """The place of ``words`` in the letter whose text is ``text``. Raises ValueError."""
    start = text.index(words)
    return {"text": words, "letter_id": LETTER, "start": start, "end": start + len(words)}


def card(text: str, words: str, *, exact: str, rank: int = 1, **more: Any) -> Json:
    """A ``quote`` event: ``words`` of the letter, ``exact`` in them as what answers."""
    before, after = words.split(exact, 1)
    pieces = [(before, False), (exact, True), (after, False)]
    quote = {**cited(text, words), "standing": more.pop("standing", None)}
    place = f"?start={quote['start']}&end={quote['end']}#quote"
    return {
        "rank": rank,
        "part": 0,
        "quote": quote,
        "pieces": [{"text": piece, "exact": marked} for piece, marked in pieces if piece],
        "kind": "",
        "notes": [],
        "earlier": [],
        "source": SOURCE,
        "href": str(SOURCE["href"]) + place,
        "permalink": "/quotes/a/0-1/0123456789abcdef",
        "later": [],
        **more,
    }


def reply(status: str, **keys: Any) -> Json:
    """A whole reply of ``status``; unnamed keys are empty."""
    asked = {"status": status, "question": "𠮷野村引水渠", "snapshot": "s-1"}
    return {**EMPTY, **asked, **keys}


def refused(**keys: Any) -> Json:
    told = "没有哪份复文明确回答了这个问题，以下只是内容相近的复文"
    return reply("refusal", code="not_sure", reason=told, way_out=WAYS, **keys)


def stream(
    verdict: Json, cards: Sequence[Json] = (), *, resolved: Json | None = None
) -> Sequence[tuple[str, Json]]:
    """The events of a stream that ends with ``verdict``."""
    meta = {"snapshot": "s-1", "question": verdict["question"], "resolved": resolved}
    return [
        ("meta", meta),
        ("sources", {"letters": [SOURCE]}),
        *(("quote", one) for one in cards),
        ("verdict", {**verdict, "resolved": resolved}),
        ("done", {"seconds": 0.1, "events": len(cards) + 4}),
    ]


def body(events: Sequence[tuple[str, Json]]) -> str:
    """``events`` as text/event-stream."""
    told = ((name, json.dumps(content, ensure_ascii=False)) for name, content in events)
    return "".join(f"event: {name}\ndata: {content}\n\n" for name, content in told)


def _led(text: str) -> Sequence[tuple[str, Json]]:
    start = text.index("260万元")
    fact = {"text": KEEPING, "href": SOURCE["href"]}
    later = [{**SOURCE, "fact": fact}, {**SOURCE, "number": "云水函〔2025〕9号", "fact": None}]
    first = card(text, SENTENCE, exact="260万元", later=later)
    lead = {"text": "260万元", "start": start, "end": start + 5}
    return stream(reply("answer", lead=lead), [first])


def _false_lead(text: str) -> Sequence[tuple[str, Json]]:
    """The lead says that it stands in the quote, where other words do."""
    start = text.index("260万元")
    lead = {"text": "620万元", "start": start, "end": start + 5}
    return stream(reply("answer", lead=lead), [card(text, SENTENCE, exact="260万元")])


def _promise(text: str) -> Sequence[tuple[str, Json]]:
    names = {key: SOURCE[key] for key in ("number", "issuer", "date")}
    standing = {
        "state": "under_way",
        "told": "正在办理",
        "due": "2025年10月底前",
        "overdue": True,
        "evidence": [{**cited(text, KEEPING), **names, "title": None}],
        "record": "以上状态是本单位自己的记录",
    }
    lead = {"text": "还没有", "start": None, "end": None}
    first = card(text, SENTENCE, exact="2025年10月底前完成渠底防渗", standing=standing)
    return stream(reply("answer", lead=lead), [first])


def _questions(text: str) -> Sequence[tuple[str, Json]]:
    start = text.index("260万元")
    answered = reply("answer", lead={"text": "260万元", "start": start, "end": start + 5})
    kept = card(text, KEEPING, exact="每公里每年6000元", part=1)
    again = card(text, LEAKS, exact="31万立方米", part=1, rank=2)
    parts = [
        {"label": "𠮷野村引水渠修缮投资多少钱", "reply": answered},
        {"label": "以后的管护经费怎么安排", "reply": reply("answer")},
        {"label": "水渠旁边可以种树吗", "reply": refused()},
    ]
    first = card(text, SENTENCE, exact="260万元")
    verdict = reply("several", kind="questions", parts=parts)
    mended = [{"kind": "split", "was": "投资多少钱，管护经费呢", "now": "投资多少钱；管护经费"}]
    resolved = {"question": "𠮷野村引水渠修缮投资多少钱", "carried": [], "mended": mended}
    return stream(verdict, [first, kept, again], resolved=resolved)


def _comparison(text: str) -> Sequence[tuple[str, Json]]:
    start = text.index("31万立方米")
    lead = {"text": "31万立方米", "start": start, "end": start + 6}
    cards = [
        card(text, LEAKS, exact="31万立方米"),
        card(text, SENTENCE, exact="2025年10月底前完成渠底防渗", part=1),
    ]
    parts = [
        {"label": "2024年", "reply": reply("answer", lead=lead)},
        {"label": "2025年", "reply": reply("answer")},
        {"label": "2026年", "reply": refused()},
    ]
    return stream(reply("several", kind="comparison", parts=parts), cards)


def _choice(_: str) -> Sequence[tuple[str, Json]]:
    options = ["加装电梯补贴多少钱？", "加装电梯要哪些材料？", "2024年加装了多少部电梯？"]
    return stream(reply("notice", text="“电梯”想问哪一件？", options=options))


def _guide(_: str) -> Sequence[tuple[str, Json]]:
    told = "这里只有政府答复函的原文，不是办事指南。要办事，可以问下面的地方。"
    return stream(reply("notice", text=told, way_out=WAYS[1:]))


def _in_english(_: str) -> Sequence[tuple[str, Json]]:
    told = "The letters are in Chinese. Please ask in Chinese, for example one of these."
    options = ["加装电梯补贴多少钱？"]
    return stream(reply("notice", text=told, lang="en", options=options))


def _way_out(_: str) -> Sequence[tuple[str, Json]]:
    sly = {"label": "不该点的", "value": "x", "href": "javascript:alert(1)"}
    return stream({**refused(), "way_out": [*WAYS, sly]})


def _mended(text: str) -> Sequence[tuple[str, Json]]:
    now = "𠮷野村引水渠修缮投资多少钱"
    mended = [
        {"kind": "story", "was": STORY, "now": now},
        {"kind": "spelling", "was": "引水梁", "now": "引水渠"},
    ]
    resolved = {"question": now, "carried": [], "mended": mended}
    return stream(reply("answer"), [card(text, SENTENCE, exact="260万元")], resolved=resolved)


def _reworded(text: str) -> Sequence[tuple[str, Json]]:
    now = "𠮷野村引水渠修缮投资多少钱"
    mended = [{"kind": "model", "was": f"{now}？", "now": now}]
    resolved = {"question": now, "carried": [], "mended": mended}
    return stream(reply("answer"), [card(text, SENTENCE, exact="260万元")], resolved=resolved)


Made: TypeAlias = Callable[[str], Sequence[tuple[str, Json]]]
REPLIES: Mapping[str, Made] = {
    "lead": _led,
    "false lead": _false_lead,
    "promise": _promise,
    "several questions": _questions,
    "comparison": _comparison,
    "choice": _choice,
    "guide": _guide,
    "in English": _in_english,
    "way out": _way_out,
    "mended": _mended,
    "reworded": _reworded,
}

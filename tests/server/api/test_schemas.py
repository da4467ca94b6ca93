"""What is sent is what the schemas describe."""

from __future__ import annotations

from dataclasses import replace

from kb import serialize
from kb.query.follow_up import Carried, Resolved
from kb.replies import Answer, Lead, Listing, Notice, Part, Refusal, Several
from kb.types import Nearest, Quote, Span, Standing
from server.api import replies, schemas
from tests.support.heads import citation
from tests.support.served import letters


def test_a_plain_letter_is_what_the_wire_describes() -> None:
    for letter in letters():
        raw = serialize.letter(letter)
        model = schemas.Letter.model_validate(raw)
        assert model.model_dump() == raw
        assert list(raw["fields"]) == list(schemas.Fields.model_fields)


NEAREST = (Nearest(citation=citation("b"), title=None, score=0.5),)


def test_a_plain_answer_is_what_the_wire_describes() -> None:
    quote_ = Quote(
        citation=citation("a", issuer="局", issued_on="2024-01-01", result_class="A"),
        title="题",
        span=Span(start=3, end=5),
        text="原文",
        headings=("一、", "（一）"),
        score=1.25,
        about="文号",
        exact=(Span(start=4, end=5),),
    )
    answer = Answer(question="问", snapshot="s", quotes=(quote_,), nearest=NEAREST, confidence=0.75)
    raw = serialize.reply(answer, seconds=0.123456)
    assert replies.Reply.model_validate(raw).model_dump(exclude_unset=True) == raw
    assert raw["status"] == "answer"
    assert raw["reason"] is None
    assert raw["seconds"] == 0.1235
    assert raw["quotes"] == [
        {
            "text": "原文",
            "letter_id": "a",
            "start": 3,
            "end": 5,
            "exact": [{"start": 4, "end": 5}],
            "title": "题",
            "number": None,
            "issuer": "局",
            "date": "2024-01-01",
            "result_class": "A",
            "about": "文号",
            "headings": ["一、", "（一）"],
            "doubtful": False,
            "glosses": [],
            "score": 1.25,
            "earlier": [],
            "standing": None,
        }
    ]


def test_a_plain_refusal_has_the_keys_of_an_answer() -> None:
    refusal = Refusal(
        question="问", snapshot="s", code="not_sure", reason="没有", nearest=NEAREST, confidence=0.1
    )
    raw = serialize.reply(refusal, seconds=1)
    assert replies.Reply.model_validate(raw).model_dump(exclude_unset=True) == raw
    assert raw["status"] == "refusal"
    assert raw["quotes"] == []
    assert raw["reason"] == "没有"
    assert raw["nearest"] == [{"letter_id": "b", "title": None, "number": None, "score": 0.5}]


def test_a_plain_listing_has_the_keys_of_an_answer_and_its_rows() -> None:
    cited = Quote(
        citation=citation(
            "a", "关于养老的提案", issuer="局", issued_on="2024-01-01", result_class="B"
        ),
        title="题",
        span=Span(start=3, end=4),
        text="B",
        headings=(),
        score=1.0,
        about="办理结果",
    )
    listing = Listing(
        question="哪些B类",
        snapshot="s",
        caption="B类答复，共 1 份",
        count=1,
        rows=(cited,),
        nearest=(),
        confidence=1.0,
    )
    raw = serialize.reply(listing, seconds=1)
    assert replies.Reply.model_validate(raw).model_dump(exclude_unset=True) == raw
    assert (raw["status"], raw["count"], raw["caption"]) == ("listing", 1, "B类答复，共 1 份")
    assert raw["rows"][0].keys() == {
        "letter_id",
        "name",
        "issuer",
        "number",
        "date",
        "result_class",
        "quote",
    }
    assert (raw["rows"][0]["quote"]["text"], raw["rows"][0]["date"]) == ("B", "2024-01-01")
    assert (raw["quotes"], raw["code"], raw["reason"], raw["resolved"]) == ([], None, None, None)


def test_a_plain_reply_tells_what_was_taken_over() -> None:
    refusal = Refusal(
        question="加装电梯：什么时候完成",
        snapshot="s",
        code="x",
        reason="没有",
        nearest=(),
        confidence=0.1,
    )
    resolved = Resolved(
        question=refusal.question, carried=(Carried(kind="subject", text="加装电梯"),)
    )
    raw = serialize.reply(refusal, seconds=1, resolved=resolved)
    assert replies.Reply.model_validate(raw).model_dump(exclude_unset=True) == raw
    assert (raw["caption"], raw["count"], raw["rows"]) == (None, 0, [])
    assert raw["resolved"] == {
        "question": "加装电梯：什么时候完成",
        "carried": [{"kind": "subject", "text": "加装电梯"}],
        "mended": [],
    }


def a_quote(text: str, start: int) -> Quote:
    return Quote(
        citation=citation("a"),
        title=None,
        span=Span(start=start, end=start + len(text)),
        text=text,
        headings=(),
        score=1.0,
    )


def test_several_replies_are_what_the_wire_describes_with_the_quotes_of_all() -> None:
    said = Standing(
        state="done", told="已完成", due="2024年底前", overdue=False, evidence=(a_quote("建成", 9),)
    )
    one = Answer(
        question="一",
        snapshot="s",
        quotes=(replace(a_quote("每部8万元", 3), standing=said),),
        nearest=(),
        confidence=0.9,
        lead=Lead(text="8万元", span=Span(start=5, end=8)),
    )
    two = Notice(question="二", snapshot="s", code="hello", text="您好。", options=("问什么",))
    parts = (Part(label="第一问", reply=one), Part(label="第二问", reply=two))
    several = Several(question="一？二？", snapshot="s", kind="questions", parts=parts)
    raw = serialize.reply(several, seconds=1)
    assert replies.Reply.model_validate(raw).model_dump(exclude_unset=True) == raw
    assert (raw["status"], raw["kind"], raw["confidence"]) == ("several", "questions", 0.9)
    assert [quote["text"] for quote in raw["quotes"]] == ["每部8万元"]
    assert raw["parts"][0]["reply"]["lead"] == {"text": "8万元", "start": 5, "end": 8}
    assert raw["parts"][0]["reply"]["quotes"][0]["standing"]["record"] == serialize.RECORD
    assert raw["parts"][1]["reply"]["options"] == ["问什么"]

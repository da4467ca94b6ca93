"""What the finder of promises learns from: labels of parts, folds by reply, what is kept aside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from eval.measures.promises import Marked
from eval.promise_examples import SEALED, Example, mailbox, sealed
from eval.promised import as_text, read_of
from eval.training.chain import UNKNOWN
from eval.training.fit_promises import as_json, figures, judged, kinds_learned, learned, prepared
from kb.extract.tagger import BEGINS, GOES_ON, OUT, weights_of
from kb.types import Letter, Span

TEXT = "来信收悉。我局将更换路灯，并补种行道树，确保安全。感谢支持。"


def example(number: int = 0, **changes: object) -> Example:
    letter = Letter(
        id=f"第{number}份",
        text=TEXT,
        sha256="",
        source="",
        title=None,
        body=Span(start=0, end=len(TEXT)),
        fields={},
    )
    made = Example(
        source="mailbox",
        letter=letter,
        marked=(Marked(span=span("我局将更换路灯")), Marked(span=span("补种行道树"))),
        ignored=(span("确保安全"),),
        whole=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def span(words: str) -> Span:
    return Span(start=TEXT.index(words), end=TEXT.index(words) + len(words))


def test_parts_are_labelled_by_what_was_marked() -> None:
    assert prepared(example()).labels == [OUT, BEGINS, BEGINS, UNKNOWN, OUT]
    whole = example(marked=(Marked(span=span("我局将更换路灯，并补种行道树")),))
    assert prepared(whole).labels == [OUT, BEGINS, GOES_ON, UNKNOWN, OUT]


def test_what_nobody_read_has_no_label() -> None:
    within = span("我局将更换路灯，并补种行道树，确保安全。")
    assert prepared(example(within=within, ignored=())).labels == [
        UNKNOWN, BEGINS, BEGINS, OUT, UNKNOWN,
    ]  # fmt: skip


def test_what_is_learned_finds_what_was_marked() -> None:
    given = [prepared(example(number)) for number in range(6)]
    chain = json.loads(as_json(learned(given)))
    kinds = kinds_learned(one.example for one in given)
    reads = judged(given[:1], chain, kinds)
    assert [found.span for found in reads[0][1].found][:2] == [
        span("我局将更换路灯"),
        span("补种行道树"),
    ]
    row = figures(reads)["mailbox"]
    assert (row["f1"], row["concrete"]) == (1, 1)
    assert "mailbox" in as_text({"mailbox": row})
    assert (
        read_of(example(), by=weights_of({"mailbox": chain, **kinds}, whole=False)).found
        == reads[0][1].found
    )


def test_replies_are_read_with_what_counts_neither_way(tmp_path: Path) -> None:
    marked = {"docid": "7", "start": 0, "end": 4, "strength": "will", "vague": True}
    rows = [marked | {"conditional": False}, {"docid": "7", "start": 5, "end": 8, "ignore": True}]
    (tmp_path / "promises.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "promises_replies.json").write_text('["7", "8"]', encoding="utf-8")
    replies = tmp_path / "replies.jsonl"
    texts = [{"id": n, "reply": TEXT, "replied_at": "2019/5/10 14:56:53"} for n in ("7", "8", "9")]
    replies.write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    seven, eight = mailbox(tmp_path, replies)
    assert seven.marked == (Marked(span=Span(start=0, end=4), vague=True),)
    assert seven.ignored == (Span(start=5, end=8),)
    assert seven.letter.value("issued_on") == "2019-05-10"
    assert (eight.marked, eight.ignored, eight.whole) == ((), (), False)


def test_the_same_replies_are_always_kept_aside() -> None:
    every = [example(number) for number in range(SEALED + 50)]
    aside = sealed(every)
    assert len(aside) == SEALED
    assert aside == sealed(every[::-1])

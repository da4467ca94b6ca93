"""Questions as citizens type them, and what each of them should get; see eval/README.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast, get_args

from eval.rows import Ids, SuiteRow, lines
from eval.suite import BadSuite

Expect = Literal["quote", "list", "said", "choice", "refuse"]

# The groups in the order in which they are reported, as people are told of them.
GROUPS: Mapping[str, str] = {
    "story": "长篇来信",
    "two": "两问合一",
    "follow_up": "追问",
    "list": "清单",
    "comparison": "比较",
    "promise": "承诺",
    "small_talk": "闲谈",
    "word": "一两个词",
    "yes_no": "是不是",
    "latest": "最新",
    "field": "要素",
    "written": "写法不规范",
    "plain": "普通",
    "refuse": "该拒的",
}
KINDS = ("hello", "thanks", "who", "able", "insult", "bye", "guide", "foreign")
LEADS = ("是", "不是", "还没有")
KEYS = (
    "id", "group", "before", "question", "expect", "parts", "letters", "lead", "kind", "note",
)  # fmt: skip
# What says whether a reply is right, by what is expected.
NEEDED = {"quote": "parts", "list": "letters", "choice": "letters", "said": "kind"}
WORDS_KEYS, OFFSET_KEYS = ("letter", "answer"), ("letter", "start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Words of a letter that answer: they are looked for there, white space and width aside."""

    letter: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A question after the visitor's questions ``before`` it, and what it should get.

    ``parts`` are the things that must be answered, each by any one of its alternatives;
    ``letters`` those of a list, or that a choice would come from. ``lead`` is the word that
    yes-no questions should be answered by first, ``kind`` which small talk it is.
    """

    id: str
    group: str
    question: str
    expect: Expect
    before: tuple[str, ...] = ()
    parts: tuple[tuple[Alternative, ...], ...] = ()
    letters: frozenset[str] = frozenset()
    lead: str = ""
    kind: str = ""

    @property
    def answerable(self) -> bool:
        """True unless it should be refused."""
        return self.expect != "refuse"


def read_meant(path: Path, *, replies: Mapping[str, str] | None = None) -> tuple[Meant, ...]:
    """The questions of one file of JSON lines.

    An alternative is {letter, answer}, or {letter, start, end} where the words may not be
    copied: code points of the text of that letter in ``replies``. Raises BadSuite.
    """
    taken = Ids()
    found = tuple(_meant(row.only(KEYS), taken, replies or {}) for row in lines(path))
    if not found:
        raise BadSuite(f"{path}：一个问题也没有；请换成题集")
    return found


def with_kept(asked: Iterable[Meant], equal: Mapping[str, str]) -> tuple[Meant, ...]:
    """``asked`` with letters named by the one of ``equal`` text that was kept."""

    def kept(part: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
        return tuple(replace(given, letter=equal.get(given.letter, given.letter)) for given in part)

    return tuple(
        replace(
            each,
            parts=tuple(map(kept, each.parts)),
            letters=frozenset(equal.get(letter, letter) for letter in each.letters),
        )
        for each in asked
    )


def _meant(row: SuiteRow, taken: Ids, replies: Mapping[str, str]) -> Meant:
    expect = _one_of(row, "expect", get_args(Expect))
    meant = Meant(
        id=taken.take(row.identity("id"), row),
        group=_one_of(row, "group", tuple(GROUPS)),
        question=row.text("question"),
        expect=cast(Expect, expect),
        before=tuple(one.text("before") for one in _some(row, "before")),
        parts=tuple(tuple(_alternatives(part, replies)) for part in _some(row, "parts")),
        letters=frozenset(one.identity("letters") for one in _some(row, "letters")),
        lead=_one_of(row, "lead", LEADS) if row.option("lead") else "",
        kind=_one_of(row, "kind", KINDS) if row.option("kind") else "",
    )
    key = NEEDED.get(expect)
    if key and not getattr(meant, key):
        row.bad(f"expect 是 {expect}，却没有 {key}", f"请补上 {key}")
    return meant


def _alternatives(part: SuiteRow, replies: Mapping[str, str]) -> Iterator[Alternative]:
    for row in part.rows("parts"):
        letter = row.identity("letter")
        if "answer" in row.values:
            yield Alternative(letter=letter, answer=row.only(WORDS_KEYS).text("answer"))
            continue
        start, end = (row.only(OFFSET_KEYS).value(key) for key in OFFSET_KEYS[1:])
        text = replies.get(letter, "")
        if not (type(start) is int and type(end) is int and 0 <= start < end <= len(text)):
            row.bad(f"{letter} 的 {start}～{end} 处没有文字", "请检查编号、位置和答复的文件")
        yield Alternative(letter=letter, answer=text[start:end])


def _some(row: SuiteRow, key: str) -> tuple[SuiteRow, ...]:
    """The values of the list under ``key``; none where it is absent or empty."""
    return row.each(key) if row.values.get(key) else ()


def _one_of(row: SuiteRow, key: str, known: tuple[str, ...]) -> str:
    value = row.text(key)
    if value not in known:
        row.bad(f"{key} 是 {value}", f"应是 {'、'.join(known)} 之一")
    return value

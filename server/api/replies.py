"""What a reply looks like over the wire."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Of

from server.api.given import Given


class Part(Given):
    """复文 text 的第 start 到第 end 个码点。"""

    start: int
    end: int


class Gloss(Part):
    """摘录里的“今年”“去年”等（第 start 到第 end 个码点）是哪一年，按复文日期推算，不是原文的字。"""

    year: int


class Excerpt(Given):
    """复文 text 的第 start 到第 end 个码点，一字不差。"""

    text: str
    letter_id: str
    start: int
    end: int
    exact: list[Part] = Of(description="摘录中直接回答问题的部分，可以突出显示；空为整条")
    title: str | None
    number: str | None
    issuer: str | None
    date: str | None = Of(description="发文日期，YYYY-MM-DD")
    result_class: str | None
    headings: list[str] = Of(description="所在标题，由外到内")
    about: str | None = Of(description="问的是复文的哪一项（如 文号），问内容时为 null")
    doubtful: bool = Of(description="由扫描件识别、可能有错字的，请对照原件")
    glosses: list[Gloss]
    score: float


class Standing(Given):
    """摘录里的承诺办得怎样：工作人员核实过的台账记录，不是复文的字。"""

    state: str = Of(description="状态的代码，如 under_way")
    told: str = Of(description="状态的说法，如 正在办理")
    due: str | None = Of(description="期限的说法；没有为 null")
    overdue: bool = Of(description="过了期限还没有办完")
    evidence: list[Excerpt] = Of(description="依据：后来的复文里的原文")
    record: str = Of(description="要一同显示的说明：状态是谁的记录")


class Quote(Excerpt):
    """原文摘录；同一单位较早的答复也答过的，旧的说法在 earlier，早的在前，每条都是原文。"""

    earlier: list[Excerpt]
    standing: Standing | None = Of(description="摘录里的承诺办得怎样；不是问承诺的为 null")


class Lead(Given):
    """第一条摘录之前的一两个词：“是”“不是”“还没有”，或者摘录里的几个字（那时有 start、end）。"""

    text: str
    start: int | None
    end: int | None


class Nearest(Given):
    """相关答复：内容相近，不是回答。"""

    letter_id: str
    title: str | None
    number: str | None
    score: float


class Row(Given):
    """清单中的一份复文，quote 是它列入清单的依据。"""

    letter_id: str
    name: str = Of(description="提案或建议的题目；没有则为复文标题")
    issuer: str | None
    number: str | None
    date: str | None = Of(description="发文日期，YYYY-MM-DD")
    result_class: str | None
    quote: Quote


class Contact(Given):
    """答不了的时候能找的人：电话，或者信箱。"""

    label: str = Of(description="找谁：单位、政务服务便民热线、市长信箱")
    value: str = Of(description="电话号码或网址，照此显示")
    href: str = Of(description="可以点的链接：拨号、网页或者写信")


class Carried(Given):
    """从前面的问题补上的词。"""

    kind: Literal["organ", "number", "place", "year", "subject"]
    text: str


class Mended(Given):
    """问题里改动了的：story 只留所问的，spelling 错字，script 繁体，split 分成几问。

    model：原话没有查到，语言模型换了说法（设了 KB_LLM_REWRITE 才有）。
    """

    kind: Literal["story", "spelling", "script", "split", "model"]
    was: str
    now: str


class Resolved(Given):
    """按什么样的问题查找：接着前面问的补全了，长的留下所问的，错字改了。"""

    question: str
    carried: list[Carried]
    mended: list[Mended]


class WordingPart(Given):
    """模型写的连接的话（text），或者原文摘录（quote）。"""

    kind: Literal["words", "quote"]
    text: str = Of(default="", description="模型写的，不是原文；kind 是 quote 时没有")
    quote: Excerpt | None = Of(default=None, description="一字不差；kind 是 words 时没有")


class Wording(Given):
    """语言模型把摘录连成的一段话；它的话要标明不是原文。设了 KB_LLM_URL、通过核对时才有。"""

    note: str = Of(description="要一同显示的说明")
    parts: list[WordingPart]


class Reply(Given):
    """回答、拒答、清单（listing）、固定的一句话（notice）或者几问的回答（several）。"""

    status: Literal["answer", "refusal", "listing", "notice", "several"]
    question: str = Of(description="实际回答的问题；接着前面问时是补全后的")
    snapshot: str = Of(description="回答所依据的快照版本")
    quotes: list[Quote]
    code: str | None = Of(description="拒答原因的代码")
    reason: str | None = Of(description="拒答的原因；不是拒答时为 null")
    way_out: list[Contact] = Of(
        description="拒答时能找谁：相关单位的电话、12345、市长信箱；不是拒答为空"
    )
    caption: str | None = Of(description="清单的说明；不是清单时为 null")
    count: int = Of(description="符合条件的复文份数；rows 可能只列出最新的一部分")
    rows: list[Row] = Of(description="清单，新的在前")
    lead: Lead | None = Of(description="第一条摘录之前的一两个词；没有为 null")
    text: str | None = Of(description="固定的一句话；不是 notice 时为 null")
    lang: Literal["zh-CN", "en"] = Of(description="text 是什么文字")
    options: list[str] = Of(description="可以接着问的问题，复文里有的")
    kind: Literal["questions", "comparison"] | None = Of(description="几个问题，还是比较")
    parts: list[ReplyPart] = Of(description="每一问、比较的每一方的回答；quotes 是它们的全部摘录")
    nearest: list[Nearest]
    confidence: float = Of(description="把握，0 到 1")
    resolved: Resolved | None = Of(description="按什么样的问题查找；就是原话的为 null")
    seconds: float = Of(description="用时，秒")
    wording: Wording | None = Of(default=None, description="模型连成的一段话；没有就没有这一项")


class ReplyPart(Given):
    """几问中的一问，或者比较的一方。"""

    label: str
    reply: Reply


def unworded(schemas: dict[str, Any]) -> None:
    """Take out of ``schemas`` by name what only a server with a language model says."""
    del schemas[Wording.__name__], schemas[WordingPart.__name__]
    del schemas[Reply.__name__]["properties"]["wording"]

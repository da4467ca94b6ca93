"""What is said to small talk: one fixed sentence each, never a quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kb.query.parse import Query
from kb.replies import Notice
from kb.search.suggest import suggestions
from kb.store.protocol import SnapshotReader

# By code; a code that was published never changes.
SAID: Mapping[str, str] = {
    "hello": "您好。想知道哪件事，可以直接写出来，例如“加装电梯补贴多少钱”。",
    "thanks": "不客气。还有别的事，可以接着问。",
    "bye": "再见，欢迎再来。",
    "who": "这里是复文问答：从各单位公开的答复里找出原话给您看，不是真人，也不会自己编。",
    "able": "可以问各单位在公开答复里写过的事：数字、时间、办法、下一步的打算。找不到就直说。",
    "human": "这里是程序，没有真人接话。要找人，请打 12345 政务服务便民热线。",
    "complain": "这里只查公开的答复，不收投诉。要反映问题，请打 12345 政务服务便民热线。",
    "chat": "聊天这里不会，只会从公开的答复里找原话。请写出想问的事。",
    "wrong": "对不起，没有找对。请换个说法再问一次，写上哪里、什么事。",
    "insult": "对不起，没能帮上忙。请写出想问的事，这里再找一找。",
    "praise": "谢谢。还有别的事，可以接着问。",
    "ok": "好的。还有别的事，可以接着问。",
    "test": "收到了，这里可以用。请写出想问的事。",
    "nonsense": "没有看出要问什么。请用汉字写出想问的事，例如“路灯坏了归谁管”。",
    "foreign": "The replies here are written in Chinese. Please ask in Chinese characters.",
    "pinyin": "请用汉字问，这里的答复都是中文。Please ask in Chinese characters.",
}
_WITH_EXAMPLES = frozenset(
    ("hello", "who", "able", "chat", "wrong", "insult", "test", "nonsense", "pinyin")
)
_EXAMPLES = 3
_LANGUAGES: Mapping[str, Literal["zh-CN", "en"]] = {"foreign": "en"}


def said(query: Query, reader: SnapshotReader) -> Notice:
    """The sentence for the small talk of ``query``, with examples of what may be asked."""
    code = query.talk or "hello"
    examples = suggestions("", reader, scope=query.scope, most=_EXAMPLES)
    return Notice(
        question=query.typed,
        snapshot=reader.snapshot.version,
        code=code,
        text=SAID[code],
        options=examples if code in _WITH_EXAMPLES else (),
        lang=_LANGUAGES.get(code, "zh-CN"),
    )

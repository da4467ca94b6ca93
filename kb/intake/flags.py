"""The flags of a letter in people's words: what may have been read wrong, what was done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.intake.corrections import CORRECTED
from kb.privacy.originals import SEARCHED
from kb.privacy.publicity import REASONS
from kb.privacy.redact import MASKED
from kb.store.kin import SetAside
from kb.store.register import CONFLICT as REGISTER_CONFLICT

# What makes one look at the letter again before it is published.
DOUBTS: Mapping[str, str] = {
    "damaged_characters": "有几个字是坏的（编码转换时出了错）；请对照原件",
    "ocr": "由图片识别的文字；请对照原件",
    "ocr_low_confidence": "图片里有些行认不准；请逐行对照原件",
    "scanned_pages": "有的页是图片，没有文字；请核对有没有漏页",
    "two_columns": "分栏的页，按栏读；请核对次序",
    "turned_text": "有转了方向的文字；请核对有没有漏读",
    "font_not_embedded": "字体没有嵌入；请核对有没有错字",
    "untold_characters": "有些字不知道是什么字；请对照原件",
    "lost_text": "有的文字没有读到；请对照原件",
    "tracked_changes": "有修订，读的是接受修订以后的样子；请核对是不是定稿",
    "unread_parts": "有图表或嵌入的文件没有读；请核对要不要紧",
    "several_documents": "一个 OFD 里有几份文档；请核对是不是同一份复文",
    "vertical_text": "有竖排的文字；请核对次序",
    "private_characters": "有字体自造的字，不知道是什么字；请对照原件",
    REGISTER_CONFLICT: "与交办表有出入；请核对以哪一个为准",
}
# What is only to be known.
NOTES: Mapping[str, str] = {
    "converted": "由旧版 Word 格式转换",
    "folded_radicals": "有部首形式的字（⽔、⽉），查找时当作水、月",
    "macros": "文件带宏；宏没有运行",
    "signed_unverified": "带电子签章；签章没有验证",
    MASKED: "遮去了个人信息",
    CORRECTED: "要素经人更正",
}
NEEDED = ("issuer", "number", "issued_on")  # the fields that a letter is cited by
HIDDEN = frozenset((SEARCHED, *REASONS))  # told elsewhere, or of no use to anybody
WORDS: Mapping[str, str] = {**DOUBTS, **NOTES}


def told(flags: Sequence[str]) -> tuple[str, ...]:
    """``flags`` in words, doubts first; one that is not known is told by its name."""
    doubts = [DOUBTS[flag] for flag in flags if flag in DOUBTS]
    notes = [NOTES[flag] for flag in flags if flag in NOTES]
    others = [f"标记 {flag}" for flag in flags if flag not in WORDS and flag not in HIDDEN]
    return tuple(dict.fromkeys((*doubts, *others, *notes)))


def doubtful(flags: Sequence[str]) -> bool:
    """True if something of the letter may have been read wrong."""
    return any(flag in DOUBTS for flag in flags)


def stood_for(one: SetAside | None) -> tuple[str, ...]:
    """Which letter another one stands for, in a sentence; () for a letter that is served."""
    if one is None:
        return ()
    what = "副本" if one.reason == "copy" else "较早的版本"
    return (f"这一份是{what}；检索、回答用的是 {one.served}",)

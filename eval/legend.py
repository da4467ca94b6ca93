"""What each figure is called in the report, how it is written, and what it says to a reader."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

UNMEASURED = "未测"
_SPACE = "\N{NO-BREAK SPACE}"

# score: three decimals. rate: a share, as a percentage.
Kind = Literal["score", "rate", "count", "seconds", "megabytes", "bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A figure's Chinese name, its kind, and one plain sentence about it."""

    label: str
    kind: Kind
    says: str


def _score(label: str, says: str) -> Meaning:
    return Meaning(label=label, kind="score", says=says)


def _rate(label: str, says: str) -> Meaning:
    return Meaning(label=label, kind="rate", says=says)


def _found(k: int) -> Meaning:
    says = f"能回答问题的文件里，平均有多大一部分排进了前 {k} 位。"
    return _score(f"前 {k} 位召回", says)


def _held(k: int) -> Meaning:
    return _rate(f"前 {k} 段含答案", f"前 {k} 个段落里完整含有标准答案的题所占的比例。")


# The headline and what belongs to it.
OUTCOMES: dict[str, Meaning] = {
    "score": _score(
        "得分",
        "0.8 × 能答的题的平均（对 1、部分对 ½、拒答 0、错 −1）"
        "＋ 0.2 × 答不了的题的平均（拒了 1、答了 −1）。",
    ),
    "right": _rate("对", "能答的题里，第一条摘录盖住标准答案八成以上，不超过 200 字。"),
    "partly": _rate("部分对", "能答的题里，不算对，但显示的摘录合起来盖住标准答案三成以上。"),
    "wrong": _rate("错", "能答的题里，作了答而连部分对也不是；越低越好。"),
    "refused": _rate("拒答", "能答的题里，程序拒答了。"),
    "rightly_refused": _rate("该拒的拒了", "没有文件能回答的题里，程序拒答了。"),
    "wrongly_answered": _rate("该拒的答了", "没有文件能回答的题里，程序硬答了；越低越好。"),
    "wrong_among_answered": _rate("答出来却错的", "显示了的回答里，错的和本不该答的；越低越好。"),
    "right_when_sure": _rate("很有把握时答对", "把握不低于 0.9 的回答里，对的有多大一部分。"),
    "coverage_at_10_percent_wrong": _rate(
        "容许一成错时能答", "门槛放到答出来的只有一成是错的，能答的题能答多少；门槛由另一半题定。"
    ),
    "wrong_at_that_coverage": _rate("那时实际错的", "照上一行的门槛，答出来的里面错的比例。"),
    "calibration_error": _score(
        "把握的偏差", "把握与实际答对的比例平均差多少（按把握分十组）；越低越好。"
    ),
    "stale_answers": _rate(
        "摘了往年的", "标注了往年答案的题里，第一条摘录是往年的答案而不是对的；越低越好。"
    ),
    "length_ratio": _score(
        "显示的长度", "作了答的题，显示的摘录共有标准答案的几倍长（中位数）；1 是不多不少。"
    ),
    "cpu_seconds": _score("每题处理器秒数", "答一题平均用的处理器时间，各个线程合计。"),
}

KINDS = {
    "near": "题边（说的是这件事，没有说这一点）",
    "far": "离题",
    "cut": "答案从文件里删去了",
    "unmarked": "题集没有注明",
}

MEANINGS: dict[str, dict[str, Meaning]] = {
    "outcome": OUTCOMES,
    "gate": {
        "score": OUTCOMES["score"],
        "not_wrong": _rate("没有答错", "能答的题里，没有答错的（拒答也算没有答错）。"),
    },
    "of_outcome": {
        "outcome": _score("结果", "能答的题：对 1、部分对 ½、拒答 0、错 −1。"),
        "refusal_outcome": _score("该拒的结果", "答不了的题：拒了 1，答了 −1。"),
    },
    "ranking": {
        "nDCG@10": _score(
            "排序质量", "能回答问题的文件在前 10 位里排得越靠前，越接近 1；都没排进来是 0。"
        ),
        **{f"R@{k}": _found(k) for k in (1, 5, 10, 20, 100)},
        "RR@10": _score(
            "首个命中的名次", "第一份对的文件排第几位，就记几分之一；前 10 位都没有记 0。"
        ),
    },
    "passage": {f"passage@{k}": _held(k) for k in (1, 3, 5, 10)},
    "reading": {
        "exact_match": _rate(
            "完全一致",
            "第一条摘录里突出显示的部分（没有突出的算整条）与标准答案除中文标点外一字不差（中间的空白也算）。",
        ),
        "f1": _score("连续相同文字", "同一部分与标准答案最长的一段相同文字，多摘、漏摘都扣分。"),
        "rouge_l": _score(
            "依次相同文字", "同一部分与标准答案按次序相同的字，中间可以隔开；多摘、漏摘都扣分。"
        ),
        "rouge_l_whole": _score(
            "依次相同文字（整条摘录）", "同上，但算第一条摘录的整条文字，不只是突出显示的部分。"
        ),
        "rouge_l_all": _score("依次相同文字（全部摘录）", "同上，但把显示的摘录接在一起算。"),
        "exact_match_forced": _rate("完全一致（不拒答）", "假如从不拒答，完全一致的比例。"),
        "f1_forced": _score("连续相同文字（不拒答）", "假如从不拒答，连续相同文字的得分。"),
        "rouge_l_forced": _score(
            "依次相同文字（不拒答）", "假如从不拒答会是多少；与上面的差，是拒答付出的代价。"
        ),
    },
    "citation": {
        "validity": _rate("摘录属实", "摘录与原文所注位置逐字一致的比例；不到 100% 就是程序有错。"),
        "support": _rate(
            "摘录合起来盖住答案",
            "显示的摘录合起来盖住标准答案八成以上的题所占的比例，不论摘录多长；拒答算没有。",
        ),
        "support_precision": _score(
            "摘录不多余", "显示的摘录里，对答案有用的占多少；只算作了答的题。"
        ),
        "support_overlap": _score("盖住的部分", "标准答案的文字平均有多大一部分在显示的摘录里。"),
    },
    "refusal": {
        "rejection_rate": _rate("该拒答的拒答了", "没有文件能回答的问题里，程序拒答的比例。"),
        "false_refusal_rate": _rate(
            "能答却拒答", "有文件能回答的问题里，程序拒答的比例；越低越好。"
        ),
        "auroc": _score(
            "能答与答不了分得开", "任取能答、答不了各一题，前者把握更大的概率；0.5 等于瞎猜。"
        ),
        "aurc": _score("出错面积", "从最有把握的题答起，一路上错误率的平均；越低越好。"),
        "aurc_oracle": _score("出错面积的下限", "假如把握的高低次序完全正确，出错面积会是多少。"),
    },
    "commitments": {
        "precision": _rate("找出的都对", "程序找出的承诺里，确实是承诺的比例。"),
        "recall": _rate("该找的都找到", "标注的承诺里，程序找到的比例。"),
        "f1": _score("两者兼顾", "以上两项的调和平均。"),
        "due_exact": _rate("期限一致", "找对的承诺里，起止日期都对的比例。"),
        "organ_exact": _rate("负责单位一致", "找对的承诺里，负责单位也对的比例。"),
        "strength_exact": _rate("语气一致", "找对的承诺里，将、拟、力争等语气也判对的比例。"),
        "gold": Meaning(label="标注条数", kind="count", says="人工标注的承诺。"),
        "found": Meaning(label="找出条数", kind="count", says="程序找出的承诺。"),
    },
    "index": {
        "seconds": Meaning(label="建库用时", kind="seconds", says="从读文件到可以检索。"),
        "passages": Meaning(label="段落数", kind="count", says="文件切成了多少段。"),
        "bytes_per_passage": Meaning(label="每段占用", kind="bytes", says="库的大小除以段落数。"),
        "peak_megabytes": Meaning(
            label="建库最高内存", kind="megabytes", says="建库进程占用内存的最高值。"
        ),
    },
    "asking": {
        "peak_megabytes": Meaning(
            label="答题最高内存", kind="megabytes", says="答题进程占用内存的最高值。"
        ),
    },
    "decision": {
        "answered": _rate("能答的答了", "有文件能回答的问题里，程序作了答的比例。"),
        "rejected": _rate("答不了的拒了", "没有文件能回答的问题里，程序拒答的比例。"),
    },
}

FIELDS = {
    "issuer": "发文单位",
    "number": "文号",
    "signer": "签发人",
    "result_class": "办理结果",
    "assembly": "会议",
    "kind": "类型",
    "proposal_no": "编号",
    "proposal_title": "题目",
    "issued_on": "成文日期",
    "contact_unit": "联系单位",
    "addressees": "答复对象",
    "co_organs": "会办单位",
    "cc": "抄送",
    "all": "全部要素",
}

STAGES = {
    "total": "全程",
    "embed": "问题变向量",
    "lexical": "词面检索",
    "nearest": "向量检索",
    "search": "检索（合计）",
    "answer": "摘录与判断",
}

# The measures that each question has a value of.
OF_A_QUESTION = {
    name: meaning
    for part in ("gate", "of_outcome", "ranking", "passage", "reading", "citation", "decision")
    for name, meaning in MEANINGS[part].items()
}


def label(measure: str) -> str:
    """A measure with its Chinese name before it: 排序质量 nDCG@10."""
    return f"{OF_A_QUESTION[measure].label} {measure}"


def written(value: float | None, kind: Kind = "score") -> str:
    """``value`` as it is printed; None and NaN are 未测."""
    if value is None or math.isnan(value):
        return UNMEASURED
    match kind:
        case "score":
            return f"{value:.3f}"
        case "rate":
            return f"{value:.1%}"
        case "count":
            return f"{value:,.0f}"
        case "seconds":
            return f"{value:,.1f}{_SPACE}秒"
        case "megabytes":
            return f"{value:,.1f}{_SPACE}MB"
        case "bytes":
            return f"{value:,.0f}{_SPACE}字节"


def milliseconds(value: float | None) -> str:
    """A duration given in milliseconds: 12.3 ms."""
    return UNMEASURED if value is None or math.isnan(value) else f"{value:,.1f}{_SPACE}ms"

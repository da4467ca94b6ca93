"""A finished run of thirty made-up questions, as the evaluation leaves it in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from eval.measures.headline import headline
from eval.record import Place, Record, Shown, line, write_lines
from eval.suite import Question

GOLD = "全市建成养老服务中心{n}处，惠及老人3200人。"
TEXT = (
    "云岭市民政局文件\n您提出的提案收悉，现答复如下：\n"
    "一、情况\n{gold}\n二、下一步打算\n我们将新建食堂12家。"
)


def letter(n: int) -> tuple[str, str]:
    """The id and the text of a letter."""
    return f"云民函〔2024〕{n}号", TEXT.format(gold=GOLD.format(n=n))


def shown(n: int, words: str) -> Shown:
    """``words`` of the ``n``-th letter, quoted."""
    docid, text = letter(n)
    start = text.index(words)
    return Shown(docid=docid, start=start, end=start + len(words), text=words)


def question(n: int, **changed: Any) -> Question:
    """The first twenty are answerable."""
    known: dict[str, Any] = {
        "id": f"q{n:02}",
        "question": f"第{n}号复文里全市建成养老服务中心多少处？",
        "relevant": {letter(n)[0]: 1} if n < 20 else {},
        "answers": (GOLD.format(n=n),) if n < 20 else (),
        "group": "fact" if n % 2 else "promise",
    }
    return Question(**known | changed)


def record(n: int, **changed: Any) -> Record:
    """Right, then wrong (10–14), then refused (15–19); answered (20–23), then refused."""
    answered = n < 15 or 20 <= n < 24
    quotes = (shown(n, GOLD.format(n=n) if n < 10 else "我们将新建食堂12家。"),)
    confidence = 0.95 - 0.02 * n if answered else 0.4 - 0.01 * n
    known: dict[str, Any] = {
        "question": question(n),
        "status": "answer" if answered else "refusal",
        "confidence": confidence,
        "seconds": 0.02 + 0.001 * n,
        "stages": {"embed": 0.004, "lexical": 0.002 + 0.0005 * n, "search": 0.012},
        "quotes": quotes if answered else (),
        "forced": quotes,
        "passages": (Place(docid=letter(n)[0], start=0, end=40),),
        "ranking": (letter(n)[0],),
        "code": "" if answered else "not_sure",
    }
    return Record(**known | changed)


def records() -> list[Record]:
    """Thirty records."""
    return [record(n) for n in range(30)]


def per_question(*, luck: int = 1) -> dict[str, dict[str, float]]:
    """Values of each measure by question; ``luck`` varies those that vary."""
    random = Random(luck)
    answerable = [f"q{n:02}" for n in range(20)]
    held = {name: float(name < "q10") for name in answerable}
    vary = {name: round(random.random(), 3) for name in answerable}
    return {
        "nDCG@10": vary,
        "R@1": held,
        "RR@10": vary,
        "rouge_l": vary,
        "outcome": {
            name: 1.0 if name < "q10" else -1.0 if name < "q15" else 0.0 for name in answerable
        },
        "refusal_outcome": {f"q{n}": 1.0 if n >= 24 else -1.0 for n in range(20, 30)},
        "support": held,
        "answered": {name: float(name < "q15") for name in answerable},
        "rejected": {f"q{n}": float(n >= 24) for n in range(20, 30)},
    }


def outcome() -> dict[str, Any]:
    """The outcomes of the thirty, as JSON gives them back."""
    texts = dict(letter(n) for n in range(30))
    found: dict[str, Any] = json.loads(json.dumps(headline(records(), texts, seed=13)))
    return found


def figures() -> dict[str, Any]:
    """Every section of the figures."""
    quantiles = {"p50": 24.5, "p95": 48.25, "p99": 61.0}
    return {
        "outcome": outcome()["figures"],
        "ranking": {"nDCG@10": 0.81234, "R@1": 0.7, "R@5": 0.86, "R@10": 0.9, "R@20": None},
        "passage": {"passage@1": 0.605, "passage@5": 0.8},
        "reading": {"exact_match": 0.05, "f1": 0.51, "rouge_l": 0.55},
        "citation": {"validity": 1.0, "support": 0.5, "support_overlap": 0.6},
        "refusal": {"rejection_rate": 0.6, "false_refusal_rate": 0.25, "auroc": None},
        "fields": {
            "issuer": {"precision": 1.0, "recall": 0.9, "f1": 0.947, "gold": 14},
            "all": {"precision": None, "recall": 0.9, "f1": 0.9, "gold": 120},
        },
        "commitments": {"missing": "还没有找承诺的程序"},
        "latency": {
            "embed": {"p50": 4.0, "p95": 5.5, "p99": 6.0},
            "lexical": {"p50": 9.0, "p95": 16.0, "p99": 17.0},
            "search": {"p50": 12.0, "p95": 20.0, "p99": 22.0},
            "total": quantiles,
        },
        "open_loop": {"rate": 5.0, "requests": 200, "threads": 2, "total": quantiles},
        "index": {"seconds": 12.34, "peak_megabytes": 812.5, "passages": 12345},
        "asking": {"peak_megabytes": None},
    }


def results(**changed: Any) -> dict[str, Any]:
    """The content of results.json."""
    known = {
        "suite": {
            "name": "ncp",
            "digest": "0123abcd",
            "documents": 1755,
            "background": 1469,
            "equal_texts": {"乙": "甲"},
            "questions": 20,
            "unanswerable": 10,
            "not_indexed": [{"file": "坏.pdf", "code": "no_text", "message": "没有文字层"}],
        },
        "config": {"seed": 13, "limit": None, "rate": 5.0, "settings": {"threshold": 0.411}},
        "commit": "0123456789abcdef0123",
        "changed": True,
        "snapshot": "20261122T224545-b8336625",
        "fingerprint": {"model": "e5-small-zh:43c061d9"},
        "python": "3.11.7",
        "packages": {"numpy": "2.4.6"},
        "cores": 2,
        "when": "2026-11-22T23:00:00+00:00",
        "outcome": {name: part for name, part in outcome().items() if name != "figures"},
        "figures": figures(),
        "groups": {"fact": {"R@1": 0.6, "exact_match": 0.05}, "promise": {"R@1": 0.8}},
        "risk_coverage": {
            "coverage": [n / 30 for n in range(1, 31)],
            "risk": [0.02 * n for n in range(1, 31)],
        },
        "broken": [],
        "per_question": per_question(),
    }
    return known | changed


def finish(folder: Path, *, ran: list[Record] | None = None, **changed: Any) -> Path:
    """Write a run to ``folder``; the letters of the last questions are not among its texts."""
    folder.mkdir(exist_ok=True)
    write_lines(folder / "records.jsonl", map(line, records() if ran is None else ran))
    rows = ({"id": id_, "sha256": "", "text": text} for id_, text in map(letter, range(24)))
    write_lines(folder / "letters.jsonl", (json.dumps(row, ensure_ascii=False) for row in rows))
    content = json.dumps(results(**changed), ensure_ascii=False)
    (folder / "results.json").write_text(content, encoding="utf-8")
    return folder

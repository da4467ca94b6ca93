"""Questions about mailbox replies without their words: ``python -m eval.meant.offsets``.

The replies may not be copied, so an answer {letter, answer} is written as {letter, start, end},
code points of the reply. Only counts are printed: half of the questions are kept unseen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.meant.mailbox import IDS, REPLIES, mailbox
from eval.rows import lines
from kb.cli import program
from kb.errors import WrongUse


def located(row: Mapping[str, Any], replies: Mapping[str, str]) -> dict[str, Any]:
    """``row`` with its answers as offsets. Raises WrongUse where one stands nowhere."""

    def at(given: Mapping[str, str]) -> dict[str, Any]:
        letter, answer = given["letter"], given["answer"]
        start = replies[letter].find(answer)
        if start < 0:
            raise WrongUse(f"{row['id']} 的答案不在答复 {letter} 里；请照原文改正")
        return {"letter": letter, "start": start, "end": start + len(answer)}

    parts = [[at(given) for given in part] for part in row.get("parts", ())]
    kept = {key: value for key, value in row.items() if key != "note"}  # it may cite the reply
    return {**kept, "parts": parts} if parts else kept


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.meant.offsets", description="把写成原话的答案换成答复里的位置"
    )
    parser.add_argument("files", type=Path, nargs="+", help="题，答案写成原话的 jsonl")
    parser.add_argument("--out", type=Path, required=True, help="题集的文件夹")
    parser.add_argument("--replies", type=Path, default=REPLIES, help="答复的 jsonl.gz")
    parser.set_defaults(command=write)
    return parser


def write(given: argparse.Namespace) -> int:
    """Write the questions of each file with offsets under its own name; returns the exit code."""
    ids = (given.out / IDS).read_text(encoding="utf-8").split()
    replies = mailbox(ids, given.replies).replies
    for path in given.files:
        rows = [located(row.values, replies) for row in lines(path)]
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (given.out / path.name).write_text(content, encoding="utf-8")
        sys.stdout.write(f"{path.name}：{len(rows)} 题\n")
    return program.FINE


if __name__ == "__main__":
    sys.exit(program.main(parser()))

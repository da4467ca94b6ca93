"""The data card: what an export is, for programs (``card.json``) and for people (``README.md``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any, Literal

from kb.dataset.tables import FORMAT, TABLES

CARD, README = "card.json", "README.md"
Scope = Literal["public", "all"]
SCOPES: Mapping[Scope, str] = {
    "public": "只有公众看得到的复文",
    "all": "全部复文，含不公开的，只供工作人员用，不要外传",
}
MASKED = (
    "编入时遮去的个人信息在 text 和各要素里都是 *，原字不导出；其余的字没有改动。"
    "遮去是规则做的，可能有漏：用之前请再看一遍"
)
LEFT_OUT = (
    "原件（docx、pdf 等文件）、交办表、台账里人的决定、账号、提问记录、向量。"
    "要一字不差地搬走整个库，用 fuwen backup"
)
LICENCE = "没有注明；使用前请问发布这些复文的单位"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What ``card.json`` says.

    ``fingerprint`` is the snapshot's, ``rows`` are the numbers of rows by table, ``files`` the
    SHA-256 of each file by its name, ``content`` one of them all: it does not depend on when the
    snapshot was made.
    """

    format: int = FORMAT
    fuwen: str
    snapshot: str
    fingerprint: Mapping[str, str]
    tagger: str
    profile: str
    scope: Scope
    licence: str
    rows: Mapping[str, int]
    files: Mapping[str, str]
    content: str


def content_of(files: Mapping[str, str]) -> str:
    """The SHA-256 over names and sums of the tables in JSON Lines."""
    tables = {name: files[f"{name}.jsonl"] for name in TABLES}
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()


def release() -> str:
    """The version of fuwen that is installed."""
    return version("fuwen")


def card_json(card: Card) -> str:
    """``card.json``, with what every table and column is."""
    told: dict[str, Any] = {
        name: {
            "told": table.told,
            "columns": {column: one.told for column, one in table.columns.items()},
        }
        for name, table in TABLES.items()
    }
    whole = {**asdict(card), "masked": MASKED, "left_out": LEFT_OUT, "tables": told}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def card_text(card: Card) -> str:
    """``README.md``: the same for people."""
    made = "、".join(f"{name} {value}" for name, value in card.fingerprint.items())
    lines = [
        "# 复文数据",
        "",
        f"由 fuwen {card.fuwen} 从快照 `{card.snapshot}` 导出，格式第 {card.format} 版。",
        "",
        f"- 范围：{SCOPES[card.scope]}，共 {card.rows['letters']} 份。",
        f"- 遮盖：{MASKED}。",
        f"- 不在内：{LEFT_OUT}。",
        f"- 使用条件：{card.licence}。",
        f"- 建快照用的：{made}。",
        f"- 找承诺用的：{card.tagger}，地方配置 {card.profile}。",
        f"- 内容的校验和：`{card.content}`，快照相同就相同。",
        "",
        "每个表一个 `.jsonl`（UTF-8，一行一个 JSON 对象）；有 `.parquet` 的，内容相同。位置都是 "
        "Unicode 码点，从 0 数，含头不含尾：`text[start:end]`。Python 的字符串直接这样取；"
        "JavaScript、Java 要先按码点拆开。",
    ]
    for name, table in TABLES.items():
        lines += ["", f"## {name}（{card.rows[name]} 行）", table.told + "。", ""]
        lines += ["| 列 | 是什么 |", "|---|---|"]
        lines += [f"| `{column}` | {one.told} |" for column, one in table.columns.items()]
    lines += ["", "## 文件的 SHA-256", "```"]
    lines += [f"{total}  {name}" for name, total in card.files.items()]
    return "\n".join([*lines, "```", ""])

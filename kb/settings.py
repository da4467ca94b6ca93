"""Every setting, read once at main and then passed. ``docs/settings.md`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kb.errors import WrongUse

BUNDLED_MODEL = Path(__file__).parent / "models" / "e5-small-zh"
BUNDLED_READER = Path(__file__).parent / "models" / "reader-zh"
OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force; each comes from ``KB_<NAME>`` or its default below."""

    data: Path = Path("data")
    model: str = str(BUNDLED_MODEL)
    lexical_weight: float = 0.5
    coverage_weight: float = 0.5
    pair_weight: float = 1.5
    depth: int = 1000
    hits: int = 30
    reader: str = str(BUNDLED_READER)
    read: int = 3
    quotes: int = 3
    threshold: float = 0.441
    question_length: int = 500
    host: str = "127.0.0.1"
    port: int = 8000
    body_bytes: int = 65536


KINDS: Mapping[Any, Callable[[str], Any]] = {"Path": Path, "str": str, "float": float, "int": int}

HELP: Mapping[str, str] = {
    "data": "快照和指针所在的文件夹",
    "model": "向量模型：任何 sentence-transformers 模型文件夹，默认用随库附带的模型",
    "lexical_weight": "融合时词面得分的权重，0 到 1；其余归向量得分（来历见 docs/measurements.md）",
    "coverage_weight": "段落含问题里多少词，按比例另加的分（来历同上）",
    "pair_weight": "段落含问题里多少相邻的两个字，按比例另加的分（来历同上）",
    "depth": "两路检索各取多少个段落参与融合",
    "hits": "融合后留下多少个段落",
    "reader": f"阅读模型的文件夹，默认用随库附带的模型；{OFF} 为不用，改为逐句打分",
    "read": "从最好的多少个段落里找答案",
    "quotes": "一个回答最多几条原文摘录",
    "threshold": "低于这个把握（0 到 1）就拒答（默认值配随库的阅读模型，见 docs/measurements.md）",
    "question_length": "问题最长多少个字，超过即为无效请求",
    "host": "服务监听的地址",
    "port": "服务监听的端口",
    "body_bytes": "请求正文最大字节数",
}


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from ``KB_*`` variables. Raises WrongUse naming the variable."""
    given: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = f"KB_{setting.name.upper()}"
        raw = environment.get(variable)
        if raw is None or not raw.strip():
            continue
        kind = KINDS[setting.type]
        try:
            given[setting.name] = kind(raw)
        except ValueError:
            raise WrongUse(f"环境变量 {variable}={raw!r} 不是{setting.type}；请改正") from None
    return _checked(Settings(**given))


def _checked(settings: Settings) -> Settings:
    for name in ("coverage_weight", "pair_weight"):
        if not getattr(settings, name) >= 0:
            raise WrongUse(f"环境变量 KB_{name.upper()} 不能是负数；请改正")
    for name in ("lexical_weight", "threshold"):
        if not 0 <= getattr(settings, name) <= 1:
            raise WrongUse(f"环境变量 KB_{name.upper()} 应在 0 与 1 之间；请改正")
    for name in ("depth", "hits", "read", "quotes", "question_length", "body_bytes"):
        if getattr(settings, name) < 1:
            raise WrongUse(f"环境变量 KB_{name.upper()} 应是正整数；请改正")
    if not 0 <= settings.port <= 65535:
        raise WrongUse("环境变量 KB_PORT 应在 0 与 65535 之间；请改正")
    return settings

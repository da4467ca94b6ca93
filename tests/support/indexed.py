"""Letters as the indexer reads them, and whether their fields stand where they say."""

from __future__ import annotations

from functools import lru_cache

from indexer.formats.parse import parse
from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.view import value_of
from kb.types import Letter
from tests.conftest import CORPUS

LETTER = """云岭市民政局
徐秀叶委员：
您的提案收悉。
一、基本情况
（一）整体情况
全市完成改造1481个。
（二）取得成效。一是编制规划。科学布局养老设施。二是完成任务。建成率达到100%。
1. 新建设施
建成56处。
（1）社区食堂
开办12家。
2．改建设施
二、下步工作
继续推进。"""


def letter_of(text: str, *, letter_id: str = "x", front: str = "", **meta: str) -> Letter:
    raw = Raw(id=None, text=text, front=front, meta=meta)
    return read(raw, letter_id=letter_id, source=f"{letter_id}.txt")


def letter(
    *,
    top: str = "云岭市民政局文件\n云民函〔2024〕7号\n签发人：王文成\n办理结果：A",
    title: str = "对市政协五届三次会议第086号提案的答复",
    who: str = "徐秀叶委员：",
    opening: str = "您提出的“关于推进养老服务的提案”收悉。经与市财政局共同研究，现答复如下：",
    tail: str = "云岭市民政局\n2024年5月6日\n联系单位：云岭市民政局养老科\n抄送：市政协提案委",
) -> Letter:
    return letter_of(f"{top}\n{title}\n{who}\n{opening}\n一、情况\n工作进展顺利。\n{tail}")


def values(found: Letter, name: str) -> list[str]:
    return [field.value for field in found.lists.get(name, ())]


def has_true_spans(found: Letter) -> bool:
    fields = [*found.fields.items(), *((n, f) for n, many in found.lists.items() for f in many)]
    for name, field in fields:
        if field.span:
            source = field.span.of(found.text)
            assert value_of(name, source) == field.value, (name, field, source)
    return (
        not found.title
        or not found.title.span
        or found.title.span.of(found.text) == found.title.value
    )


@lru_cache(maxsize=1)
def sample_letters() -> dict[str, Letter]:
    letters = {}
    for path in sorted((CORPUS / "letters").iterdir()):
        for raw in parse(path):
            assert isinstance(raw, Raw)
            letter_id = raw.id or path.name
            letters[letter_id] = read(raw, letter_id=letter_id, source=path.name)
    return letters

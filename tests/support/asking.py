"""A model that needs no weights, and small bases of letters to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.letter.passages import cut
from indexer.versions.families import arranged, traits_of
from kb.models.embedding import surroundings
from kb.query.directory import directory_of
from kb.query.parse import Query, as_written, parse
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.store.local.store import LocalStore
from kb.store.protocol import SnapshotReader
from kb.text.tokens import tokens
from kb.types import Letter, Passage, Scope, Vectors
from tests.support.fakes import FakeEmbedder
from tests.support.indexed import letter_of

ALL = Scope()
BODY = "一、情况\n全市建成养老服务中心56处，惠及老人3200人。\n二、下一步打算\n我们将新建食堂12家。"
# With a heading under a heading, and what may not be quoted.
LONG_BODY = """一、情况
全市建成养老服务中心56处，惠及老人3200人。盲道铺设率达到97.7%。
经费情况如下：
二、下一步打算
（一）新建社区食堂。我们将新建食堂12家。我们将在2025年年底前完成改造。"""


class FakeModel:
    """An ``Embedder`` over character pairs; remembers which letters it embedded."""

    name = "fake:1"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def question(self, text: str) -> Vectors:
        row: Vectors = FakeEmbedder().embed([text])[0]
        return row

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        self.embedded.append(letter.id)
        embed = FakeEmbedder().embed
        whole = embed([surroundings(letter, p) + p.span.of(letter.text) for p in passages])
        return whole, [embed([s.of(letter.text) for s in p.sentences]) for p in passages]


def letter_text(
    number: str = "云民函〔2024〕7号",
    *,
    organ: str = "云岭市民政局",
    proposal: str = "086",
    subject: str = "推进养老服务",
    who: str = "徐秀叶委员",
    day: str = "2024年5月6日",
    body: str = BODY,
) -> str:
    return (
        f"{organ}文件\n{number}\n签发人：王文成\n办理结果：A\n"
        f"对市政协五届三次会议第{proposal}号提案的答复\n{who}：\n"
        f"您提出的“关于{subject}的提案”收悉。经与市财政局共同研究，现答复如下：\n{body}\n"
        f"{organ}\n{day}\n联系单位：{organ}办公室\n抄送：市政协提案委"
    )


def base_of(folder: Path, *texts: str, ids: Sequence[str] = ()) -> SnapshotReader:
    """A store in ``folder`` that holds ``texts`` as letters ``0``, ``1``, … or ``ids``."""
    store, model = LocalStore(folder, fingerprint={}, tokenize=tokens), FakeModel()
    with store.draft() as draft:
        for number, text in enumerate(texts):
            name = ids[number] if ids else str(number)
            letter = letter_of(text, letter_id=name)
            passages = cut(letter)
            vectors, sentences = model.passages(letter, passages)
            draft.put(
                letter,
                passages,
                source=name,
                digest=name,
                vectors=vectors,
                sentence_vectors=sentences,
                traits=traits_of(letter, taken_in=f"{number:04}"),
            )
        draft.set_aside(arranged(draft.traits(), lambda name: draft.letter(name)[0]))
        draft.publish()
    return store.current()


def two_letters(folder: Path) -> SnapshotReader:
    """One letter about care, and one of another organ and year about lifts."""
    lift = letter_text(
        "云住函〔2023〕9号",
        organ="云岭市住房和城乡建设局",
        proposal="047",
        subject="加装电梯",
        day="2023年6月1日",
        body="一、情况\n全市加装电梯60部，每部补助8万元。",
    )
    return base_of(folder, letter_text(), lift, ids=["care", "lift"])


def two_towns(folder: Path) -> SnapshotReader:
    """The same words from two cities in two years, and a letter about estates."""
    return base_of(
        folder,
        letter_text(),
        letter_text("临民函〔2023〕9号", organ="临江市民政局", day="2023年6月1日"),
        letter_text(
            "云建函〔2022〕5号",
            organ="云岭市住房和城乡建设局",
            subject="改造",
            day="2022年6月1日",
            body="一、情况\n全市改造老旧小区60个，惠及3200户。",
        ),
        ids=["care", "far", "estate"],
    )


class Lying:
    """A reader whose letters are not what was indexed."""

    def __init__(self, reader: SnapshotReader) -> None:
        self._reader = reader
        self.lies = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def letter(self, letter_id: str) -> Letter:
        letter = self._reader.letter(letter_id)
        return replace(letter, text="假" + letter.text) if self.lies else letter


def parsed(question: str, reader: SnapshotReader, scope: Scope = ALL) -> Query:
    return parse(question, directory_of(reader, scope), settings=Settings())


def found_in(reader: SnapshotReader, question: str, *, scope: Scope = ALL) -> Found:
    query = as_written(question, directory_of(reader, scope))
    return search(query, reader, FakeModel(), settings=Settings())

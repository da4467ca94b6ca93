"""An indexer that is none: it tells of files what a test says, and notes what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kb.errors import UnreadableFile
from kb.intake import files
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.store.codec import letter_json
from kb.store.kin import Reason
from kb.types import Letter
from server.console.intake.program import IndexerFailed
from tests.support.fakes import MemoryStore, make_letter
from tests.support.stores import put


@dataclass
class FakeIndexer:
    """``Indexer`` over a store in memory; a file that begins with 坏 is refused."""

    store: MemoryStore
    data: Path
    fails: list[IndexerFailed] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    updates: int = 0
    refuses: bool = False  # at the update what was read before
    aside: Mapping[str, tuple[str, Reason]] = field(default_factory=dict)

    def read(self, file: Path, *, seconds: int = 0) -> Mapping[str, Any]:
        self.reads.append(file.name)
        if self.fails:
            raise self.fails.pop()
        try:
            prepared = redacted(self._letter(file), profile().masking)
        except UnreadableFile as error:
            told = {"file": file.name, "code": error.code, "message": str(error)}
            return {"letters": [], "refused": [told], "more": False}
        hidden = [[run.start, run.text] for run in prepared.hidden]
        letter = {"letter": letter_json(prepared.letter), "hidden": hidden}
        return {"letters": [letter], "refused": [], "more": False}

    def update(self) -> Mapping[str, Any]:
        if self.fails:
            raise self.fails.pop()
        self.updates += 1
        there = sorted(files.public(self.data).iterdir())
        if self.refuses:
            refused = {"code": "duplicate_id", "message": "编号已属于别的文件；请改名"}
            return {"refused": [{"file": path.name, **refused} for path in there]}
        with self.store.draft() as draft:
            for key in list(draft.sources()):
                draft.forget(key)
            for path in there:
                prepared = redacted(self._letter(path), profile().masking)
                put(draft, prepared.letter, source=path.name, hidden=prepared.hidden)
                draft.seen(path.name, "1")
            draft.set_aside(self.aside)
            draft.publish()
        return {"refused": []}

    def _letter(self, file: Path) -> Letter:
        text = file.read_text("utf-8")
        if text.startswith("坏"):
            raise UnreadableFile("damaged_file", f"{file.name}：坏了；请重新导出")
        made = make_letter(file.name, text, title="关于修渠的答复", issuer="青山县水利局")
        return replace(made, source=file.name)

"""What is tortured: a data folder whose letters change by generations, commands, a server.

Of every generation one letter has other figures in all that it says of money, so that the real
model embeds it anew and an answer tells which generation it is from.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit
from typing import Any

from kb.settings import Settings
from kb.store.local.store import LocalStore
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader
from tests.attack.conftest import Running, start
from tests.conftest import CORPUS, ROOT

SOON = 5.0  # seconds in which what was published is served, and the old one goes on being
QUESTION = "加装电梯市级补助每部多少"
CHANGING = "云建函〔2025〕9号.txt"
STEADY = ("云交函〔2022〕19号.txt", "云民函〔2022〕14号.txt", "云水函〔2024〕25号.txt")
MARK = re.compile(r"[237]\d{4}[元部户]")
BROKEN = ("Traceback", "internal server error", "Internal Server Error")


@dataclass(slots=True)
class Found:
    """What trials counted, and what went otherwise than it must."""

    counts: dict[str, int] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def add(self, what: str) -> None:
        """Count one more of ``what``."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def most(self, what: str, number: float) -> None:
        """Keep the greatest ``number`` of ``what``."""
        self.counts[what] = max(self.counts.get(what, 0), round(number))

    def check(self, holds: object, trouble: str) -> None:
        """Note ``trouble`` unless ``holds``."""
        if not holds:
            self.troubles.append(trouble)
            print("TROUBLE:", trouble, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a snapshot holds, one digest a letter: text, passages, vectors, rank by words."""

    version: str
    digests: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder for one torture: what is indexed, and where."""

    folder: Path

    @property
    def inbox(self) -> Path:
        """The folder that is indexed."""
        return self.folder / "inbox"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def store(self) -> LocalStore:
        """The store as another process would find it."""
        found = open_store(Settings(data=self.data))
        assert isinstance(found, LocalStore)
        return found

    def generation(self, number: int) -> None:
        """Put the letters of a generation into the inbox; one that comes and goes among them."""
        self.inbox.mkdir(parents=True, exist_ok=True)
        for name in STEADY:
            (self.inbox / name).write_bytes((CORPUS / "letters" / name).read_bytes())
        text = (CORPUS / "letters" / CHANGING).read_text("utf-8")
        for old, new in (("8万元", 70000), ("281部", 20000), ("1240户", 30000)):
            text = text.replace(old, f"{new + number}{old[-1]}")
        (self.inbox / CHANGING).write_text(text, "utf-8")
        if number % 2:
            (self.inbox / STEADY[0]).unlink()

    def is_in(self, found: Whole) -> bool:
        """True if a snapshot holds the letters of the inbox, each figure of this generation."""
        told = (self.inbox / CHANGING).read_text("utf-8")
        marks = [mark for mark in MARK.findall(told) if mark not in found.texts.get(CHANGING, "")]
        return not marks and set(found.texts) == {path.name for path in self.inbox.iterdir()}

    def command(
        self, *words: str, largest: int | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """``python -m indexer`` with ``words``, leading a process group of its own.

        No file that it writes may grow beyond ``largest`` bytes.
        """
        limit = None if largest is None else partial(setrlimit, RLIMIT_FSIZE, (largest, largest))
        command = [sys.executable, "-m", "indexer", *words, "--data", str(self.data)]
        if words[0] == "update":
            command.insert(4, str(self.inbox))
        return subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=limit,
        )  # fmt: skip

    def done(self, *words: str, largest: int | None = None, **environment: str) -> tuple[int, str]:
        """The exit code and the words of a command that is left to end."""
        with self.command(*words, largest=largest, **environment) as process:
            said = process.communicate(timeout=300)
        return process.returncode, "\n".join(said)

    def leftovers(self) -> list[str]:
        """What a run that was killed left behind and the next ought to have taken away."""
        drafts = self.data / "drafts"
        found = list(drafts.iterdir()) if drafts.exists() else []
        found += [path for path in self.data.rglob("*.tmp") if drafts not in path.parents]
        return sorted(str(path.relative_to(self.data)) for path in found)


def whole(reader: SnapshotReader) -> Whole:
    """Read a snapshot through: every letter's text, passages, vectors."""
    digests, texts = {}, {}
    for head in reader.letters():
        letter, found = reader.letter(head.id), sha256()
        assert sha256(letter.text.encode()).hexdigest() == letter.sha256 == head.sha256
        places = reader.passages_of(head.id)
        for place in places:
            passage = reader.passage(place)
            found.update(f"{passage.headings}{passage.span.of(letter.text)}".encode())
            found.update(reader.sentence_vectors(place).tobytes())
        found.update(letter.text.encode() + reader.vectors(places).tobytes())
        digests[head.id], texts[head.id] = found.hexdigest(), letter.text
    return Whole(version=reader.snapshot.version, digests=digests, texts=texts)


@contextmanager
def serving(ground: Ground, **environment: str) -> Iterator[Running]:
    """A server over the data folder, ended by its process."""
    quiet = {"KB_RATE": "0", "KB_QUESTION_LOG": "off", **environment}
    server = start(ground.data, **quiet)
    with server.process:
        try:
            yield server
        finally:
            server.process.kill()


def got(server: Running, path: str, question: str = "") -> tuple[int, Any]:
    """Status and JSON of an address; of an answer where there is a question."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        body = json.dumps({"question": question}) if question else None
        kind = {"content-type": "application/json"} if question else {}
        line.request("POST" if question else "GET", path, body, kind)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())


def asked(server: Running, question: str = QUESTION) -> tuple[int, Any]:
    """The server's answer."""
    return got(server, "/api/ask", question)


def true(answer: Any, texts: Mapping[str, str]) -> bool:
    """True if there are quotes and each stands in a letter's text as it says."""
    quotes = answer.get("quotes", [])
    held = [texts.get(q["letter_id"], "")[q["start"] : q["end"]] == q["text"] for q in quotes]
    return bool(held) and all(held)


def awaited(holds: Callable[[], bool], seconds: float = SOON) -> bool:
    """True once ``holds``, asked again and again for so many seconds."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return held


def unbroken(server: Running) -> list[str]:
    """The lines of the server's log that no visitor must cause."""
    lines = server.log.read_text("utf-8", "replace").splitlines()
    return [line for line in lines if any(word in line for word in BROKEN)]

"""The work that uploads and corrections bring, done one after the other beside the requests.

What is to be done stands in ``staff.db`` and in the folders of ``kb.intake.files``, never here: a
server that was killed goes on with it at its next start.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from fastapi import Request

from kb.errors import BadSnapshot, KbError, NoSnapshot
from kb.intake import corrections, files, uploads
from kb.intake.corrections import LABELS
from kb.intake.flags import DOUBTS, NEEDED
from kb.intake.uploads import State, Upload
from kb.privacy.publicity import NAMES
from kb.staff.connection import Database
from kb.staff.database import PROGRAM, By, alone, opened
from kb.staff.places import Place
from kb.store.codec import letter_from
from kb.store.protocol import Store
from kb.types import Letter
from server.console.intake.program import Indexer, IndexerFailed
from server.telemetry import security

LOG = logging.getLogger("fuwen.server")
EVERY = 2**62  # more than there can be
BATCH = 100  # uploads taken up together
BUSY_WAIT, BUSY_TRIES = 5.0, 60  # seconds between tries while another indexer writes, and how many
NOT_YET = "还没有编入，会自动再试：{}"
NOT_THERE = "编入以后没有出现在库里；请看运行日志"


class Intake:
    """Reads what was uploaded and publishes what staff decided; ``path`` is that of ``staff.db``.

    Without ``path`` or ``indexer`` nothing is done, and all waits. Of several processes the one
    whose ``turn`` it is does it; what they were woken for meanwhile is done by then.
    """

    def __init__(
        self,
        path: Place | None,
        *,
        store: Store,
        indexer: Indexer | None,
        turn: AbstractContextManager[None] | None = None,
    ) -> None:
        self._path = path
        self._store = store
        self._indexer = indexer
        self._turn = turn or nullcontext()
        self._lock = threading.Lock()
        self._aside = threading.Lock()
        self._wanted = self._working = self._begun = False
        self._closed = threading.Event()

    def wake(self) -> None:
        """There may be something to do; returns at once."""
        if self._path is None or self._indexer is None or not self._path.exists():
            return
        with self._lock:
            self._wanted = True
            if self._working or self._closed.is_set():
                return
            self._working = True
        threading.Thread(target=self._run, name="intake", daemon=True).start()

    def read_aside(self, file: Path, *, seconds: int) -> Mapping[str, Any]:
        """What ``file`` is (``Indexer.read``), for somebody who waits; it becomes no upload.

        One such file at a time. Raises IndexerFailed, also where there is no indexer or another
        file is being read for longer than ``seconds``.
        """
        if self._indexer is None:
            raise IndexerFailed("这里没有读文件的程序；请用 fuwen serve 启动", reason="no_indexer")
        if not self._aside.acquire(timeout=seconds):
            raise IndexerFailed("正在读别的文件；请过一会儿再试", reason="busy")
        try:
            return self._indexer.read(file, seconds=seconds)
        finally:
            self._aside.release()

    def close(self) -> None:
        """Begin nothing more; what is under way is taken up at the next start."""
        self._closed.set()

    def work(self) -> None:
        """Do all that there is to do. Raises KbError where that cannot be."""
        if self._path is None or self._indexer is None:
            return
        with opened(self._path) as database:
            self._begin(database, self._path.parent)
            while not self._closed.is_set():
                waiting = uploads.listed(database, states=["waiting"], limit=BATCH)
                for upload in reversed(waiting):
                    _read(database, upload, data=self._path.parent, indexer=self._indexer)
                moving = uploads.listed(database, states=uploads.MOVING, limit=BATCH)
                due = corrections.last(database) > corrections.applied(database)
                if not (moving or due):
                    if not waiting:
                        return
                    continue
                if not self._publish(database, moving, self._path.parent, self._indexer):
                    return

    def _begin(self, database: Database, data: Path) -> None:
        """Once: files are where their uploads say, also after a crash."""
        if self._begun:
            return
        for upload in uploads.listed(database, states=["published"], limit=EVERY):
            files.publish(data, upload.folder, upload.name)
        for upload in uploads.listed(database, states=["read", "held"], limit=EVERY):
            if uploads.bearer(database, upload) is None:
                files.withdraw(data, upload.folder, upload.name)
        files.tidy(data, uploads.tokens(database), before=_now())
        self._begun = True

    def _run(self) -> None:
        try:
            while self._go_on():
                with self._turn, alone(self._path, "intake") if self._path else nullcontext():
                    self.work()
        except KbError as error:
            LOG.warning("intake: %s: %s", error.code, error)
        finally:
            with self._lock:
                self._working = False

    def _go_on(self) -> bool:
        """True if it was woken since it last began."""
        with self._lock:
            wanted, self._wanted = self._wanted and not self._closed.is_set(), False
            if not wanted:
                self._working = False
        return wanted

    def _publish(
        self, database: Database, moving: Sequence[Upload], data: Path, indexer: Indexer
    ) -> bool:
        """One update with what moves; False where there was none, and all stays as it is."""
        upto = corrections.last(database)
        files.public(data).mkdir(parents=True, exist_ok=True)
        for upload in moving:
            move = files.publish if upload.state == "publishing" else files.withdraw
            move(data, upload.folder, upload.name)
        try:
            report = self._updated(indexer)
        except IndexerFailed as error:
            LOG.warning("intake: update: %s", error)
            for upload in moving:
                message = NOT_YET.format(error)
                uploads.note(database, upload.id, code=error.reason or error.code, message=message)
            return False
        here = self._there()
        for upload in moving:
            _settle(database, upload, report, data=data, here=here)
        corrections.note_applied(database, upto)
        return True

    def _updated(self, indexer: Indexer) -> Mapping[str, Any]:
        """The report of an update, begun again while another indexer writes."""
        for _ in range(BUSY_TRIES):
            try:
                return indexer.update()
            except IndexerFailed as error:
                if error.reason != "store_busy" or self._closed.wait(BUSY_WAIT):
                    raise
        return indexer.update()

    def _there(self) -> set[str]:
        """The letters in the base, also those that others stand for, and its registers."""
        try:
            reader = self._store.current()
            letters = {*(head.id for head in reader.letters()), *reader.set_aside()}
            return letters | {found.row.file.partition("/")[0] for found in reader.registered()}
        except (NoSnapshot, BadSnapshot):
            return set()


def intake_of(request: Request) -> Intake:
    """The intake of the application that ``request`` came to."""
    return cast(Intake, request.app.state.intake)


def _read(database: Database, upload: Upload, *, data: Path, indexer: Indexer) -> None:
    """Read one draft and note what it is."""
    try:
        told = indexer.read(files.draft(data, upload.folder, upload.name))
    except IndexerFailed as error:
        code = error.reason or error.code
        uploads.settle(database, upload.id, "refused", by=_by(), code=code, message=str(error))
        security.tell("upload_refused", code=code)
        return
    files.note_reading(data, upload.folder, json.dumps(told, ensure_ascii=False))
    refused = told["refused"]
    first = refused[0] if refused else {"code": "", "message": ""}
    more = f"（另有 {len(refused) - 1} 处拒收）" if len(refused) > 1 else ""
    notes = "" if refused else _notes(told)
    if refused:
        security.tell("upload_refused", code=first["code"])
    uploads.settle(
        database,
        upload.id,
        "read" if told["letters"] or told.get("rows") else "refused",
        by=_by(),
        code=first["code"],
        message=notes or first["message"] + more,
        letters=len(told["letters"]),
    )


def _notes(told: Mapping[str, Any]) -> str:
    """What to know of a file of which nothing is refused."""
    notes = [noticed([letter_from(one["letter"]) for one in told["letters"]])]
    if rows := told.get("rows"):
        notes.append(f"交办表，{rows} 件，发布以后与复文对上")
    if unanswered := told.get("unanswered"):
        notes.append(f"来信还没有答复的 {unanswered} 件，不编入")
    return "；".join(filter(None, notes))


def noticed(letters: Sequence[Letter]) -> str:
    """What to look at before letters are published, in short; "" where there is nothing."""
    found = [word for letter in letters for word in _noticed(letter)]
    return "；".join(dict.fromkeys(found))


def _noticed(letter: Letter) -> Iterator[str]:
    if letter.publicity != "public":
        yield f"{NAMES[letter.publicity]}，发布以后市民也看不到"
    lacking = [LABELS[name] for name in NEEDED if not letter.value(name)]
    if lacking:
        yield f"没有读出{'、'.join(lacking)}"
    yield from (DOUBTS[flag].partition("；")[0] for flag in letter.flags if flag in DOUBTS)


def _settle(
    database: Database,
    upload: Upload,
    report: Mapping[str, Any],
    *,
    data: Path,
    here: set[str],
) -> None:
    """What came of an upload in an update after which the letters ``here`` are in the base."""
    if upload.state == "withdrawing":
        uploads.settle(database, upload.id, "held", by=_by())
        return
    refused = [one for one in report["refused"] if one["file"] == upload.name]
    there = bool(here & ids_of(data, upload))
    if not there:
        files.withdraw(data, upload.folder, upload.name)
    code, message = "" if there else "indexer_failed", "" if there else NOT_THERE
    if refused:
        code, message = refused[0]["code"], refused[0]["message"]
    state: State = "published" if there else "read"
    uploads.settle(database, upload.id, state, by=_by(), code=code, message=message)


def ids_of(data: Path, upload: Upload) -> set[str]:
    """The ids of the letters that were read in an upload; of a register its name."""
    try:
        told = json.loads(files.reading(data, upload.folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {upload.name}
    register = {upload.name} if told.get("rows") else set()
    return register | {letter_from(one["letter"]).id for one in told["letters"]}


def _by() -> By:
    return By(who=PROGRAM, at=_now())


def _now() -> datetime:
    return datetime.now(UTC)

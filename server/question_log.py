"""Writing down what was asked, in a thread of its own, so that no answer waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from queue import Empty, Full, Queue

from kb.feedback.grouping import FULL
from kb.feedback.questions import Noted, note, noted
from kb.feedback.retention import forget
from kb.feedback.suggested import suggested
from kb.feedback.visitors import Counting, Visitors
from kb.privacy.pii import logged
from kb.replies import Reply
from kb.settings import QuestionLog, Settings
from kb.staff.database import StaffUnusable, check, opened
from kb.staff.places import Place
from server.telemetry.metrics import NOTES_LOST, NOTES_WAITING

LOG = logging.getLogger("fuwen.server")
ROOM = 1000  # that wait to be written; what comes when it is full is not noted
AT_ONCE = 200  # written together: syncing the disk costs the same for one as for all
LULL = 0.25  # seconds between two writings, in which what is to be written together gathers
FRESH = 60.0  # seconds that the approved questions are kept
PATIENCE = 10.0  # seconds at most that closing waits for what is still to be written
UNTOLD = "（不记）"  # in the place of a question
DAY = 86400.0  # seconds between two looks for questions that are too old


class Notes:
    """Takes notes from any thread without waiting, and writes them in a thread of its own.

    ``log`` is KB_QUESTION_LOG. A database that is broken, locked or full is logged when that
    begins and when it ends; the notes of the meantime are lost, the answers are not. Without
    a ``path`` nothing is written. Of several processes that note, all count the same
    ``visitors``, and one at a time is ``tending`` to what is kept too long.
    """

    def __init__(
        self,
        path: Place | None,
        *,
        log: QuestionLog = "masked",
        visitors: Counting | None = None,
        tending: AbstractContextManager[None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._log = log
        self._now = now
        self._clock = clock
        self._waiting: Queue[Noted | None] = Queue(ROOM)
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._visitors = visitors or Visitors(lambda: now().date())
        self._tending = tending or nullcontext()
        self._closed = threading.Event()
        self._ailing = False
        self._crowded = False
        self._approved: tuple[float, tuple[str, ...]] | None = None

    def reply(self, reply: Reply, *, client: str | None = None) -> None:
        """Note that ``reply`` was given to ``client``."""
        self.add(noted(reply, at=self._now()), client=client)

    def add(self, question: Noted, *, client: str | None = None) -> None:
        """Note ``question`` of ``client``; at once, whatever the state of the disk.

        Of who asked only a hash is kept, in memory, until the day is over.
        """
        if self.path is None:
            return
        try:
            visitor = None if client is None else self._visitors.name(client)
            self._waiting.put_nowait(replace(question, visitor=visitor))
        except Full:
            NOTES_LOST.inc()
            self._trouble("too many notes wait to be written")
        else:
            NOTES_WAITING.inc()
        self._start()

    def approved(self) -> tuple[str, ...]:
        """Questions that staff approved, as of the last minute; reads the disk."""
        approved = self._approved
        if approved is None or self._clock() - approved[0] >= FRESH:
            approved = self._approved = (self._clock(), self._read_approved())
        return approved[1]

    def renew(self) -> None:
        """Look anew at what is approved when it is next asked for."""
        self._approved = None

    def tend(self, days: int) -> None:
        """Delete questions older than ``days`` now and once a day, in a thread of its own."""

        def tending() -> None:
            with self._tending:
                self.forget(days)
                while not self._closed.wait(DAY):
                    self.forget(days)

        if self.path is not None:
            threading.Thread(target=tending, name="retention", daemon=True).start()

    def forget(self, days: int) -> None:
        """Delete questions older than ``days``; what hinders it is logged."""
        if self.path is None or not self.path.exists():
            return
        try:
            with opened(self.path) as database:
                gone = forget(database, before=self._now() - timedelta(days=days))
        except StaffUnusable as error:
            LOG.warning("questions older than %d days are not deleted: %s", days, error)
        else:
            if gone.asked or gone.groups:
                LOG.info("%d questions older than %d days are deleted", gone.asked, days)

    def check(self) -> None:
        """Raise StaffUnusable unless something could be written now."""
        if self.path is not None:
            check(self.path)

    def close(self, *, patience: float = PATIENCE) -> None:
        """Write what waits, as far as that goes in ``patience`` seconds, and end the writing."""
        self._closed.set()
        writer = self._writer
        if writer and writer.is_alive():
            try:
                self._waiting.put(None, timeout=patience)
            except Full:
                return
            writer.join(patience)

    def _start(self) -> None:
        with self._starting:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="notes", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        """Write until a None in the queue ends it."""
        going = True
        while going:
            batch = [self._waiting.get()]
            try:
                while len(batch) < AT_ONCE:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            going = None not in batch
            questions = [question for question in batch if question is not None]
            NOTES_WAITING.dec(len(questions))
            self._put(questions)
            self._closed.wait(LULL)

    def _put(self, batch: list[Noted]) -> None:
        if not batch or self.path is None:
            return
        try:
            with opened(self.path) as database:
                groupless = note(database, batch, log=self._log, visitors=self._visitors)
        except StaffUnusable as error:
            NOTES_LOST.inc(len(batch))
            self._trouble(str(error))
        else:
            if self._ailing:
                self._ailing = False
                LOG.info("questions are noted again")
            if groupless and not self._crowded:
                LOG.warning(
                    "%d groups of questions wait for staff: new ones are noted without a group",
                    FULL,
                )
            self._crowded = groupless > 0

    def _trouble(self, what: str) -> None:
        if not self._ailing:
            self._ailing = True
            LOG.warning("questions are not noted: %s", what)

    def _read_approved(self) -> tuple[str, ...]:
        if self.path is None or not self.path.exists():
            return ()
        try:
            with opened(self.path) as database:
                return tuple(each.question for each in suggested(database))
        except StaffUnusable as error:
            self._trouble(str(error))
            return ()


def in_log(question: str, settings: Settings) -> str:
    """``question`` on one line, control characters escaped, as ``KB_QUESTION_LOG`` has it.

    It is masked before it is cut to the longest that may be asked: half a number is none.
    """
    words = logged(question, settings.question_log)
    return UNTOLD if words is None else repr(words[: settings.question_length])

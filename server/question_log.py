"""Writing down what was asked, in a thread of its own, so that no answer waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Full, Queue

from kb.feedback.questions import Noted, note, noted, often
from kb.privacy.pii import logged, masked
from kb.settings import QuestionLog, Settings
from kb.staff.database import StaffUnusable, opened
from kb.types import Reply

LOG = logging.getLogger("fuwen.server")
ROOM = 1000  # that wait to be written; what comes when it is full is not noted
AT_ONCE = 200  # written in one transaction: syncing the disk costs the same for one as for all
FRESH = 60.0  # seconds that the often asked questions are kept
MOST_OFTEN = 20
PATIENCE = 10.0  # seconds at most that closing waits for what is still to be written


class Notes:
    """Takes notes from any thread without waiting, and writes them in a thread of its own.

    ``log`` is KB_QUESTION_LOG. A database that is broken, locked or full is logged when that
    begins and when it ends; the notes of the meantime are lost, the answers are not. Without
    a ``path`` nothing is written.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        log: QuestionLog = "masked",
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
        self._ailing = False
        self._often: tuple[float, tuple[str, ...]] | None = None

    def reply(self, reply: Reply) -> None:
        """Note that ``reply`` was given."""
        self.add(noted(reply, at=self._now()))

    def add(self, question: Noted) -> None:
        """Note ``question``; at once, whatever the state of the disk."""
        if self.path is None:
            return
        try:
            self._waiting.put_nowait(question)
        except Full:
            self._trouble("too many notes wait to be written")
        self._start()

    def often(self, limit: int = 6) -> tuple[str, ...]:
        """Questions that are asked often and answered, as of the last minute; reads the disk."""
        if self._often is None or self._clock() - self._often[0] >= FRESH:
            self._often = (self._clock(), self._asked_often())
        return self._often[1][:limit]

    def close(self) -> None:
        """Write what waits, as far as that goes quickly, and end the writing."""
        writer = self._writer
        if writer and writer.is_alive():
            try:
                self._waiting.put(None, timeout=PATIENCE)
            except Full:
                return
            writer.join(PATIENCE)

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
            self._put([question for question in batch if question is not None])

    def _put(self, batch: list[Noted]) -> None:
        if not batch or self.path is None:
            return
        try:
            with opened(self.path) as database:
                note(database, batch, log=self._log)
        except StaffUnusable as error:
            self._trouble(str(error))
        else:
            if self._ailing:
                self._ailing = False
                LOG.info("questions are noted again")

    def _trouble(self, what: str) -> None:
        if not self._ailing:
            self._ailing = True
            LOG.warning("questions are not noted: %s", what)

    def _asked_often(self) -> tuple[str, ...]:
        if self.path is None or not self.path.exists():
            return ()
        try:
            with opened(self.path) as database:
                return often(database, limit=MOST_OFTEN)
        except StaffUnusable as error:
            self._trouble(str(error))
            return ()


def in_log(question: str, settings: Settings) -> str:
    """``question`` on one line, control characters escaped, as ``KB_QUESTION_LOG`` has it.

    It is masked before it is cut to the longest that may be asked: half a number is none.
    """
    words = logged(question, settings.question_log)
    return "（不记）" if words is None else repr(words[: settings.question_length])


class LineFormatter(logging.Formatter):
    """What else the log may tell, such as the message of a fault, without personal data.

    Only where ``KB_QUESTION_LOG`` is "on" nothing is hidden.
    """

    def __init__(self, log: QuestionLog) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._log = log

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written."""
        written = super().format(record)
        return written if self._log == "on" else masked(written)

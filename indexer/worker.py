"""The limited process in which foreign text is read: fields, masks, passages, promises, figures.

``Reading`` is the parent's side; ``python -m indexer.worker LIMITS`` is the worker's. It lives as
long as an update and does one task after the other, since starting it takes half a second; unlike
the parsers in ``indexer.formats.child`` it runs only Python over text, so that a letter cannot
take it over and see the next one. A task that is too slow or too large ends it, and the next
task has a new one.

A task is a JSON object after its length in bytes (8 of them, big-endian), and so is its result.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from indexer.formats import child
from indexer.formats.raw import Limits, Raw, raw_from, refused
from indexer.letter.corrected import corrected
from indexer.letter.fields import read
from indexer.letter.passages import cut
from kb.errors import UnreadableFile
from kb.extract.commitments import asked, commitments_beside
from kb.extract.indicators import Record, records
from kb.extract.types import Commitment, Due, Target
from kb.intake.corrections import Values
from kb.models.tagging import TaggingModel
from kb.privacy.redact import redacted
from kb.profile import choose, chosen, profile
from kb.store.codec import letter_from, letter_json, passage_from, passage_json
from kb.store.kin import Traits
from kb.types import Hidden, Letter, Passage, Publicity, Span

LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A letter as citizens may see it, what is hidden of it, and its passages.

    ``traits`` are those that it is known again by, if they were found already: whenever it came.
    """

    letter: Letter
    hidden: tuple[Hidden, ...]
    passages: tuple[Passage, ...]
    traits: Traits | None = None


class Reading:
    """Reads letters in the limited process; a context, at whose end the process ends.

    What cannot be read within ``limits`` raises UnreadableFile ``too_slow`` or ``resource_limit``.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def letter(
        self,
        raw: Raw,
        *,
        letter_id: str,
        source: str,
        unmarked: Publicity = "public",
        corrections: Values | None = None,
    ) -> Prepared:
        """The letter in ``raw`` with what staff corrected in it.

        Raises UnreadableFile, also what ``fields.read`` refuses.
        """
        task = {"raw": asdict(raw), "letter_id": letter_id, "source": source, "unmarked": unmarked}
        task["corrections"] = dict(corrections or {})
        told = self._done("letter", task)
        return Prepared(
            letter=letter_from(told["letter"]),
            hidden=tuple(Hidden(start=start, text=text) for start, text in told["hidden"]),
            passages=tuple(passage_from(p, letter_id=letter_id) for p in told["passages"]),
        )

    def commitments(
        self, letter: Letter, tagger: TaggingModel | None = None
    ) -> tuple[Commitment, ...]:
        """What ``letter`` promises, ``tagger`` asked too; raises UnreadableFile.

        The worker has no model: it says of which places one is to be asked.
        """
        given = letter_json(letter)
        places = self._done("asked", {"letter": given}) if tagger else ()
        beside = tagger.odds(letter.text, [Span(**p) for p in places]) if tagger else ()
        told = self._done("commitments", {"letter": given, "beside": beside})
        return tuple(map(_commitment, told))

    def records(self, letter: Letter, promised: Sequence[Commitment]) -> tuple[Record, ...]:
        """The figures of ``letter``, which promises ``promised``; raises UnreadableFile."""
        task = {"letter": letter_json(letter), "promised": [asdict(found) for found in promised]}
        return tuple(_record(record) for record in self._done("records", task))

    def _done(self, task: str, given: Mapping[str, Any]) -> Any:
        """What the worker makes of a task."""
        process = self._process or self._start()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        alarm = threading.Timer(self._limits.wall_seconds, end)
        alarm.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            _write(process.stdin, {"task": task, **given})
            told = _read(process.stdout)
        except OSError:  # it ended while it was told
            told = None
        finally:
            alarm.cancel()
        if told is None:
            raise self._fault(self._end(), late=late.is_set())
        if "code" in told:
            raise UnreadableFile(told["code"], told["message"])
        return told["result"]

    def _start(self) -> subprocess.Popen[bytes]:
        # As for the parsers, nothing of our environment but the way to our code; and NumPy, which
        # our types name, is not to set up threads that take address space.
        environment = {
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONUTF8": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        module = "indexer.worker"
        shaping = (json.dumps(asdict(self._limits)), chosen())
        command = [sys.executable, "-P", "-m", module, *shaping]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        return self._process

    def _end(self) -> int:
        """End the worker; its exit status, 0 where there was none."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with process:
            with suppress(OSError):
                assert process.stdin is not None
                process.stdin.close()
            try:
                return process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()

    def _fault(self, status: int, *, late: bool) -> UnreadableFile:
        """What the end of the worker in the middle of a task means."""
        limits = self._limits
        if late or status == -signal.SIGPROF:
            return refused("too_slow", f"读取用了 {limits.cpu_seconds} 秒还没有完")
        if status == child.OUT_OF_MEMORY:
            return refused("resource_limit", f"读取需要的内存超过 {limits.memory_bytes} 字节")
        return refused("resource_limit", f"读取的程序被终止（状态 {status}）")


def _commitment(found: Mapping[str, Any]) -> Commitment:
    due, target = found["due"], found["target"]
    parts = {
        "span": Span(**found["span"]),
        "co_organs": tuple(found["co_organs"]),
        "due": Due(**due) if due else None,
        "target": Target(**target) if target else None,
    }
    return Commitment(**{**found, **parts})


def _record(record: Mapping[str, Any]) -> Record:
    return Record(**{**record, "span": Span(**record["span"])})


def _write(pipe: BinaryIO | Any, message: Mapping[str, Any]) -> None:
    content = json.dumps(message).encode()
    pipe.write(LENGTH.pack(len(content)) + content)
    pipe.flush()


def _read(pipe: BinaryIO | Any) -> Any:
    """The next message; None where there is none any more."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = pipe.read(length)
    return json.loads(content) if len(content) == length else None


# --- the worker's side ---------------------------------------------------------------------------


def _prepare(given: Mapping[str, Any], limits: Limits) -> Mapping[str, Any]:
    named = {name: given[name] for name in ("letter_id", "source", "unmarked")}
    letter = corrected(read(raw_from(given["raw"]), **named), given["corrections"])
    shown = redacted(letter, profile().masking)
    passages = cut(shown.letter)
    sentences = sum(len(passage.sentences) for passage in passages)
    if sentences > limits.sentences:
        why = f"有 {sentences} 句，上限 {limits.sentences} 句"
        raise refused("resource_limit", why)
    return {
        "letter": letter_json(shown.letter),
        "hidden": [(run.start, run.text) for run in shown.hidden],
        "passages": [passage_json(passage) for passage in passages],
    }


def _promises(given: Mapping[str, Any], _: Limits) -> list[dict[str, Any]]:
    beside = [(begins, goes_on) for begins, goes_on in given["beside"]]
    found = commitments_beside(letter_from(given["letter"]), profile(), beside)
    return [asdict(commitment) for commitment in found]


def _asked(given: Mapping[str, Any], _: Limits) -> list[dict[str, Any]]:
    return [asdict(place) for place in asked(letter_from(given["letter"]), profile())]


def _figures(given: Mapping[str, Any], _: Limits) -> list[dict[str, Any]]:
    promised = [_commitment(found) for found in given["promised"]]
    return [asdict(record) for record in records(letter_from(given["letter"]), promised)]


TASKS: Mapping[str, Callable[[Mapping[str, Any], Limits], Any]] = {
    "letter": _prepare,
    "asked": _asked,
    "commitments": _promises,
    "records": _figures,
}


def _answer(given: Mapping[str, Any], limits: Limits) -> Mapping[str, Any]:
    """The result of a task, or a code and a message."""
    try:
        return {"result": TASKS[given["task"]](given, limits)}
    except UnreadableFile as error:
        return {"code": error.code, "message": str(error)}
    except MemoryError:
        raise
    except Exception as error:  # this process's edge: a fault of ours costs one letter, told so
        fault = refused("damaged_file", f"读取时出错（{type(error).__name__}）")
        return {"code": fault.code, "message": str(fault)}


def main(arguments: list[str]) -> None:
    """The worker's main flow."""
    limits = Limits(**json.loads(arguments[0]))
    choose(arguments[1])
    child.leave_network()
    child.confine(limits, once=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's; its end is ours
    try:
        while (given := _read(sys.stdin.buffer)) is not None:
            signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
            told = _answer(given, limits)
            signal.setitimer(signal.ITIMER_PROF, 0)
            _write(sys.stdout.buffer, told)
    except MemoryError:
        os._exit(child.OUT_OF_MEMORY)  # nothing that allocates may run any more


if __name__ == "__main__":
    main(sys.argv[1:])

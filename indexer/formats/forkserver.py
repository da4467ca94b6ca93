"""How the limited child processes are started in which files of strangers are parsed.

``run`` is the caller's side. Starting Python and loading a parser takes far longer than a letter,
so one process, ``python -m indexer.formats.forkserver SOCKET``, does that once and then forks a
child for each file. It never reads a file itself: nothing of one file is left for the next.

A request is the reader's name and the limits as JSON, with two open files: the one to parse and
a pipe for what the child tells. The reply is the child's exit status.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from indexer.formats import child
from indexer.formats.raw import Limits, Raw, raw_from, refused
from indexer.formats.table.items import Item, item_in
from kb.errors import UnreadableFile

LONGEST = 65_536  # bytes of a request or a reply
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h


class ForkServer:
    """The process that forks parsers: started when it is first needed, one file at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._line: socket.socket | None = None

    def told(self, reader: str, file: BinaryIO, limits: Limits) -> Mapping[str, Any]:
        """What a child process makes of ``file`` by the reader named ``reader``.

        Raises UnreadableFile: what the reader itself refused, or ``resource_limit`` if the child
        ran out of memory, time or output, or was killed by a signal (parsers of PDF abort).
        """
        os.lseek(file.fileno(), 0, os.SEEK_SET)  # file.seek(0) may move within its buffer only
        request = json.dumps([reader, asdict(limits)]).encode()
        with self._lock:
            try:
                output, status = self._answer(request, file, limits.output_bytes)
            except OSError:  # the server was killed
                self.end()
                raise refused("resource_limit", "解析程序被终止") from None
        return _verdict(output, status, limits)

    def run(self, reader: str, file: BinaryIO, limits: Limits) -> Raw:
        """The letter in ``file``, parsed as ``told``."""
        return raw_from({"id": None, **self.told(reader, file, limits)})

    def end(self) -> None:
        """End the server and the child it has; the next file starts it anew."""
        process, line = self._process, self._line
        self._process = self._line = None
        if line is not None:
            line.close()
        if process is not None and self._owner == os.getpid():
            with process:
                process.kill()

    def _answer(self, request: bytes, file: BinaryIO, most: int) -> tuple[bytes, int]:
        """At most ``most`` + 1 bytes of what the child tells, and its status. Raises OSError."""
        line = self._started()
        receive, send = os.pipe()
        with open(receive, "rb") as pipe:  # noqa: PTH123
            try:
                socket.send_fds(line, [request], [file.fileno(), send])
            finally:
                os.close(send)
            output = pipe.read(most + 1)
        # The pipe is closed: a child that would tell more ends.
        status = line.recv(LONGEST)
        if not status:
            raise ConnectionResetError
        return output, int(status)

    def _started(self) -> socket.socket:
        """The line to the server. One that was inherited by a fork is its parent's."""
        if self._owner != os.getpid():
            self.end()
        if self._line is None:
            self._owner = os.getpid()
            self._line, end = socket.socketpair()
            with end:
                self._process = _start(end)
        return self._line


_SERVER = ForkServer()


def run(reader: str, file: BinaryIO, limits: Limits) -> Raw:
    """As ``ForkServer.run``, by the one server that this process has."""
    return _SERVER.run(reader, file, limits)


def run_table(reader: str, file: BinaryIO, limits: Limits) -> list[Item]:
    """What the rows of the table ``file`` say; raises UnreadableFile as ``run``."""
    return [item_in(item) for item in _SERVER.told(reader, file, limits)["items"]]


@atexit.register
def stop() -> None:
    """End that server; the next file starts it anew."""
    _SERVER.end()


def _start(line: socket.socket) -> subprocess.Popen[bytes]:
    # It gets nothing of our environment but the way to our code.
    # NumPy, which readers of pictures and tables look for, is not to set up threads: they take
    # address space.
    environment = {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    number = line.fileno()
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "indexer.formats.forkserver", str(number)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        pass_fds=[number],
    )


def _verdict(output: bytes, status: int, limits: Limits) -> Mapping[str, Any]:
    """What the child wrote, or the error that its end means."""
    if len(output) > limits.output_bytes:
        raise refused("resource_limit", f"解析出的文字超过 {limits.output_bytes} 字节")
    if status == child.OUT_OF_MEMORY:
        raise refused("resource_limit", f"解析需要的内存超过 {limits.memory_bytes} 字节")
    if status < 0:
        raise refused("resource_limit", f"解析超时，或解析程序被终止（信号 {-status}）")
    try:
        message: Mapping[str, Any] = json.loads(output)
    except ValueError:
        raise refused("damaged_file", "解析程序异常退出") from None
    if "code" in message:
        raise UnreadableFile(message["code"], message["message"])
    return message


# --- the server's side ---------------------------------------------------------------------------


def _parsed(line: socket.socket, request: bytes, files: list[int]) -> int:
    """Fork a child that parses ``files``, and wait for it; its exit status."""
    reader, given = json.loads(request)
    limits = Limits(**given)
    with suppress(Exception):  # the child meets it too, and its end is told
        import_module({**child.READERS, **child.TABLES}[reader])
    process = os.fork()
    if not process:
        _be_child(reader, limits, line=line, files=files)
    for number in files:
        os.close(number)
    return _ended(process, limits.wall_seconds)


def _be_child(reader: str, limits: Limits, *, line: socket.socket, files: list[int]) -> None:
    """Parse, tell and exit: never returns, and holds nothing of the server's."""
    try:
        line.close()
        die_with_parent = getattr(ctypes.CDLL(None), "prctl", None)
        if die_with_parent is not None:
            die_with_parent(DIE_WITH_PARENT, signal.SIGKILL)
        for number, standard in zip(files, (0, 1), strict=True):
            os.dup2(number, standard)
            os.close(number)
        child.main(reader, limits)
        os._exit(0)
    finally:
        os._exit(1)


def _ended(process: int, seconds: float) -> int:
    """Wait for ``process``, at most so many seconds; its exit status."""

    def kill(*_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    signal.signal(signal.SIGALRM, kill)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _, status = os.waitpid(process, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return os.waitstatus_to_exitcode(status)


def main(arguments: list[str]) -> None:
    """The server's main flow: until the caller hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the caller's; its end is ours
    child.leave_network()
    with socket.socket(fileno=int(arguments[0])) as line:
        while True:
            request, files, _, _ = socket.recv_fds(line, LONGEST, 2)
            if not request:
                return
            line.sendall(str(_parsed(line, request, files)).encode())


if __name__ == "__main__":
    main(sys.argv[1:])

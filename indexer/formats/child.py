"""The limited child process in which html, docx, pdf, ofd, pictures and tables are parsed.

``run`` is the parent's side; ``python -m indexer.formats.child FORMAT LIMITS`` is the child's. The
file comes in as standard input, already open, so that what is parsed is what was sniffed and
the child needs no rights to the path; one JSON object comes out on standard output.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.table.items import Item, item_in, item_out
from kb.errors import UnreadableFile

# Each module has ``read(file, limits) -> Raw``; only the one that is asked for is imported.
READERS = {
    "html": "indexer.formats.html",
    "docx": "indexer.formats.docx",
    "pdf": "indexer.formats.pdf",
    "ofd": "indexer.formats.ofd",
    "ocr": "indexer.formats.ocr",
}
# Each module has ``sheets(file, limits) -> list[Sheet]``.
TABLES = {
    "csv": "indexer.formats.table.csv",
    "xlsx": "indexer.formats.table.xlsx",
}

OUT_OF_MEMORY = 77  # exit status of a child that ran out of memory
OPEN_FILES = 16
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of linux/sched.h
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn")


def run(reader: str, file: BinaryIO, limits: Limits) -> Raw:
    """Parse ``file`` in a child process by the reader named ``reader``.

    Raises UnreadableFile: what the reader itself refused, or ``resource_limit`` if the child
    ran out of memory, time or output, or was killed by a signal (parsers of PDF abort).
    """
    message = _told(reader, file, limits)
    return Raw(id=None, **{**message, "flags": tuple(message["flags"])})


def run_table(reader: str, file: BinaryIO, limits: Limits) -> list[Item]:
    """What the rows of the table ``file`` say; raises UnreadableFile as ``run``."""
    return [item_in(item) for item in _told(reader, file, limits)["items"]]


def _told(reader: str, file: BinaryIO, limits: Limits) -> Mapping[str, Any]:
    """What the child makes of ``file``."""
    # The child gets nothing of our environment but the way to our code.
    # NumPy, which openpyxl looks for, is not to set up threads that take address space.
    environment = {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    module = "indexer.formats.child"
    command = [sys.executable, "-P", "-m", module, reader, json.dumps(asdict(limits))]
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # file.seek(0) may move within its buffer only
    with subprocess.Popen(
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        alarm = threading.Timer(limits.wall_seconds, process.kill)
        alarm.start()
        try:
            assert process.stdout is not None
            output = process.stdout.read(limits.output_bytes + 1)
            if len(output) > limits.output_bytes:
                process.kill()
            status = process.wait()
        finally:
            alarm.cancel()
            process.kill()  # nothing happens where it has ended
    return _verdict(output, status, limits)


def _verdict(output: bytes, status: int, limits: Limits) -> Mapping[str, Any]:
    """What the child wrote, or the error that its end means."""
    if len(output) > limits.output_bytes:
        raise refused("resource_limit", f"解析出的文字超过 {limits.output_bytes} 字节")
    if status == OUT_OF_MEMORY:
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


def confine(limits: Limits, *, once: bool = True) -> None:
    """Give up, for good, what a parser has no use for: memory, time, files, network.

    ``once``: the process has a single file to parse, so that its time is that of the file.
    """
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    if once:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None:
        # Where the kernel does not allow it, the audit hook alone keeps Python off the network.
        unshare(NEW_USER | NEW_NETWORK)
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    """Audit hook: no sockets, no further processes."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is not allowed in the parser process")


def answer(reader: str, file: BinaryIO, limits: Limits) -> Mapping[str, Any]:
    """What the child tells its parent: a letter's parts, or a code and a message."""
    module = import_module({**READERS, **TABLES}[reader])
    if reader in TABLES:
        rows = import_module("indexer.formats.table.rows")
    confine(limits)
    try:
        if reader in TABLES:
            return {"items": list(map(item_out, rows.items(module.sheets(file, limits))))}
        raw: Raw = module.read(file, limits)
    except UnreadableFile as error:
        return {"code": error.code, "message": str(error)}
    except MemoryError:
        raise
    except Exception as error:  # this process's edge: a parser's own fault is told, not lost
        fault = refused("damaged_file", f"解析时出错（{type(error).__name__}）")
        return {"code": fault.code, "message": str(fault)}
    return {
        "text": raw.text,
        "front": raw.front,
        "around": raw.around,
        "meta": dict(raw.meta),
        "flags": raw.flags,
        "searched": raw.searched,
    }


def main(arguments: list[str]) -> None:
    """The child's main flow."""
    reader, limits = arguments[0], Limits(**json.loads(arguments[1]))
    try:
        told = answer(reader, sys.stdin.buffer, limits)
        message = json.dumps(told, ensure_ascii="items" not in told)  # tables hold no surrogates
        sys.stdout.write(message)
        sys.stdout.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing that allocates may run any more


if __name__ == "__main__":
    main(sys.argv[1:])

"""The limited child process in which html, docx, pdf, ofd, pictures and tables are parsed.

``indexer.formats.forkserver`` starts it. The file comes in as standard input, already open, so that
what is parsed is what was sniffed and the child needs no rights to the path; one JSON object comes
out on standard output.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, BinaryIO

from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.table.items import item_out
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


def confine(limits: Limits, *, once: bool = True) -> None:
    """Give up, for good, what a parser has no use for: memory, time, files, sockets, processes.

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
    sys.addaudithook(_refuse)


def leave_network() -> None:
    """Give up the network, for this process and its children.

    Where the kernel does not allow it, the audit hook alone keeps Python off it.
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None:
        unshare(NEW_USER | NEW_NETWORK)


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
        "recognised": raw.recognised,
        "searched": raw.searched,
    }


def main(reader: str, limits: Limits) -> None:
    """The child's main flow."""
    try:
        with open(0, "rb", closefd=False) as file:
            told = answer(reader, file, limits)
        message = json.dumps(told, ensure_ascii="items" not in told)  # tables hold no surrogates
        with open(1, "w", encoding="utf-8", closefd=False) as out:
            out.write(message)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing that allocates may run any more

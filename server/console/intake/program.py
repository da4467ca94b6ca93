"""The indexer as another program: files of strangers are never parsed in the server's process.

``python -m indexer`` bounds what each file may cost; here is bounded how long it may take in all.
It runs at a lower priority than the server, so that citizens are answered meanwhile.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from kb.errors import KbError

READING, UPDATING = 1800, 6 * 3600  # seconds that a file, and an update, may take
NICE = 10  # how much lower its priority is
DONE = (0, 1)  # exit statuses with a report: all was read, something was refused
ROOT = Path(__file__).parents[3]
_CODE = re.compile(r"错误（(?P<code>[a-z_]+)）")


class IndexerFailed(KbError):
    """The indexer gave no report; ``reason`` is its own code, if it said one."""

    status, code = 503, "indexer_failed"

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class Indexer(Protocol):
    """What reads files and publishes them."""

    def read(self, file: Path, *, seconds: int = READING) -> Mapping[str, Any]:
        """What ``file`` would become (``indexer.preview.as_object``). Raises IndexerFailed."""
        ...

    def update(self) -> Mapping[str, Any]:
        """Publish what is uploaded and corrected (``indexer.report``). Raises IndexerFailed."""
        ...


class IndexerProgram:
    """``Indexer`` by ``python -m indexer`` on the data folder ``data``."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def read(self, file: Path, *, seconds: int = READING) -> Mapping[str, Any]:
        return self._run("read", str(file), seconds=seconds)

    def update(self) -> Mapping[str, Any]:
        return self._run("update", "--uploads", seconds=UPDATING)

    def _run(self, *arguments: str, seconds: int) -> Mapping[str, Any]:
        paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
        command = [sys.executable, "-P", "-m", "indexer", *arguments]
        command += ["--data", str(self._data), "--json"]
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        ) as process:
            with suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
            try:
                output, said = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise IndexerFailed(
                    f"用了 {seconds} 秒还没有完；请拆分文件后再试", reason="too_slow"
                ) from None
        return _report(output, said.decode("utf-8", "replace"), process.returncode)


def _report(output: bytes, said: str, status: int) -> Mapping[str, Any]:
    """The report in ``output``; ``said`` is what it wrote besides."""
    if status in DONE:
        with suppress(ValueError):
            report: Mapping[str, Any] = json.loads(output)
            return report
    last = said.strip().rpartition("\n")[2][-500:]
    code = _CODE.search(last)
    raise IndexerFailed(last or f"退出码 {status}", reason=code["code"] if code else "")

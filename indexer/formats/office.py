"""Legacy .doc, .wps and .xls → .docx and .xlsx by LibreOffice, where it is installed.

``converted`` is our side. LibreOffice runs in a folder of its own with a profile of its own, for
a bounded time; ``python -m indexer.formats.office LIMITS COMMAND…`` bounds its memory, processor
time and output, takes it off the network where the kernel allows, and becomes it.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from indexer.formats.child import NEW_NETWORK, NEW_USER
from indexer.formats.raw import Limits, refused
from kb.errors import WrongUse
from kb.settings import OFF

PROGRAMS = ("soffice", "libreoffice")


def installed(given: str) -> str:
    """The command of LibreOffice: ``given``, or what is on PATH where it is ""; "" for none.

    Raises WrongUse if ``given`` is no program.
    """
    if given == OFF:
        return ""
    if not given:
        return next(filter(None, map(shutil.which, PROGRAMS)), "")
    found = shutil.which(given)
    if not found:
        raise WrongUse(f"KB_SOFFICE={given!r} 不是可以运行的程序；请改正，或写 {OFF} 不用它")
    return found


@contextmanager
def converted(
    file: BinaryIO, suffix: str, *, target: str, limits: Limits, soffice: str
) -> Iterator[BinaryIO]:
    """``file``, a document that ends in ``suffix``, as an open ``target``: docx or xlsx.

    Raises UnreadableFile: ``resource_limit`` if LibreOffice takes too long, ``damaged_file`` if
    it makes nothing of it.
    """
    with tempfile.TemporaryDirectory(prefix="fuwen-office-") as room:
        given, out = Path(room, f"letter{suffix}"), Path(room, "out")
        out.mkdir()
        file.seek(0)
        with given.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        _convert(given, out, target=target, limits=limits, soffice=soffice)
        made = out / f"letter.{target}"
        if made.is_symlink() or not made.is_file():
            raise refused("damaged_file", "LibreOffice 转换不了（可能加了密码，或者已损坏）")
        if made.stat().st_size > limits.file_bytes:
            raise refused("resource_limit", "转换出来的文件太大")
        with made.open("rb") as opened:
            yield opened


def _convert(given: Path, out: Path, *, target: str, limits: Limits, soffice: str) -> None:
    room = given.parent
    profile = (room / "profile").as_uri()
    options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo")
    launcher = (sys.executable, "-P", "-m", "indexer.formats.office", json.dumps(asdict(limits)))
    command = [*launcher, soffice, f"-env:UserInstallation={profile}", *options]
    command += ["--convert-to", target, "--outdir", str(out), str(given)]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
        "HOME": str(room),
        "TMPDIR": str(room),
        "LANG": "C.UTF-8",
    }
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=silent, stdout=silent, stderr=silent, env=environment, cwd=room,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(timeout=limits.office_seconds)
        except subprocess.TimeoutExpired as error:
            raise refused("resource_limit", "LibreOffice 转换超时") from error
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it starts processes of its own


def main(arguments: list[str]) -> None:
    """Become the command in ``arguments[1:]``, within the limits in the first."""
    limits = Limits(**json.loads(arguments[0]))
    for kind, value in (
        (resource.RLIMIT_AS, limits.office_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CPU, limits.office_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None:
        unshare(NEW_USER | NEW_NETWORK)
    os.execv(arguments[1], arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])

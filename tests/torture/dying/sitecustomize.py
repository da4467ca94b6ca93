"""Kills its process just before the n-th time that it touches the data folder.

Python imports this at its start where the folder it lies in is on the path. ``TORTURE_FOLDER`` is
the data folder, ``TORTURE_AT`` the n (0: never, but say at the end how often, in the file
``TORTURE_TOLD``), ``TORTURE_ALONE`` whether the rest of the process group is left to end by itself.
"""

import atexit
import os
import signal
import sys
from pathlib import Path
from typing import Any

TOUCHES = {
    "open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate",
    "sqlite3.connect",
}  # fmt: skip


def begin() -> None:
    """Watch this process; not the ones that it starts."""
    folder, at = os.environ.pop("TORTURE_FOLDER"), int(os.environ.pop("TORTURE_AT"))
    told, alone = os.environ.pop("TORTURE_TOLD", ""), os.environ.pop("TORTURE_ALONE", "")
    mine, touched = os.getpid(), 0

    def touching(event: str, given: tuple[Any, ...]) -> None:
        nonlocal touched
        if event not in TOUCHES or folder not in str(given[0]) or os.getpid() != mine:
            return
        touched += 1
        if touched == at:
            (os.kill if alone else os.killpg)(mine, signal.SIGKILL)

    sys.addaudithook(touching)
    if told:
        atexit.register(lambda: Path(told).write_text(str(touched)))


if "TORTURE_FOLDER" in os.environ:
    begin()

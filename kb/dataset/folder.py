"""A folder that is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import WrongUse
from kb.store.disk import sync


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``folder`` once the context ends well.

    Raises WrongUse where there is something in ``folder`` already; OSError.
    """
    folder = folder.resolve()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise WrongUse(f"{folder} 已经有东西；请换一个空的或还没有的文件夹")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        aside.mkdir()
        yield aside
        for path in (*aside.rglob("*"), aside):
            sync(path)
        aside.replace(folder)
        sync(folder.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)

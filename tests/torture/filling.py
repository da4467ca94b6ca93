"""A disk that is full at any point of an update.

A small disk of its own where one may be mounted; elsewhere no file may grow beyond so many bytes,
which the kernel refuses in the same way. Beside it runs a server over the same disk, which notes
questions in ``staff.db``: it has to answer on.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.attack.conftest import Running
from tests.torture.ground import (
    SOON,
    Found,
    Ground,
    Whole,
    asked,
    awaited,
    got,
    serving,
    true,
    unbroken,
    whole,
)

DISK = 48 << 20  # bytes of the small disk
BEYOND = 1.1  # the last points lie behind what an update takes: it has to succeed there
TOLD = ("磁盘已满", "检查磁盘空间")  # one of them; the latter where temporary files find no room


def filled(folder: Path, trials: int, *, mounting: bool = True) -> Found:
    """So many updates, each with a little more room than the one before."""
    found = Found()
    with _small_disk(folder) if mounting else nullcontext(False) as is_small:
        found.add("on a small disk" if is_small else "by a limit on the size of files")
        ground = Ground(folder)
        ground.generation(0)
        assert ground.done("update")[0] == 0
        ground.generation(1)
        need = _room_for_an_update(ground) if is_small else _largest_file(ground)
        found.counts["bytes that an update takes"] = need
        with serving(ground, KB_QUESTION_LOG="masked", KB_FREE_MB="0") as server:
            assert awaited(lambda: asked(server)[0] == 200, 60)
            stay = whole(ground.store().current())
            for number in range(trials):
                room = int(need * BEYOND * number / max(1, trials - 1))
                ground.generation(2 + number)
                if is_small:
                    with _only(ground, room):
                        code, said = ground.done("update")
                        _answers(server, found, ground, f"room for {room} bytes")
                else:
                    code, said = ground.done("update", largest=room)
                stay = _after(ground, found, stay, code, said, told=f"room for {room} bytes")
            ground.generation(2 + trials)
            found.check(ground.done("update")[0] == 0, "with room again: not updated")
            found.check(ground.is_in(whole(ground.store().current())), "with room: not all is in")
            _answers(server, found, ground, "with room again")
            found.check(not unbroken(server), f"the server's log: {unbroken(server)[:3]}")
    return found


def _after(ground: Ground, found: Found, stay: Whole, code: int, said: str, *, told: str) -> Whole:
    """What an update without room says and leaves."""
    store = ground.store()
    now = whole(store.current())
    store.verify()
    found.check("Traceback" not in said, f"{told}: {said[-800:]}")
    found.check(not ground.leftovers(), f"{told}: left behind: {ground.leftovers()}")
    if code == 0:
        found.check(ground.is_in(now), f"{told}: published by halves")
        found.add("published")
    else:
        found.check(any(word in said for word in TOLD), f"{told}: {code}, {said}")
        late = "已经发布，只有台账没有更新" in said
        good = ground.is_in(now) if late else now == stay
        found.check(good, f"{told}: {said}, and yet {now.version} is there")
        found.add("published, the ledger was not brought up" if late else "refused")
    return now


def _answers(server: Running, found: Found, ground: Ground, told: str) -> None:
    texts = whole(ground.store().current()).texts

    def is_true() -> bool:
        status, answer = asked(server)
        return status == 200 and true(answer, texts)

    found.check(awaited(is_true, SOON), f"{told}: {asked(server)}")
    status, said = got(server, "/readyz")
    found.check(status == 200, f"{told}: {status} {said}")
    found.add(f"answered, {said.get('status')}")


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own at ``folder`` for as long as it takes; False where none may be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    may = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield may
    finally:
        if may:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _only(ground: Ground, room: int) -> Iterator[None]:
    """Fill the small disk up to so many bytes."""
    filler = ground.folder / "filler"
    filler.write_bytes(bytes(max(0, shutil.disk_usage(ground.folder).free - room)))
    try:
        yield
    finally:
        filler.unlink()


def _room_for_an_update(ground: Ground) -> int:
    """The most that an update takes of the disk while it goes on, in bytes."""
    free = least = shutil.disk_usage(ground.folder).free
    with ground.command("update") as run:
        while run.poll() is None:
            least = min(least, shutil.disk_usage(ground.folder).free)
            time.sleep(0.002)
        run.communicate()
    return free - least


def _largest_file(ground: Ground) -> int:
    assert ground.done("update")[0] == 0
    return max(path.stat().st_size for path in ground.data.rglob("*") if path.is_file())

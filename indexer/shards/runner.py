"""Who does the work for shards: several processes here (``local``), or a cluster (``cluster``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self

from kb.errors import KbError, RunnerFailed

Call = Callable[[], None]  # it can be pickled, and be made again after it was interrupted
TRIES = 3  # of a call whose process or host ends in the middle
GO_ON = "做完的分片都留着，再运行同一条命令就接着做"


class Runner(Protocol):
    """Makes calls, many at a time; a context."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def run(self, calls: Sequence[Call]) -> Iterator[int]:
        """Make every call; yields the number of each that is done, as they come.

        A call whose process is killed is made again, ``TRIES`` times in all. Raises RunnerFailed
        once one fails.
        """
        ...


def attempt(call: Call) -> str:
    """Make a call, wherever this runs; why it failed, or "" if it did not."""
    try:
        call()
    except KbError as error:
        return str(error)
    except Exception as error:  # that process's edge: what went wrong is told where it began
        return f"{type(error).__name__}：{error}"
    return ""


def failed(why: str) -> RunnerFailed:
    """The error for a call that failed."""
    return RunnerFailed(f"分片没有做完：{why}。{GO_ON}")


def ended(what: str) -> RunnerFailed:
    """The error for a call in whose middle a process or a host ended, ``TRIES`` times."""
    why = f"{what}做到一半被终止了 {TRIES} 次（多半是内存不够）；请少用几个进程（--workers）"
    return RunnerFailed(f"{why}。{GO_ON}")

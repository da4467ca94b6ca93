"""Several processes that serve on one socket, and the one that minds them.

uvicorn's supervisor, with our kind of server in each worker. SIGHUP puts new workers with the
settings of now in the place of the old, one after the other, each of them warm before the old one
is told to end; SIGTTIN and SIGTTOU make one more or one less.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from types import FrameType

from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from kb.cli import program
from kb.errors import KbError
from kb.settings import Settings
from server.http.connections import room
from server.http.serving import LAST, Server, configured
from server.shared import Common
from server.telemetry.lines import LineFormatter
from server.telemetry.shared import shared

LOG = logging.getLogger("fuwen.server")
WARM = 120.0  # seconds for a new worker to be ready; an old one goes on if it is not
HUNG = 60  # seconds in which a worker says that it lives; then it is killed
AGAIN = 2.0  # seconds from the start of a worker to that of another in its place, at least
LOOK = 0.1  # seconds between two looks at a worker that is to become ready, or to be gone
FAILED = 3  # as the exit status
LINES = "%(asctime)s %(levelname)s %(message)s"
# What a terminal sends to each of its programs: a worker that begins does not know it yet.
OF_A_TERMINAL = (signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Makes the application in a worker; one with models that cannot be loaded if not ``whole``."""

    settings: Settings
    environment: Mapping[str, str]
    common: Common
    whole: bool = False

    def __call__(self) -> ASGIApp:
        """Raises KbError."""
        # Here, lest the process that minds the workers loads what they need.
        from server.process import application

        program.put_in_force(self.settings, self.environment)
        app = application(self.settings, common=self.common)
        if self.whole:
            app.state.desk.embedder()
            app.state.desk.model()
        return app


class Worker(Process):
    """A process that serves with at most ``most`` connections."""

    def __init__(self, config: Config, sockets: list[socket.socket], *, most: int) -> None:
        super().__init__(config, sockets)
        self._most = most
        self.began = time.monotonic()

    @property
    def server(self) -> Server:
        if not isinstance(self._server, Server):
            self._server = Server(self.config)
        return self._server

    def start(self) -> None:
        super().start()
        self.child_conn.close()  # so that who asks a worker that dies need not wait for the answer

    def is_ready(self, timeout: float = 5) -> bool:
        with suppress(OSError, EOFError):
            while self.parent_conn.poll():
                self.parent_conn.recv()  # late answers, of a time when it was not
        return super().is_ready(timeout)

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end, or until nobody minds this worker."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, OF_A_TERMINAL)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        listening = [self.server.listener(one, most=self._most) for one in sockets or ()]
        try:
            super().target([*listening])
        except KbError as error:
            logging.basicConfig(format=LINES)
            LOG.error("a worker cannot begin: %s: %s", error.code, error)
            sys.exit(STARTUP_FAILURE)


class Supervisor(Multiprocess):
    """Keeps ``workers`` processes serving on ``listening``.

    ``read`` gives the settings anew; what they say of the data folder and of the address to
    listen at counts at the start only.
    """

    def __init__(
        self,
        settings: Settings,
        listening: socket.socket,
        *,
        workers: int,
        read: Callable[[], Settings],
    ) -> None:
        self._read = read
        self._common = Common.made()
        self._most = max(room() // workers, 1)
        self.failed = False
        self._application = self._of(settings)
        super().__init__(self._config(workers), [listening])
        self.processes: list[Worker] = []  # type: ignore[assignment]
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, self._told_to_end)
        signal.signal(signal.SIGALRM, self._end_now)

    def init_processes(self) -> None:
        self.processes.extend(self._begun() for _ in range(self.processes_num))

    def keep_subprocess_alive(self) -> None:
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set() or worker.is_alive(timeout=HUNG):
                continue
            worker.process.join(LOOK)  # one that is dying is no one that hangs
            if worker.exitcode is None:
                LOG.error("worker %s does not answer: killed", worker.pid)
                worker.kill()
                worker.join()
            self._replace(place, worker)

    def handle_hup(self) -> None:
        """New workers with the settings of now; the old ones go on where those are unusable."""
        try:
            read = self._read()
        except (KbError, OSError) as error:
            LOG.error("not reloaded: %s", error)
            return
        before, was = (self._application, self.config), self._application.settings
        self._application = self._of(replace(read, data=was.data, host=was.host, port=was.port))
        self.config = self._config(self.processes_num)
        if self._renewed():
            LOG.info("reloaded: %d workers with the settings of now", len(self.processes))
        else:
            self._application, self.config = before

    def handle_ttin(self) -> None:
        self.processes_num += 1
        self.processes.append(self._begun())

    def handle_ttou(self) -> None:
        if self.processes_num > 1:
            self.processes_num -= 1
            _end(self.processes.pop())

    def _of(self, settings: Settings) -> Application:
        return Application(settings=settings, environment=dict(os.environ), common=self._common)

    def _config(self, workers: int) -> Config:
        return configured(self._application, factory=True, workers=workers)

    def _begun(self, config: Config | None = None) -> Worker:
        worker = Worker(config or self.config, self.sockets, most=self._most)
        resource_tracker.ensure_running()  # or it would unblock what is blocked here
        signal.pthread_sigmask(signal.SIG_BLOCK, OF_A_TERMINAL)
        try:
            worker.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, OF_A_TERMINAL)
        return worker

    def _renewed(self) -> bool:
        """Put a new worker in the place of each; False if one did not become ready."""
        strict = configured(replace(self._application, whole=True), factory=True)
        for place, old in enumerate(self.processes):
            new = self._begun(strict)
            if not self._warm(new):
                new.kill()
                new.join()
                LOG.error("not reloaded: worker %s did not become ready", new.pid)
                return False
            self.processes[place] = new
            _end(old)
        return True

    def _warm(self, worker: Worker) -> bool:
        """True once ``worker`` serves; False if it ended, took too long, or all is to end."""
        until = time.monotonic() + WARM
        while time.monotonic() < until and worker.process.is_alive() and not self._ending():
            if worker.is_ready(timeout=1):
                return True
            time.sleep(LOOK)
        return False

    def _replace(self, place: int, worker: Worker) -> None:
        """Another for one that has ended, unless it could not begin and no other serves."""
        others = any(
            other.process.is_alive() and other.is_ready(timeout=1) for other in self.processes
        )
        if worker.exitcode == STARTUP_FAILURE and not others:
            self.failed = True
            self.should_exit.set()
        elif time.monotonic() - worker.began >= AGAIN:
            LOG.warning("worker %s ended (%s): another begins", worker.pid, worker.exitcode)
            self.processes[place] = self._begun()

    def _ending(self) -> bool:
        return signal.SIGINT in self.signal_queue or signal.SIGTERM in self.signal_queue

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        """All workers are gone ``LAST`` seconds later, and a second after those at the latest."""
        if not self._ending():
            signal.alarm(int(LAST) + 1)
        self.signal_queue.append(number)

    def _end_now(self, number: int, frame: FrameType | None) -> None:
        for worker in self.processes:
            if worker.exitcode is None and worker.pid:
                os.kill(worker.pid, signal.SIGKILL)
        os._exit(0)


def serve(
    settings: Settings, listening: socket.socket, *, workers: int, read: Callable[[], Settings]
) -> int:
    """Serve with several workers until told to end; the exit status."""
    lines = logging.StreamHandler()
    lines.setFormatter(LineFormatter("on", settings.log_form))
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    with shared():  # the workers count together
        supervisor = Supervisor(settings, listening, workers=workers, read=read)
        supervisor.run()
    return FAILED if supervisor.failed else 0


def _end(worker: Worker) -> None:
    """Tell ``worker`` to end, and wait until it has."""
    worker.terminate()
    worker.process.join(LAST + 1)
    if worker.exitcode is None:
        worker.process.kill()
        worker.join()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

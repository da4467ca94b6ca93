"""``python -m server``: serve the current snapshot over HTTP, or do what ``commands`` offers.

``fuwen`` has the two apart: ``fuwen serve``, and each of the commands.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from kb.cli import program
from kb.errors import KbError, WrongUse
from kb.settings import Settings
from kb.staff.database import backend, staff_of
from kb.store import modes
from server.telemetry import tracing

CANNOT_START = 3
MOST_WORKERS = 64


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted, or run a command. The exit status: 3 where it cannot start."""
    from server import commands

    parser = serving("python -m server")
    commands.add_to(parser)
    return program.main(parser, arguments)


def serving(prog: str) -> argparse.ArgumentParser:
    """The parser of what serves."""
    parser = argparse.ArgumentParser(prog=prog, description="启动复文问答服务")
    program.add_data(parser)
    parser.add_argument("--host", help="监听的地址（默认 KB_HOST 或 127.0.0.1）")
    parser.add_argument("--port", type=int, help="监听的端口（默认 KB_PORT 或 8000；0 为任选）")
    parser.add_argument("--demo", type=Path, help="按这个文件建演示台账和演示账号，只在本机")
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="几个进程一起服务（默认 1，见 docs/serving.md）",
    )
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="文件",
        help="从文件读设置，一行一个 KB_名称=值，优先于环境变量；多个进程时 SIGHUP 会重读",
    )
    parser.set_defaults(command=_run)
    return parser


def upkeep(prog: str) -> argparse.ArgumentParser:
    """The parser of the commands alone."""
    from server import commands

    parser = argparse.ArgumentParser(prog=prog)
    commands.add_to(parser)
    for command in program.commands(parser).values():
        command.set_defaults(command=_run)
    return parser


def _run(given: argparse.Namespace) -> int:
    modes.keep_private()
    environment = dict(os.environ)
    try:
        settings = program.settings(given)
        if hasattr(given, "act"):
            from server import commands

            return commands.run(settings, given)
        _look_at(settings, given)
        if given.workers == 1:
            return _serve_alone(settings)
        read = partial(program.settings, given, environment=environment)
        return _serve_together(settings, workers=given.workers, read=read)
    except (KbError, OSError) as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return CANNOT_START


def _look_at(settings: Settings, given: argparse.Namespace) -> None:
    """Raise WrongUse for what cannot be, and have the data folder to ourselves."""
    if not 1 <= given.workers <= MOST_WORKERS:
        raise WrongUse(f"--workers {given.workers} 应在 1 与 {MOST_WORKERS} 之间；请改正")
    if settings.data.exists() and not settings.data.is_dir():
        raise WrongUse(f"{settings.data} 不是文件夹；请核对 --data 或 KB_DATA")
    tracing.check(settings.otlp_endpoint)
    backend(staff_of(settings))
    if closed := modes.close_to_others(settings.data):
        _tell(f"{settings.data} 里有 {closed} 个别的账号也能读或写，已改为只有本账号能用")
    if given.demo:
        _seed(settings, given.demo)


def _tell(words: str) -> None:
    print(f"注意：{words}", file=sys.stderr)


def _seed(settings: Settings, decisions: Path) -> None:
    from kb.store.open import open_store
    from server import demo

    reader = open_store(settings).current()
    print(*demo.seed(settings, reader, decisions, now=datetime.now(UTC)), sep="\n")


def _serve_alone(settings: Settings) -> int:
    # Here, lest the commands wait for what only serving needs.
    from server.http.serving import Server
    from server.process import application

    server = Server.of(application(settings))
    with server.listener(_listen(settings)) as listener:
        _greet(listener)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    return 0


def _serve_together(settings: Settings, *, workers: int, read: Callable[[], Settings]) -> int:
    # What serving needs is loaded by the workers, not by the process that minds them.
    from server.workers import serve

    with _listen(settings) as listening:
        _greet(listening, f"{workers} 个进程，")
        return serve(settings, listening, workers=workers, read=read)


def _greet(listening: socket.socket, how: str = "") -> None:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    place = f"http://{shown}:{port}/"
    print(f"复文已启动：{place} ，工作台：{place}staff （{how}按 Ctrl+C 停止）", flush=True)


def _listen(settings: Settings) -> socket.socket:
    """A listening socket whose connections send at once, without waiting to fill a packet.

    Raises WrongUse for a port that cannot be, OSError naming the address.
    """
    if not 0 <= settings.port <= 65535:
        raise WrongUse(f"端口 {settings.port} 应在 0 与 65535 之间；请改正")
    place = (settings.host, settings.port)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server(place, family=family, backlog=2048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise OSError(f"不能监听 {where}（{error}）；请换一个端口或地址") from error
    # asyncio does so only where the protocol is named, and accepted sockets do not name it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


if __name__ == "__main__":
    raise SystemExit(main())

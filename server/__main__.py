"""``python -m server``: serve the current snapshot over HTTP, or do what ``commands`` offers."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from kb.errors import KbError, WrongUse
from kb.models.embedding import SentenceModel
from kb.models.reading import reading_model
from kb.settings import Settings, read
from kb.staff.database import NAME
from kb.store.open import open_local
from server import commands, demo
from server.app import create
from server.question_log import Notes

CANNOT_START = 3
# Seconds for which a thread that answers keeps those that talk to visitors waiting. At Python's
# 0.005 the first events of many streams came twice as late (python -m tests.bench.bench_stream).
TURN = 0.0005


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted, or run a command. The exit status: 3 where it cannot start."""
    given = _parser().parse_args(arguments)
    try:
        settings = _settings(given)
        if hasattr(given, "command"):
            return commands.run(settings, given)
        store = open_local(settings)
        if given.demo:
            now = datetime.now(UTC)
            print(*demo.seed(settings, store.current(), given.demo, now=now), sep="\n")
        listening = _listen(settings)
    except (KbError, OSError) as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return CANNOT_START
    app = create(
        settings,
        store=store,
        embedder_of=lambda: SentenceModel(settings.model),
        model_of=lambda: reading_model(settings.reader),
        notes=Notes(settings.data / NAME, log=settings.question_log),
    )
    sys.setswitchinterval(TURN)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    with listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"复文已启动：http://{shown}:{port}/ （按 Ctrl+C 停止）", flush=True)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server", description="启动复文问答服务")
    parser.add_argument("--data", type=Path, help="数据文件夹（默认 KB_DATA 或 data）")
    parser.add_argument("--host", help="监听的地址（默认 KB_HOST 或 127.0.0.1）")
    parser.add_argument("--port", type=int, help="监听的端口（默认 KB_PORT 或 8000；0 为任选）")
    parser.add_argument("--demo", type=Path, help="按这个文件建演示台账和演示账号，只在本机")
    commands.add_to(parser)
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    """Settings from the environment, with what the command line says instead."""
    told = {name: getattr(given, name) for name in ("data", "host", "port")}
    return replace(read(os.environ), **{name: one for name, one in told.items() if one is not None})


def _listen(settings: Settings) -> socket.socket:
    """A listening socket. Raises WrongUse for a port that cannot be, OSError naming the address."""
    if not 0 <= settings.port <= 65535:
        raise WrongUse(f"端口 {settings.port} 应在 0 与 65535 之间；请改正")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise OSError(f"不能监听 {where}（{error}）；请换一个端口或地址") from error


if __name__ == "__main__":
    raise SystemExit(main())

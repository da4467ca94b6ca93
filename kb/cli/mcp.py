"""``fuwen mcp``: the tools of ``kb.mcp`` on standard input and output, for a model's client."""

from __future__ import annotations

import argparse
import logging
import sys
from importlib.metadata import PackageNotFoundError, version

import anyio
from mcp.server.stdio import stdio_server

from kb.cli import program
from kb.mcp.local import Local
from kb.mcp.mistakes import InChinese
from kb.mcp.service import service

SAYS = "用 MCP 在标准输入、输出上给别的模型查复文；由它的客户端启动（见 docs/integrations.md）"


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser of the command."""
    parser = argparse.ArgumentParser(prog=prog, description=SAYS)
    program.add_data(parser)
    parser.set_defaults(command=_serve)
    return parser


def _serve(given: argparse.Namespace) -> int:
    """Serve until the input ends. Raises NoSnapshot, BadSnapshot, ModelUnusable."""
    settings = program.settings(given)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    local = Local.of(settings)
    if local.store.degraded:
        sys.stderr.write(f"注意：{local.store.degraded}\n")
    longest = settings.question_length
    made = service(lambda _: local, longest=longest, version=_release(), site=local.site)

    async def serve() -> None:
        async with stdio_server() as (source, sink):
            await made.run(source, InChinese(sink), made.create_initialization_options())

    anyio.run(serve)
    return program.FINE


def _release() -> str:
    try:
        return version("fuwen")
    except PackageNotFoundError:
        return "0+source"

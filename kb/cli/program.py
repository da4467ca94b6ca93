"""What every program's command line shares: options, messages on stderr, exit codes."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kb.errors import KbError, LetterNotFound, WrongUse
from kb.settings import Settings, read

FINE, SOME_REFUSED, WRONG_USE, NO_SNAPSHOT = 0, 1, 2, 3


def add_data(parser: argparse.ArgumentParser, **more: Any) -> None:
    """The option for the data folder; ``more`` goes to argparse."""
    parser.add_argument("--data", type=Path, help="数据文件夹，默认 KB_DATA 或 data", **more)


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options of every command that tells something."""
    add_data(parser)
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def settings(given: argparse.Namespace) -> Settings:
    """Settings of the environment with the command's options on top. Raises WrongUse."""
    options = {name: getattr(given, name, None) for name in ("data", "host", "port")}
    chosen = {name: value for name, value in options.items() if value is not None}
    return dataclasses.replace(read(os.environ), **chosen)


def main(parser: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> int:
    """Run ``command(given)`` of what ``parser`` makes of the arguments; returns the exit code.

    Where the parser has a default named ``unnamed``, that is the command which is meant when
    the first word names none.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    unnamed = parser.get_default("unnamed")
    if unnamed and words and words[0] not in (*commands(parser), "-h", "--help"):
        words.insert(0, unnamed)
    given = parser.parse_args(words)
    return run(lambda: int(given.command(given)))


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands that a parser has, each with its own parser."""
    return {
        name: command
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, command in action.choices.items()
    }


def run(command: Callable[[], int]) -> int:
    """Run a command; our own errors become a message on stderr and an exit code."""
    try:
        return command()
    except (WrongUse, LetterNotFound) as error:
        sys.stderr.write(f"错误：{error}\n")
        return WRONG_USE
    except KbError as error:
        sys.stderr.write(f"错误（{error.code}）：{error}\n")
        return NO_SNAPSHOT
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output left, as `| head` does
        return FINE
    except OSError as error:
        if not error.filename:
            raise
        sys.stderr.write(f"错误：{error.filename} 不能使用（{error.strerror}）；请检查路径和权限\n")
        return WRONG_USE


def show(content: Any) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")


def say(given: argparse.Namespace, content: Any, text: str) -> int:
    """Tell ``content`` as JSON where that was asked for, else ``text``; returns FINE."""
    if given.json:
        show(content)
    else:
        sys.stdout.write(text + "\n")
    return FINE

"""What every program's command line shares: options, messages on stderr, exit codes."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kb.environment import read
from kb.errors import KbError, LetterNotFound, WrongUse, reason
from kb.profile import choose
from kb.settings import Settings

FINE, SOME_REFUSED, WRONG_USE, NO_SNAPSHOT = 0, 1, 2, 3
INTERRUPTED = 130  # as a shell has it for Ctrl+C

# What argparse itself says. It looks each of its sentences up when it makes a parser or tells an
# error, so that this must be in place before the first parser is made.
WORDS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这份说明",
    "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少 %s",
    "one of the arguments %s is required": "%s 须给出一个",
    "unrecognized arguments: %s": "不认识 %s",
    "not allowed with argument %s": "不能与 %s 同用",
    "ignored explicit argument %r": "后面不带值，却给了 %r",
    "expected one argument": "后面要有一个值",
    "expected at most one argument": "后面至多有一个值",
    "expected at least one argument": "后面至少要有一个值",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 可以是 %(matches)s，请写全",
    "invalid %(type)s value: %(value)r": "%(value)r 不能读作 %(type)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r，可选 %(choices)s",
}
argparse._ = lambda words: WORDS.get(words, words)  # type: ignore[attr-defined]


def add_data(parser: argparse.ArgumentParser, **more: Any) -> None:
    """The option for the data folder; ``more`` goes to argparse."""
    parser.add_argument("--data", type=Path, help="数据文件夹，默认 KB_DATA 或 data", **more)


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options of every command that tells something."""
    add_data(parser)
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def add_command(commands: Any, name: str, help_: str) -> Any:
    """The parser of one more of ``commands``, which says ``help_`` in the list and by itself."""
    return commands.add_parser(name, help=help_, description=help_)


def settings(given: argparse.Namespace, *, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of the environment, then of the file that a command may name, then its options.

    They are in force, for the programs that this one starts too. Raises WrongUse, OSError.
    """
    file: Path | None = getattr(given, "env_file", None)
    environment = {**environment, **(_variables(file) if file else {})}
    options = {name: getattr(given, name, None) for name in ("data", "host", "port")}
    chosen = {name: value for name, value in options.items() if value is not None}
    found = dataclasses.replace(read(environment), **chosen)
    put_in_force(found, environment)
    return found


def put_in_force(settings: Settings, environment: Mapping[str, str]) -> None:
    """What is of the whole process: its profile, its environment and its time. Raises WrongUse."""
    choose(settings.profile)
    if environment != os.environ:
        os.environ.clear()
        os.environ.update(environment)
    keep_time(settings.timezone)


def _variables(file: Path) -> dict[str, str]:
    """The variables in a file of lines ``NAME=value``, as systemd's EnvironmentFile has them.

    Raises WrongUse, OSError.
    """
    found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        words = line.strip()
        if not words or words[0] in "#;":
            continue
        name, equals, value = words.partition("=")
        if not equals or not name.strip().isidentifier():
            raise WrongUse(f"{file} 第 {number} 行不是 名称=值 的样子；请改正")
        value = value.strip()
        quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
        found[name.strip()] = value[1:-1] if quoted else value
    return found


def keep_time(zone: str) -> None:
    """From here on this process tells local times, and what day it is, by ``zone``."""
    os.environ["TZ"] = zone
    if hasattr(time, "tzset"):  # not on Windows, which keeps its own time
        time.tzset()


def main(parser: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> int:
    """Run ``command(given)`` of what ``parser`` makes of the arguments; returns the exit code.

    Where the parser has a default named ``unnamed``, that is the command which is meant when
    the first word names none.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    unnamed = parser.get_default("unnamed")
    if unnamed and words and words[0] not in (*commands(parser), "-h", "--help"):
        words.insert(0, unnamed)

    def chosen() -> int:
        given = parser.parse_args(words)
        return int(given.command(given))

    return run(chosen)


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands that a parser has, each with its own parser."""
    return {
        name: command
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, command in action.choices.items()
    }


def run(command: Callable[[], int]) -> int:
    """Run a command; our own errors become a message on stderr and an exit code.

    What it wrote is on stdout when this returns, lest Python tell of a lost pipe at its exit.
    """
    code = _code_of(command)
    try:
        sys.stdout.flush()
    except OSError as error:
        # What is left could not be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return code or _unusable(error)
    return code


def _code_of(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as ended:  # argparse, after the help or a wrong use
        return ended.code if isinstance(ended.code, int) else FINE
    except (WrongUse, LetterNotFound) as error:
        sys.stderr.write(f"错误：{error}\n")
        return WRONG_USE
    except KbError as error:
        sys.stderr.write(f"错误（{error.code}）：{error}\n")
        return NO_SNAPSHOT
    except OSError as error:
        return _unusable(error)
    except KeyboardInterrupt:
        sys.stderr.write("已中断\n")
        return INTERRUPTED


def _unusable(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        return FINE  # the reader of our output left, as `| head` does
    what = f"{error.filename} 不能使用" if error.filename else "读写出错"
    sys.stderr.write(f"错误：{what}（{reason(error)}）；请检查路径、权限和磁盘空间\n")
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

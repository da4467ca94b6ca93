"""What the command lines share: messages on stderr, exit codes, settings with options."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kb.errors import KbError, LetterNotFound, WrongUse
from kb.settings import Settings, read

FINE, SOME_REFUSED, WRONG_USE, NO_SNAPSHOT = 0, 1, 2, 3


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that every command has."""
    parser.add_argument("--data", type=Path, help="数据文件夹，默认 KB_DATA 或 data")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def settings(given: argparse.Namespace) -> Settings:
    """Settings of the environment with the command's options on top. Raises WrongUse."""
    found = read(os.environ)
    return dataclasses.replace(found, data=given.data) if given.data else found


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

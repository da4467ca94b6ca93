"""What the commands share that see to what people write: accounts, keys, the ledger, backups."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from kb.cli import program
from kb.errors import WrongUse
from kb.settings import Settings
from kb.staff.database import By, staff_of
from kb.staff.places import Place

Command = Callable[[Settings, argparse.Namespace], None]
Commands = Any  # what argparse gives for add_subparsers; it has no public name


def add_command(commands: Commands, name: str, command: Command, help_: str) -> Any:
    """The parser of one more of ``commands``, whose ``act`` is ``command``."""
    parser = program.add_command(commands, name, help_)
    program.add_data(parser, default=argparse.SUPPRESS)
    parser.set_defaults(act=command)
    return parser


def existing(settings: Settings) -> Place:
    """Where the staff's database is; raises where there is none, lest a typo create one."""
    if not (path := staff_of(settings)).exists():
        raise WrongUse(f"没有 {path}；请核对 --data 或 KB_DATA，第一次请先用 fuwen user add 建账号")
    return path


def by() -> By:
    """Who runs a command, and when."""
    who = str(os.getuid())
    with suppress(KeyError, OSError):  # an account of the system without a name
        who = getpass.getuser()
    return By(who=f"命令行（{who}）", at=datetime.now(UTC))


def say(line: str) -> None:
    """Tell a line."""
    sys.stdout.write(line + "\n")

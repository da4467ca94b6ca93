"""``fuwen staff copy``: what stands in ``staff.db`` moved to PostgreSQL, checked row by row."""

from __future__ import annotations

import argparse

from kb.cli import program
from kb.errors import WrongUse
from kb.staff.copying import copy_rows, occupied
from kb.staff.database import NAME, opened, staff_of, writing
from kb.staff.places import Server
from kb.store import modes

COPYING = "把 staff.db 搬进 KB_STAFF_DB 指的 PostgreSQL，逐行核对；先停服务，staff.db 留着不动"


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser of the command."""
    parser = argparse.ArgumentParser(prog=prog, description="工作人员的数据库")
    commands = parser.add_subparsers(required=True, metavar="命令")
    copying = program.add_command(commands, "copy", COPYING)
    program.add_common(copying)
    copying.set_defaults(command=_copy)
    return parser


def _copy(given: argparse.Namespace) -> int:
    """Copy all rows, or none. Raises WrongUse, StaffUnusable, NotCopied, LogBroken."""
    modes.keep_private()
    settings = program.settings(given)
    place, path = staff_of(settings), settings.data / NAME
    if not isinstance(place, Server):
        raise WrongUse("没有设 KB_STAFF_DB；请写明要搬进哪个 PostgreSQL 数据库")
    if not path.exists():
        raise WrongUse(f"没有 {path}，没有要搬的；请核对 --data 或 KB_DATA")
    # Both are locked for those who write, until every row is there and was read again.
    with opened(path) as source, opened(place) as target, writing(source), writing(target):
        if table := occupied(target):
            raise WrongUse(
                f"{place} 里已有数据（{table} 表），没有搬；请换一个空的数据库，"
                "或者确定不要了，由管理员删去其中的 fuwen 这个 schema"
            )
        rows = copy_rows(source, target)
    told = f"已搬 {rows} 行到 {place}，逐行核对无误，审计日志完好；{path} 没有改动，请收起来另存"
    return program.say(given, {"rows": rows, "to": str(place)}, told)

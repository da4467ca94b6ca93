"""``fuwen user key``: the keys by which programs ask."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from kb.cli import program
from kb.cli.upkeep import Commands, add_command, by, existing, say
from kb.errors import WrongUse
from kb.settings import Settings
from kb.staff import keys
from kb.staff.database import opened, staff_of
from kb.staff.keys import SCOPES, Key

HELP = "给程序用的密钥：增加、列出、吊销"


def add_to(commands: Commands) -> None:
    """The command ``key`` with its own commands."""
    under = program.add_command(commands, "key", HELP).add_subparsers(required=True, metavar="命令")
    adding = add_command(under, "add", _add, "建一把密钥，只显示这一次")
    words = "、".join(f"{scope} {word}" for scope, word in SCOPES.items())
    adding.add_argument("name", help="给哪个程序用的")
    adding.add_argument(
        "--scope", action="append", choices=list(SCOPES), help=f"{words}；可以给几次，默认 ask"
    )
    adding.add_argument("--until", type=str, help="最后一天，如 2027-12-31；默认没有期限")
    adding.add_argument("--rate", type=int, help="每分钟最多几次；默认同 KB_RATE")
    add_command(under, "list", _list, "列出密钥，看不到密钥本身")
    add_command(under, "revoke", _revoke, "吊销，立即失效").add_argument("name", help="密钥的名字")


def _add(settings: Settings, given: argparse.Namespace) -> None:
    until = _day(given.until) if given.until else None
    with opened(staff_of(settings)) as database:
        scopes = given.scope or ("ask",)
        key = keys.add(
            database, given.name, scopes=scopes, last_day=until, rate=given.rate, by=by()
        )
    # So that a script can take the one line of stdout.
    sys.stderr.write(f"已建密钥“{given.name.strip()}”，只显示这一次，请收好：\n")
    say(key)


def _list(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        every = keys.keys(database)
    today = date.today()
    for key in every:
        say("\t".join(_facts(key, today)))


def _facts(key: Key, today: date) -> tuple[str, ...]:
    gone = key.last_day and today > key.last_day
    return (
        key.name,
        "已吊销" if key.revoked_at else "已过期" if gone else "在用",
        "、".join(key.scopes),
        f"用到 {key.last_day}" if key.last_day else "没有期限",
        f"每分钟 {key.rate} 次" if key.rate else "同 KB_RATE",
        f"{key.made_by} {key.made_at.astimezone().date()} 建",
        f"{key.used_on} 用过" if key.used_on else "没有用过",
    )


def _revoke(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        keys.revoke(database, given.name, by=by())
    say(f"已吊销密钥“{given.name.strip()}”，立即失效")


def _day(text: str) -> date:
    """Raises WrongUse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"“{text}”不是日子；请写成 2027-12-31 的样子") from None

"""What whoever runs the server does by hand: accounts, the audit log, proposing, backups.

Accounts that may change accounts begin here: no page makes the first one.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kb.analysis.refresh import refresh_ledger
from kb.backup import backup
from kb.backup.restore import restore
from kb.cli import keys, program
from kb.cli.upkeep import add_command, by, existing, say
from kb.errors import WrongUse
from kb.feedback.retention import forget
from kb.ledger import files, rebuild
from kb.ledger.attachments import kept_files
from kb.ledger.organs import likely_same
from kb.ledger.queries import counts, names_of_organs
from kb.ledger.weekly import first_day, week_of
from kb.models.tagging import tagging_model
from kb.profile import profile
from kb.settings import LONGEST_KEPT, Settings
from kb.staff import accounts, audit
from kb.staff.database import PROGRAM, By, opened, staff_of
from kb.staff.mailboxes import set_mailbox
from kb.staff.permissions import ROLES
from kb.store.open import open_store

REMINDING = "提醒责任人和单位：逾期、快到期的承诺；--send 才寄"
USER = "账号：增加、停用、改密码、列出；key 给程序的密钥"
LEDGER = "台账：核对现状、由记录重建、单位的名称、督查通报"


def add_to(parser: argparse.ArgumentParser) -> None:
    """The commands; ``given.act`` is the one that was chosen, absent where none was."""
    commands = parser.add_subparsers(metavar="命令", title="不给命令就启动服务；另有")
    _add_user(program.add_command(commands, "user", USER))
    auditing = program.add_command(commands, "audit", "审计日志").add_subparsers(
        required=True, metavar="命令"
    )
    verifying = add_command(auditing, "verify", _verify, "逐行核对审计日志和台账的记录")
    verifying.add_argument("--head", type=str, help="以前记下的末行（行号:摘要），须仍在日志里")
    ledger = program.add_command(commands, "ledger", LEDGER).add_subparsers(
        required=True, metavar="命令"
    )
    add_command(ledger, "verify", _verify_ledger, "核对台账的现状与记录相符，什么也不改")
    add_command(ledger, "rebuild", _rebuild, "由记录重建台账的现状")
    add_command(ledger, "organs", _organs, "台账里的单位，和看来是同一个单位的名称")
    reporting = add_command(ledger, "report", _report, "一周的督查通报，写成 docx")
    reporting.add_argument("file", type=Path, help="写到哪个文件，新的")
    reporting.add_argument("--week", type=str, default="", help="哪一天所在的一周，默认上一周")
    add_command(commands, "propose", _propose, "把当前快照里的承诺提到台账，等人核实；可以反复做")
    reminding = add_command(commands, "remind", _remind, REMINDING)
    reminding.add_argument("--send", action="store_true", help="寄出，并记为催办")
    notifying = add_command(commands, "notify", _notify, "把公开的变动推送给别的系统；--send 才送")
    notifying.add_argument("--send", action="store_true", help="送出，收下的记下")
    asked = program.add_command(commands, "questions", "记下的问题：删去过了保存期的")
    pruning = add_command(
        asked.add_subparsers(required=True, metavar="命令"),
        "prune",
        _prune,
        "删去过了保存期的问题；服务自己每天也做一次",
    )
    pruning.add_argument("--days", type=int, help="保存多少天（默认 KB_QUESTION_DAYS）")
    saving = add_command(commands, "backup", _backup, "备份 staff.db 和当前快照，不必停服务")
    saving.add_argument("folder", type=Path, help="新的文件夹")
    saving.add_argument("--staff-only", action="store_true", help="只备份 staff.db")
    restoring = add_command(commands, "restore", _restore, "核对备份，然后换上")
    restoring.add_argument("folder", type=Path, help="备份所在的文件夹")
    restoring.add_argument("--replace", action="store_true", help="换掉已有的数据（原来的留一份）")


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Run the chosen command; the exit status."""
    return program.run(lambda: given.act(settings, given) or program.FINE)


def _add_user(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="命令")
    adding = add_command(commands, "add", _add, "增加一个账号，密码在终端里问，或从标准输入读一行")
    changing = add_command(commands, "set", _set, "改角色、单位或邮箱")
    changing.add_argument("--mailbox", help="收提醒的邮箱；空的引号为去掉")
    for subparser, required in ((adding, True), (changing, False)):
        subparser.add_argument("name", help="账号名")
        words = "、".join(f"{role} {word}" for role, word in ROLES.items())
        subparser.add_argument("--role", choices=list(ROLES), required=required, help=words)
        subparser.add_argument("--organ", action="append", help="单位全称，可以给几次")
    for name, command, help_ in (
        ("disable", _disable, "停用，已登录的立即失效"),
        ("enable", _enable, "重新启用"),
        ("password", _password, "改密码，已登录的立即失效"),
    ):
        add_command(commands, name, command, help_).add_argument("name", help="账号名")
    add_command(commands, "list", _list, "列出账号")
    keys.add_to(commands)


def _add(settings: Settings, given: argparse.Namespace) -> None:
    with opened(staff_of(settings)) as database:
        made = accounts.add(
            database,
            given.name,
            role=given.role,
            organs=given.organ or (),
            password=_asked(),
            by=by(),
        )
    say(f"已增加账号 {made.name}（{ROLES[made.role]}）")


def _set(settings: Settings, given: argparse.Namespace) -> None:
    if given.role is None and given.organ is None and given.mailbox is None:
        raise WrongUse("没有说要改什么；请给出 --role、--organ 或 --mailbox")
    with opened(existing(settings)) as database:
        if given.mailbox is not None:
            set_mailbox(database, given.name, given.mailbox, by=by())
        made = accounts.change(database, given.name, role=given.role, organs=given.organ, by=by())
    say(f"{made.name} 现在是{ROLES[made.role]}，单位：{'、'.join(made.organs) or '无'}")


def _disable(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        accounts.disable(database, given.name, by=by())
    say(f"已停用账号 {given.name}，已登录的立即失效")


def _enable(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        accounts.disable(database, given.name, by=by(), disabled=False)
    say(f"已启用账号 {given.name}")


def _password(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        accounts.account(database, given.name)  # raises before a password is asked for
        accounts.set_password(database, given.name, _asked(), by=by())
    say(f"已改 {given.name} 的密码，已登录的立即失效")


def _list(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        every = accounts.accounts(database)
    for account in every:
        state = "已停用" if account.disabled else "启用"
        say("\t".join((account.name, ROLES[account.role], state, "、".join(account.organs))))


def _verify(settings: Settings, given: argparse.Namespace) -> None:
    noted = audit.Head.of(given.head) if given.head else None
    with opened(existing(settings)) as database:
        head = audit.verify(database, noted=noted)
    say(f"审计日志完好，共 {head.row} 行；请把末行记在别处，下次用 --head 核对：\n{head}")


def _verify_ledger(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        number = rebuild.verify(database)
        known = kept_files(database)
    kept = files.check(settings.data, known)
    say(f"台账与记录相符，共 {number} 条承诺" + (f"；佐证文件 {kept} 个都在" if kept else ""))


def _rebuild(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        rebuilt = rebuild.rebuild(database, by=by())
    say(f"已由记录重建 {rebuilt.commitments} 条承诺，其中 {rebuilt.differed} 条原来与记录不符")


def _report(settings: Settings, given: argparse.Namespace) -> None:
    from kb.ledger.formats import bulletin  # python-docx takes a while to load

    if given.file.exists():
        raise WrongUse(f"已经有 {given.file}；请换一个名字")
    today = date.today()
    with opened(existing(settings)) as database:
        first = first_day(given.week, today)
        week = week_of(database, first, today=today, unmasked=True)
    bulletin.write(given.file, week, printed=today)
    say(f"{bulletin.span(week)}：{bulletin.summary(week)}\n已写到 {given.file}")


def _organs(settings: Settings, given: argparse.Namespace) -> None:
    with opened(existing(settings)) as database:
        found = counts(database, ["organ"], today=date.today())
        likely = likely_same(names_of_organs(database), profile())
    for count in found:
        say(f"{count.total}\t{count.key[0] or '（单位不明）'}")
    if likely:
        say("看来是同一个单位的，是的话把下面的行写进地方配置（KB_PROFILE）的 [organs] 再重启：")
    for organ in likely:
        say(organ.line)


def _propose(settings: Settings, given: argparse.Namespace) -> None:
    reader = open_store(settings).current()
    with opened(staff_of(settings)) as database:
        proposed = refresh_ledger(
            database,
            reader,
            by=By(who=PROGRAM, at=datetime.now(UTC)),
            tagger=tagging_model(settings.tagger),
        )
    say(proposed.summary())


def _remind(settings: Settings, given: argparse.Namespace) -> None:
    # Here, lest every command waits until a client of the web is loaded; below too.
    from server.reminders import command

    existing(settings)
    command.run(settings, send=given.send, say=say)


def _notify(settings: Settings, given: argparse.Namespace) -> None:
    from server.notices import command

    command.run(settings, send=given.send, say=say)


def _backup(settings: Settings, given: argparse.Namespace) -> None:
    if not settings.data.is_dir():
        raise WrongUse(f"没有数据文件夹 {settings.data}；请核对 --data 或 KB_DATA")
    staff, only = staff_of(settings), given.staff_only
    made = backup.backup(settings.data, given.folder, by=by(), staff_only=only, staff=staff)
    what = f"staff.db 和快照 {made.snapshot}" if made.snapshot else "staff.db（没有快照）"
    say(f"已备份到 {given.folder}：{what}，{len(made.files)} 个文件；审计日志末行 {made.head}")


def _restore(settings: Settings, given: argparse.Namespace) -> None:
    data, staff = settings.data, staff_of(settings)
    aside = restore(data, given.folder, by=by(), replace=given.replace, staff=staff)
    say(f"已从 {given.folder} 恢复到 {settings.data}；所有人需要重新登录")
    if aside:
        say(f"原来的数据库留在 {aside}")


def _prune(settings: Settings, given: argparse.Namespace) -> None:
    days = settings.question_days if given.days is None else given.days
    if not 1 <= days <= LONGEST_KEPT:
        raise WrongUse(f"--days 应是 1 到 {LONGEST_KEPT} 的整数；请改正")
    with opened(existing(settings)) as database:
        gone = forget(database, before=datetime.now(UTC) - timedelta(days=days))
    say(f"已删去 {days} 天以前的问题和评价 {gone.asked} 条、问题 {gone.groups} 组")
    if not gone.erased:
        say("别的程序正在读数据库，文件里的旧页还没有覆盖；请过一会儿再做一次")


def _asked() -> str:
    """A password: from the terminal, twice and unseen, else the first line of stdin."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输入一次：") != password:
        raise WrongUse("两次输入的密码不一样；请重来")
    return password

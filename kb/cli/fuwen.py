"""``fuwen``: every command of every program behind one name.

The programs stand in a table by name, and only the one that is asked for is loaded: kb imports
none of them, and a question does not wait for the server to load.
"""

from __future__ import annotations

import argparse
import difflib
import pkgutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.cli import program
from kb.errors import WrongUse


@dataclass(frozen=True)
class Command:
    """A word that may follow ``fuwen``.

    ``maker`` is ``module:function``. From what is typed before the command, that function makes
    the argument parser of a program that has this command; of the program itself, where the
    word stands for the ``whole`` of it. ``extra`` names the optional dependencies it needs.
    """

    group: str
    help: str
    maker: str
    whole: bool = False
    extra: str | None = None


KB, UPKEEP = "kb.__main__:command_line", "server.__main__:upkeep"
INDEXER, EVAL = "indexer.__main__:command_line", "eval.__main__:command_line"
SERVING, COMPLETING = "server.__main__:serving", "kb.cli.completion:command_line"
INDEXING = (
    "编入复文、照看快照：update、read、watch、verify、takedown、list、registers、prune、rollback"
)
PRUNING = "按设置删去旧快照、原件、旧数据、旧备份；--delete 才删"
SCORING = (
    "给 fuwen 打分：run、score、peers、compare、collect、export、commitments、evidence、masking、"
    "meant、acceptance、bench"
)
MODELS = "给别的模型用的工具（MCP，标准输入输出）；由它的客户端启动"
EXPORTING = "把当前快照导出成表：复文、要素、段落、承诺，连同数据卡片"
IMPORTING = "把 fuwen export 导出的表编成快照，放进一个新的数据文件夹"
STAFF = "工作人员的数据库：把 staff.db 搬进 PostgreSQL"
COMMANDS = {
    "ask": Command("日常", "提一个问题", KB),
    "letter": Command("日常", "看一份复文的全文和要素", KB),
    "commitments": Command("日常", "列出复文里的承诺和期限，供工作人员核实", KB),
    "index": Command("编入", INDEXING, INDEXER, whole=True),
    "export": Command("编入", EXPORTING, "kb.cli.export:command_line", whole=True),
    "import": Command("编入", IMPORTING, "indexer.importing:command_line", whole=True),
    "serve": Command("服务", "启动复文问答服务", SERVING, whole=True),
    "mcp": Command("服务", MODELS, "kb.cli.mcp:command_line", whole=True, extra="mcp"),
    "backup": Command("服务", "备份 staff.db 和当前快照，不必停服务", UPKEEP),
    "restore": Command("服务", "核对备份，然后换上", UPKEEP),
    "prune": Command("服务", PRUNING, "kb.cli.prune:command_line", whole=True),
    "staff": Command("服务", STAFF, "kb.cli.staff:command_line", whole=True),
    "user": Command("台账与账号", "账号：增加、停用、改密码、列出；key 给程序的密钥", UPKEEP),
    "propose": Command("台账与账号", "把当前快照里的承诺提到台账，等人核实；可以反复做", UPKEEP),
    "ledger": Command("台账与账号", "台账：核对现状、由记录重建、单位的名称、督查通报", UPKEEP),
    "audit": Command("台账与账号", "审计日志", UPKEEP),
    "notify": Command("台账与账号", "把公开的变动推送给别的系统；--send 才送", UPKEEP),
    "remind": Command("台账与账号", "提醒责任人和单位：逾期、快到期的承诺；--send 才寄", UPKEEP),
    "questions": Command("台账与账号", "记下的问题：删去过了保存期的", UPKEEP),
    "eval": Command("评测", SCORING, EVAL, whole=True, extra="eval"),
    "completion": Command("其他", "打印命令补全的脚本", COMPLETING, whole=True),
}
HELP = """\
用法：fuwen 命令 …

复文：政府答复函的知识库问答，每一句回答都是原文摘录

{commands}
fuwen 命令 --help 看一个命令的用法，fuwen --version 看版本。
没有装成命令时，python -m kb.cli.fuwen 就是 fuwen。

退出码：
  0  成功
  1  做完了，但有文件被拒收（index），或比基线差、摘录不是原文（eval）
  2  用法不对
  3  没有可用的快照，或出错信息里写明的别的原因（服务起不来、数据损坏……）
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return program.run(lambda: _run(words))


def _run(words: Sequence[str]) -> int:
    if not words:
        sys.stderr.write(_help())
        return program.WRONG_USE
    if words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return program.FINE
    if words[0] == "--version":
        from importlib.metadata import version  # here, lest every command waits for it

        sys.stdout.write(f"fuwen {version('fuwen')}\n")
        return program.FINE
    return program.main(parser_of(words[0]), words[1:])


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of what follows this command.

    Raises WrongUse where there is no such command, or something it needs is not installed.
    """
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        guess = f"；是不是 fuwen {near[0]}？" if near else "。"
        raise WrongUse(f"没有 {name} 这个命令{guess}可用的命令：{'、'.join(COMMANDS)}")
    command = COMMANDS[name]
    try:
        maker = pkgutil.resolve_name(command.maker)
    except ModuleNotFoundError as error:
        if not command.extra:
            raise
        package = (error.name or "").partition(".")[0]
        raise WrongUse(
            f"没有安装 fuwen {name} 需要的 {package}；"
            f"请运行 pip install '.[{command.extra}]' 后再试"
        ) from error
    parser: argparse.ArgumentParser = maker(f"fuwen {name}" if command.whole else "fuwen")
    return parser if command.whole else program.commands(parser)[name]


def _help() -> str:
    lines = []
    for group, named in groupby(COMMANDS.items(), key=lambda item: item[1].group):
        lines += [group, *(f"  {name:<12} {command.help}" for name, command in named), ""]
    return HELP.format(commands="\n".join(lines))


if __name__ == "__main__":
    raise SystemExit(main())

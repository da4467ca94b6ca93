"""What every command line shares: Chinese words, and an end without a traceback."""

from __future__ import annotations

import argparse
import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.cli import fuwen, program
from kb.errors import WrongUse, reason
from tests.conftest import ROOT
from tests.support.staffed import PASSWORD

ENGLISH = re.compile(r"usage|positional|options|show this|error|argument|required|invalid|expected")
FUWEN = "import sys; from kb.cli.fuwen import main; sys.exit(main(sys.argv[1:]))"
PRINTING = ("--help", "user list", "user list --help", "completion bash")


def every_parser() -> Iterator[argparse.ArgumentParser]:
    waiting = [fuwen.parser_of(name) for name in fuwen.COMMANDS]
    while waiting:
        yield (parser := waiting.pop())
        waiting += program.commands(parser).values()


def test_no_help_has_a_word_of_argparse_in_english() -> None:
    for parser in every_parser():
        told = parser.format_help()
        assert told.startswith(f"用法：{parser.prog} ")
        assert not ENGLISH.search(re.sub(r"<[^>]*>|fuwen[^\n]*", "", told)), told


def test_the_commands_of_the_staff_say_what_they_do() -> None:
    for parser in every_parser():
        if parser.prog.split()[1] in ("user", "audit", "ledger", "backup", "restore"):
            assert parser.description, parser.prog


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ask", "fuwen ask：错误：缺少 question"),
        ("ask x --no-such", "不认识 --no-such"),
        ("completion tcsh", "shell：没有 'tcsh'，可选 'bash', 'zsh', 'fish'"),
        ("serve --port", "--port：后面要有一个值"),
        ("serve --port x", "--port：'x' 不能读作 int"),
        ("ask x --json=1", "--json：后面不带值，却给了 '1'"),
        ("user frob", "命令：没有 'frob'，可选 'add', "),
    ],
)
def test_a_wrong_use_is_told_in_chinese(
    capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    assert fuwen.main(words.split()) == program.WRONG_USE
    out, error = capsys.readouterr()
    assert (out, told in error, ENGLISH.search(error)) == ("", True, None), error


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The environment, put back afterwards."""
    before = dict(os.environ)
    yield before
    os.environ.clear()
    os.environ.update(before)


def test_a_file_of_settings_goes_before_the_environment_and_behind_the_options(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "fuwen.env"
    file.write_text(
        "# 一行注释\n\n; 也是\nKB_RATE = 7\nKB_PORT=9\n"
        "KB_EMBED_ORIGINS=\"https://a.gov.cn https://b.gov.cn\"\nKB_OIDC_NAME='登录 #1'\nX_1=a=b\n",
        encoding="utf-8",
    )
    given = argparse.Namespace(env_file=file, port=8)
    read = program.settings(given, environment={**environment, "KB_RATE": "5", "KB_HITS": "3"})
    assert (read.rate, read.port, read.hits) == (7, 8, 3)
    assert read.embed_origins == "https://a.gov.cn https://b.gov.cn"
    assert read.oidc_name == "登录 #1"
    # For the programs that this one starts, too.
    assert (os.environ["KB_RATE"], os.environ["KB_HITS"], os.environ["X_1"]) == ("7", "3", "a=b")
    file.write_text("", encoding="utf-8")
    assert program.settings(given, environment=environment).rate == 60
    assert "KB_RATE" not in os.environ


@pytest.mark.parametrize("line", ["KB_RATE", "=5", "KB-RATE=5", "export KB_RATE=5"])
def test_a_line_that_is_no_setting_is_told(
    environment: dict[str, str], tmp_path: Path, line: str
) -> None:
    file = tmp_path / "fuwen.env"
    file.write_text(f"KB_RATE=5\n{line}\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="第 2 行不是 名称=值 的样子"):
        program.settings(argparse.Namespace(env_file=file))
    assert "KB_RATE" not in os.environ


def test_ctrl_c_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    assert program.run(interrupted) == 130
    assert capsys.readouterr() == ("", "已中断\n")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an account."""
    folder = tmp_path_factory.mktemp("data")
    add = f"user add --role admin --data {folder} 王芳".split()
    command = [sys.executable, "-X", "utf8", "-c", FUWEN, *add]
    subprocess.run(command, cwd=ROOT, input=PASSWORD + "\n", text=True, check=True)
    return folder


def ends(words: str, data: Path, *, stdout: int) -> tuple[int, str]:
    """The exit code and stderr of a command that writes to ``stdout``."""
    more = ["--data", str(data)] if words == "user list" else []
    command = [sys.executable, "-X", "utf8", "-c", FUWEN, *words.split(), *more]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("words", PRINTING)
def test_a_reader_that_left_is_no_error(data: Path, words: str) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        assert ends(words, data, stdout=write_end) == (0, "")
    finally:
        os.close(write_end)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", PRINTING)
def test_a_full_disk_is_told_in_one_line(data: Path, words: str) -> None:
    with Path("/dev/full").open("w") as full:
        code, error = ends(words, data, stdout=full.fileno())
    assert code == program.WRONG_USE
    assert error.startswith("错误：读写出错（")
    assert error.count("\n") == 1


def test_the_usual_reasons_of_the_system_are_told_in_chinese() -> None:
    assert reason(PermissionError(errno.EACCES, "Permission denied")) == "没有权限"
    assert reason(OSError(errno.EXDEV, "Cross-device link")) == "Cross-device link"
    assert reason(OSError("nothing more")) == ""


def test_times_are_told_by_the_zone_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    noon = datetime(2026, 6, 30, 20, 5, tzinfo=UTC)
    try:
        for zone, told in (("Asia/Shanghai", "07-01 04:05"), ("America/New_York", "06-30 16:05")):
            program.keep_time(zone)
            assert f"{noon.astimezone():%m-%d %H:%M}" == told
    finally:
        program.keep_time("UTC")

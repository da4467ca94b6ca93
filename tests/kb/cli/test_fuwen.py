"""``fuwen``: one name for every command of every program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

import indexer.__main__ as indexing
import kb.__main__ as asking
import server.__main__ as serving
from kb.cli import fuwen, program
from tests.conftest import CORPUS, ROOT
from tests.support.asking import FakeModel

Run = Callable[..., tuple[int, str, str]]
HEAVY = ("faiss", "tantivy", "fastapi", "uvicorn", "torch", "numpy", "jieba")
PROGRAMS = ("indexer", "server", "eval")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run ``fuwen`` in an empty folder: its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("KB_DATA", "data")
    for module in (indexing, asking):
        monkeypatch.setattr(module, "embedder_of", lambda _: FakeModel())

    def _run(*words: str) -> tuple[int, str, str]:
        try:
            code = fuwen.main(words)
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        return code, *capsys.readouterr()

    return _run


def in_a_process(code: str) -> str:
    """What a fresh Python prints for the code, whatever its exit code."""
    command = [sys.executable, "-X", "utf8", "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_help_has_every_command_in_its_group_and_the_exit_codes(run: Run) -> None:
    code, out, error = run("--help")
    assert (code, error) == (0, "")
    assert out.startswith("用法：fuwen 命令")
    groups = ("日常", "编入", "服务", "台账与账号", "评测", "其他")
    assert [line for line in out.splitlines() if line in groups] == list(groups)
    for name, command in fuwen.COMMANDS.items():
        assert f"  {name:<12} {command.help}" in out.splitlines()
        assert out.index(f"\n{command.group}\n") < out.index(f"\n  {name} ")
    told = out.partition("退出码：")[2]
    for number in (program.FINE, program.SOME_REFUSED, program.WRONG_USE, program.NO_SNAPSHOT):
        assert f"\n  {number}  " in told


def test_help_is_a_command_too(run: Run) -> None:
    assert run("help") == run("--help")


def test_without_a_command_the_help_is_an_error(run: Run) -> None:
    code, out, error = run()
    assert (code, out) == (2, "")
    assert error == run("-h")[1]


def test_the_version_is_the_one_that_is_installed(run: Run) -> None:
    assert run("--version") == (0, f"fuwen {version('fuwen')}\n", "")


@pytest.mark.parametrize("name", list(fuwen.COMMANDS))
def test_every_command_reaches_its_program_under_the_name_that_was_typed(
    run: Run, name: str
) -> None:
    code, out, _ = run(name, "--help")
    assert code == 0
    assert out.startswith(f"用法：fuwen {name} ")
    code, _, error = run(name, "--no-such-option")
    assert code == 2
    assert f"\nfuwen {name}" in error


def test_errors_inside_a_program_name_the_words_that_were_typed(run: Run) -> None:
    for words in (("index", "update"), ("user", "add"), ("eval", "run")):
        assert f"\nfuwen {' '.join(words)}：错误：" in run(*words)[2]


def test_no_command_of_the_programs_is_left_out_and_all_say_the_same_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for maker in (asking.command_line, serving.upkeep):
        parser = maker("fuwen")
        told = " ".join(parser.format_help().split())
        for name in program.commands(parser):
            assert f"{name} {fuwen.COMMANDS[name].help}" in told
    for name in ("index", "eval"):
        told = fuwen.COMMANDS[name].help.partition("：")[2]
        assert told.split("、") == list(program.commands(fuwen.parser_of(name)))


def test_an_unknown_command_is_told_the_nearest_and_all_that_there_are(run: Run) -> None:
    code, out, error = run("idnex", "update", "x")
    assert (code, out) == (2, "")
    assert "没有 idnex 这个命令；是不是 fuwen index？" in error
    assert "、".join(fuwen.COMMANDS) in error
    code, _, error = run("火车")
    assert code == 2
    assert "是不是" not in error


def test_what_is_indexed_can_be_asked(run: Run) -> None:
    letter = next((CORPUS / "letters").glob("*.txt"))
    assert run("ask", "文号")[0] == 3
    assert run("index", "update", str(letter))[0] == 0
    code, out, _ = run("letter", letter.name)
    assert code == 0
    assert f"编号：{letter.name}" in out
    assert run("index", "update", "nowhere")[0] == 2


def test_the_server_has_its_exit_codes(run: Run) -> None:
    code, _, error = run("serve", "--port", "70000")
    assert (code, error[:4]) == (3, "无法启动")
    code, _, error = run("user", "list")
    assert (code, error[:3]) == (2, "错误：")


def test_a_setting_that_is_wrong_ends_a_command_as_it_does_the_server(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_PORT", "many")
    told = run("user", "list")
    assert told == run("serve")
    assert (told[0], "KB_PORT" in told[2]) == (3, True)


def test_a_suite_without_a_command_is_run(run: Run) -> None:
    assert run("eval", "nowhere") == run("eval", "run", "nowhere")


def test_help_loads_no_program_and_nothing_heavy() -> None:
    code = "import sys; from kb.cli.fuwen import main; main(['--help']); print(*sys.modules)"
    loaded = in_a_process(code).splitlines()[-1].split()
    assert "kb.cli.fuwen" in loaded
    assert not {*HEAVY, *PROGRAMS, "kb.__main__"} & {*loaded}


def test_asking_loads_neither_indexer_nor_server_nor_eval() -> None:
    code = "import sys; from kb.cli.fuwen import parser_of; parser_of('ask'); print(*sys.modules)"
    loaded = in_a_process(code).split()
    assert "kb.__main__" in loaded
    assert not {*PROGRAMS, "torch", "fastapi", "uvicorn"} & {*loaded}


def test_an_account_does_not_wait_for_what_serves() -> None:
    code = "import sys; from kb.cli.fuwen import parser_of; parser_of('user'); print(*sys.modules)"
    loaded = in_a_process(code).split()
    assert "server.commands" in loaded
    assert not {"torch", "fastapi", "uvicorn", "server.app"} & {*loaded}


def test_a_program_whose_packages_are_absent_says_how_to_install_them() -> None:
    code = (
        "import sys; sys.modules['scipy'] = None; sys.stderr = sys.stdout;"
        "from kb.cli.fuwen import main; print(main(['eval', 'x'])); main(['completion', 'bash'])"
    )
    told, number, *script = in_a_process(code).splitlines()
    assert told == ("错误：没有安装 fuwen eval 需要的 scipy；请运行 pip install '.[eval]' 后再试")
    assert number == "2"
    assert not [line for line in script if "eval" in line]
    assert [line for line in script if "'index update'" in line]


def test_the_module_run_by_itself_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kb.cli.fuwen", "nonsense"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == program.WRONG_USE
    assert "没有 nonsense 这个命令" in done.stderr

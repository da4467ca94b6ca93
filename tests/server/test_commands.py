"""``python -m server user|audit|ledger|backup|restore``."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kb.feedback.questions import note
from kb.ledger import files, work
from kb.ledger.attachments import Given, attach, kept_files
from kb.ledger.events import entry
from kb.settings import Settings
from kb.staff import accounts, audit, keys, sessions
from kb.staff.database import NAME, opened
from kb.store.open import open_store
from server import commands
from server.__main__ import main
from tests.support.noted import refused
from tests.support.promises import NOON, ORGAN, PROMISES, WANG, letter_of, put, told, under_way
from tests.support.receivers import HERE, mail_server
from tests.support.staffed import PASSWORD, QUICK
from tests.support.stores import publish

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with ``typed`` on stdin: its exit code, stdout and stderr."""
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setenv("KB_DATA", str(tmp_path / "data"))

    def _run(*arguments: str, typed: str = PASSWORD + "\n") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            code = main(arguments)
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        return code, *capsys.readouterr()

    return _run


def signs_in(tmp_path: Path, name: str, password: str = PASSWORD) -> bool:
    with opened(tmp_path / "data" / NAME) as book:
        try:
            return bool(sessions.sign_in(book, name, password, at=NOON))
        except sessions.SignInRefused:
            return False


def test_the_first_administrator_is_made_here_and_signs_in(run: Run, tmp_path: Path) -> None:
    code, out, error = run("user", "add", "王芳", "--role", "admin")
    assert (code, out, error) == (0, "已增加账号 王芳（管理员）\n", "")
    assert signs_in(tmp_path, "王芳")


def test_accounts_are_listed_with_role_state_and_organs(run: Run) -> None:
    run("user", "add", "王芳", "--role", "admin")
    run("user", "add", "李雷", "--role", "reviewer", "--organ", ORGAN, "--organ", "云岭市水利局")
    run("user", "disable", "王芳")
    _, out, _ = run("user", "list")
    assert out == f"李雷\t核实\t启用\t{ORGAN}、云岭市水利局\n王芳\t管理员\t已停用\t\n"


def test_disabling_enabling_changing_and_a_new_password(run: Run, tmp_path: Path) -> None:
    run("user", "add", "王芳", "--role", "reader")
    assert run("user", "disable", "王芳")[0] == 0
    assert not signs_in(tmp_path, "王芳")
    assert run("user", "enable", "王芳")[0] == 0
    assert run("user", "password", "王芳", typed="另一个更长的密码2025\r\n")[0] == 0
    assert signs_in(tmp_path, "王芳", "另一个更长的密码2025")
    assert "王芳 现在是主管" in run("user", "set", "王芳", "--role", "manager")[1]


def test_a_password_is_never_an_argument(run: Run) -> None:
    code, _, error = run("user", "add", "王芳", "--role", "admin", "--password", PASSWORD)
    assert code == 2
    assert "不认识 --password" in error
    assert run("user", "add", "王芳", PASSWORD, "--role", "admin")[0] == 2


def test_a_key_is_made_shown_once_listed_and_revoked(run: Run, tmp_path: Path) -> None:
    code, key, told = run("user", "key", "add", " 前端", "--rate", "600", "--until", "2999-12-31")
    assert (code, told) == (0, "已建密钥“前端”，只显示这一次，请收好：\n")
    assert re.fullmatch(r"fuwen-[\w-]{43}\n", key)  # a script takes it as it is
    assert run("user", "key", "add", "统计", "--scope", "ask", "--scope", "unconfirmed")[0] == 0
    with opened(tmp_path / "data" / NAME) as book:
        known = keys.known(book, key.strip(), today=date.today())
        assert (known.rate, str(known.last_day)) == (600, "2999-12-31")
        keys.used(book, known, today=date(2026, 6, 30))
        book.execute("UPDATE api_key SET last_day = '2020-01-01' WHERE name = '统计'")
    code, out, _ = run("user", "key", "list")
    assert code == 0
    assert key.strip() not in out
    late, used = (line.split("\t") for line in out.splitlines())
    assert late[:5] == ["统计", "已过期", "ask、unconfirmed", "用到 2020-01-01", "同 KB_RATE"]
    assert used[:5] == ["前端", "在用", "ask", "用到 2999-12-31", "每分钟 600 次"]
    assert used[5].startswith("命令行（")
    assert (used[6], late[6]) == ("2026-06-30 用过", "没有用过")
    assert run("user", "key", "revoke", "前端") == (0, "已吊销密钥“前端”，立即失效\n", "")
    assert "前端\t已吊销" in run("user", "key", "list")[1]
    with opened(tmp_path / "data" / NAME) as book:
        with pytest.raises(keys.KeyRefused):
            keys.known(book, key.strip(), today=date.today())
        audit.verify(book)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("add", "甲", "--until", "明年"), "“明年”不是日子"),
        (("add", "甲", "--until", "2020-01-01"), "已经过了"),
        (("add", "甲", "--rate", "0"), "每分钟次数"),
        (("add", "甲", "--scope", "all"), "没有 'all'"),
        (("revoke", "乙"), "没有在用的密钥“乙”"),
        ((), "缺少"),
    ],
)
def test_what_makes_no_key_is_told(run: Run, given: tuple[str, ...], told: str) -> None:
    run("user", "key", "add", "丙")
    code, out, error = run("user", "key", *given)
    assert (code, out) == (2, "")
    assert told in error


@pytest.mark.parametrize("given", [("list",), ("revoke", "甲")])
def test_where_no_key_was_ever_made_nothing_is_made(
    run: Run, tmp_path: Path, given: tuple[str, ...]
) -> None:
    code, _, error = run("user", "key", *given)
    assert code == 2
    assert "KB_DATA" in error
    assert not (tmp_path / "data").exists()


def test_at_a_terminal_a_password_is_asked_twice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = iter([PASSWORD, PASSWORD, PASSWORD, "另一个"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin", Terminal())
    assert commands._asked() == PASSWORD
    with pytest.raises(commands.WrongUse, match="不一样"):
        commands._asked()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("user", "disable", "无"), "没有账号“无”"),
        (("user", "password", "无"), "没有账号“无”"),
        (("user", "set", "无"), "--role"),
        (("user", "add", "王", "--role", "reviewer"), "--organ"),
        (("audit", "verify", "--head", "x"), "照抄"),
        (("restore", "nowhere"), "backup.json"),
    ],
)
def test_what_cannot_be_is_told_and_ends_with_a_code(
    run: Run, arguments: tuple[str, ...], told: str
) -> None:
    run("user", "add", "李明", "--role", "admin", typed=f"{PASSWORD}\n")
    code, out, error = run(*arguments)
    assert code in (2, 3)
    assert not out
    assert error.startswith("错误")
    assert told in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    "arguments", [("user", "list"), ("audit", "verify"), ("ledger", "rebuild"), ("backup", "b")]
)
def test_a_mistyped_folder_is_told_and_not_made(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    wrong = tmp_path / "打错的"
    code, out, error = run(*arguments, "--data", str(wrong))
    assert (code, out) == (2, "")
    assert "--data" in error
    assert not wrong.exists()


def test_a_short_password_is_refused(run: Run) -> None:
    code, _, error = run("user", "add", "王芳", "--role", "admin", typed="短\n")
    assert (code, "12 到 200" in error) == (2, True)
    assert run("user", "add", "王芳", "--role", "admin", typed="")[0] == 2


def test_an_unknown_command_or_role_lists_those_that_are(run: Run) -> None:
    code, _, error = run("user", "add", "王芳", "--role", "boss")
    assert code == 2
    assert "reader" in error
    assert run("destroy")[0] == 2


def test_the_log_is_verified_and_its_head_is_told(run: Run, tmp_path: Path) -> None:
    run("user", "add", "王芳", "--role", "admin")
    code, out, _ = run("audit", "verify")
    head = out.splitlines()[-1]
    assert (code, head[:2]) == (0, "1:")
    run("user", "disable", "王芳")
    assert run("audit", "verify", "--head", head)[0] == 0
    with opened(tmp_path / "data" / NAME) as book:
        book.execute("DROP TRIGGER audit_stays")
        book.execute("UPDATE audit SET who = '李'")
    code, out, error = run("audit", "verify")
    assert (code, out) == (3, "")
    assert "log_broken" in error


def test_what_the_letters_promise_is_proposed_as_often_as_asked(run: Run, tmp_path: Path) -> None:
    store = open_store(Settings(data=tmp_path / "data"))
    publish(store, letter_of("下一步，我局将于2025年6月底前新增加装电梯60部"))
    code, out, _ = run("propose")
    assert (code, out.startswith("新提出 1 条")) == (0, True)
    assert run("propose")[1].startswith("新提出 0 条")
    with opened(tmp_path / "data" / NAME) as book:
        ((words, status),) = told(book)
    assert "新增加装电梯60部" in words
    assert status == "proposed"


def test_a_backup_is_made_and_restored(run: Run, tmp_path: Path) -> None:
    run("user", "add", "王芳", "--role", "admin")
    code, out, _ = run("backup", str(tmp_path / "saved"))
    assert (code, "没有快照" in out) == (0, True)
    run("user", "add", "李雷", "--role", "reader")
    assert run("restore", str(tmp_path / "saved"))[0] == 2
    code, out, _ = run("restore", str(tmp_path / "saved"), "--replace")
    assert (code, "staff.db.before-" in out) == (0, True)
    assert run("user", "list")[1] == "王芳\t管理员\t启用\t\n"


def test_another_data_folder_is_named_before_or_after_the_command(run: Run, tmp_path: Path) -> None:
    for number, place in enumerate((0, 3)):
        other = str(tmp_path / f"other{number}")
        arguments = ["user", "add", "王芳", "--role", "admin"]
        arguments[place:place] = ["--data", other]
        assert run(*arguments)[0] == 0
        assert (Path(other) / NAME).exists()
    assert not (tmp_path / "data").exists()


def test_the_organs_of_the_ledger_are_told_and_which_are_probably_one(
    run: Run, tmp_path: Path
) -> None:
    with opened(tmp_path / "data" / NAME) as book:
        put(book, letter_of(*PROMISES))
        put(book, letter_of(*PROMISES, letter_id="乙"), organ="市住建局")
    code, out, _ = run("ledger", "organs")
    assert code == 0
    assert "3\t云岭市住房和城乡建设局\n3\t市住建局\n" in out
    assert out.endswith('"云岭市住房和城乡建设局" = ["市住建局"]\n')


def test_the_ledger_is_compared_with_its_events_and_made_anew(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data" / NAME
    with opened(path) as book:
        put(book, letter_of(*PROMISES))
    assert run("ledger", "verify") == (0, "台账与记录相符，共 3 条承诺\n", "")
    with opened(path) as book:
        book.execute("UPDATE commitment SET organ = '别的局' WHERE id = 2")
        book.execute("DELETE FROM commitment WHERE id = 3")
    code, out, error = run("ledger", "verify")
    assert (code, out) == (3, "")
    assert "ledger_differs" in error
    assert "第 2 号（organ）、第 3 号（台账里没有）" in error
    assert run("ledger", "rebuild")[:2] == (
        0,
        "已由记录重建 3 条承诺，其中 2 条原来与记录不符\n",
    )
    assert run("ledger", "verify")[0] == 0
    assert run("audit", "verify")[0] == 0
    with opened(path) as book:
        (row, *_) = audit.entries(book, limit=1)
    assert (row.action, row.detail) == ("rebuilt", {"commitments": 3, "differed": 2})
    assert row.who.startswith("命令行（")


def test_attached_files_are_checked_with_the_ledger(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data" / NAME
    keep = files.checked("验收.txt", b"1", files.Limits(megabytes=1, kinds=("txt",)))
    with opened(path) as book:
        put(book, letter_of(*PROMISES))
        attach(
            book, entry(book, 1).seen, Given(form="document"), relation="fulfils", by=WANG,
            keep=lambda: keep(path.parent),
        )  # fmt: skip
        (digest,) = kept_files(book)
    assert run("ledger", "verify")[:2] == (0, "台账与记录相符，共 3 条承诺；佐证文件 1 个都在\n")
    files.path_of(path.parent, digest).unlink()
    code, out, error = run("ledger", "verify")
    assert (code, out) == (3, "")
    assert "佐证文件“验收.txt”不见了" in error


def test_questions_that_are_kept_too_long_are_deleted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data" / NAME
    with opened(path) as book:
        note(book, [refused("路灯谁维护？")], log="masked")
        note(book, [replace(refused("河道清淤"), at=datetime.now(UTC))], log="masked")
    code, out, _ = run("questions", "prune", "--days", "36500")
    assert (code, "0 条" in out) == (0, True)
    days = (datetime.now(UTC) - NOON).days
    code, out, _ = run("questions", "prune", "--days", str(days))
    assert (code, "1 条" in out, "1 组" in out) == (0, True, True)
    with opened(path) as book:
        left = book.execute("SELECT question FROM asked").fetchall()
    assert left == [("河道清淤",)]


@pytest.mark.parametrize("days", ["0", "-1", "36501", "99999999999"])
def test_a_time_that_cannot_be_is_refused(run: Run, tmp_path: Path, days: str) -> None:
    with opened(tmp_path / "data" / NAME):
        pass
    code, _, error = run("questions", "prune", "--days", days)
    assert code == 2
    assert "--days" in error


def test_reminders_are_shown_and_sent_only_when_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("remind")[0] == 2  # there is no ledger
    run("user", "add", "王芳", "--role", "reviewer", "--organ", ORGAN)
    under_way(tmp_path / "data" / NAME, "2026-01-31")
    code, out, _ = run("user", "set", "王芳", "--mailbox", "wang@example.gov.cn")
    assert (code, out) == (0, f"王芳 现在是核实，单位：{ORGAN}\n")
    assert run("user", "set", "王芳", "--mailbox", "wang")[0] == 2
    with opened(tmp_path / "data" / NAME) as book:
        work.assign(book, entry(book, 1).seen, "王芳", by=WANG)
    code, out, _ = run("remind")
    assert code == 0
    assert "什么也没有寄" in out
    assert run("remind", "--send")[0] == 2  # there is no way to send
    with mail_server() as mailed:
        for name, value in (
            ("HOST", HERE), ("PORT", str(mailed.port)), ("SECURITY", "none"), ("FROM", "a@b.cn")
        ):  # fmt: skip
            monkeypatch.setenv(f"KB_SMTP_{name}", value)
        for sent in (1, 0):
            code, out, _ = run("remind", "--send")
            assert code == 0
            assert f"寄出 {sent} 份，没有寄成 0 份，没处寄 0 份" in out
    assert [mail["To"] for mail in mailed.mails] == ["wang@example.gov.cn"]
    with opened(tmp_path / "data" / NAME) as book:
        book.execute("UPDATE commitment SET reminded_on = NULL")  # as if it were another week
    monkeypatch.setattr("server.reminders.delivery.PAUSES", ())
    code, _, error = run("remind", "--send")
    assert code == 3
    assert "王芳：邮件服务器 127.0.0.1" in error


def test_a_week_is_written_as_a_document_once(run: Run, tmp_path: Path) -> None:
    under_way(tmp_path / "data" / NAME, "2026-06-24")
    file = tmp_path / "week.docx"
    code, out, _ = run("ledger", "report", str(file), "--week", "2026-06-23")
    assert code == 0
    assert "2026年6月22日至2026年6月28日" in out
    assert "本周新逾期 1 项" in out
    assert file.read_bytes().startswith(b"PK")
    assert run("ledger", "report", str(file))[0] == 2
    assert run("ledger", "report", str(tmp_path / "b.docx"), "--week", "上周")[0] == 2

"""``python -m indexer`` and ``python -m kb``: what they print, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import indexer.__main__ as indexing
import kb.__main__ as asking
from kb.settings import Settings
from kb.staff.database import opened
from kb.store.open import open_store
from tests.support.asking import FakeModel
from tests.support.ledgers import decided, proposed

LETTER = """云岭市水利局文件
云水函〔2024〕5号
签发人：范江
办理结果：B
对市政协五届三次会议第77号提案的答复
林小雨委员：
您提出的“关于整治青河淤泥的提案”收悉。现答复如下：
一、河道情况
青河城区段长9公里，淤泥平均厚度0.74米，共有排口73个。
二、下一步工作
2025年6月底前完成清淤，处置费用每立方米186元。
云岭市水利局
2024年5月6日
"""
ASK_KEYS = {"status", "question", "snapshot", "quotes", "reason", "nearest", "seconds"}
QUOTE_KEYS = {
    "text",
    "letter_id",
    "start",
    "end",
    "title",
    "number",
    "issuer",
    "date",
    "headings",
    "score",
}
FIELD_KEYS = {
    "issuer", "number", "signer", "result_class", "assembly", "kind", "proposal_no",
    "proposal_title", "addressees", "co_organs", "issued_on", "contact_unit", "cc",
}  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command with a fake model: its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    for variable in ("KB_DATA", "KB_MODEL", "KB_THRESHOLD"):
        monkeypatch.delenv(variable, raising=False)
    for program in (indexing, asking):
        monkeypatch.setattr(program, "embedder_of", lambda _: FakeModel())

    def _run(program: Any, *arguments: str) -> tuple[int, str, str]:
        try:
            code = program.main([*arguments, "--data", "data"])
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        out, error = capsys.readouterr()
        return code, out, error

    return _run


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "青河.txt").write_text(LETTER, encoding="utf-8")
    return folder


def test_update_tells_all_that_it_did_as_json(run: Run, inbox: Path) -> None:
    (inbox / "坏.pdf").write_bytes(b"not a pdf")
    code, out, _ = run(indexing, "update", str(inbox), "--json")
    said = json.loads(out)
    assert code == 1
    assert set(said) == {
        "snapshot",
        "letters",
        "added",
        "changed",
        "removed",
        "unchanged",
        "passages",
        "refused",
        "refused_more",
        "not_public",
        "held_back",
        "unanswered",
        "registers",
        "seconds",
        "commitments",
    }
    assert (said["letters"], said["added"], said["unchanged"]) == (1, 1, 0)
    (refused,) = said["refused"]
    assert refused["file"] == "坏.pdf"
    assert refused["code"] == "format_mismatch"
    assert "坏.pdf" in refused["message"]


def test_update_says_what_citizens_do_not_see_and_why(run: Run, inbox: Path) -> None:
    (inbox / "甲.txt").write_text(f"公开属性：酌情\n{LETTER}", encoding="utf-8")
    (inbox / "乙.txt").write_text(f"{LETTER}\n（不予公开）", encoding="utf-8")
    _, out, _ = run(indexing, "update", str(inbox), "--json")
    said = json.loads(out)
    assert said["not_public"] == {"held": 1, "closed": 1}
    (held,) = said["held_back"]
    assert (held["letter"], held["publicity"]) == ("甲.txt", "held")
    assert held["flags"] == ["publicity_unknown"]
    assert "酌情" in held["message"]
    _, out, _ = run(indexing, "update", str(inbox), "--rebuild")
    assert "市民看不到 甲.txt（暂不公开）" in out
    assert "市民看不到的复文 2 份：暂不公开 1、不予公开 1" in out


def test_where_there_is_a_ledger_what_the_letters_promise_is_proposed(
    run: Run, inbox: Path, tmp_path: Path
) -> None:
    _, out, _ = run(indexing, "update", str(inbox), "--json")
    assert json.loads(out)["commitments"] is None
    assert not (tmp_path / "data" / "staff.db").exists()
    with opened(tmp_path / "data" / "staff.db"):
        pass
    _, out, _ = run(indexing, "update", str(inbox))
    assert "台账：新提出 1 条" in out
    _, out, _ = run(indexing, "update", str(inbox), "--json")
    assert json.loads(out)["commitments"]["new"] == 0


def test_updating_again_finds_everything_unchanged(run: Run, inbox: Path) -> None:
    _, first, _ = run(indexing, "update", str(inbox), "--json")
    code, second, _ = run(indexing, "update", str(inbox), "--json")
    assert code == 0
    assert json.loads(second)["unchanged"] == 1
    assert json.loads(first)["snapshot"] == json.loads(second)["snapshot"]


def test_a_removed_file_is_gone_and_a_rollback_brings_it_back(run: Run, inbox: Path) -> None:
    other = inbox / "再来.txt"
    other.write_text(LETTER.replace("5号", "6号"), encoding="utf-8")
    run(indexing, "update", str(inbox))
    other.unlink()
    _, out, _ = run(indexing, "update", str(inbox), "--json")
    assert json.loads(out)["removed"] == 1
    assert run(asking, "letter", "云水函〔2024〕6号")[0] == 2
    code, _, error = run(indexing, "rollback")
    assert code == 3
    assert "--republish" in error
    assert run(indexing, "rollback", "--republish")[0] == 0
    assert run(asking, "letter", "云水函〔2024〕6号")[0] == 0


def test_rebuild_reads_every_file_anew(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    _, out, _ = run(indexing, "update", str(inbox), "--rebuild", "--json")
    said = json.loads(out)
    assert (said["letters"], said["unchanged"]) == (1, 0)


def test_an_answer_as_json_has_every_promised_key_and_is_verbatim(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    code, out, _ = run(asking, "ask", "这份答复的文号", "--json")
    said = json.loads(out)
    assert code == 0
    assert set(said) >= ASK_KEYS
    assert said["status"] == "answer"
    (quote,) = said["quotes"]
    assert set(quote) >= QUOTE_KEYS
    assert quote["text"] == "云水函〔2024〕5号"
    letter = json.loads(run(asking, "letter", quote["letter_id"], "--json")[1])
    assert letter["text"][quote["start"] : quote["end"]] == quote["text"]


def test_a_refusal_gives_its_reason_and_no_quotes(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    code, out, _ = run(asking, "ask", "国际空间站何时退役", "--json")
    said = json.loads(out)
    assert (code, said["status"], said["quotes"]) == (0, "refusal", [])
    assert said["reason"]
    assert said["nearest"] == []  # no letter has anything to do with it
    assert [way["value"] for way in said["way_out"]] == ["12345"]


def test_a_letter_as_json_has_every_field_with_its_place(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    said = json.loads(run(asking, "letter", "云水函[2024]5号", "--json")[1])
    fields = said["fields"]
    assert set(fields) == FIELD_KEYS
    assert fields["issued_on"]["value"] == "2024-05-06"
    assert fields["contact_unit"] is None
    assert fields["cc"] == []
    assert [field["value"] for field in fields["addressees"]] == ["林小雨委员"]
    for name in ("issuer", "number", "signer", "proposal_no", "proposal_title"):
        found = fields[name]
        assert said["text"][found["start"] : found["end"]] == found["value"]
        assert found["rule"]
    assert [(h["text"], h["level"]) for h in said["headings"]] == [
        ("一、河道情况", 1),
        ("二、下一步工作", 1),
    ]


def test_answers_for_people_name_the_letter_and_the_place(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    _, out, _ = run(asking, "ask", "这份答复是谁签发的")
    assert "范江" in out
    assert "云水函〔2024〕5号" in out
    assert "B 所提问题正在解决" in out


def test_a_list_for_people_has_a_row_a_letter_with_its_place(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    _, out, _ = run(asking, "ask", "哪些B类")
    said = json.loads(run(asking, "ask", "哪些B类", "--json")[1])
    assert out.splitlines()[0] == "清单  已收录的B类答复，共 1 份"
    assert "关于整治青河淤泥的提案" in out
    (row,) = said["rows"]
    assert f"“B”[{row['quote']['start']}:{row['quote']['end']}]" in out
    assert (said["status"], said["count"], said["quotes"]) == ("listing", 1, [])


def test_nothing_published_is_exit_code_3(run: Run) -> None:
    for program, *command in ((asking, "ask", "文号"), (indexing, "list"), (indexing, "verify")):
        code, out, error = run(program, *command)
        assert (code, out) == (3, "")
        assert "fuwen index update" in error


def test_wrong_use_is_exit_code_2_and_says_what_to_do(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    for program, *command in (
        (asking, "ask", "   "),
        (asking, "ask", "长" * 1001),
        (asking, "letter", "没有这一份"),
        (asking, "tell"),
        (indexing, "update", "nowhere"),
        (indexing, "update"),
        (indexing, "prune", "--keep", "0"),
    ):
        code, _, error = run(program, *command)
        assert code == 2, command
        assert error


def test_a_damaged_snapshot_is_exit_code_3(run: Run, inbox: Path) -> None:
    said = json.loads(run(indexing, "update", str(inbox), "--json")[1])
    database = Path("data/snapshots") / said["snapshot"] / "letters.db"
    database.chmod(0o644)
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    code, _, error = run(indexing, "verify")
    assert code == 3
    assert "letters.db" in error


def test_nothing_is_indexed_on_top_of_an_older_snapshot_for_a_damaged_one(
    run: Run, inbox: Path
) -> None:
    run(indexing, "update", str(inbox))
    (inbox / "后来.txt").write_text("云岭市民政局\n后来的一份。\n", encoding="utf-8")
    said = json.loads(run(indexing, "update", str(inbox), "--json")[1])
    database = Path("data/snapshots") / said["snapshot"] / "letters.db"
    database.chmod(0o644)
    database.write_bytes(database.read_bytes() + b"x")
    (inbox / "再后来.txt").write_text("云岭市民政局\n再后来的一份。\n", encoding="utf-8")
    code, out, error = run(indexing, "update", str(inbox))
    assert (code, out) == (3, "")
    assert "letters.db" in error
    assert "--rebuild" in error
    assert Path("data/CURRENT").read_text(encoding="utf-8").split()[0] == said["snapshot"]
    code, _, error = run(asking, "commitments")
    assert code == 0
    assert "注意" in error
    assert said["snapshot"] in error


def test_another_model_is_refused_with_the_cure(
    run: Run, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(indexing, "update", str(inbox))
    other = tmp_path / "other-model"
    other.mkdir()
    (other / "modules.json").write_text("[]", encoding="utf-8")
    monkeypatch.setenv("KB_MODEL", str(other))
    code, _, error = run(asking, "ask", "文号")
    assert code == 3
    assert "--rebuild" in error
    assert run(indexing, "update", str(inbox))[0] == 3
    assert run(indexing, "update", str(inbox), "--rebuild")[0] == 0


def test_prune_keeps_the_current_snapshot(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    (inbox / "二.txt").write_text(LETTER.replace("5号", "8号"), encoding="utf-8")
    run(indexing, "update", str(inbox))
    code, out, _ = run(indexing, "prune", "--keep", "1", "--json")
    assert code == 0
    assert len(json.loads(out)["removed"]) == 1
    listed = json.loads(run(indexing, "list", "--json")[1])
    assert len(listed["snapshots"]) == 1
    assert len(listed["letters"]) == 2


# --- commitments ------------------------------------------------------------------------------

COMMITMENT_KEYS = {
    "letter_id", "start", "end", "text", "organ", "co_organs", "action", "due", "target",
    "strength", "vague", "conditional",
}  # fmt: skip


def test_commitments_are_verbatim_with_all_that_was_read_of_them(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    code, out, _ = run(asking, "commitments", "--json")
    (said,) = json.loads(out)["commitments"]
    assert code == 0
    assert set(said) == COMMITMENT_KEYS
    _, whole, _ = run(asking, "letter", "青河.txt", "--json")
    assert said["text"] == json.loads(whole)["text"][said["start"] : said["end"]]
    assert said["due"] == {
        "raw": "2025年6月底前",
        "first": "2024-05-06",
        "last": "2025-06-30",
        "precision": "month",
    }
    assert (said["organ"], said["strength"]) == ("云岭市水利局", "will")


def test_commitments_of_one_letter_are_told_in_words(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    code, out, _ = run(asking, "commitments", "--letter", "云水函〔2024〕5号")
    assert code == 0
    assert "2025年6月底前完成清淤" in out
    assert "期限 2025年6月底前（2024-05-06 至 2025-06-30）" in out
    assert "共 1 条承诺" in out


def test_commitments_of_a_letter_that_is_not_there_are_refused(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    code, _, error = run(asking, "commitments", "--letter", "没有")
    assert code == 2
    assert "没有" in error


def test_commitments_need_a_snapshot(run: Run) -> None:
    code, _, error = run(asking, "commitments")
    assert code == 3
    assert "no_snapshot" in error


def test_a_promise_is_told_with_what_staff_of_this_base_confirmed(run: Run, inbox: Path) -> None:
    run(indexing, "update", str(inbox))
    question = "清淤答应什么时候完成"
    assert "状态" not in run(asking, "ask", question)[1]
    reader = open_store(Settings(data=Path("data"))).current()
    staff = Path("data") / "staff.db"
    proposed(staff, *(reader.letter(head.id) for head in reader.letters()))
    assert "状态" not in run(asking, "ask", question)[1]
    decided(staff, "清淤", "under_way")
    code, out, _ = run(asking, "ask", question)
    assert code == 0
    assert "状态  正在办理（已过期限），期限 2025年6月30日前；以上状态是本单位自己的记录" in out
    plain = json.loads(run(asking, "ask", question, "--json")[1])
    assert plain["quotes"][0]["standing"]["state"] == "under_way"

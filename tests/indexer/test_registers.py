"""Registers of proposals in the inbox: joined to the letters, which they fill, and counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.__main__ import main
from indexer.report import as_object, as_text
from indexer.tally import Tally
from indexer.update import update
from indexer.whole import Base, indexed
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import Store
from kb.store.register import CONFLICT, RULE, counts
from kb.types import Field, Scope
from tests.support import hostile
from tests.support.asking import FakeModel
from tests.support.fakes import MemoryStore
from tests.support.stores import local
from tests.support.tables import as_csv, as_xlsx

HEAD = ["提案号", "案由", "提案人", "主办单位", "会办单位", "办理结果", "办理期限"]
BUSES = [
    "31",
    "关于加密夜间公交班次的提案",
    "沈向阳",
    "市交通运输局",
    "市财政局",
    "B",
    "2025-08-31",
]
TREES = ["32", "关于补种行道树的提案", "黄丽", "市园林局", "", "A", "2025-08-31"]
TITLE = "湖州市政协九届四次会议提案交办表"


@pytest.fixture(params=["memory", "local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    makers: dict[str, Callable[[], Store]] = {
        "memory": lambda: MemoryStore(fingerprint={}),
        "local": lambda: local(tmp_path),
    }
    return makers[request.param]()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def reply(
    no: str = "31",
    title: str = "关于加密夜间公交班次的提案",
    session: str = "市政协九届四次会议",
    organ: str = "湖州市交通运输局",
    number: str = "湖交函〔2025〕5号",
    more: str = "",
) -> str:
    return (
        f"{organ}\n{number}\n关于{session}第{no}号提案的答复\n{more}沈向阳委员：\n"
        f"您提出的“{title}”收悉，现答复如下：\n夜间公交由四条线路增加到九条线路，末班车延长一小时。\n"
        f"{organ}\n2025年5月20日\n"
    )


def write(inbox: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (inbox / name.replace("_", ".")).write_bytes(data)


def run(store: Store, *inbox: Path) -> Tally:
    return update(inbox, store, FakeModel())[1]


def counted(store: Store) -> dict[str, int]:
    return dict(counts(store.current().registered()))


def test_what_the_letter_lacks_comes_from_its_row_without_a_place(
    store: Store, inbox: Path
) -> None:
    write(inbox, a_txt=reply(), t_csv=as_csv([[TITLE], HEAD, BUSES, TREES]))
    assert not run(store, inbox).refused
    letter = store.current().letter("a.txt")
    assert letter.fields["result_class"] == Field(value="B", span=None, rule=RULE)
    assert letter.lists["co_organs"] == (Field(value="市财政局", span=None, rule=RULE),)
    assert letter.fields["proposal_no"].rule != RULE
    assert CONFLICT not in letter.flags
    both = {"joined": 1, "unanswered": 1, "ambiguous": 0, "contradicting": 0}
    assert counted(store) == {"files": 1, "rows": 2, **both}
    assert [head.result_class for head in store.current().letters()] == ["B"]
    assert len(store.current().letters(Scope(result_class="B"))) == 1


def test_the_letter_is_believed_and_the_difference_is_told(store: Store, inbox: Path) -> None:
    write(inbox, a_txt=reply(more="办理结果：A\n"), t_xlsx=as_xlsx([[TITLE], HEAD, BUSES]))
    run(store, inbox)
    letter = store.current().letter("a.txt")
    assert letter.value("result_class") == "A"
    assert CONFLICT in letter.flags
    (found,) = store.current().registered()
    (conflict,) = found.outcome.conflicts
    assert (conflict.field, conflict.letter, conflict.register) == ("result_class", "A", "B")


def test_a_register_that_goes_takes_along_what_it_gave(store: Store, inbox: Path) -> None:
    write(inbox, a_txt=reply(), t_csv=as_csv([[TITLE], HEAD, BUSES]))
    run(store, inbox)
    (inbox / "t.csv").unlink()
    run(store, inbox)
    letter = store.current().letter("a.txt")
    assert "result_class" not in letter.fields
    assert "co_organs" not in letter.lists
    assert not store.current().registered()


def test_a_register_that_changes_changes_what_it_gave(store: Store, inbox: Path) -> None:
    write(inbox, a_txt=reply(), t_csv=as_csv([[TITLE], HEAD, BUSES]))
    run(store, inbox)
    write(inbox, t_csv=as_csv([[TITLE], HEAD, [*BUSES[:5], "C", ""]]))
    run(store, inbox)
    assert store.current().letter("a.txt").value("result_class") == "C"


def test_a_letter_that_comes_later_is_joined_then(store: Store, inbox: Path) -> None:
    write(inbox, t_csv=as_csv([[TITLE], HEAD, BUSES]))
    run(store, inbox)
    assert counted(store)["unanswered"] == 1
    write(inbox, a_txt=reply())
    run(store, inbox)
    assert counted(store)["joined"] == 1
    assert store.current().letter("a.txt").value("result_class") == "B"
    (inbox / "a.txt").unlink()
    run(store, inbox)
    (found,) = store.current().registered()
    assert (found.outcome.standing, found.outcome.letters) == ("unanswered", ())


def test_a_second_run_publishes_nothing(store: Store, inbox: Path) -> None:
    write(inbox, a_txt=reply(), t_csv=as_csv([[TITLE], HEAD, BUSES, TREES]))
    run(store, inbox)
    before = store.current().snapshot.version
    run(store, inbox)
    assert store.current().snapshot.version == before


def test_a_broken_row_is_told_by_file_row_and_column_and_the_rest_goes_on(
    store: Store, inbox: Path
) -> None:
    bad = ["待补充材料", *BUSES[1:]]
    write(inbox, a_txt=reply(), t_csv=as_csv([[TITLE], HEAD, bad, BUSES]))
    (told,) = run(store, inbox).refused
    assert (told.file, told.code) == ("t.csv", "bad_line")
    assert all(word in told.message for word in ("t.csv", "第3行", "提案号", "待补充材料"))
    assert counted(store)["joined"] == 1


def test_the_session_may_stand_in_the_name_of_the_file_alone(store: Store, inbox: Path) -> None:
    write(
        inbox, a_txt=reply(), b_txt=reply(session="市政协九届三次会议", number="湖交函〔2024〕5号")
    )
    (inbox / "政协九届四次会议提案.csv").write_bytes(as_csv([HEAD, BUSES]))
    run(store, inbox)
    (found,) = store.current().registered()
    assert found.outcome.letters == ("a.txt",)


def test_two_sessions_and_none_in_the_table_are_told_and_not_guessed(
    store: Store, inbox: Path
) -> None:
    write(inbox, a_txt=reply(title=""), b_txt=reply(title="", session="市政协九届三次会议"))
    write(inbox, t_csv=as_csv([["提案号", "承办单位", "办理结果"], ["31", "市交通运输局", "B"]]))
    run(store, inbox)
    (found,) = store.current().registered()
    assert found.outcome.standing == "ambiguous"
    assert found.outcome.letters == ("a.txt", "b.txt")
    assert found.outcome.why
    assert "result_class" not in store.current().letter("a.txt").fields


def test_rows_of_a_mailbox_are_letters_by_their_replies(store: Store, inbox: Path) -> None:
    head = ["工单编号", "诉求标题", "诉求内容", "承办单位", "办理结果", "办结时间", "是否公开"]
    rows = [
        ["GD20250001", "公交", "车太早，请打13800001111", "市交通局", "末班车已延长。", "", "是"],
        ["GD20250002", "路灯", "灯坏了", "湖州市城管局", "路灯已更换。", "2025-05-01", "否"],
        ["GD20250003", "井盖", "井盖响", "湖州市城管局", "", "", "是"],
    ]  # fmt: skip
    write(inbox, m_xlsx=as_xlsx([head, *rows]))
    tally = run(store, inbox)
    assert (tally.added, tally.unanswered, tally.refused) == (2, 1, [])
    public = store.current().letter("GD20250001")
    assert public.body.of(public.text) == "末班车已延长。"
    assert "车太早" in public.text
    assert "13800001111" not in public.text
    assert public.value("issuer") == "市交通局"
    assert store.current().letter("GD20250002").publicity == "held"


def test_lines_of_json_may_be_a_mailbox_or_a_register(store: Store, inbox: Path) -> None:
    mail = {
        "来信标题": "公交",
        "来信内容": "早",
        "答复单位": "湖州市交通局",
        "答复内容": "已延长。",
    }
    row = dict(zip(HEAD, BUSES, strict=True)) | {"届次": "市政协九届四次会议"}
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in (mail, row))
    write(inbox, a_txt=reply(), m_jsonl=lines)
    assert not run(store, inbox).refused
    assert counted(store)["joined"] == 1
    assert len(store.current().letters()) == 2


def test_lines_of_json_may_leave_out_what_is_empty(store: Store, inbox: Path) -> None:
    first = {
        "来信编号": "XF2025001",
        "来信内容": "井盖响",
        "答复内容": "胶垫已加装。",
        "是否公开": True,
    }
    second = {"来信编号": "XF2025002", "来信内容": "路灯不亮"}
    third = {
        "来信编号": "XF2025003",
        "来信内容": "路灯不亮",
        "答复内容": "灯已换。",
        "办件": {"a": 1},
    }
    fourth = {"来信编号": 2025004, "来信内容": ["灯"], "答复内容": "灯已换。"}
    every = (first, second, third, fourth)
    write(inbox, m_jsonl="\n".join(json.dumps(one, ensure_ascii=False) for one in every))
    tally = run(store, inbox)
    assert (tally.added, tally.unanswered) == (1, 1)
    assert [(r.code, r.message.split("：")[1]) for r in tally.refused] == [
        ("bad_line", "第3行"),
        ("bad_line", "第4行"),
    ]


def test_a_register_in_an_archive_is_joined_too(store: Store, inbox: Path) -> None:
    table = as_csv([[TITLE], HEAD, BUSES])
    write(inbox, a_zip=hostile.package([("答复.txt", reply().encode()), ("表.csv", table)]))
    assert not run(store, inbox).refused
    (found,) = store.current().registered()
    assert found.outcome.letters == ("a.zip/答复.txt",)
    assert (found.row.file, found.row.place) == ("a.zip/表.csv", "第3行")


def test_the_command_lists_each_row_and_what_became_of_it(
    tmp_path: Path, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grades = {"a_txt": reply(more="办理结果：A\n"), "t_csv": as_csv([[TITLE], HEAD, BUSES, TREES])}
    write(inbox, **grades)
    settings = replace(Settings(), data=tmp_path / "data")
    base = Base(settings=settings, store=open_store(settings), embedder=FakeModel())
    report = indexed([inbox], base)
    assert "有复文的 1 件（与复文有出入的 1 件），还没有的 1 件" in as_text(report)
    assert as_object(report)["registers"] == dict(counts(base.store.current().registered()))
    data = ("--data", str(settings.data))
    assert main(["registers", *data]) == 0
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.split("\t")[:5] == ["t.csv 第3行", "31", BUSES[1], "有复文", "a.txt"]
    assert "a.txt 的类别是“A”，表里是“B”" in first
    assert second.split("\t")[3] == "没有复文"
    main(["registers", "--only", "contradicting", "--json", *data])
    told = json.loads(capsys.readouterr().out)
    assert [one["row"]["due"] for one in told["rows"]] == ["2025-08-31"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", hostile.ole("EncryptedPackage"), "needs_password"),
        ("a.xlsx", hostile.ole("Workbook"), "legacy_table"),
        ("a.xlsx", "提案号,案由\n1,路\n".encode(), "format_mismatch"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "legacy_table"),
        ("a.csv", as_xlsx([HEAD, BUSES]), "format_mismatch"),
        ("a.csv", b"\x00\x01\x02\xff" * 50, "encoding_unknown"),
        ("a.csv", "气温,降水\n1,2\n".encode(), "unknown_table"),
        ("a.csv", "编号,版本,状态,承诺原文\n1,2,3,4\n".encode(), "unknown_table"),
        ("a.csv", b"\n\n  \n", "empty_file"),
        ("a.csv", b"", "empty_file"),
    ],
)
def test_a_table_that_is_none_is_refused_by_its_name(
    inbox: Path, name: str, content: bytes, code: str
) -> None:
    store = MemoryStore(fingerprint={})
    (inbox / name).write_bytes(content)
    (told,) = run(store, inbox).refused
    assert (told.file, told.code) == (name, code)
    assert told.message.startswith(f"{name}：")

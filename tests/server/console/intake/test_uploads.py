"""Uploads over HTTP: dropped, read, looked at, corrected, published, held; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.intake import corrections, files, uploads
from kb.intake.uploads import Upload
from kb.settings import Settings
from kb.staff import audit
from kb.staff.database import opened
from kb.store.register import RegisterRow
from server.app import create
from server.console.intake import job
from server.console.intake.job import Intake
from server.console.intake.program import IndexerFailed
from server.question_log import Notes
from tests.support.fakes import MemoryStore
from tests.support.intake import FakeIndexer
from tests.support.served import TODAY, AskEmbedder, Page
from tests.support.staffing import HTTPS, OURS, signed

PAGE = "/staff/uploads"
TEXT = "明年修渠三公里。联系人：王小明，13812345678。"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "staff.db"


@pytest.fixture
def indexer(path: Path) -> FakeIndexer:
    return FakeIndexer(MemoryStore(), path.parent)


@pytest.fixture
def client(path: Path, indexer: FakeIndexer) -> TestClient:
    return browser(path, indexer)


def browser(path: Path, indexer: FakeIndexer, **given: Any) -> TestClient:
    """A manager's browser, at a server that does its work when ``work`` is called."""
    settings = replace(Settings(), rate=0, **given)
    app = create(
        settings,
        store=indexer.store,
        embedder_of=AskEmbedder,
        notes=Notes(path),
        today=lambda: TODAY,
    )
    client = TestClient(app, base_url=HTTPS, headers=OURS, follow_redirects=False)
    return signed(client, path)


def send(client: TestClient, *given: tuple[str, bytes]) -> Response:
    return client.post(PAGE, files=[("files", one) for one in given])


def work(path: Path, indexer: FakeIndexer) -> None:
    """What the server does beside the requests; a new one each time, as after a crash."""
    Intake(path, store=indexer.store, indexer=indexer).work()


def row(path: Path, number: int = 1) -> Upload:
    with opened(path) as database:
        return uploads.get(database, number)


def shown(client: TestClient, address: str = PAGE) -> Page:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Page.of(response.text)


def act(client: TestClient, name: str, number: int = 1, **fields: str) -> Response:
    return client.post(f"{PAGE}/{number}/{name}", data=fields)


def ids(indexer: FakeIndexer) -> list[str]:
    return [head.id for head in indexer.store.current().letters()]


def test_a_file_is_read_shown_and_published_only_when_somebody_says_so(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    assert send(client, ("渠.txt", TEXT.encode())).status_code == 303
    assert "正在读" in shown(client).one("table", class_="dense rows uploads").text
    work(path, indexer)
    assert row(path).state == "read"
    assert row(path).message == "没有读出文号、发文日期"
    page = shown(client, f"{PAGE}/1").one("main")
    assert "青山县水利局" in page.text
    assert "13812345678" in page.text  # a manager sees what will be masked
    assert "会遮去" in page.text
    assert indexer.updates == 0
    assert act(client, "publish").status_code == 303
    work(path, indexer)
    assert (row(path).state, ids(indexer)) == ("published", ["渠.txt"])
    assert client.get("/letters/渠.txt").status_code == 200
    assert "/staff/uploads/1" in client.get("/staff/letters/渠.txt").text
    assert "已发布" in shown(client).one("main").text


def test_a_refused_file_says_its_code_why_and_what_to_do(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("坏.docx", "坏".encode()), ("好.txt", TEXT.encode()))
    work(path, indexer)
    assert [row(path, number).state for number in (1, 2)] == ["refused", "read"]
    text = shown(client).one("main").text
    assert "damaged_file" in text
    assert "请重新导出" in text
    assert act(client, "publish").status_code == 409
    assert act(client, "again").status_code == 303
    work(path, indexer)
    assert indexer.reads == ["坏.docx", "好.txt", "坏.docx"]
    assert act(client, "discard").status_code == 303
    assert client.get(f"{PAGE}/1").status_code == 404


def test_what_is_held_is_no_letter_for_anybody(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    work(path, indexer)
    act(client, "hold")
    work(path, indexer)
    assert row(path).state == "held"
    assert indexer.updates == 0
    act(client, "publish")
    work(path, indexer)
    act(client, "withdraw")
    work(path, indexer)
    assert (row(path).state, ids(indexer)) == ("held", [])
    assert files.draft(path.parent, row(path).folder, "渠.txt").exists()


def test_fields_are_corrected_before_publishing_and_kept(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    work(path, indexer)
    given = {"letter": "渠.txt", "field-issuer": "青山县水务局", "field-cc": "县政协\n县人大"}
    assert act(client, "fields", **given).status_code == 303
    text = shown(client, f"{PAGE}/1").one("main").text
    assert "青山县水务局" in text
    assert "程序读出的是：青山县水利局" in text
    wrong = act(client, "fields", **{"letter": "渠.txt", "field-issued_on": "今年"})
    assert wrong.status_code == 422
    assert "2025-06-30" in wrong.text
    act(client, "publish")
    with opened(path) as database:
        assert corrections.in_force(database) == {
            "渠.txt": {"issuer": "青山县水务局", "cc": ("县政协", "县人大")}
        }
    work(path, indexer)
    assert "程序读出的是：青山县水利局" in shown(client, f"{PAGE}/1").one("main").text
    act(client, "withdraw")
    work(path, indexer)
    assert "青山县水务局" in shown(client, f"{PAGE}/1").one("main").text
    with opened(path) as database:
        assert corrections.applied(database) == corrections.last(database) == 2


def test_what_an_update_refuses_is_a_draft_again_with_why(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    work(path, indexer)
    act(client, "publish")
    indexer.refuses = True
    work(path, indexer)
    found = row(path)
    assert (found.state, found.code) == ("read", "duplicate_id")
    assert not files.is_published(path.parent, "渠.txt")
    assert "请改名" in shown(client, f"{PAGE}/1").one("main").text


def test_two_uploads_of_one_name_are_never_published_together(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    send(client, ("渠.txt", "后年再修两公里。".encode()))
    work(path, indexer)
    assert act(client, "publish").status_code == 303
    refused = act(client, "publish", 2)
    assert refused.status_code == 422
    assert "先撤下" in refused.text
    work(path, indexer)
    assert client.get("/letters/渠.txt").text.count("三公里")


def test_the_same_bytes_are_not_taken_twice(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()), ("又一条.txt", TEXT.encode()))
    assert [row(path, number).code for number in (1, 2)] == ["", "duplicate_id"]


# --- crashes -----------------------------------------------------------------------------------


def test_a_server_that_was_killed_goes_on_where_it_was(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    indexer.fails = [IndexerFailed("被杀了")]
    with pytest.MonkeyPatch.context() as patch:

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(files, "note_reading", killed)
        indexer.fails = []
        with pytest.raises(KeyboardInterrupt):
            work(path, indexer)
    assert row(path).state == "waiting"
    work(path, indexer)
    act(client, "publish")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            work(path, indexer)
    assert row(path).state == "publishing"
    work(path, indexer)
    assert (row(path).state, ids(indexer)) == ("published", ["渠.txt"])


def test_files_are_where_their_uploads_say_after_a_backup_of_another_moment(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()), ("沟.txt", "后年修沟。".encode()))
    work(path, indexer)
    act(client, "publish")
    work(path, indexer)
    first, second = row(path), row(path, 2)
    files.withdraw(path.parent, first.folder, first.name)
    files.publish(path.parent, second.folder, second.name)
    work(path, indexer)
    assert [one.name for one in files.public(path.parent).iterdir()] == ["渠.txt"]


def test_an_update_that_fails_leaves_all_in_line_and_says_so(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    work(path, indexer)
    act(client, "publish")
    indexer.fails = [IndexerFailed("磁盘已满", reason="store_full")]
    work(path, indexer)
    found = row(path)
    assert (found.state, found.code) == ("publishing", "store_full")
    assert "会自动再试" in shown(client).one("main").text
    work(path, indexer)
    assert row(path).state == "published"


def test_while_another_indexer_writes_it_is_waited_for(
    client: TestClient, path: Path, indexer: FakeIndexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BUSY_WAIT", 0.0)
    send(client, ("渠.txt", TEXT.encode()))
    work(path, indexer)
    act(client, "publish")
    indexer.fails = [IndexerFailed("正忙", reason="store_busy")] * 3
    work(path, indexer)
    assert (row(path).state, indexer.updates) == ("published", 1)


def test_a_file_that_takes_too_long_is_refused(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()))
    indexer.fails = [IndexerFailed("用了 1800 秒还没有完；请拆分文件后再试", reason="too_slow")]
    work(path, indexer)
    assert (row(path).state, row(path).code) == ("refused", "too_slow")


def test_the_work_is_done_beside_the_requests_once_it_is_woken(
    path: Path, indexer: FakeIndexer
) -> None:
    client = browser(path, indexer)
    intake = Intake(path, store=indexer.store, indexer=indexer)
    client.app.state.intake = intake  # type: ignore[attr-defined]
    send(client, ("渠.txt", TEXT.encode()))
    for _ in range(1000):
        if row(path).state == "read":
            break
        job.threading.Event().wait(0.01)
    assert row(path).state == "read"
    intake.close()
    send(client, ("沟.txt", b"1"))
    assert row(path, 2).state == "waiting"


# --- what must not get in ----------------------------------------------------------------------


def drafts(path: Path) -> list[str]:
    folder = path.parent / "uploads"
    return sorted(one.name for one in folder.rglob("*") if one.is_file()) if folder.exists() else []


def test_a_form_of_another_site_brings_nothing(client: TestClient, path: Path) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        response = client.post(PAGE, files={"files": ("渠.txt", b"1")}, headers=headers)
        assert response.status_code == 403
    del client.headers["sec-fetch-site"]
    assert client.post(PAGE, files={"files": ("渠.txt", b"1")}).status_code == 403
    assert client.post(f"{PAGE}?form_token=0", files={"files": ("a.txt", b"1")}).status_code == 403
    assert drafts(path) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../../staff.db", "staff.db"),
        ("..\\..\\CURRENT", "CURRENT"),
        ("/etc/passwd", "passwd"),
        ("C:\\windows\\a.txt", "a.txt"),
    ],
)
def test_a_name_leads_to_no_other_folder(
    client: TestClient, path: Path, given: str, name: str
) -> None:
    before = path.read_bytes()[:16]
    send(client, (given, b"1"))
    assert row(path).name == name
    assert drafts(path) == [name]
    assert path.read_bytes()[:16] == before


@pytest.mark.parametrize("given", ["..", "../", ".bashrc", "~$a.docx", "a\u202etxt.exe", "长" * 90])
def test_a_name_that_can_be_none_is_refused_and_nothing_is_kept(
    client: TestClient, path: Path, given: str
) -> None:
    send(client, (given, b"1"))
    assert (row(path).state, row(path).code) == ("refused", "bad_id")
    assert drafts(path) == []


def test_a_name_is_shown_as_words_and_never_as_markup(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    name = "<img src=x onerror=alert(1)>'\"&.txt"
    send(client, (name.replace('"', "%22"), TEXT.encode()))
    work(path, indexer)
    for address in (PAGE, f"{PAGE}/1"):
        page = shown(client, address)
        assert not page.all("img")
        assert "<img src=x" in page.one("main").text


def test_too_many_files_and_too_many_bytes_are_refused_whole(
    path: Path, indexer: FakeIndexer
) -> None:
    client = browser(path, indexer, upload_files=2, upload_mb=1)
    many = send(client, *((f"{n}.txt", b"1") for n in range(3)))
    assert many.status_code == 422
    assert "2 个文件" in many.text
    large = send(client, ("大.txt", b"1" * 1_200_000))
    assert large.status_code == 413
    assert "1 MB" in large.text
    assert drafts(path) == []


def test_a_full_waiting_room_takes_no_more(path: Path, indexer: FakeIndexer) -> None:
    client = browser(path, indexer, upload_waiting=1)
    assert send(client, ("一.txt", b"1")).status_code == 303
    full = send(client, ("二.txt", b"2"))
    assert full.status_code == 422
    assert "先发布或删除" in full.text
    assert drafts(path) == ["一.txt"]


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n"]
)
def test_a_body_that_is_no_form_is_told(client: TestClient, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "text/plain"):
        response = client.post(PAGE, content=body, headers={"content-type": kind})
        assert response.status_code in (400, 422), response.text


def test_no_file_and_an_empty_one_are_told(client: TestClient, path: Path) -> None:
    assert send(client, ("", b"")).status_code == 422
    assert send(client, ("空.txt", b"")).status_code == 303
    assert row(path).code == "empty_file"


def test_every_act_is_in_the_audit_log(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()), (".x", b"1"))
    work(path, indexer)
    act(client, "hold")
    act(client, "publish")
    work(path, indexer)
    act(client, "withdraw")
    with opened(path) as database:
        actions = [entry.action for entry in audit.entries(database, limit=6)]
        audit.verify(database)
    assert actions[:5] == [
        "upload_withdraw",
        "upload_publish",
        "upload_hold",
        "upload_refused",
        "uploaded",
    ]
    assert "上传编号 1" in client.get("/staff/audit").text


def test_what_another_letter_stands_for_is_published_all_the_same(
    client: TestClient, path: Path, indexer: FakeIndexer
) -> None:
    send(client, ("渠.txt", TEXT.encode()), ("渠二.txt", TEXT.encode() + b"\n"))
    work(path, indexer)
    for number in (1, 2):
        act(client, "publish", number)
    indexer.aside = {"渠二.txt": ("渠.txt", "copy")}
    work(path, indexer)
    assert ids(indexer) == ["渠.txt"]
    assert row(path, 2).state == "published"
    assert "渠.txt" in client.get("/staff/letters/渠二.txt").text
    assert "这一份是副本" in client.get("/staff/letters/渠二.txt").text


@dataclass
class Registering(FakeIndexer):
    """An indexer to which every file is a register of two rows."""

    def read(self, file: Path) -> Mapping[str, Any]:
        return {"letters": [], "refused": [], "more": False, "rows": 2, "unanswered": 0}

    def update(self) -> Mapping[str, Any]:
        with self.store.draft() as draft:
            for path in files.public(self.data).iterdir():
                rows = [RegisterRow(file=path.name, place=f"第{n}行") for n in (2, 3)]
                draft.registers.put(path.name, rows)
            draft.publish()
        return {"refused": []}


def test_a_register_is_read_and_published_though_it_has_no_letter(path: Path) -> None:
    indexer = Registering(MemoryStore(), path.parent)
    client = browser(path, indexer)
    send(client, ("交办表.csv", "提案号,案由".encode()))
    work(path, indexer)
    assert row(path).state == "read"
    assert "交办表，2 件" in row(path).message
    act(client, "publish")
    work(path, indexer)
    assert (row(path).state, row(path).message) == ("published", "")
    assert len(indexer.store.current().registered()) == 2

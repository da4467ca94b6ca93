"""What citizens write is nowhere written down with personal data in it: the log, staff.db."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kb.staff.database import opened
from server.question_log import Notes
from server.telemetry.lines import LineFormatter
from tests.support.postgres import dumped, stored
from tests.support.served import ANSWERS, served

DATA = {
    "13812345678": "我的手机13812345678，补助怎么领？",
    "12 345678": "手机138 12 345678，补助怎么领？",
    "一二三四五": "电话一三八一二三四五六七八，补助怎么领？",
    "1080219800101123": "身份证号410802198001011235，补助怎么领？",
    "0024300123456": "银行卡6217002430012345678，补助怎么领？",
    "zhangsan77": "邮箱zhangsan77＠qq.com，补助怎么领？",
    "wxid_abc123": "微信wxid_abc123，补助怎么领？",
    "王秀英": "居民王秀英问补助怎么领？",
    "陈晓东": "我叫陈晓东，补助怎么领？",
    "3-2-501": "家住阳光小区3-2-501，补助怎么领？",
    "D12345": "豫H·D12345的补助怎么领？",
    "E12345678": "护照E12345678，补助怎么领？",
}
TOLD = {  # by feedback
    "question": "补助怎么领？",
    "snapshot": "s1",
    "verdict": "answer",
    "useful": False,
}


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream", "/ask", "/api/feedback"])
def test_no_personal_data_of_a_citizen_reaches_the_log_or_the_database(
    path: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    notes = Notes(tmp_path / "staff.db")
    client = served(settings=ANSWERS, notes=notes)
    with caplog.at_level(logging.DEBUG):
        for words in DATA.values():
            if path == "/ask":
                client.get(path, params={"q": words, "before": f"{words}还有呢"})
            elif path == "/api/feedback":
                quote = {"letter_id": words[:60], "start": 0, "end": 3}
                told = {"question": words, "reason": words, "snapshot": words[:60], "quote": quote}
                assert client.post(path, json=TOLD | told).status_code == 204
            else:
                client.post(path, json={"question": words})
    notes.close()
    place = tmp_path / "staff.db"
    with opened(place) as database:
        rows = dumped(database)
    assert "补助怎么领" in rows
    for datum in DATA:
        assert datum not in "".join(
            f"{line.getMessage()}\n" for line in caplog.records if ours(line)
        )
        assert datum not in rows
        assert datum.encode() not in stored(place)


def ours(line: logging.LogRecord) -> bool:
    """False of the lines of the client that the test asks with."""
    return line.name.startswith("fuwen")


def test_a_question_that_is_cut_in_a_number_shows_none_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        served().post("/api/ask", json={"question": "路" * 490 + "13812345678" + "路" * 90})
    assert "13812" not in caplog.text


def test_a_path_and_a_fault_are_logged_without_personal_data() -> None:
    try:
        raise ValueError("业主张三 13812345678")
    except ValueError as error:
        record = logging.LogRecord(
            "fuwen.server", logging.ERROR, "", 0, "fault in %r", ("/13812345678",), None
        )
        record.exc_info = (ValueError, error, error.__traceback__)
    written = LineFormatter("masked").format(record)
    assert "fault in '/138****5678'" in written
    assert "张三" not in written.splitlines()[-1]
    assert "13812345678" in LineFormatter("on").format(record)

"""What the log says of a question, in each of its three modes."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from kb.settings import QUESTION_LOGS
from server.question_log import in_log
from tests.support.served import ANSWERS, served

QUESTION = "我的手机是13812345678\r\n怎么申请𠮷野村的补助\x1b[31m"
PATHS = ("/api/ask", "/api/ask/stream")


def logged(mode: str, path: str, caplog: pytest.LogCaptureFixture, question: str) -> str:
    client = served(settings=replace(ANSWERS, question_log=mode))
    with caplog.at_level(logging.DEBUG):
        client.post(path, json={"question": question}, headers={"x-forwarded-for": "203.0.113.7"})
    (line,) = [r.getMessage() for r in caplog.records if r.name == "fuwen.server"]
    assert line.isprintable()
    assert "203.0.113.7" not in caplog.text
    assert "testclient" not in caplog.text
    return line


@pytest.mark.parametrize("path", PATHS)
def test_off_says_nothing_of_the_question(path: str, caplog: pytest.LogCaptureFixture) -> None:
    line = logged("off", path, caplog, QUESTION)
    assert not set("手机补助138") & set(line.partition(" in ")[0])
    assert line.startswith("ask （不记）: ")


@pytest.mark.parametrize("path", PATHS)
def test_masked_hides_personal_data_only(path: str, caplog: pytest.LogCaptureFixture) -> None:
    line = logged("masked", path, caplog, QUESTION)
    assert "13812345678" not in line
    assert "𠮷野村的补助" in line


@pytest.mark.parametrize("path", PATHS)
def test_on_says_all_of_it_on_one_line(path: str, caplog: pytest.LogCaptureFixture) -> None:
    assert r"13812345678\r\n怎么申请𠮷野村的补助\x1b[31m" in logged("on", path, caplog, QUESTION)


@pytest.mark.parametrize("path", PATHS)
def test_a_question_that_is_refused_is_logged_with_its_code(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert logged("on", path, caplog, "路" * 1001).endswith(": wrong_use")


@pytest.mark.parametrize("mode", QUESTION_LOGS)
def test_every_mode_that_can_be_set_is_known(mode: str) -> None:
    assert in_log("问", replace(ANSWERS, question_log=mode))

"""Serving with the staff's data on a PostgreSQL server that is not there, or not installed for."""

from __future__ import annotations

import builtins
import logging
from pathlib import Path
from typing import Any

import pytest

from kb.settings import Settings
from kb.staff import database
from kb.staff.places import Server, StaffUnusable
from server import __main__ as serving
from tests.support.postgres import free_port, lacking
from tests.support.served import ANSWERS
from tests.support.staffing import RIGHT, browser


def url() -> str:
    return f"postgresql://fuwen:secret-7@127.0.0.1:{free_port()}/fuwen"


@pytest.mark.skipif(bool(lacking()), reason=lacking())
def test_citizens_are_answered_while_it_is_down_and_nobody_sees_the_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = Server(parent=tmp_path, url=url())
    client = browser(place, settings=ANSWERS)
    answer = client.post("/api/ask", json={"question": "加装电梯补贴多少钱？"})
    assert answer.status_code == 200, answer.text
    ready = client.get("/readyz").json()
    assert ready["status"] == "degraded"
    staff = client.post("/staff/login", data=RIGHT)
    assert staff.status_code == 503
    shown = "".join((answer.text, str(ready), staff.text, caplog.text, repr(place)))
    assert "secret" not in shown
    assert "连不上服务器" in caplog.text


@pytest.mark.sqlite
def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def absent(name: str, *more: Any, **given: Any) -> Any:
        if name == "kb.staff.postgres" or name.startswith("psycopg"):
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real(name, *more, **given)

    monkeypatch.setattr(builtins, "__import__", absent)
    place = database.staff_of(Settings(data=tmp_path, staff_db=url()))
    with (
        pytest.raises(StaffUnusable, match=r"pip install 'fuwen\[postgres\]'"),
        database.opened(place),
    ):
        pass
    monkeypatch.setenv("KB_STAFF_DB", url())
    monkeypatch.setenv("KB_DATA", str(tmp_path))
    assert serving.main(["--port", "0"]) != 0
    told = capsys.readouterr().err
    assert "fuwen[postgres]" in told
    assert "secret" not in told

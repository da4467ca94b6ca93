"""The server as it is started stands, and answers a citizen."""

from __future__ import annotations

import httpx

from tests.attack.conftest import Running


def test_a_started_server_answers(running: Running) -> None:
    answer = httpx.post(
        f"{running.url}/api/ask", json={"question": "老旧小区加装电梯补助多少"}, timeout=60
    )
    assert answer.status_code == 200

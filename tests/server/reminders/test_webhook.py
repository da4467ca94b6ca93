"""Reminders that are pushed: signed JSON, the forms of two kinds of robots, trying again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from kb.ledger.reminding import Batch, Due
from kb.settings import Settings
from server.reminders.delivery import NotDelivered, persistently
from server.reminders.message import message_of
from server.reminders.webhook import Webhook, post
from tests.support.promises import NOON
from tests.support.receivers import Pushed, receiver

DUES = tuple(
    Due(number=n, action="加装电梯" * 15, last="2026-07-05", days=5, letter="云建函〔2024〕3号")
    for n in range(1, 101)
)
BATCH = Batch(whom="云岭市水利局", mailbox="", dues=DUES)
SECRET = "geheim-key"
TOOK = '{"errcode":0,"errmsg":"ok"}'


def push(kept: Pushed, form: str = "plain", secret: str = SECRET) -> None:
    settings = replace(
        Settings(),
        webhook_url=kept.url,
        webhook_form=form,  # type: ignore[arg-type]
        webhook_secret=secret,
    )
    webhook = Webhook(settings=settings)
    message = message_of(BATCH, address_of=lambda _: "", most=webhook.most)
    persistently(lambda: webhook.send(message, at=NOON), sleep=lambda _: None)


def test_a_plain_push_can_be_verified_with_the_secret_alone() -> None:
    with receiver() as kept:
        push(kept)
    (headers,), (body,), (told,) = kept.headers, kept.bodies, kept.told
    stamped = headers["x-fuwen-timestamp"].encode()
    right = hmac.new(SECRET.encode(), stamped + b"." + body, hashlib.sha256).hexdigest()
    assert headers["x-fuwen-signature"] == f"sha256={right}"
    assert int(stamped) == int(NOON.timestamp())
    assert told["title"] == "承诺办理提醒：即将到期 100 条"
    assert [one["number"] for one in told["commitments"]] == list(range(1, 101))


def test_a_robot_of_wecom_gets_as_many_as_it_takes_and_the_number_of_the_rest() -> None:
    with receiver(otherwise=TOOK) as kept:
        push(kept, "wecom", secret="")
    (told,) = kept.told
    content = told["markdown"]["content"]
    assert told["msgtype"] == "markdown"
    assert len(content.encode()) <= 4096
    listed = content.count("\n- ")
    assert 0 < listed < 100
    assert f"另有 {100 - listed} 条" in content


def test_a_robot_of_dingtalk_is_told_who_asks() -> None:
    with receiver(otherwise=TOOK) as kept:
        push(kept, "dingtalk")
    (path,), (told,) = kept.paths, kept.told
    asked = parse_qs(urlsplit(path).query)
    assert asked["key"] == ["GEHEIM"]
    stamped = f"{int(NOON.timestamp() * 1000)}"
    signed = hmac.new(SECRET.encode(), f"{stamped}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked["timestamp"] == [stamped]
    assert asked["sign"] == [base64.b64encode(signed).decode()]
    assert told["markdown"]["title"].startswith("承诺办理提醒")
    assert "加装电梯" in told["markdown"]["text"]


def test_what_fails_for_a_while_is_tried_again_and_known_by_its_number() -> None:
    with receiver(answers=[(503, ""), (429, "")]) as kept:
        push(kept)
    assert len(kept.bodies) == 3
    assert len({one["x-fuwen-delivery"] for one in kept.headers}) == 1


@pytest.mark.parametrize(
    ("form", "answer", "told"),
    [
        ("plain", (404, ""), "没有收下推送（404）"),
        ("plain", (302, ""), "没有收下推送（302）"),
        ("wecom", (200, json.dumps({"errcode": 93000, "errmsg": "key GEHEIM"})), "errcode 93000"),
        ("wecom", (200, "<html>"), "errcode None"),
    ],
)
def test_a_refusal_is_told_without_the_secret_and_not_repeated(
    form: str, answer: tuple[int, str], told: str
) -> None:
    with receiver(answers=[answer]) as kept, pytest.raises(NotDelivered, match=told) as refused:
        push(kept, form)
    assert len(kept.bodies) == 1
    assert "GEHEIM" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_receiver_that_is_not_there_is_told_of_without_its_address() -> None:
    with receiver() as kept:
        pass
    with pytest.raises(NotDelivered, match=r"推送不到 127\.0\.0\.1（ConnectError）") as refused:
        push(kept)
    assert "GEHEIM" not in str(refused.value)


def test_the_settings_show_no_secret() -> None:
    shown = repr(replace(Settings(), webhook_url="https://x/?key=GEHEIM", webhook_secret=SECRET))
    assert "GEHEIM" not in shown
    assert SECRET not in shown


def proxied(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy)


def test_this_machine_is_told_past_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxied(monkeypatch, "http://127.0.0.1:9")
    with receiver() as kept:
        push(kept)
    assert len(kept.told) == 1


def test_others_are_told_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    came = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def once() -> None:
            visitor, _ = proxy.accept()
            with visitor:
                came.append(visitor.recv(200))

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        proxied(monkeypatch, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with pytest.raises(NotDelivered):
            post("https://hooks.example/x", b"{}", {}, setting="KB_WEBHOOK_URL")
        thread.join(5)
    assert came[0].startswith(b"CONNECT hooks.example:443 ")

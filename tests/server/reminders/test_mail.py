"""Reminders as mail, over a real SMTP connection to a server on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.ledger.reminding import Batch, Due
from kb.settings import Settings
from server.reminders.delivery import NotDelivered, persistently
from server.reminders.mail import MailServer
from server.reminders.message import message_of
from tests.support.promises import NOON
from tests.support.receivers import HERE, Mailed, certificate, mail_server

DUE = Due(number=7, action="加装电梯60部", last="2026-06-20", days=-10, letter="云建函〔2024〕3号")
MESSAGE = message_of(
    Batch(whom="李强", mailbox="li@example.gov.cn", dues=(DUE,)), address_of=lambda _: ""
)
PLAIN = replace(Settings(), smtp_host=HERE, smtp_security="none", smtp_from="ducha@example.gov.cn")


def sender(kept: Mailed, **given: object) -> MailServer:
    return MailServer(settings=replace(PLAIN, smtp_port=kept.port, **given))  # type: ignore[arg-type]


def send(server: MailServer, to: str = "li@example.gov.cn") -> None:
    server.send(MESSAGE, to=to, at=NOON)


def test_a_mail_arrives_whole_and_says_that_a_program_wrote_it() -> None:
    with mail_server() as kept:
        send(sender(kept))
    (mail,) = kept.mails
    assert (mail["To"], mail["From"]) == ("li@example.gov.cn", "ducha@example.gov.cn")
    assert mail["Subject"] == "承诺办理提醒：逾期 1 条"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "第 7 号，加装电梯60部，云建函〔2024〕3号" in mail.get_content()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_with_tls_the_mail_and_the_password_are_encrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    login = ("ducha", "geheim")
    with mail_server(tls=context, starttls=security == "starttls", login=login) as kept:
        send(sender(kept, smtp_security=security, smtp_user="ducha", smtp_password="geheim"))
        with pytest.raises(NotDelivered, match="不让登录（535）") as refused:
            send(sender(kept, smtp_security=security, smtp_user="ducha", smtp_password="wrong"))
    assert kept.encrypted == [True]
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, security: str) -> None:
    context, _ = certificate(tmp_path)
    untrusted = pytest.raises(NotDelivered, match=r"不可信.*证书")
    with mail_server(tls=context, starttls=security == "starttls") as kept, untrusted as refused:
        send(sender(kept, smtp_security=security))
    assert not kept.mails
    assert not refused.value.passing


def test_what_must_be_encrypted_never_goes_in_the_clear() -> None:
    with mail_server() as kept, pytest.raises(NotDelivered, match="请核对 KB_SMTP_SECURITY"):
        send(sender(kept, smtp_security="starttls"))
    assert not kept.mails


def test_a_recipient_that_is_refused_is_named_and_not_tried_again() -> None:
    named = pytest.raises(NotDelivered, match=r"不收寄往 li@example.gov.cn 的邮件（550）")
    with mail_server(answers=["550 nobody"]) as kept, named:
        persistently(lambda: send(sender(kept)), sleep=lambda _: None)
    assert kept.connections == 1


def test_what_is_put_off_is_tried_again_with_longer_pauses() -> None:
    slept: list[float] = []
    with mail_server(answers=["451 later", "450 later"]) as kept:
        persistently(lambda: send(sender(kept)), sleep=slept.append)
    assert (kept.connections, len(kept.mails)) == (3, 1)
    assert slept == sorted(slept)
    assert len(slept) == 2


def test_a_server_that_is_not_there_is_told_of() -> None:
    with mail_server() as kept:
        gone = sender(kept)
    with pytest.raises(NotDelivered, match=r"连不上.*请核对地址和网络") as refused:
        send(gone)
    assert refused.value.passing
    assert refused.value.general

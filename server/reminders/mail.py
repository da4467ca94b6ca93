"""Reminders as mail, over SMTP (RFC 5321) with TLS as the settings say."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from kb.settings import Settings
from server.reminders.delivery import NotDelivered
from server.reminders.message import Message

PATIENCE = 20.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Sends mail by the settings KB_SMTP_*."""

    settings: Settings

    def send(self, message: Message, *, to: str, at: datetime) -> None:
        """Hand one mail over. Raises NotDelivered."""
        try:
            with self._connected() as server:
                server.send_message(self._mail(message, to, at))
        except (smtplib.SMTPException, OSError) as error:
            raise self._failure(error, to) from None

    def _failure(self, error: Exception, to: str) -> NotDelivered:
        """What went wrong and what to do, without what the server said: that may be anything."""
        server = f"邮件服务器 {self.settings.smtp_host}:{self.settings.smtp_port}"
        match error:
            case smtplib.SMTPAuthenticationError():
                why = f"不让登录（{error.smtp_code}）；请核对 KB_SMTP_USER、KB_SMTP_PASSWORD"
                return NotDelivered(server + why, general=True)
            case smtplib.SMTPNotSupportedError():
                why = "不支持要用的加密或登录方式；请核对 KB_SMTP_SECURITY、KB_SMTP_USER"
                return NotDelivered(server + why, general=True)
            case smtplib.SMTPRecipientsRefused():
                ((code, _),) = error.recipients.values()  # one mail goes to one mailbox
                why = f"不收寄往 {to} 的邮件（{code}）；请核对邮箱"
                return NotDelivered(server + why, passing=_later(code))
            case smtplib.SMTPResponseException():
                why = f"没有收下邮件（{error.smtp_code}）；请稍后再试"
                return NotDelivered(server + why, passing=_later(error.smtp_code), general=True)
            case ssl.SSLError():
                why = f"的加密连接不可信（{error.reason}）；请核对主机名、证书和 KB_SMTP_SECURITY"
                return NotDelivered(server + why, general=True)
            case _:
                why = f"连不上（{type(error).__name__}）；请核对地址和网络"
                return NotDelivered(server + why, passing=True, general=True)

    def _connected(self) -> smtplib.SMTP:
        host, port = self.settings.smtp_host, self.settings.smtp_port
        security = self.settings.smtp_security
        trusted = ssl.create_default_context()
        if security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trusted)
        else:
            server = smtplib.SMTP(host, port, timeout=PATIENCE)
        try:
            if security == "starttls":
                server.starttls(context=trusted)
            if self.settings.smtp_user:
                server.login(self.settings.smtp_user, self.settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server

    def _mail(self, message: Message, to: str, at: datetime) -> EmailMessage:
        sender = self.settings.smtp_from
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, message.subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        mail.set_content(message.text, charset="utf-8")
        return mail


def _later(code: int) -> bool:
    """True if the server says that it may take it later (RFC 5321 4.2.1)."""
    return 400 <= code < 500

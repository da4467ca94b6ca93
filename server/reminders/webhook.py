"""Reminders pushed to an address of the web: signed JSON, or what robots of groups take.

企业微信: https://developer.work.weixin.qq.com/document/path/91770 (markdown, 4096 octets at most).
钉钉: https://open.dingtalk.com/document/robots/custom-robot-access (markdown, 20000 octets; signed
by timestamp and secret in the address).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx2

from kb.settings import Settings, WebhookForm
from server.reminders.delivery import NotDelivered
from server.reminders.message import WHOLE, Message

PATIENCE = 10.0  # seconds
Plain = Mapping[str, Any]
MOST: Mapping[WebhookForm, int] = {"plain": WHOLE, "wecom": 4096, "dingtalk": 18_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Pushes by the settings KB_WEBHOOK_*; ``transport`` is for tests."""

    settings: Settings
    transport: httpx2.BaseTransport | None = None

    @property
    def most(self) -> int:
        """How many octets the text of a message may take."""
        return MOST[self.settings.webhook_form]

    def send(self, message: Message, *, at: datetime) -> None:
        """Push one message. Raises NotDelivered, never with the address: its key is a secret."""
        secret, form = self.settings.webhook_secret, self.settings.webhook_form
        body = json.dumps(BODIES[form](message, at), ensure_ascii=False).encode()
        headers = {"content-type": "application/json; charset=utf-8"}
        address = self.settings.webhook_url
        if form == "plain":
            headers |= signature(body, secret=secret, at=at, delivery=_delivery(message, at))
        elif form == "dingtalk" and secret:
            address += f"{'&' if '?' in address else '?'}{dingtalk_signature(secret, at)}"
        answer = post(address, body, headers, setting="KB_WEBHOOK_URL", transport=self.transport)
        self._check(answer, str(urlsplit(address).hostname))

    def _check(self, answer: httpx2.Response, host: str) -> None:
        if self.settings.webhook_form == "plain":
            return
        try:  # robots say 200 to everything, and in the body whether they took it
            code = answer.json().get("errcode")
        except (ValueError, AttributeError):
            code = None
        if code != 0:
            raise NotDelivered(
                f"{host} 的机器人没有收下推送（errcode {code}）；请核对机器人的密钥、关键词和频率",
                general=True,
            )


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    setting: str,
    transport: httpx2.BaseTransport | None = None,
) -> httpx2.Response:
    """The good answer to ``body``; redirects are not followed: they could lead anywhere.

    A receiver elsewhere, which takes https only, may be behind a proxy of the environment; this
    machine, which alone may be written to by http, is not.

    Raises NotDelivered, which names the host and the ``setting`` that has the address.
    """
    host, elsewhere = urlsplit(address).hostname, urlsplit(address).scheme == "https"
    try:
        with httpx2.Client(transport=transport, timeout=PATIENCE, trust_env=elsewhere) as client:
            answer = client.post(address, content=body, headers=headers)
    except httpx2.HTTPError as error:
        raise NotDelivered(
            f"推送不到 {host}（{type(error).__name__}）；请核对 {setting} 和网络",
            passing=True,
            general=True,
        ) from None
    if not answer.is_success:
        raise NotDelivered(
            f"{host} 没有收下推送（{answer.status_code}）；请核对 {setting}",
            passing=answer.status_code == 429 or answer.status_code >= 500,
            general=True,
        )
    return answer


def signature(body: bytes, *, secret: str, at: datetime, delivery: str) -> dict[str, str]:
    """The headers by which a receiver knows that a body is ours, when it was sent, and once only.

    X-Fuwen-Signature is ``sha256=`` and the HMAC-SHA256, in hex, of timestamp, a full stop, body.
    """
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "x-fuwen-timestamp": timestamp,
        "x-fuwen-signature": f"sha256={digest.hexdigest()}",
        "x-fuwen-delivery": delivery,
    }


def dingtalk_signature(secret: str, at: datetime) -> str:
    """The parameters that 钉钉 asks for: HMAC-SHA256 of timestamp (ms), line feed, secret."""
    timestamp = str(int(at.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={timestamp}&sign={quote_plus(base64.b64encode(digest).decode())}"


def _delivery(message: Message, at: datetime) -> str:
    """The same for every try of one message on one day."""
    told = f"{at.date().isoformat()}\n{message.whom}\n{message.text}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _plain(message: Message, at: datetime) -> Plain:
    return {
        "title": message.subject,
        "text": message.text,
        "whom": message.whom,
        "commitments": [asdict(due) for due in message.dues],
        "sent_at": at.isoformat(),
    }


def _wecom(message: Message, at: datetime) -> Plain:
    return {"msgtype": "markdown", "markdown": {"content": message.text}}


def _dingtalk(message: Message, at: datetime) -> Plain:
    markdown = {"title": message.subject, "text": message.text}
    return {"msgtype": "markdown", "markdown": markdown}


BODIES: Mapping[WebhookForm, Callable[[Message, datetime], Plain]] = {
    "plain": _plain,
    "wecom": _wecom,
    "dingtalk": _dingtalk,
}

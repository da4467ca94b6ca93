"""What goes wrong, with the server's own code, status and words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2


class FuwenError(Exception):
    """No answer; ``message`` says in Chinese which thing, why, and what to do.

    ``code`` is stable: that of the server, or ``unreachable``, ``cut_short``, ``not_understood``,
    ``bad_client``. ``status`` is the HTTP status, None where no response came. ``retry_after`` is
    in how many seconds to ask again, None where the server does not say.
    """

    def __init__(
        self, message: str, *, code: str, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.retry_after = retry_after


class NotVerbatim(FuwenError):
    """A quote is not what stands at its place in the letter."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_verbatim")


def refusal_of(response: httpx2.Response) -> FuwenError:
    """The error that ``response`` is, whose body has been read (RFC 9457, or what a proxy says)."""
    try:
        told = response.json()
        message, code = str(told["detail"]), str(told["code"])
    except (ValueError, KeyError, TypeError):
        message, code = f"服务答以 HTTP {response.status_code}；请核对地址和代理", "http_error"
    return FuwenError(
        message, code=code, status=response.status_code, retry_after=retry_after(response)
    )


def retry_after(response: httpx2.Response) -> int | None:
    """The seconds of the header Retry-After; None where there is none, or a date."""
    told = response.headers.get("retry-after", "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else None


@contextmanager
def reaching(base_url: str) -> Iterator[None]:
    """Within it what the network does wrong is a FuwenError that names ``base_url``."""
    try:
        yield
    except httpx2.TimeoutException:
        why = f"{base_url} 在时限内没有回答；请稍后再试，或者把 timeout 设长"
        raise FuwenError(why, code="unreachable") from None
    except httpx2.HTTPError as error:
        why = f"连不上 {base_url}（{type(error).__name__}）；请核对地址和网络"
        raise FuwenError(why, code="unreachable") from None

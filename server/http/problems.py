"""Refusals that only HTTP knows, and every error as a problem document (RFC 9457)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from kb.errors import KbError
from server.line import ComeBack
from server.telemetry import security
from server.telemetry.metrics import ERRORS, LIMITED

LOG = logging.getLogger("fuwen.server")
MEDIA_TYPE = "application/problem+json"
FAULT = "程序内部出错，已记入日志；请稍后再试，或告诉管理员"


class BadJson(KbError):
    """A body that is not JSON in UTF-8."""

    status, code = 400, "bad_json"


class WrongMediaType(KbError):
    """A body that does not even claim to be JSON."""

    status, code = 415, "unsupported_media_type"


class BodyTooLarge(KbError):
    """A body of more bytes than the settings admit."""

    status, code = 413, "body_too_large"


class InvalidRequest(KbError):
    """JSON that is not the request that was asked for."""

    status, code = 422, "invalid_request"


class NoSuchRoute(KbError):
    """An address that leads nowhere."""

    status, code = 404, "no_such_route"


class MethodNotAllowed(KbError):
    """An address that exists, asked with a method that it does not have."""

    status, code = 405, "method_not_allowed"


class OriginNotAllowed(KbError):
    """A page of a site that is not on the list of those that may embed."""

    status, code = 403, "origin_not_allowed"


class TooMany(ComeBack):
    """More questions from one client than the settings admit."""

    status, code, limit = 429, "too_many", "rate"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"提问太频繁；请过 {retry_after} 秒再问", retry_after=retry_after)


class Internal(KbError):
    """A fault of ours; its details go to the log, not to the client."""


TITLES: Mapping[int, str] = {
    400: "请求无法读懂",
    401: "请先登录，或给出密钥",
    403: "不允许",
    404: "没有找到",
    405: "不支持这种请求方法",
    409: "正忙",
    410: "已撤下",
    413: "请求太大",
    415: "不支持的内容类型",
    422: "请求不合要求",
    429: "提问太频繁",
    500: "程序内部出错",
    502: "外面的服务没有答应",
    503: "暂时不能服务",
    507: "空间不足",
}


# What anybody may read of what is wrong with us: where our files are stands in the log alone.
OUTWARD: Mapping[str, str] = {
    "no_snapshot": "还没有发布过复文；请管理员先建库（fuwen index update）",
    "bad_snapshot": "复文的快照坏了或不合用，原因在运行日志里；请管理员核对（fuwen index verify）",
    "model_unusable": "模型不能用，原因在运行日志里；请管理员核对 KB_MODEL、KB_READER，"
    "用外面的编码时核对 KB_EMBEDDINGS_URL",
    "staff_unusable": "工作人员的数据库不能用，原因在运行日志里；请管理员检查磁盘空间和权限，"
    "或从备份恢复",
    "store_unreachable": "检索库连不上，原因在运行日志里；请管理员核对 Milvus 和 KB_MILVUS_URI",
    "store_full": "磁盘已满；请管理员腾出空间",
    "store_busy": "正在更新复文；请稍后再试",
}
LIMITS: Mapping[str, str] = {"locked_out": "sign_in"}  # reached by errors that are no ComeBack
# Faults that say themselves what anybody, or whoever is signed in, may read.
SPEAKING = (
    "internal", "http_error", "busy", "log_broken", "ledger_differs", "provider_unusable",
    "mcp_missing",
)  # fmt: skip


def outward(error: KbError) -> str:
    """What ``error`` says to whoever asked; where it says more to us, that goes to the log."""
    if error.code not in OUTWARD and (error.status < 500 or error.code in SPEAKING):
        return str(error)
    LOG.warning("%s: %s", error.code, error)
    return OUTWARD.get(error.code, FAULT)


def told(error: KbError) -> str:
    """``outward``, for whoever is being answered with ``error``, which counts."""
    ERRORS.labels(error.code).inc()
    limit = error.limit if isinstance(error, ComeBack) else LIMITS.get(error.code, "")
    if limit:
        LIMITED.labels(limit).inc()
    if event := security.event_of(error):
        security.tell(event, **({"limit": limit} if limit else {}))
    return outward(error)


def title(status: int) -> str:
    """A short Chinese name of an HTTP status."""
    return TITLES.get(status) or HTTPStatus(status).phrase


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: that a route may answer with problems of these ``statuses``."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": title(status), "content": content} for status in statuses}


def from_status(status: int) -> KbError:
    """The error that stands for a bare HTTP status raised by the framework."""
    if status == 404:
        return NoSuchRoute("没有这个地址；请检查网址，或回到首页")
    if status == 405:
        return MethodNotAllowed("这个地址不支持这种请求方法；请看 /docs")
    error = Internal("请求无法处理；请看 /docs")
    error.status, error.code = status, "http_error"
    return error


def content(error: KbError) -> dict[str, Any]:
    """``error`` as a problem document; ``retry_after`` says in how many seconds to ask again."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": title(error.status),
        "status": error.status,
        "detail": told(error),
        "code": error.code,
    }
    if isinstance(error, ComeBack):
        document["retry_after"] = error.retry_after
    return document


def come_back(error: KbError) -> dict[str, str]:
    """The header that says when to ask again, if ``error`` does."""
    return {"retry-after": str(error.retry_after)} if isinstance(error, ComeBack) else {}


def response(error: KbError) -> Response:
    """``error`` as application/problem+json."""
    body = json.dumps(content(error), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, error.status, media_type=MEDIA_TYPE)

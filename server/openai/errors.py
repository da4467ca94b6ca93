"""What goes wrong under ``/v1``, in the form of which OpenAI's clients make their own errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from kb.errors import KbError
from server.http.problems import InvalidRequest, title, told

# Their words for what is ours; the others keep their own code.
CODES: Mapping[str, str] = {
    "key_refused": "invalid_api_key",
    "key_required": "invalid_api_key",
    "key_not_allowed": "insufficient_permissions",
    "too_many": "rate_limit_exceeded",
}
STATUSES: Mapping[int, int] = {422: 400}  # a request that is not as it should be
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string", "description": "哪里不对、怎么办"},
                "type": {"enum": ["invalid_request_error", "requests", "server_error"]},
                "param": {"type": ["string", "null"], "description": "请求里的哪一项"},
                "code": {"type": "string"},
            },
        }
    },
}


class ModelNotFound(KbError):
    """Some other model than the one that there is."""

    status, code, param = 404, "model_not_found", "model"


class WrongField(InvalidRequest):
    """A request of which ``param`` is not as OpenAI has it."""

    def __init__(self, message: str, *, param: str) -> None:
        super().__init__(message)
        self.param = param


def response(error: KbError) -> Response:
    """``error`` as OpenAI tells one."""
    status = STATUSES.get(error.status, error.status)
    content = {
        "message": told(error),
        "type": _type(status),
        "param": getattr(error, "param", None),
        "code": CODES.get(error.code, error.code),
    }
    body = json.dumps({"error": content}, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, media_type="application/json")


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: that a route may answer with errors of these ``statuses``."""
    content = {"application/json": {"schema": SCHEMA}}
    return {status: {"description": title(status), "content": content} for status in statuses}


def _type(status: int) -> str:
    if status >= 500:
        return "server_error"
    return "requests" if status == 429 else "invalid_request_error"

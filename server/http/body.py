"""The body of a request: how OpenAPI describes it, and how it is read under a limit."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request

from server.desk import Desk
from server.http.problems import BadJson, BodyTooLarge, WrongMediaType, described

# What becomes of a request that cannot be taken, for OpenAPI; 403 is for pages of other sites.
REFUSED = described(400, 401, 403, 413, 415, 422, 429, 503)


def described_by(schema: str) -> dict[str, Any]:
    """For OpenAPI: the body is JSON as ``schema`` has it; the route reads it by itself."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"requestBody": {"required": True, "content": content}}


async def body_of(request: Request, *, limit: int) -> bytes:
    """The body, counted while it is read. Raises BodyTooLarge beyond ``limit`` bytes."""
    declared = request.headers.get("content-length", "")
    body = bytearray()
    if not (declared.isdecimal() and int(declared[:18]) > limit):
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                break
        else:
            return bytes(body)
    raise BodyTooLarge(f"请求正文超过 {limit} 字节；请缩短")


async def json_of(request: Request, desk: Desk, *, roomy: int = 1) -> object:
    """The JSON in the body, which may be ``roomy`` times KB_BODY_BYTES long.

    Raises WrongMediaType, BodyTooLarge, BadJson.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise WrongMediaType("请求正文应是 JSON；请写 Content-Type: application/json")
    body = await body_of(request, limit=roomy * desk.settings.body_bytes)
    try:
        value: object = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadJson("请求正文不是 UTF-8 编码的 JSON；请检查编码、引号和括号") from None
    return value

"""Forms that bring a file: read whole, within bounds, into memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from kb.errors import WrongUse
from server.http.body import body_of
from server.http.problems import BodyTooLarge

LARGEST = 5_000_000  # bytes of a file
LARGEST_BODY = 7_500_000  # a file that a form carries on is a third longer, as base64
MOST_FIELDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The fields of a form, each once, and the bytes of its file; b"" where none was chosen.

    ``name`` is what the browser calls the file: nothing to open anything by.
    """

    fields: Mapping[str, str]
    file: bytes
    name: str = ""

    def field(self, name: str) -> str:
        """A field without white space at its ends; "" where there is none."""
        return self.fields.get(name, "").strip()


async def upload_of(request: Request) -> Upload:
    """The form in the body. Raises BodyTooLarge, WrongUse."""
    return await read_upload(request, largest=LARGEST, largest_body=LARGEST_BODY)


async def read_upload(request: Request, *, largest: int, largest_body: int) -> Upload:
    """The same with a file of at most ``largest`` bytes in a body of ``largest_body``."""
    body = await body_of(request, limit=largest_body)
    parser = MultiPartParser(
        request.headers,
        _whole(body),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=largest_body,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):  # KeyError: a type without a boundary
        raise WrongUse("上传的表单读不懂；请回到上一页重新选择文件") from None
    fields: dict[str, str] = {}
    file, called = b"", ""
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            file, called = await value.read(), value.filename or ""
        else:
            fields.setdefault(name, value)
    await form.close()
    if len(file) > largest:
        raise BodyTooLarge(f"文件超过 {largest // 1_000_000} MB；请分成几个文件")
    return Upload(fields=fields, file=file, name=called)


async def _whole(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


Uploaded = Annotated[Upload, Depends(upload_of)]

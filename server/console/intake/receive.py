"""Forms that bring many files: counted while they are read, kept on the disk and never parsed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from kb.errors import READING_CODES, UnreadableFile, WrongUse
from kb.intake import files, uploads
from kb.settings import Settings
from kb.staff.connection import Database
from kb.staff.database import By, opened
from kb.staff.places import Place
from server.http.problems import BodyTooLarge
from server.telemetry import security

MEGABYTE = 1_000_000
OVERHEAD = 64_000  # bytes of a form besides its files
MOST_FIELDS = 10
LONGEST_NAME = 200  # code points of a refused file's name that are kept


@asynccontextmanager
async def received(request: Request, settings: Settings) -> AsyncGenerator[list[UploadFile]]:
    """The files of the form in the body, gone on leaving. Raises BodyTooLarge, WrongUse."""
    limit = settings.upload_mb * MEGABYTE + OVERHEAD
    parser = MultiPartParser(
        request.headers,
        _counted(request, limit, settings),
        max_files=settings.upload_files,
        max_fields=MOST_FIELDS,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if "Too many files" in str(error):
            raise WrongUse(f"一次最多上传 {settings.upload_files} 个文件；请分几次") from None
        raise WrongUse("上传的表单读不懂；请回到上一页重新选择文件") from None
    except KeyError:  # a type without a boundary
        raise WrongUse("上传的表单读不懂；请回到上一页重新选择文件") from None
    try:
        yield [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    finally:
        await form.close()


async def _counted(request: Request, limit: int, settings: Settings) -> AsyncGenerator[bytes]:
    """The body in pieces. Raises BodyTooLarge beyond ``limit`` bytes."""
    too_large = BodyTooLarge(f"文件合计超过 {settings.upload_mb} MB；请分几次上传")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:18]) > limit:
        raise too_large
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise too_large
        yield piece


def kept(given: Sequence[UploadFile], path: Place, settings: Settings, *, by: By) -> list[int]:
    """Keep files as drafts beside the database at ``path``; the numbers of all, in order.

    One that cannot be taken is noted with why. Raises WrongUse where too many wait already,
    StoreFull, StaffUnusable.
    """
    chosen = [file for file in given if file.filename]
    if not chosen:
        raise WrongUse("还没有选择文件；请选一个或几个，或者拖进来")
    with opened(path) as database:
        waiting = sum(uploads.counts(database).get(state, 0) for state in uploads.OPEN)
        if waiting + len(chosen) > settings.upload_waiting:
            raise WrongUse(
                f"没有发布的上传已有 {waiting} 个，最多 {settings.upload_waiting} 个；"
                "请先发布或删除一些"
            )
        numbers = []
        for file in chosen:
            try:
                numbers.append(_keep(database, file, path.parent, by=by))
            except UnreadableFile as error:
                security.tell("upload_refused", code=error.code)
                name = (file.filename or "").encode("utf-8", "replace").decode()[:LONGEST_NAME]
                numbers.append(
                    uploads.add_refused(
                        database,
                        name=name,
                        size=file.size or 0,
                        code=error.code,
                        message=str(error),
                        by=by,
                    )
                )
        return numbers


def _keep(database: Database, file: UploadFile, data: Path, *, by: By) -> int:
    name = files.name_of(file.filename or "")
    if not file.size:
        raise UnreadableFile("empty_file", READING_CODES["empty_file"])
    file.file.seek(0)
    token, digest = files.keep(data, name, file.file)
    if (other := uploads.same(database, digest)) is not None:
        files.discard(data, token)
        raise UnreadableFile("duplicate_id", f"与第 {other} 号上传一字不差；不用再传")
    return uploads.add(database, name=name, size=file.size, sha256=digest, folder=token, by=by)

"""Letters over HTTP: the public ones, by id or document number."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.convertors import Convertor, register_url_convertor

from kb import serialize
from kb.query.directory import letter_named
from kb.search.versions import kin_of
from kb.store.protocol import SnapshotReader
from kb.types import Letter
from server.api import schemas
from server.desk import PUBLIC, AtDesk
from server.http.problems import described


class AnyText(Convertor[str]):
    """The rest of a path, whatever its characters: slashes and line breaks too."""

    regex = r"(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("anytext", AnyText())
routes = APIRouter()


def find(reader: SnapshotReader, name: str) -> Letter:
    """The public letter with this id or document number. Raises LetterNotFound."""
    return letter_named(name, reader, scope=PUBLIC)


@routes.get(
    "/api/letters/{letter_id:anytext}",
    summary="一份复文的全文和要素",
    response_model=schemas.Letter,
    responses=described(401, 403, 404, 422, 503),
)
def read_letter(letter_id: str, desk: AtDesk) -> serialize.Plain:
    """用编号或文号取一份公开的复文；start、end 都按码点数。"""
    reader = desk.store.current()
    letter = find(reader, letter_id)
    return serialize.letter(letter, kin=kin_of(letter.id, reader, scope=PUBLIC))

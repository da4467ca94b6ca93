"""Rows of a suite's files, which know where they stand and say so when they are bad."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from eval.suite import BadSuite

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """An object of a JSON file, and where it stands. Its methods raise BadSuite."""

    place: str
    values: Mapping[str, Any]

    def bad(self, why: str, what_to_do: str) -> NoReturn:
        """Refuse the row."""
        raise BadSuite(f"{self.place}：{why}；{what_to_do}")

    def only(self, keys: Sequence[str]) -> SuiteRow:
        """The row itself; refused where it has a key that is not among ``keys``."""
        if unknown := [repr(key) for key in self.values if key not in keys]:
            names = "、".join(unknown)
            self.bad(f"不认识的键 {names}", f"请改正或删去；可用的是 {'、'.join(keys)}")
        return self

    def value(self, key: str) -> Any:
        """Whatever stands under ``key``."""
        if key not in self.values:
            self.bad(f"缺少 {key}", f"请补上 {key}")
        return self.values[key]

    def text(self, key: str, *, blank: bool = False) -> str:
        """The string under ``key``; a blank one is refused unless ``blank``."""
        value = self.value(key)
        if not isinstance(value, str):
            self.bad(f"{key} 应当是文字", f'请改成 "{key}": "…"')
        if not blank and not value.strip():
            self.bad(f"{key} 是空的", "请填上，或删去这一条")
        return value

    def option(self, key: str) -> str:
        """The string under ``key``; absent and null read as ""."""
        return "" if self.values.get(key) is None else self.text(key, blank=True)

    def identity(self, key: str) -> str:
        """The id under ``key``, which a whole number may be, as the bulk import reads it."""
        if type(self.values.get(key)) is int:
            return str(self.values[key])
        value = self.text(key).strip()
        if not value.isprintable():
            self.bad(f"{key} 含有不可见字符", "请改用看得见的编号")
        return value

    def each(self, key: str) -> tuple[SuiteRow, ...]:
        """``key`` as one row a value: a list's values, or the one value that stands there."""
        value = self.value(key)
        values = value if isinstance(value, list) else [value]
        if not values:
            self.bad(f"{key} 是空的", "请填上至少一个")
        return tuple(SuiteRow(self.place, {key: item}) for item in values)

    def rows(self, key: str) -> Iterator[SuiteRow]:
        """The objects of the list under ``key``, each with its place in it, from 0."""
        value = self.value(key)
        if not isinstance(value, list):
            self.bad(f"{key} 应当是列表", f'请改成 "{key}": […]')
        for number, item in enumerate(value):
            yield _row(f"{self.place} {key}[{number}]", item)


class Ids:
    """The ids of one kind, each given once."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def take(self, identity: str, row: SuiteRow) -> str:
        """``identity``, from now on taken. Raises BadSuite if it was."""
        if identity in self._places:
            row.bad(f"编号 {identity} 已经用过（{self._places[identity]}）", "请改用不同的编号")
        self._places[identity] = row.place
        return identity

    def known(self, identity: str, row: SuiteRow) -> str:
        """``identity``, if it was taken. Raises BadSuite if not."""
        if identity not in self._places:
            row.bad(f"没有编号为 {identity} 的文件", "请补上这份文件，或改正编号")
        return identity


def lines(path: Path) -> Iterator[SuiteRow]:
    """The objects of a file of JSON lines, read as they are asked for; blank lines are passed.

    Raises BadSuite.
    """
    for place, line in _lines(path):
        if line.strip():
            yield _row(place, _json(place, line))


def whole(path: Path) -> SuiteRow:
    """The object that a JSON file is. Raises BadSuite."""
    with _open(path) as file:
        text = _decoded(path.name, file.read())
    return _row(path.name, _json(path.name, text))


def table(path: Path, columns: Sequence[str]) -> Iterator[SuiteRow]:
    """The lines of a tab-separated file by the names in its first line, without quoting.

    ``columns`` are names that must be among them.

    Raises BadSuite.
    """
    names: list[str] = []
    for place, line in _lines(path):
        cells = line.rstrip("\r\n").split("\t")
        if not line.strip():
            continue
        if not names:
            names = cells
            if missing := [name for name in columns if name not in names]:
                raise BadSuite(f"{place}：第一行应是列名，缺少 {'、'.join(missing)}；请补上列名")
        elif len(cells) == len(names):
            yield SuiteRow(place, dict(zip(names, cells, strict=True)))
        else:
            raise BadSuite(f"{place}：有 {len(cells)} 列，应当是 {len(names)} 列；请用制表符分开")


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Lines with their places, ended by LF only: other line ends may stand inside JSON."""
    with _open(path) as file:
        for number, line in enumerate(file, start=1):
            place = f"{path.name} 第 {number} 行"
            yield place, _decoded(place, line, first=number == 1)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadSuite(f"{path}：压缩文件损坏（{error}）；请重新下载或压缩") from error
    except OSError as error:
        raise BadSuite(f"{path}：打不开（{error.strerror}）；请检查路径和权限") from error


def _decoded(place: str, content: bytes, *, first: bool = True) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadSuite(f"{place}：不是 UTF-8（第 {error.start} 字节）；请另存为 UTF-8") from error
    return text.removeprefix(BOM) if first else text


def _json(place: str, text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSuite(f"{place}：不是合法的 JSON（{error}）；请改正") from error
    if "\\u" in text:  # the only way in which half a character can come out of UTF-8
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise BadSuite(f"{place}：有孤立代理项（半个字符）；请重新导出") from error
    return value


def _row(place: str, value: object) -> SuiteRow:
    if not isinstance(value, dict):
        raise BadSuite(f"{place}：应当是一个 JSON 对象；请改成 {{…}}")
    return SuiteRow(place, value)

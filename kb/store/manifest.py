"""Manifests: what a folder of files says of itself, with a checksum of each and of the whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.store.disk import sha256_of

FORMAT = 1


class Unsound(Exception):
    """A manifest that is not to be trusted; its words say why. ``newer``: of a newer program."""

    def __init__(self, why: str, *, newer: bool = False) -> None:
        super().__init__(why)
        self.newer = newer


def files(folder: Path) -> list[Path]:
    """Everything in ``folder`` that is no folder, links among it, in the order of names."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def sums(folder: Path, *, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The SHA-256 of the bytes of each file, by its path inside ``folder``.

    Those that are ``known`` are not taken again.
    """
    names = [path.relative_to(folder).as_posix() for path in files(folder)]
    return {name: (known or {}).get(name) or sha256_of(folder / name) for name in names}


def write_sealed(path: Path, body: Mapping[str, Any]) -> None:
    """Write ``body`` as the manifest ``path``, with its format and its own checksum."""
    whole = {**body, "format": FORMAT}
    path.write_text(_text({**whole, "sum": _sum(whole)}), "utf-8")


def read_sealed(path: Path) -> dict[str, Any]:
    """What ``write_sealed`` wrote. Raises Unsound (newer, altered, unreadable)."""
    try:
        whole = json.loads(path.read_text("utf-8"))
        stated = whole.pop("sum")
        newer = whole["format"] > FORMAT
        altered = stated != _sum(whole) or whole.pop("format") != FORMAT
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unsound(f"读不出来（{error!r}）") from error
    if newer:
        raise Unsound("由更新的 fuwen 写成", newer=True)
    if altered:
        raise Unsound("内容已被改动")
    return dict(whole)


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True)


def _sum(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(body).encode("utf-8", "surrogatepass")).hexdigest()

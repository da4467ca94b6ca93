"""By what an update knows again what it read before: the digests of files and of raw records."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

from indexer.formats.parse import opened
from indexer.formats.raw import Raw
from indexer.inbox import Source
from kb.errors import UnreadableFile, reason


def file_digest(source: Source) -> str:
    """The SHA-256 of the bytes of a file. Raises UnreadableFile."""
    digest = hashlib.sha256()
    try:
        with opened(source.path) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, f"{source.name}：{error}") from error
    except OSError as error:
        raise unreadable(source, error) from error
    return digest.hexdigest()


def unreadable(source: Source, error: OSError) -> UnreadableFile:
    """The error for a file that does not open."""
    why = f"{source.name}：打不开（{reason(error)}）；请检查路径和权限"
    return UnreadableFile("unreadable_path", why)


def raw_digest(raw: Raw) -> str:
    """Of all that the letter is read from; not of its line's number, which others change."""
    content = json.dumps(asdict(replace(raw, place="")), sort_keys=True, default=dict)
    return hashlib.sha256(content.encode()).hexdigest()

"""What is done for a shard, by whatever process on whatever host: plain functions.

Pass 1, ``parse_files``: files are parsed, and what is in them is written in slices of about the
same size. Pass 2, ``embed_slice``: the letters of a slice are read, masked, cut and embedded.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import socket
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.behind import SIGN
from indexer.digests import file_digest, raw_digest
from indexer.formats import ocr
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw, raw_from
from indexer.formats.table.items import item_out
from indexer.parsed import File, id_of
from indexer.shards import table
from indexer.shards.table import Row
from indexer.versions.families import traits_of
from indexer.worker import Prepared, Reading
from kb.errors import RunnerFailed, UnreadableFile
from kb.models.embedding import Embedder, embedding_model
from kb.models.folding import letter_simplified
from kb.privacy.redact import restored
from kb.profile import COMMON, PROFILES, choose
from kb.settings import BUNDLED_MODEL, Settings, WhereUnmarked
from kb.store import modes
from kb.store.codec import letter_json, passage_json
from kb.store.open import fingerprint
from kb.store.vector_cache import key_of

FORMAT = "1"  # of what is written here; raise it when that changes
SLICE = 8_000  # characters of a slice: a few seconds for one core
ESCAPED = 6  # characters that JSON has for a Chinese one
Heads = npt.NDArray[np.uint64]
Tools = tuple[Embedder, Reading]


def one_at_a_time(model: str) -> Embedder:
    """The embedder of a process among as many as there are cores. Raises ModelUnusable."""
    return embedding_model(model, at_once=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What shapes the shards, the same for every process. It holds no secret of the settings.

    ``model`` is "" for the bundled one, which need not stand in the same place on every host.
    ``shape`` is what ``shape`` gives on the host that began; ``load`` makes the embedder of the
    model's folder; ``known`` is the file of the ``heads`` of the keys that have vectors already.
    """

    profile: str
    model: str
    unmarked: WhereUnmarked
    soffice: str
    limits: Limits
    known: Path
    load: Callable[[str], Embedder] = one_at_a_time
    slice_characters: int = SLICE
    shape: tuple[tuple[str, str], ...] = ()


def shape(terms: Terms) -> tuple[tuple[str, str], ...]:
    """All on this host that shapes a shard: rules, model, profile, what there is to read with."""
    choose(terms.profile)
    model = terms.model or str(BUNDLED_MODEL)
    settings = Settings(profile=terms.profile, model=model, publicity_default=terms.unmarked)
    own = Path(terms.profile if terms.profile.endswith(".toml") else PROFILES / f"{COMMON}.toml")
    found = {
        **fingerprint(settings),
        "fuwen": version("fuwen"),
        "shards": FORMAT,
        "profile": hashlib.sha256(own.read_bytes()).hexdigest()[:16],
        "fuwen[ocr]": str(ocr.installed()),
        "LibreOffice": str(bool(terms.soffice and shutil.which(terms.soffice))),
    }
    return tuple(sorted(found.items()))


def parse_files(files: Sequence[File], terms: Terms, *, out: Path) -> None:
    """Write to ``out`` what is in ``files``, a slice a group of rows. Raises RunnerFailed."""
    _ready(terms)
    with table.written(out) as writer:
        waiting: list[Row] = []
        size = 0
        for row in chain.from_iterable(_parsed(file, terms) for file in files):
            if size >= terms.slice_characters:
                writer.put(waiting)
                waiting, size = [], 0
            waiting.append(row)
            size += len(row.content) // ESCAPED
        writer.put(waiting)


def embed_slice(parsed: Path, number: int, terms: Terms, *, out: Path) -> None:
    """Write to ``out`` what comes of the slice ``number`` of what ``parse_files`` wrote.

    Raises RunnerFailed, ModelUnusable.
    """
    tools = _ready(terms, parsed)
    known = np.load(terms.known, mmap_mode="r")
    rows = (
        _embedded(row, terms, tools, known=known) if row.kind == "letter" else row
        for row in table.group(parsed, number)
    )
    with table.written(out) as writer:
        writer.put(list(rows))


def _parsed(file: File, terms: Terms) -> Iterator[Row]:
    """What is in a file, its digest first: what stands there may have changed."""
    source, key = file.source, file.source.key
    same = {letter_id: digest.partition(SIGN)[0] for letter_id, digest in file.before.items()}
    try:
        yield Row(source=key, kind="file", content=file_digest(source))
        for item in parse(source.path, limits=terms.limits, soffice=terms.soffice):
            if not isinstance(item, Raw):
                yield Row(source=key, kind="item", content=json.dumps(item_out(item)))
                continue
            digest = raw_digest(item)
            parts = {"id": item.id, "place": item.place, "digest": digest}
            letter_id = id_of(item, source)
            if same.get(letter_id) == digest:
                yield Row(source=key, kind="same", content=json.dumps(parts))
            else:
                raw = {**parts, "letter": letter_id, "name": source.name, "raw": asdict(item)}
                yield Row(source=key, kind="letter", content=json.dumps(raw))
    except UnreadableFile as error:
        if error.code == "unreadable_path":
            _check_seen(source.root or source.path.parent)
        content = json.dumps({"code": error.code, "message": str(error)})
        yield Row(source=key, kind="broken", content=content)


def _check_seen(folder: Path) -> None:
    """Tell a file that went away from a folder that this host does not have."""
    if not (folder.is_dir() and any(folder.iterdir())):
        raise RunnerFailed(_unseen(folder))


def _unseen(folder: Path) -> str:
    return (
        f"主机 {socket.gethostname()} 看不到文件夹 {folder}，或里面是空的；"
        "请在每台主机上把同一个共享文件夹挂到同一个路径，账号要能读写"
    )


def _embedded(row: Row, terms: Terms, tools: Tools, *, known: Heads) -> Row:
    """A letter as it is to be put."""
    embedder, reading = tools
    given = json.loads(row.content)
    told = {name: given[name] for name in ("id", "place", "digest")}
    try:
        read = reading.letter(
            raw_from(given["raw"]),
            letter_id=given["letter"],
            source=given["name"],
            unmarked=terms.unmarked,
        )
    except UnreadableFile as error:
        told |= {"code": error.code, "message": str(error)}
        return replace(row, kind="refused", content=json.dumps(told))
    letter, passages = letter_simplified(read.letter, read.passages)
    keys = tuple(key_of(embedder.name, letter, passage) for passage in passages)
    new = [n for n, key in enumerate(keys) if not _is_known(key, known)]
    vectors: list[bytes | None] = [None] * len(keys)
    if new:
        wholes, parts = embedder.passages(letter, [passages[n] for n in new])
        for n, whole, part in zip(new, wholes, parts, strict=True):
            vectors[n] = np.vstack([whole[None], part]).astype(np.float16).tobytes()
    content = json.dumps({**told, **prepared_out(read)})
    return replace(row, content=content, keys=keys, vectors=tuple(vectors))


def prepared_out(read: Prepared) -> Mapping[str, object]:
    """A letter that was read, and its traits, as JSON has them."""
    traits = traits_of(restored(read.letter, read.hidden), taken_in="")
    return {
        "letter": letter_json(read.letter),
        "hidden": [(run.start, run.text) for run in read.hidden],
        "passages": [passage_json(passage) for passage in read.passages],
        "record": traits.record,
        "sketch": traits.sketch.hex(),
    }


def heads(keys: Collection[bytes]) -> Heads:
    """What tells keys apart, in order: two of n are alike with a chance of n² / 2⁶⁵."""
    return np.sort(np.array([int.from_bytes(key[:8]) for key in keys], dtype=np.uint64))


def _is_known(key: bytes, known: Heads) -> bool:
    (head,) = heads([key])
    at = int(np.searchsorted(known, head))
    return at < len(known) and bool(known[at] == head)


_LIVING = ExitStack()  # what a process has until it ends
atexit.register(_LIVING.close)


def _ready(terms: Terms, *files: Path) -> Tools:
    """What letters are read and embedded by. Raises RunnerFailed where this host is of no use."""
    for file in (terms.known, *files):
        if not file.exists():
            raise RunnerFailed(_unseen(file.parent))
    return _tools(terms)


@lru_cache(maxsize=1)
def _tools(terms: Terms) -> Tools:
    modes.keep_private()
    here, there = dict(shape(terms)), dict(terms.shape)
    if other := sorted(name for name in {*here, *there} if here.get(name) != there.get(name)):
        raise RunnerFailed(
            f"主机 {socket.gethostname()} 上的 fuwen 与发起的主机不同（{'、'.join(other)}），"
            "编出来的会不一样；请在每台主机上装同一个版本、同样的模型、地方配置和附加部件"
        )
    embedder = terms.load(terms.model or str(BUNDLED_MODEL))
    return embedder, _LIVING.enter_context(Reading(terms.limits))

"""The main flow of a document: files in, snapshot out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.formats.parse import parse
from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.passages import cut
from indexer.tally import Refused, Tally
from kb.errors import UnreadableFile, WrongUse
from kb.models.embedding import Embedder
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.store.protocol import Draft, Store
from kb.types import Publicity, Snapshot

BULK = ".jsonl"  # many letters in one file: it is nobody's original
Tick = Callable[[str, int], None]  # file name, letters done since the last call


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to index: its key in the snapshot (absolute path) and its name in letter ids.

    ``root`` is the folder it was found in, None for a file that was given by itself.
    """

    path: Path
    key: str
    name: str
    root: Path | None = None


def update(
    inbox: Sequence[Path],
    store: Store,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    unmarked: Publicity = "public",
    tick: Tick = lambda *_: None,
) -> tuple[Snapshot, Tally]:
    """Index files and folders, publish, and say what changed.

    ``unmarked`` is who may see letters without a mark of publicity; a store's fingerprint
    names it too, so a base made otherwise is not built upon.

    Files that are as last indexed are skipped; of those that stood under a given folder and
    are gone, the letters are dropped. A file that can't be read is tallied and keeps nothing
    in the snapshot. Raises WrongUse for a path that does not exist, StoreBusy.
    """
    sources = list(_sources(inbox))
    tally = Tally()
    with store.draft() as draft:
        for key in list(draft.sources()) if rebuild else _gone(inbox, sources, draft):
            tally.removed += len(draft.letters_from(key))
            draft.forget(key)
        for source in sources:
            _index(source, draft, embedder, unmarked=unmarked, tally=tally, tick=tick)
        return draft.publish(), tally


def _sources(inbox: Sequence[Path]) -> Iterator[Source]:
    for given in inbox:
        root = given.resolve()
        if root.is_dir():
            for path in sorted(p for p in root.rglob("*") if _wanted(p.relative_to(root), p)):
                name = path.relative_to(root).as_posix()
                yield Source(path=path, key=str(path), name=name, root=root)
        elif root.exists():
            yield Source(path=root, key=str(root), name=root.name)
        else:
            raise WrongUse(f"{given} 不存在；请检查路径")


def _wanted(name: Path, path: Path) -> bool:
    """Files in a folder that are meant to be letters: not hidden, no README, no scratch."""
    hidden = any(part.startswith((".", "~$", "__")) for part in name.parts)
    return path.is_file() and not hidden and path.stem.lower() != "readme"


def _gone(inbox: Sequence[Path], sources: Sequence[Source], draft: Draft) -> list[str]:
    present = {source.key for source in sources}
    folders = [path.resolve() for path in inbox if path.is_dir()]
    return [
        key
        for key in draft.sources()
        if key not in present and any(Path(key).is_relative_to(folder) for folder in folders)
    ]


def _index(
    source: Source,
    draft: Draft,
    embedder: Embedder,
    *,
    unmarked: Publicity,
    tally: Tally,
    tick: Tick,
) -> None:
    before = dict(draft.letters_from(source.key))
    try:
        _check_place(source)
        digest = _file_digest(source.path)
        if draft.sources().get(source.key) == digest:
            _keep(source, draft, digest)
            tally.unchanged += len(before)
            tick(source.name, len(before))
            return
        put = _letters(source, draft, embedder, unmarked=unmarked, tally=tally, tick=tick)
        letter_ids = list(put)
        _keep(source, draft, digest)
    except UnreadableFile as error:
        tally.refused.append(Refused(file=source.name, code=error.code, message=str(error)))
        tally.removed += len(before)
        draft.forget(source.key)
        return
    for letter_id in before.keys() - set(letter_ids):
        draft.drop(letter_id)
        tally.removed += 1
    # A file with refused lines is never taken as unchanged: each run reports them again.
    draft.seen(source.key, f"refused lines:{digest}" if None in letter_ids else digest)


def _keep(source: Source, draft: Draft, digest: str) -> None:
    """Keep the file beside its letter; a bulk import is the original of none."""
    if source.path.suffix.lower() == BULK:
        return
    try:
        draft.keep(source.path, digest)
    except OSError as error:
        raise _unreadable(source.path, error) from error


def _letters(
    source: Source,
    draft: Draft,
    embedder: Embedder,
    *,
    unmarked: Publicity,
    tally: Tally,
    tick: Tick,
) -> Iterator[str | None]:
    """Put each letter of a file; yields its id, or None where it was refused."""
    before = dict(draft.letters_from(source.key))
    for raw in parse(source.path):
        try:
            if isinstance(raw, UnreadableFile):
                raise raw
            yield _put(
                raw,
                source,
                draft,
                embedder,
                before=before,
                unmarked=unmarked,
                tally=tally,
                tick=tick,
            )
        except UnreadableFile as error:
            tally.refused.append(_refused(source, raw, error))
            yield None


def _refused(source: Source, raw: Raw | UnreadableFile, error: UnreadableFile) -> Refused:
    """What was refused; one letter of many is named by its place and id."""
    message = str(error)
    if isinstance(raw, Raw) and raw.id:
        message = f"{raw.place}（编号 {raw.id}）：{message}"
    return Refused(file=source.name, code=error.code, message=message)


def _put(
    raw: Raw,
    source: Source,
    draft: Draft,
    embedder: Embedder,
    *,
    before: Mapping[str, str],
    unmarked: Publicity,
    tally: Tally,
    tick: Tick,
) -> str:
    letter_id = raw.id or source.name
    owner = draft.source_of(letter_id)
    if owner not in (None, source.key):
        raise UnreadableFile(
            "duplicate_id",
            f"{source.name}：编号 {letter_id} 已属于 {owner}；请改名或改用不同的编号",
        )
    digest = _raw_digest(raw)
    if before.get(letter_id) == digest:
        tally.unchanged += 1
        return letter_id
    letter = read(raw, letter_id=letter_id, source=source.name, unmarked=unmarked)
    shown = redacted(letter, profile().masking)
    passages = cut(shown.letter)
    vectors, sentence_vectors = embedder.passages(shown.letter, passages)
    draft.put(
        shown.letter,
        passages,
        source=source.key,
        digest=digest,
        vectors=vectors,
        sentence_vectors=sentence_vectors,
        hidden=shown.hidden,
    )
    tally.passages += len(passages)
    tally.put(shown.letter, file=source.name, known=letter_id in before)
    tick(source.name, 1)
    return letter_id


def _check_place(source: Source) -> None:
    """A link in the inbox must not bring in files from elsewhere on the machine."""
    if source.root and not source.path.resolve().is_relative_to(source.root):
        raise UnreadableFile(
            "unreadable_path",
            f"{source.name}：是指向文件夹之外的链接；请把文件本身放进来",
        )


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()


def _unreadable(path: Path, error: OSError) -> UnreadableFile:
    why = f"{path.name}：打不开（{error.strerror}）；请检查路径和权限"
    return UnreadableFile("unreadable_path", why)


def _raw_digest(raw: Raw) -> str:
    content = json.dumps(asdict(raw), ensure_ascii=True, sort_keys=True, default=dict)
    return hashlib.sha256(content.encode()).hexdigest()

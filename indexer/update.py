"""The main flow of a document: files in, snapshot out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from indexer.behind import behind, is_corrected, marked
from indexer.formats.ids import check_id
from indexer.formats.parse import opened, parse
from indexer.formats.raw import Limits, Raw
from indexer.inbox import Source, gone, sources
from indexer.tally import MOST_OF_ONE, Refused, Tally
from indexer.worker import Reading
from kb.errors import UnreadableFile, reason
from kb.intake.corrections import Values
from kb.models.embedding import Embedder
from kb.models.folding import letter_simplified
from kb.store.protocol import Draft, Store
from kb.types import Publicity, Snapshot

BULK = (".jsonl", ".zip")  # many letters in one file: it is nobody's original
LIMITS = Limits()
Corrections = Mapping[str, Values]  # by letter; {} for one of which all were undone
Tick = Callable[[str, int], None]  # file name, letters done since the last call


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One update under way; ``known`` are the files as last indexed, by key, with their digest."""

    draft: Draft
    reading: Reading
    embedder: Embedder
    known: Mapping[str, str]
    tally: Tally
    tick: Tick
    limits: Limits
    unmarked: Publicity
    soffice: str
    corrections: Corrections


def update(
    inbox: Sequence[Path],
    store: Store,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    unmarked: Publicity = "public",
    tick: Tick = lambda *_: None,
    limits: Limits = LIMITS,
    soffice: str = "",
    corrections: Corrections | None = None,
) -> tuple[Snapshot, Tally]:
    """Index files and folders, publish, and say what changed.

    ``unmarked`` is who may see letters without a mark of publicity; a store's fingerprint
    names it too, so a base made otherwise is not built upon. ``soffice`` is LibreOffice's command.
    ``corrections`` are what staff said of letters, by id: those that do not show it are read anew,
    wherever their files lie.
    Files that are as last indexed are skipped; of those that stood under a given folder and
    are gone, the letters are dropped. A file that can't be read is tallied and keeps nothing
    in the snapshot. Raises WrongUse for a path that does not exist, StoreBusy.
    """
    tally, said = Tally(), corrections or {}
    with store.draft() as draft, Reading(limits) as reading, behind(said, store, draft) as old:
        run = _Run(
            draft=draft,
            reading=reading,
            embedder=embedder,
            known={} if rebuild else draft.sources(),
            tally=tally,
            tick=tick,
            limits=limits,
            unmarked=unmarked,
            soffice=soffice,
            corrections=said,
        )
        for source in _sources(inbox, run, rebuild=rebuild, old=old):
            _index(source, run)
        return draft.publish(), tally


def _sources(
    inbox: Sequence[Path], run: _Run, *, rebuild: bool, old: Sequence[Source]
) -> list[Source]:
    """The files of ``inbox``, and ``old`` ones besides; the letters of those gone are dropped."""
    found, known = list(sources(inbox)), run.draft.sources()
    here = {source.key for source in found}
    for key in list(known) if rebuild else gone(inbox, here, known):
        run.tally.removed += len(run.draft.letters_from(key))
        run.draft.forget(key)
    return found if rebuild else [*found, *(source for source in old if source.key not in here)]


def _index(source: Source, run: _Run) -> None:
    draft, tally = run.draft, run.tally
    before = dict(draft.letters_from(source.key))
    mark = tally.mark()
    try:
        if source.fault:
            raise source.fault
        digest = _file_digest(source)
        if run.known.get(source.key) == digest and is_corrected(before, run.corrections):
            _keep(source, draft, digest)
            tally.unchanged += len(before)
            run.tick(source.name, len(before))
            return
        gone, whole = dict(before), True
        for letter_id in _letters(source, run, before=before):
            gone.pop(letter_id or "", None)
            whole = whole and letter_id is not None
        _keep(source, draft, digest)
    except UnreadableFile as error:
        tally.back_to(mark)
        tally.refuse(Refused(file=source.name, code=error.code, message=str(error)))
        tally.removed += len(before)
        draft.forget(source.key)
        return
    for letter_id in gone:
        draft.drop(letter_id)
        tally.removed += 1
    # A file with refused lines is never taken as unchanged: each run reports them again.
    draft.seen(source.key, digest if whole else f"refused lines:{digest}")


def _keep(source: Source, draft: Draft, digest: str) -> None:
    """Keep the file beside its letter; a bulk import is the original of none."""
    if source.path.suffix.lower() in BULK:
        return
    try:
        draft.keep(source.path, digest)
    except OSError as error:
        raise _unreadable(source, error) from error


def _letters(source: Source, run: _Run, *, before: Mapping[str, str]) -> Iterator[str | None]:
    """Put each letter of a file; yields its id, or None where it was refused."""
    refused = 0
    try:
        for raw in parse(source.path, limits=run.limits, soffice=run.soffice):
            try:
                if isinstance(raw, UnreadableFile):
                    raise raw
                yield _put(raw, source, run, before=before)
            except UnreadableFile as error:
                refused += 1
                if refused <= MOST_OF_ONE:
                    run.tally.refuse(_refused(source, raw, error))
                yield None
    finally:
        run.tally.refuse_more(source.name, max(0, refused - MOST_OF_ONE))


def _refused(source: Source, raw: Raw | UnreadableFile, error: UnreadableFile) -> Refused:
    """What was refused; one letter of many is named by its place and id."""
    message = str(error)
    if isinstance(raw, Raw) and raw.place:
        message = (
            f"{raw.place}（编号 {raw.id}）：{message}" if raw.id else f"{raw.place}：{message}"
        )
    return Refused(file=source.name, code=error.code, message=message)


def _put(raw: Raw, source: Source, run: _Run, *, before: Mapping[str, str]) -> str:
    letter_id = raw.id or "/".join(filter(None, (source.name, raw.place)))
    check_id(letter_id)
    owner = run.draft.source_of(letter_id)
    if owner not in (None, source.key):
        raise UnreadableFile(
            "duplicate_id",
            f"{source.name}：编号 {letter_id} 已属于 {owner}；请改名或改用不同的编号",
        )
    corrections = run.corrections.get(letter_id, {})
    digest = marked(_raw_digest(raw), corrections)
    if before.get(letter_id) == digest:
        run.tally.unchanged += 1
        return letter_id
    read = run.reading.letter(
        raw,
        letter_id=letter_id,
        source=source.name,
        unmarked=run.unmarked,
        corrections=corrections,
    )
    vectors, sentence_vectors = run.embedder.passages(
        *letter_simplified(read.letter, read.passages)
    )
    run.draft.put(
        read.letter,
        read.passages,
        source=source.key,
        digest=digest,
        vectors=vectors,
        sentence_vectors=sentence_vectors,
        hidden=read.hidden,
    )
    run.tally.passages += len(read.passages)
    run.tally.put(read.letter, file=source.name, known=letter_id in before)
    run.tick(source.name, 1)
    return letter_id


def _file_digest(source: Source) -> str:
    digest = hashlib.sha256()
    try:
        with opened(source.path) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, f"{source.name}：{error}") from error
    except OSError as error:
        raise _unreadable(source, error) from error
    return digest.hexdigest()


def _unreadable(source: Source, error: OSError) -> UnreadableFile:
    why = f"{source.name}：打不开（{reason(error)}）；请检查路径和权限"
    return UnreadableFile("unreadable_path", why)


def _raw_digest(raw: Raw) -> str:
    """Of all that the letter is read from; not of its line's number, which others change."""
    content = json.dumps(asdict(replace(raw, place="")), sort_keys=True, default=dict)
    return hashlib.sha256(content.encode()).hexdigest()

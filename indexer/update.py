"""The main flow of a document: files in, snapshot out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from indexer.behind import behind, is_corrected, marked
from indexer.digests import file_digest, unreadable
from indexer.formats.ids import check_id
from indexer.formats.parse import MANY
from indexer.formats.raw import PASSING, Limits
from indexer.formats.table.items import Unanswered
from indexer.inbox import Source, gone, sources
from indexer.parsed import File, Here, Parsed, ParsedLetter, Reads, id_of
from indexer.register.join import rejoin
from indexer.tally import MOST_OF_ONE, Refused, Tally
from indexer.versions import earlier, takedown
from indexer.versions.families import traits_of
from indexer.worker import Prepared, Reading
from kb.errors import UnreadableFile
from kb.intake.corrections import Values
from kb.models.embedding import Embedder
from kb.models.folding import letter_simplified
from kb.privacy.redact import restored
from kb.store.kin import Came
from kb.store.orders import Orders
from kb.store.protocol import Draft, Store
from kb.store.register import RegisterRow
from kb.types import Publicity, Snapshot

LIMITS = Limits()
NO_ORDERS = Orders()
Corrections = Mapping[str, Values]  # by letter; {} for one of which all were undone
NO_CORRECTIONS: Corrections = MappingProxyType({})
Tick = Callable[[str, int], None]  # file name, letters done since the last call
Ahead = Callable[[Sequence[File], Here], Reads]  # reads all that is to be read beforehand
STAYS = "；以前的一份照旧在用，下次编入再试"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One update under way, begun at ``now``.

    ``known`` are the files as last indexed, by key, with their digest; None where all is read anew.
    ``came`` says when the letters of the version before came.
    """

    draft: Draft
    reads: Reads
    embedder: Embedder
    known: Mapping[str, str] | None
    tally: Tally = field(default_factory=Tally)
    tick: Tick
    now: datetime
    came: Mapping[str, Came]
    orders: Orders
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
    orders: Orders = NO_ORDERS,
    now: datetime | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    ahead: Ahead | None = None,
) -> tuple[Snapshot, Tally]:
    """Index files and folders, publish, and say what changed.

    ``unmarked`` is who may see letters without a mark of publicity (a base made otherwise is not
    built upon), ``soffice`` LibreOffice's command, ``now`` the time of the clock; letters that do
    not show the ``corrections`` of staff, by id, are read anew. Files that are as last indexed are
    skipped; of those gone from a given folder, the letters are dropped. A file that can't be read
    is tallied and keeps nothing in the snapshot, as a letter under one of ``orders`` does. Copies
    and older versions are set aside. Raises WrongUse for a path that does not exist, StoreBusy.
    """
    with store.draft() as draft, Reading(limits) as reading:
        here = Here(reading=reading, limits=limits, unmarked=unmarked, soffice=soffice)
        run = _Run(
            draft=draft,
            reads=here,
            embedder=embedder,
            known=None if rebuild else draft.sources(),
            tick=tick,
            now=now or datetime.now(UTC),
            came=draft.came(),
            orders=orders,
            corrections=corrections,
        )
        found = _sources(inbox, run, store=store)
        reads = ahead(list(_to_be_read(found, run)), here) if ahead else here
        return _published(found, replace(run, reads=reads)), run.tally


def _to_be_read(found: Sequence[Source], run: _Run) -> Iterator[File]:
    for source in found:
        with suppress(UnreadableFile):  # it is refused when its turn comes
            if isinstance(file := _file(source, run), File):
                yield file


def _file(source: Source, run: _Run) -> File | str:
    """The file as it is to be read; its digest where it is as last indexed.

    Raises UnreadableFile.
    """
    if source.fault:
        raise source.fault
    digest = file_digest(source)
    before = _before(source, run)
    same = run.known is not None and run.known.get(source.key) == digest
    if same and is_corrected(before, run.corrections):
        return digest
    return File(source=source, digest=digest, before=before if run.known is not None else {})


def _before(source: Source, run: _Run) -> Mapping[str, str]:
    return earlier.served(run.draft.letters_from(source.key))


def _published(found: Sequence[Source], run: _Run) -> Snapshot:
    """Index what was found, say which letters stand for which, and publish."""
    for source in found:
        _index(source, run)
    tally, barred = run.tally, takedown.enforce(run.draft, run.orders, came=run.came)
    if barred or tally.added or tally.changed or tally.removed:
        earlier.arrange(run.draft)
    rejoin(run.draft, run.corrections)
    return run.draft.publish()


def _sources(inbox: Sequence[Path], run: _Run, *, store: Store) -> Sequence[Source]:
    """The files of ``inbox``, and those of the letters to be corrected that are left.

    The letters of files that are gone are dropped; with a rebuild, of all that are not found.
    """
    old, found, draft = behind(run.corrections, store, run.draft), list(sources(inbox)), run.draft
    known, here = draft.sources(), {source.key for source in found}
    for key in set(known) - here if run.known is None else gone(inbox, here, known):
        run.tally.removed += len(earlier.served(draft.letters_from(key)))
        draft.forget(key)
    left = set(draft.sources()) - here
    return [*found, *(source for source in old if source.key in left)]


def _index(source: Source, run: _Run) -> None:
    draft, tally = run.draft, run.tally
    before = _before(source, run)
    mark = tally.mark()
    try:
        file = _file(source, run)
        if isinstance(file, str):
            _keep(source, draft, file)
            tally.unchanged += len(before)
            run.tick(source.name, len(before))
            return
        gone, whole = dict(before), True
        for letter_id, is_in in _letters(file, run):
            gone.pop(letter_id or "", None)
            whole = whole and is_in
        _keep(source, draft, file.digest)
    except UnreadableFile as error:
        tally.back_to(mark)
        stays = before and error.code in PASSING
        told = f"{error}{STAYS if stays else ''}"
        tally.refuse(Refused(file=source.name, code=error.code, message=told))
        if stays:
            tally.unchanged += len(before)
        else:
            tally.removed += len(before)
            draft.forget(source.key)
        return
    for letter_id in gone:
        draft.drop(letter_id)
        tally.removed += 1
    # A file with refused lines is never taken as unchanged: each run reports them again.
    draft.seen(source.key, file.digest if whole else f"refused lines:{file.digest}")


def _keep(source: Source, draft: Draft, digest: str) -> None:
    """Keep the file beside its letter; a file of many is the original of none."""
    if source.path.suffix.lower() in MANY:
        return
    try:
        draft.keep(source.path, digest)
    except OSError as error:
        raise unreadable(source, error) from error


def _letters(file: File, run: _Run) -> Iterator[tuple[str | None, bool]]:
    """Put each letter of a file; yields its id and True, or that of one that stays and False."""
    refused, source = 0, file.source
    rows: list[RegisterRow] = []
    try:
        for item in run.reads.items(file):
            try:
                if isinstance(item, UnreadableFile):
                    raise item
                if isinstance(item, RegisterRow):
                    rows.append(item)
                    continue
                if isinstance(item, Unanswered):
                    run.tally.unanswered += 1
                    continue
                yield _put(item, file, run), True
            except UnreadableFile as error:
                refused, stays = refused + 1, _staying(item, file, error)
                run.tally.unchanged += stays is not None
                if refused <= MOST_OF_ONE:
                    run.tally.refuse(_refused(source, item, error, stays=stays is not None))
                yield stays, False
        run.draft.registers.put(source.key, rows)
    finally:
        run.tally.refuse_more(source.name, max(0, refused - MOST_OF_ONE))


def _staying(item: Parsed, file: File, error: UnreadableFile) -> str | None:
    """The letter that stays as it was before: what is wrong may be the machine, for now."""
    if error.code not in PASSING or not isinstance(item, ParsedLetter):
        return None
    letter_id = id_of(item, file.source)
    return letter_id if letter_id in file.before else None


def _refused(source: Source, item: Parsed, error: UnreadableFile, *, stays: bool) -> Refused:
    """What was refused; one letter of many is named by its place and id."""
    message = f"{error}{STAYS if stays else ''}"
    if isinstance(item, ParsedLetter) and item.place:
        own = f"（编号 {item.id}）" if item.id else ""
        message = f"{item.place}{own}：{message}"
    return Refused(file=source.name, code=error.code, message=message)


def _put(parsed: ParsedLetter, file: File, run: _Run) -> str:
    source = file.source
    letter_id = id_of(parsed, source)
    check_id(letter_id)
    owner = run.draft.source_of(letter_id)
    if owner not in (None, source.key):
        raise UnreadableFile(
            "duplicate_id",
            f"{source.name}：编号 {letter_id} 已属于 {owner}；请改名或改用不同的编号",
        )
    takedown.check(run.orders, letter_id)
    corrections = run.corrections.get(letter_id, {})
    digest = marked(parsed.digest, corrections)
    if file.before.get(letter_id) == digest:
        run.tally.unchanged += 1
        return letter_id
    read = parsed.read(letter_id=letter_id, corrections=corrections)
    _add(read, file, run, digest=digest)
    run.tally.passages += len(read.passages)
    run.tally.put(read.letter, file=source.name, known=owner is not None)
    run.tick(source.name, not parsed.counted)
    return letter_id


def _add(read: Prepared, file: File, run: _Run, *, digest: str) -> None:
    """Put a letter; if it had another text before, that stays as an older version of it."""
    letter, source = read.letter, file.source
    came = run.came.get(letter.id)
    known = came is not None and bool(came.digests & {file.digest, digest, letter.sha256})
    now = f"{run.now:%Y-%m-%dT%H:%M:%S.%f} {_changed_at(source)}"
    traits = read.traits or traits_of(restored(letter, read.hidden), taken_in="")
    traits = replace(traits, taken_in=came.taken_in if came and known else now)
    takedown.check(run.orders, letter.id, letter.sha256, takedown.words_of(traits))
    if came and not known:
        earlier.keep(run.draft, read, source=source.key, taken_in=came.taken_in)
    vectors, sentence_vectors = run.embedder.passages(*letter_simplified(letter, read.passages))
    run.draft.put(
        letter,
        read.passages,
        source=source.key,
        digest=digest,
        vectors=vectors,
        sentence_vectors=sentence_vectors,
        hidden=read.hidden,
        traits=traits,
    )


def _changed_at(source: Source) -> str:
    """When the file was last changed, as far as it tells: of those that came at once, the later."""
    with suppress(OSError):
        return f"{source.path.stat().st_mtime_ns:020}"
    return ""

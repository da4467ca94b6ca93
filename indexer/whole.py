"""A whole update of a data folder: known vectors, the snapshot, what goes to the ledger."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from indexer.report import Report
from indexer.shards.ahead import Ahead
from indexer.shards.plan import KNOWN, sweep
from indexer.shards.runner import Runner
from indexer.shards.work import Terms, one_at_a_time
from indexer.update import LIMITS, Tick, update
from indexer.worker import Reading
from kb.analysis.refresh import refresh_ledger
from kb.errors import BadSnapshot, NoSnapshot, WrongUse
from kb.intake import files
from kb.intake.corrections import in_force_at
from kb.ledger.propose import Proposed
from kb.models.embedding import Embedder
from kb.models.outside import OtherModel
from kb.models.tagging import TaggingModel
from kb.privacy.publicity import LEVELS
from kb.search.outside import check_model
from kb.settings import BUNDLED_MODEL, Settings
from kb.staff.database import PROGRAM, By, StaffUnusable, opened, staff_of
from kb.store import vector_cache
from kb.store.orders import orders
from kb.store.protocol import Store
from kb.store.register import counts
from kb.store.snapshot import Shelf
from kb.store.vector_cache import VectorCache
from kb.types import Publicity


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A data folder, its store, and what is needed to index into it.

    ``soffice`` is LibreOffice's command, empty where there is none. ``runner`` does the work by
    several processes, which leave it in the folder ``shards``, by default one of the data folder.
    """

    settings: Settings
    store: Store
    embedder: Embedder
    tagger: TaggingModel | None = None
    soffice: str = ""
    runner: Runner | None = None
    shards: Path | None = None
    load: Callable[[str], Embedder] = one_at_a_time  # the embedder of each of these processes


def indexed(
    inbox: Sequence[Path], base: Base, *, rebuild: bool = False, tick: Tick = lambda *_: None
) -> Report:
    """Bring ``base`` up to what is in ``inbox``, and tell what that changed.

    What staff uploaded and published is part of every update, and what they corrected holds.
    Passages that were embedded before are not again, not even after a run that was killed or
    with ``rebuild``, which reads every file anew. Raises WrongUse, StoreBusy, StoreFull,
    BadSnapshot, RunnerFailed, OtherModel.
    """
    store, data = base.store, base.settings.data
    _check(base, rebuild=rebuild)
    before, started = _version(store), time.perf_counter()
    made = _ahead(base)
    with VectorCache(data / vector_cache.NAME, made or base.embedder) as vectors:
        snapshot, tally = update(
            _with_uploads(inbox, files.public(data)),
            store,
            vectors,
            rebuild=rebuild,
            unmarked=base.settings.publicity_default,
            tick=tick,
            soffice=base.soffice,
            orders=orders(data),
            corrections=in_force_at(staff_of(base.settings)),
            ahead=partial(made.begin, known=vectors.keys, tick=tick) if made else None,
        )
        reader = store.current()
        vectors.tidy({*(head.id for head in reader.letters()), *reader.set_aside()})
    _clear_shards(base)
    return Report(
        snapshot=snapshot,
        tally=tally,
        news=snapshot.version != before,
        barred=_not_public(store),
        seconds=time.perf_counter() - started,
        registers=counts(store.current().registered()),
        proposed=_propose(base),
    )


def _shards(base: Base) -> Path:
    return (base.shards or Shelf(base.settings.data).shards).absolute()


def _clear_shards(base: Base) -> None:
    """Delete what was read ahead, also by an earlier run that was broken off."""
    for folder in (Shelf(base.settings.data).shards, _shards(base)):
        sweep(folder)


def _ahead(base: Base) -> Ahead | None:
    """What is read and embedded by the runner, where there is one."""
    if not base.runner:
        return None
    settings, folder = base.settings, _shards(base)
    if settings.embeddings_url:
        raise WrongUse("设了 KB_EMBEDDINGS_URL 时一个进程就够：请去掉 --runner")
    name = settings.profile
    terms = Terms(
        profile=str(Path(name).absolute()) if name.endswith(".toml") else name,
        model="" if settings.model == str(BUNDLED_MODEL) else str(Path(settings.model).absolute()),
        unmarked=settings.publicity_default,
        soffice=base.soffice,
        limits=LIMITS,
        known=folder / KNOWN,
        load=base.load,
    )
    shelf = Shelf(settings.data)  # which other hosts need not see
    apart = (files.public(settings.data), shelf.drafts)
    return Ahead(base.runner, terms, folder=folder, embedder=base.embedder, apart=apart)


def _with_uploads(inbox: Sequence[Path], uploaded: Path) -> Sequence[Path]:
    return [*inbox, uploaded] if uploaded.is_dir() and uploaded not in inbox else inbox


def _version(store: Store) -> str | None:
    """The snapshot that is served now; None where there is none to be read."""
    try:
        return store.current().snapshot.version
    except (NoSnapshot, BadSnapshot):
        return None


def _not_public(store: Store) -> Mapping[Publicity, int]:
    """How many letters of each kind citizens don't see."""
    counts = Counter(head.publicity for head in store.current().letters())
    return {level: counts[level] for level in LEVELS if counts[level] and level != "public"}


def _propose(base: Base) -> Proposed | None:
    """What the letters promise goes to the ledger, where there is one: it begins by hand."""
    path = staff_of(base.settings)
    if not path.exists():
        return None
    try:
        with opened(path) as database, Reading(LIMITS) as reading:
            return refresh_ledger(
                database,
                base.store.current(),
                by=By(who=PROGRAM, at=datetime.now(UTC)),
                tagger=base.tagger,
                find=reading.commitments,
                figures=reading.records,
            )
    except StaffUnusable as error:
        raise StaffUnusable(
            f"快照 {_version(base.store)} 已经发布，只有台账没有更新：{error}；"
            "之后再运行一次 fuwen index update 就补上"
        ) from error


def _check(base: Base, *, rebuild: bool) -> None:
    """Whether what is there can be built upon; of another model nothing is kept for a rebuild.

    Raises BadSnapshot, OtherModel.
    """
    if not rebuild:
        _usable(base.store)
    try:
        check_model(base.store.current(), base.embedder)
    except (NoSnapshot, BadSnapshot):
        return
    except OtherModel:
        if not rebuild:
            raise
        (base.settings.data / vector_cache.NAME).unlink(missing_ok=True)


def _usable(store: Store) -> None:
    """Raises BadSnapshot rather than leave out letters of a snapshot that can't be read."""
    try:
        store.current()
    except NoSnapshot:
        return
    if store.degraded:
        raise BadSnapshot(
            f"{store.degraded}；在旧的上面编入会丢掉后来的复文，所以什么也没改。"
            "请用 fuwen index update … --rebuild 重编全部文件，或用 fuwen index rollback 退回旧的"
        )

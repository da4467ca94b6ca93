"""Letters that citizens saw and no longer may: no older version is to show them again.

``data/TAKEN_DOWN`` outlives versions: each publish adds the letters that were public before it and
are not any more, by id and by the SHA-256 of their text, and takes out those that are public
again. A version that CURRENT does not name, be it that the current one is damaged or that
somebody goes back, is asked here first. Letters that were ordered to be taken down
(``kb.store.orders``) stand there too, until the order is taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kb.errors import BadSnapshot
from kb.store.disk import open_sealed, sync
from kb.store.kin import Order
from kb.store.manifest import Unsound, read_sealed, write_sealed

NAME = "TAKEN_DOWN"
Public = dict[str, str]  # the ids of letters that citizens may see, and the digests of their texts


def public_of(version: Path) -> Public:
    """The letters of a version's folder that citizens may see. Raises sqlite3.Error."""
    with closing(open_sealed(version / "letters.db")) as db:
        return dict(db.execute("SELECT id, sha256 FROM letters WHERE publicity = 'public'"))


def note(root: Path, *, before: Public, now: Public) -> None:
    """Note what citizens can see ``before`` a publish and not ``now`` after it.

    To be called before the pointer moves: nothing is asked of the version that it names.
    """
    known = _read(root)
    kept = _without({**known, **before}, now)
    if kept != known:
        _write(root, kept, ordered(root))


def republish(root: Path, version: Path) -> None:
    """Somebody wants citizens to see again whatever ``version`` shows. Raises sqlite3.Error.

    Raises BadSnapshot where that is ordered to be taken down.
    """
    check_orders(root, version)
    _write(root, _without(_read(root), public_of(version)), ordered(root))


def shown_by(root: Path, version: Path) -> list[str]:
    """The ids of letters that were taken down and that ``version`` would show.

    Raises BadSnapshot where it cannot be told.
    """
    return _shown({**_read(root), **_barred(root)}, version)


def check(root: Path, version: Path) -> None:
    """Raise BadSnapshot if ``version`` would show letters that were taken down."""
    if shown := shown_by(root, version):
        raise BadSnapshot(
            f"快照 {version.name} 里有 {len(shown)} 份后来撤下或不再公开的复文（如 {shown[0]}），"
            "所以不用它；请用 fuwen index update … --rebuild 重建，"
            "确要让它们重新公开，请用 fuwen index rollback 版本 --republish"
        )


def check_orders(root: Path, version: Path) -> None:
    """Raise BadSnapshot if ``version`` would show letters that were ordered to be taken down."""
    if shown := _shown(_barred(root), version):
        raise BadSnapshot(
            f"快照 {version.name} 里有 {len(shown)} 份下令撤下的复文（如 {shown[0]}），所以不用它；"
            "确要让它们重新公开，请先用 fuwen index takedown 编号 --undo 撤销"
        )


def known(root: Path) -> Public:
    """The letters that are noted as taken down. Raises BadSnapshot where it cannot be told."""
    return _read(root)


def ordered(root: Path) -> Mapping[str, Order]:
    """The letters that were ordered to be taken down. Raises BadSnapshot."""
    found = _file(root).get("ordered", {})
    return {letter_id: Order(**order) for letter_id, order in found.items()}


def set_ordered(root: Path, orders: Mapping[str, Order]) -> None:
    """Replace the orders."""
    _write(root, _read(root), orders)


def merge(root: Path, other: Path) -> None:
    """Add what another data folder, a backup, has noted and ordered."""
    orders = {**ordered(other), **ordered(root)}
    if orders or _read(other):
        _write(root, {**_read(other), **_read(root)}, orders)


def _barred(root: Path) -> Public:
    return {letter_id: order.sha256 for letter_id, order in ordered(root).items()}


def _shown(barred: Public, version: Path) -> list[str]:
    if not barred:
        return []
    texts = set(barred.values()) - {""}
    try:
        shown = public_of(version)
    except sqlite3.Error as error:
        raise BadSnapshot(f"快照 {version.name} 的复文读不出来（{error}）") from error
    return sorted(
        letter_id for letter_id, digest in shown.items() if letter_id in barred or digest in texts
    )


def _without(letters: Public, public: Public) -> Public:
    """``letters`` less those that are ``public``, be it by another id."""
    texts = set(public.values())
    return {
        letter_id: digest
        for letter_id, digest in letters.items()
        if letter_id not in public and digest not in texts
    }


def _read(root: Path) -> Public:
    return dict(_file(root).get("letters", {}))


def _file(root: Path) -> Mapping[str, Any]:
    try:
        return read_sealed(root / NAME)
    except Unsound as error:
        if not (root / NAME).exists():
            return {}
        raise BadSnapshot(
            f"{root / NAME} 坏了（{error}），说不清哪些复文已经撤下，所以不用旧快照；"
            "请从备份恢复它，或用 fuwen index update … --rebuild 重建后删去它"
        ) from error


def _write(root: Path, letters: Public, orders: Mapping[str, Order]) -> None:
    aside = root / f"{NAME}.tmp"
    try:
        noted = {letter_id: asdict(order) for letter_id, order in orders.items()}
        write_sealed(aside, {"letters": letters, "ordered": noted})
        sync(aside)
        aside.replace(root / NAME)
    finally:
        aside.unlink(missing_ok=True)
    sync(root)

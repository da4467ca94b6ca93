"""Orders to take letters down: carried out at once, and again whenever such a letter comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from indexer.register.join import rejoin
from indexer.versions.earlier import arrange
from indexer.versions.facts import facts_from
from indexer.versions.families import arranged
from kb.errors import READING_CODES, UnreadableFile
from kb.intake.corrections import in_force_at
from kb.privacy.redact import restored
from kb.staff.places import NAME, Place
from kb.store import orders
from kb.store.kin import Came, Order, Traits
from kb.store.orders import Orders
from kb.store.protocol import Draft, Store

TELLING = 60  # characters of a letter whose words are barred too, not only its id
UNSEEN = "taken down"  # in place of a file's digest: it is read again, and its other letters kept


def words_of(traits: Traits) -> str:
    """The digest of a letter's words; "" of so few that other letters have them too."""
    facts = facts_from(traits.record)
    return facts.text if facts.length >= TELLING else ""


def check(standing: Orders, letter_id: str, *texts: str) -> None:
    """Raise UnreadableFile ``taken_down`` for a letter under an order."""
    order = standing.against(letter_id, *texts)
    if order:
        why = f"（{order.reason}）" if order.reason else ""
        raise UnreadableFile(
            "taken_down",
            f"{letter_id}：{order.at[:10]}{why}{READING_CODES['taken_down']}",
        )


def enforce(draft: Draft, standing: Orders, *, came: Mapping[str, Came]) -> bool:
    """Drop what is under an order and was indexed before; True if there was any.

    ``came`` are the letters of the version before. What is read anew was checked by then.
    """
    barred = []
    for letter_id, traits in draft.traits().items() if standing.by_id else ():
        texts = came[letter_id].digests if letter_id in came else ()
        if standing.against(letter_id, *texts, words_of(traits)):
            barred.append(letter_id)
    for letter_id in barred:
        _drop(draft, letter_id)
    return bool(barred)


def take_down(
    letter_ids: Iterable[str],
    *,
    store: Store,
    data: Path,
    reason: str,
    now: datetime,
    staff: Place | None = None,
) -> Sequence[str]:
    """Take letters down for good; the ids of all that went, copies and older versions too.

    An id that no letter has yet is barred as well. Raises StoreBusy, StoreFull, BadSnapshot.
    """
    with store.draft() as draft:
        known, new = draft.traits(), {}
        aside = arranged(known, lambda name: restored(*draft.letter(name)))
        named = dict.fromkeys(letter_ids)
        with_them = (name for name, (served, _) in aside.items() if served in named)
        for letter_id in dict.fromkeys((*named, *with_them)):
            there = draft.source_of(letter_id) is not None
            new[letter_id] = Order(
                sha256=draft.letter(letter_id)[0].sha256 if there else "",
                words=words_of(known[letter_id]) if letter_id in known else "",
                at=f"{now:%Y-%m-%dT%H:%M:%S}",
                reason=reason,
            )
        orders.add(data, new)
        for letter_id in new:
            _drop(draft, letter_id)
        arrange(draft)
        rejoin(draft, in_force_at(staff or data / NAME))
        draft.publish()
    return list(new)


def _drop(draft: Draft, letter_id: str) -> None:
    """Drop a letter, and its file where that held nothing else."""
    source = draft.source_of(letter_id)
    if source is None:
        return
    draft.drop(letter_id)
    if draft.letters_from(source):
        draft.seen(source, UNSEEN)
    else:
        draft.forget(source)

"""Letters that were ordered to be taken down: they stay so, whatever file brings them again.

The list lies in ``data/TAKEN_DOWN``, beside the snapshots, and in every backup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.store.kin import Order
from kb.store.local import takedown


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """The orders by the id of the letter, and the texts that none may have."""

    by_id: Mapping[str, Order] = field(default_factory=dict)

    def against(self, letter_id: str, *texts: str) -> Order | None:
        """The order that a letter of this id, or with one of these digests of texts, is under."""
        if letter_id in self.by_id:
            return self.by_id[letter_id]
        every = ((order, {order.sha256, order.words} - {""}) for order in self.by_id.values())
        return next((order for order, barred in every if barred & set(texts)), None)


def orders(data: Path) -> Orders:
    """The orders that stand. Raises BadSnapshot where they cannot be read."""
    return Orders(by_id=takedown.ordered(data))


def add(data: Path, new: Mapping[str, Order]) -> None:
    """Add orders, by the id of the letter. To be called under the store's lock."""
    takedown.set_ordered(data, {**takedown.ordered(data), **new})


def lift(data: Path, letter_ids: Iterable[str]) -> None:
    """Take back orders; the letters come again with the next update that finds them."""
    gone = set(letter_ids)
    left = {name: order for name, order in takedown.ordered(data).items() if name not in gone}
    takedown.set_ordered(data, left)

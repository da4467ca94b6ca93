"""What is public now, and how that differs from what somebody was told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from kb.promises import Confirmations, ConfirmedPromise
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.types import LetterHead
from server.desk import PUBLIC
from server.present import views

Kind = Literal["letter", "commitment"]
Event = Mapping[str, Any]
# What is said of something that was not there before, that is otherwise, and that is gone.
WORDS: Mapping[Kind, tuple[str, str, str]] = {
    "letter": ("added", "changed", "removed"),
    "commitment": ("confirmed", "changed", "withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """What citizens may see: of each kind and key a digest, and how it is told.

    A kind that cannot be known now is not there at all: nobody is told that it is gone.
    """

    snapshot: str
    digests: Mapping[Kind, Mapping[str, str]]
    tell: Callable[[Kind, str], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was told; ``was`` and ``now`` are digests, "" for none."""

    kind: Kind
    key: str
    was: str
    now: str

    @property
    def word(self) -> str:
        """What happened, as events name it: letter.added."""
        added, changed, gone = WORDS[self.kind]
        return f"{self.kind}.{gone if not self.now else changed if self.was else added}"

    def event(self, public: Public, *, after: int) -> Event:
        """What is told of it; its id is the same until more than ``after`` events were taken."""
        told = [str(after), self.word, self.key, self.was, self.now]
        content = public.tell(self.kind, self.key) if self.now else _place(self.kind, self.key)
        return {"id": _digest(told), "type": self.word, **content}


def public_now(reader: SnapshotReader, confirmed: Confirmations, *, site: str) -> Public:
    """What is public in the snapshot of ``reader``, and of the ledger what is ``confirmed``.

    Where no ledger could be read (``confirmed.day`` is None), it is left out. ``site`` is the
    origin of addresses.
    """
    letters = {head.id: _digest(_facts(head)) for head in reader.letters(PUBLIC)}
    promises = {_key(promise): promise for promise in confirmed.promises}
    digests: dict[Kind, Mapping[str, str]] = {"letter": letters}
    if confirmed.day is not None:
        digests["commitment"] = {
            key: _digest(_promise(promise)) for key, promise in promises.items()
        }

    def tell(kind: Kind, key: str) -> dict[str, Any]:
        return _letter(key, reader, site=site) if kind == "letter" else _promise(promises[key])

    return Public(snapshot=reader.snapshot.version, digests=digests, tell=tell)


def changes(public: Public, told: Mapping[Kind, Mapping[str, str]]) -> Iterator[Change]:
    """How ``public`` differs from what was ``told``: letters first, each kind by key."""
    for kind, digests in public.digests.items():
        before = told.get(kind, {})
        for key in sorted(digests.keys() | before.keys()):
            was, now = before.get(key, ""), digests.get(key, "")
            if was != now:
                yield Change(kind=kind, key=key, was=was, now=now)


def _facts(head: LetterHead) -> list[str | None]:
    return [
        head.sha256,
        head.title,
        head.number,
        head.issuer,
        head.issued_on,
        head.result_class,
        head.proposal_no,
    ]


def _letter(letter_id: str, reader: SnapshotReader, *, site: str) -> dict[str, Any]:
    letter = reader.letter(letter_id)
    cited = citation_of(letter)
    return {
        "letter_id": letter_id,
        "title": cited.name,
        "number": cited.number,
        "issuer": cited.issuer,
        "date": cited.issued_on,
        "result_class": cited.result_class,
        "sha256": letter.sha256,
        "url": site + views.link(f"/letters/{letter_id}"),
    }


def _promise(promise: ConfirmedPromise) -> dict[str, Any]:
    told = asdict(promise)
    span = told.pop("span")
    proofs = [{**one, **one.pop("span")} for one in told.pop("evidence")]
    return {**told, **span, "evidence": proofs}


def _key(promise: ConfirmedPromise) -> str:
    return json.dumps([promise.letter_id, promise.span.start, promise.span.end], ensure_ascii=False)


def _place(kind: Kind, key: str) -> dict[str, Any]:
    """Of what is gone no more than which it was."""
    if kind == "letter":
        return {"letter_id": key}
    return dict(zip(("letter_id", "start", "end"), json.loads(key), strict=True))


def _digest(told: Any) -> str:
    written = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""The former texts of letters whose file changed: kept as letters of their own, beside the new one.

Such a text goes with its file: when that is taken away, or is no longer public, so is all that it
said before. It is in no index, so it has no passages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from indexer.register.fill import stripped
from indexer.versions.copies import words_of
from indexer.versions.facts import Facts, facts_from
from indexer.versions.families import arranged, traits_of
from indexer.worker import Prepared
from kb.errors import LetterNotFound
from kb.privacy.redact import restored
from kb.store.protocol import Draft

MOST = 20  # former texts of a letter that are kept, the latest ones
DIGEST = "earlier"  # in place of the digest of a raw record


def served(letters: Mapping[str, str]) -> Mapping[str, str]:
    """Of the letters of a source, with their digests, those that are no former texts."""
    return {letter_id: digest for letter_id, digest in letters.items() if digest != DIGEST}


def keep(draft: Draft, new: Prepared, *, source: str, taken_in: str) -> None:
    """Keep what the letter said until now, if ``new`` says something else and both are public.

    ``taken_in`` is when it came.
    """
    try:
        former, hidden = draft.letter(new.letter.id)
    except LetterNotFound:
        return
    former = stripped(former)
    if former.publicity != "public" or new.letter.publicity != "public":
        return
    whole = restored(former, hidden)
    if words_of(whole) == words_of(restored(new.letter, new.hidden)):
        return
    letter = replace(former, id=f"{former.id}@{former.sha256[:12]}")
    draft.put(
        letter,
        (),
        source=source,
        digest=DIGEST,
        vectors=np.empty((0, 0), dtype=np.float32),
        sentence_vectors=(),
        hidden=hidden,
        traits=traits_of(whole, taken_in=taken_in, earlier_of=former.id),
    )


def arrange(draft: Draft) -> None:
    """Set aside in ``draft`` what others stand for; former texts that lead nowhere are dropped."""
    tidy(draft)
    draft.set_aside(arranged(draft.traits(), lambda name: restored(*draft.letter(name))))


def tidy(draft: Draft) -> None:
    """Drop the former texts of letters that are gone, no longer public, or say the same again."""
    known = draft.traits()
    facts = {letter_id: facts_from(traits.record) for letter_id, traits in known.items()}
    former: dict[str, list[str]] = {}
    for letter_id, found in facts.items():
        if found.earlier_of:
            former.setdefault(found.earlier_of, []).append(letter_id)
    for letter_id, texts in former.items():
        now = facts.get(letter_id)
        texts.sort(key=lambda one: known[one].taken_in)
        stay = [
            text
            for text in texts[-MOST:]
            if now and now.publicity == "public" and not _same(now, facts[text])
        ]
        for text in set(texts) - set(stay):
            draft.drop(text)


def _same(one: Facts, other: Facts) -> bool:
    return (one.text, one.length) == (other.text, other.length)

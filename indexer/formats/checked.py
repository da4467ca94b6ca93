"""What every letter is asked once it is read: how long it is, whether its characters are sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.formats import garbled, plain
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.table.items import Item
from kb.errors import UnreadableFile


def finished(raw: Raw, *, flags: tuple[str, ...], limits: Limits) -> Raw:
    """``raw`` with the ``flags`` of its format and of its characters.

    Raises UnreadableFile: ``empty_file`` without a word, ``too_large``, ``bad_text`` with lone
    surrogates, ``garbled_text``.
    """
    if not raw.text.strip():
        raise refused("empty_file")
    _check_length(raw, limits)
    if plain.SURROGATE.search(raw.text + raw.front + raw.around):
        raise refused("bad_text")
    return _flagged(raw, (*flags, *garbled.readable(_words(raw))))


def each(items: Iterable[Item], limits: Limits) -> Iterator[Item]:
    """``items`` with the letters among them checked; what is too long or garbled is refused."""
    for item in items:
        try:
            if isinstance(item, Raw):
                _check_length(item, limits)
                item = _flagged(item, garbled.readable(_words(item)))
        except UnreadableFile as error:
            yield error
        else:
            yield item


def _check_length(raw: Raw, limits: Limits) -> None:
    """Refuse what is too long for one letter, and what came beside it that is no mere value."""
    length = len(raw.text) + len(raw.front)
    if length > limits.letter_length:
        why = f"{raw.place}一份复文的文字有 {length} 个字，上限 {limits.letter_length} 个字"
        raise refused("too_large", why)
    for name, value in raw.meta.items():
        if len(value) > limits.beside_length:
            why = f"{raw.place}{name} 有 {len(value)} 个字，上限 {limits.beside_length} 个字"
            raise refused("too_large", why)


def _words(raw: Raw) -> str:
    """All of ``raw`` that may be shown."""
    return "\n".join((raw.meta.get("page_title", raw.meta.get("title", "")), raw.front, raw.text))


def _flagged(raw: Raw, flags: tuple[str, ...]) -> Raw:
    return replace(raw, flags=tuple(sorted({*raw.flags, *flags}))) if flags else raw

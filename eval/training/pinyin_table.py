"""Make ``kb/text/pinyin.txt`` of pypinyin's dictionary: one command, no argument.

    pip install '.[models]' && python -m eval.training.pinyin_table

A line is a syllable without its tone and the characters of GB 2312 that are read so, by one of
their first two readings: rarer ones (区 as ōu) are heard in names alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib.metadata import version

from pypinyin.pinyin_dict import pinyin_dict

from kb.text.pinyin import PINYIN

READINGS = 2
FIRST, LAST = 0xB0, 0xF7  # the rows of GB 2312 that hold characters


def main() -> None:
    """Write the table anew."""
    PINYIN.write_text(table(), encoding="utf-8")


def table() -> str:
    """The content of ``pinyin.txt``."""
    read: dict[str, str] = {}
    for character in _characters():
        for syllable in dict.fromkeys(_toneless(pinyin_dict[ord(character)])):
            read[syllable] = read.get(syllable, "") + character
    head = (
        f"# Syllables and the characters read so: pypinyin {version('pypinyin')}, MIT.\n"
        "# Made by python -m eval.training.pinyin_table; do not edit.\n"
    )
    return head + "".join(f"{syllable} {read[syllable]}\n" for syllable in sorted(read))


def _characters() -> Iterator[str]:
    for row in range(FIRST, LAST + 1):
        for column in range(0xA1, 0xFF):
            character = bytes((row, column)).decode("gb2312", errors="ignore")
            if character:
                yield character


def _toneless(readings: str) -> Iterator[str]:
    for reading in readings.split(",")[:READINGS]:
        plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
        yield "".join(letter for letter in plain if letter.isascii())


if __name__ == "__main__":
    main()

"""Make ``kb/text/traditional.txt`` of OpenCC's dictionaries: one command, no argument.

    pip install '.[models]' && python -m eval.training.traditional_table

A line is a simplified character and the traditional ones that become it, each code point for one.
A character counts as OpenCC's ``t2s`` turns it by itself, else as ``hk2s`` does (衞, 枱). Those of
which a neighbour decides are left to ``kb.text.traditional.IN_CONTEXT``.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

import opencc

from kb.text.traditional import IN_CONTEXT, TRADITIONAL

BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))  # Han, without what NFKC unifies


def main() -> None:
    """Write the table anew."""
    TRADITIONAL.write_text(table(), encoding="utf-8")


def table() -> str:
    """The content of ``traditional.txt``."""
    forms: dict[str, str] = {}
    for traditional, simple in _pairs():
        forms[simple] = forms.get(simple, "") + traditional
    head = (
        f"# Simplified characters, each with its traditional forms: OpenCC {version('opencc')},\n"
        "# Apache-2.0. Made by python -m eval.training.traditional_table; do not edit.\n"
    )
    return head + "".join(f"{simple} {forms[simple]}\n" for simple in sorted(forms))


def _pairs() -> Iterator[tuple[str, str]]:
    converters = [opencc.OpenCC(name).convert for name in ("t2s", "hk2s")]
    ambiguous = {row.pattern[0] for row in IN_CONTEXT}
    for first, last in BLOCKS:
        for traditional in map(chr, range(first, last)):
            made = (convert(traditional) for convert in converters)
            simple = next((form for form in made if form != traditional), traditional)
            simple = converters[0](simple)  # 薴 is 苧, and that 苎
            if simple != traditional and len(simple) == 1 and traditional not in ambiguous:
                yield traditional, simple


if __name__ == "__main__":
    main()

"""Any file gives letters whose every offset is true, or an UnreadableFile; nothing else.

A few hundred files of each reader, good ones bent and others made up; ``make fuzz`` runs the same
for as long as one likes, led by coverage. See CONTRIBUTING.md.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS
from tests.support.made import seeds

EXAMPLES = {"pdf": 25, "docx": 40, "ofd": 40, "zip": 25}


@pytest.mark.parametrize("name", TARGETS)
def test_good_files_are_read(name: str) -> None:
    target = TARGETS[name]
    read = [target.run(content) for content in target.goods()]
    assert sum(read) >= (1 if name in ("mailbox", "jsonl", "zip") else len(read))


@pytest.mark.parametrize("name", TARGETS)
def test_any_file_gives_true_letters_or_a_refusal(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=EXAMPLES.get(name, 60),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(seeds)
    def reads(seed: int) -> None:
        target.run(target.any(Random(seed)))

    reads()

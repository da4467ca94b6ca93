"""Flags in people's words."""

from __future__ import annotations

import re

import pytest

from indexer.formats.garbled import FLAG
from kb.intake.flags import DOUBTS, WORDS, doubtful, told
from kb.privacy.originals import SEARCHED
from kb.privacy.publicity import CONFLICT
from tests.conftest import ROOT


def test_doubts_come_first_and_what_is_told_elsewhere_is_left_out() -> None:
    found = told(("masked", SEARCHED, "ocr", CONFLICT, "lost_text"))
    assert found == (DOUBTS["ocr"], DOUBTS["lost_text"], WORDS["masked"])
    assert doubtful(("masked", "ocr"))
    assert not doubtful(("masked", SEARCHED))


def test_a_flag_that_nobody_has_words_for_is_told_by_its_name() -> None:
    assert told(("brand_new",)) == ("标记 brand_new",)


@pytest.mark.parametrize("flag", [*DOUBTS])
def test_every_doubt_says_what_to_do(flag: str) -> None:
    assert "；请" in DOUBTS[flag]


def test_every_flag_that_the_changelog_names_has_words() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    named = {flag for line in re.findall(r"的带((?: ?`[a-z_]+`)+)", text) for flag in
             re.findall(r"[a-z_]+", line)}  # fmt: skip
    assert named
    assert named | {FLAG} <= WORDS.keys()

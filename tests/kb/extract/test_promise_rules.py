"""Every row of the rules on its own example."""

from __future__ import annotations

import pytest

from kb.extract.commitments import parts_read
from kb.extract.promise_rules import BARS, CUES, Bar, Cue
from kb.extract.promises import Promise, promises
from kb.profile import profile
from tests.support.letters import make_letter


def found(body: str) -> list[Promise]:
    """What the rules alone find."""
    letter = make_letter("甲", body, title=None, issued_on="2024-06-28", issuer="云岭市城市管理局")
    saids = {id(part.said): part.said for part in parts_read(letter, profile())}
    return [promise for said in saids.values() for promise in promises(said)]


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_every_cue_reads_its_example(cue: Cue) -> None:
    assert any(cue.pattern.search(part) for part in (cue.example, *cue.example.split("，")))


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_every_example_is_found_with_its_strength(cue: Cue) -> None:
    (one, *_) = found(cue.example + "。")
    assert one.strength == cue.strength


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: bar.name)
def test_every_bar_keeps_its_example_out(bar: Bar) -> None:
    assert any(bar.pattern.search(part) for part in (bar.example, *bar.example.split("，")))
    assert found(bar.example + "。") == []

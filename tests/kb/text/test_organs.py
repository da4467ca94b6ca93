"""Each reader of organs takes its own endings, and none leaves a longer one out."""

from __future__ import annotations

import re

import pytest

from kb.text import organs


@pytest.mark.parametrize(
    ("pattern", "organ", "none"),
    [
        (organs.ORGAN, "云岭市卫健委", "云岭市政协委员"),
        (organs.ORGAN, "云岭市残联", "相关部门"),
        (organs.ACTOR, "市民政局", "受委托办理"),
        (organs.ACTOR, "各相关学校", "老城区域"),
        (organs.OFFICE_END, "股", "强"),
        (organs.ASKED_END, "委", "学校"),
    ],
)
def test_what_is_an_organ_depends_on_where_it_stands(pattern: str, organ: str, none: str) -> None:
    found = re.search(pattern, organ)
    assert found
    assert found[0] == organ.removeprefix("各")
    assert not re.search(pattern, none)


@pytest.mark.parametrize("text", ["市政府办公室", "街道办", "市城管局", "青河区村委会"])
def test_the_longer_ending_goes_before_the_shorter(text: str) -> None:
    assert re.fullmatch(organs.ACTOR, text)


@pytest.mark.parametrize(
    "pattern", [organs.ORGAN_END, organs.OFFICE_END, organs.ASKED_END, organs._ACTOR_END]
)
def test_no_ending_is_hidden_by_a_shorter_one_before_it(pattern: str) -> None:
    words = [one for one in pattern[3:-1].split("|") if one.isalpha()]
    hidden = [
        (one, other)
        for place, one in enumerate(words)
        for other in words[place + 1 :]
        if other.startswith(one)
    ]
    assert not hidden

"""What tells that a promise is vague, or conditional."""

from __future__ import annotations

import pytest

from kb.extract.tagger import weights
from kb.extract.vagueness import MOST, features, is_so


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("我局将进一步加强管理", True),
        ("将不断提升服务水平", True),
        ("我局将更换3盏路灯", False),
        ("将于5月底前完成道路修复", False),
    ],
)
def test_vague_is_what_names_nothing_to_check(words: str, wanted: bool) -> None:
    assert is_so(features(words, dated="5月" in words), weights().vague) is wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("待上级批准后即可实施", True),
        ("如发现违规行为，我局将立案查处", True),
        ("年底前完成改造", False),
    ],
)
def test_conditional_is_what_waits_for_something(words: str, wanted: bool) -> None:
    assert is_so(features(words, dated=False), weights().conditional) is wanted


def test_figures_are_alike_and_only_the_beginning_is_looked_at() -> None:
    assert features("更换3盏灯", dated=False) == features("更换25盏灯", dated=False)
    long = "绿" * MOST
    assert set(features(long + "化", dated=False)) == set(features(long, dated=False))


def test_without_weights_nothing_is_so() -> None:
    assert is_so(features("加强管理", dated=False), {}) is False

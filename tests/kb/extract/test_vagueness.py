"""Which promises nobody could check, and which hang on something else."""

from __future__ import annotations

import pytest

from kb.extract.vagueness import conditional, vague


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("我局将进一步加强管理", True),
        ("继续努力提升服务水平", True),
        ("我局将于近期更换3盏路灯", False),
        ("将加强巡查，拆除违章建筑", False),
    ],
)
def test_vague_is_what_names_nothing_to_check(words: str, wanted: bool) -> None:
    assert vague(words, dated=False) is wanted
    assert vague(words, dated=True) is False


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("待上级批准后即可实施", True),
        ("如发现违规行为，我局将立案查处", True),
        ("年底前完成改造", False),
    ],
)
def test_conditional_is_what_waits_for_something(words: str, wanted: bool) -> None:
    assert conditional(words) is wanted

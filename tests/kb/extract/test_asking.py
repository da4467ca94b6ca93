"""The question around what is asked for."""

from __future__ import annotations

import pytest

from kb.extract.asking import unwrapped


@pytest.mark.parametrize(
    ("words", "matter"),
    [
        ("能否把长期护理保险尽快落地", "长期护理保险"),
        ("可否将长期护理保险落到实处", "长期护理保险"),
        ("希望市政府能否把长期护理保险落地吗？", "长期护理保险"),
        ("是否可以建立长期护理保险制度", "建立长期护理保险制度"),
        ("希望能尽快落实长期护理保险", "落实长期护理保险"),
        ("能不能尽快增设公交站", "增设公交站"),
        ("可不可以再增设公交站呢", "增设公交站"),
        ("对此，我们希望能够增设站牌", "增设站牌"),
        # Nothing is taken from the matter itself, and not so much that little is left.
        ("增加智能手机培训", "增加智能手机培训"),
        ("建议提高功能性设施的补贴", "建议提高功能性设施的补贴"),
        ("能否修路", "能否修路"),
    ],
)
def test_the_matter_is_left_of_a_question(words: str, matter: str) -> None:
    assert unwrapped(words) == matter

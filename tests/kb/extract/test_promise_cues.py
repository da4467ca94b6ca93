"""What bars a part of a sentence from being a promise."""

from __future__ import annotations

from kb.extract.promise_cues import barred


def test_a_dated_part_passes_the_bars_of_courtesy_only() -> None:
    assert barred("我们将及时与您联系")
    assert not barred("11月底前把结果反馈给您", dated=True)
    assert barred("逾期不改的将依法停用", dated=True)

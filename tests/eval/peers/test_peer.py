"""What every peer is given: the words of a passage."""

from __future__ import annotations

from eval.peers.peer import spaced, words


def test_words_are_jiebas_without_marks_and_blanks() -> None:
    assert words("老旧小区，  加装 Wi-Fi！") == ["老旧", "小区", "加装", "wi", "fi"]
    assert spaced("供水管网。").split() == words("供水管网。")

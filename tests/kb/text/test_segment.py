"""The segmenter is jieba's, word for word, and reads nothing that others can write."""

from __future__ import annotations

import marshal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.segment import Segmenter
from kb.text.tokens import WORDS
from tests.conftest import CORPUS
from tests.support import made

TEXTS = [
    path.read_text(encoding="utf-8", errors="replace")
    for path in (*sorted((CORPUS / "letters").glob("*.txt")), CORPUS / "questions.jsonl")
]


@pytest.fixture(scope="module")
def ours() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def plain() -> jieba.Tokenizer:
    """jieba itself, its dictionary parsed as a whole."""
    found = jieba.Tokenizer()
    with found.get_dict_file() as file:
        found.FREQ, found.total = found.gen_pfdict(file)
    found.initialized = True
    return found


def test_once_every_character_is_met_it_knows_what_jieba_knows(plain: jieba.Tokenizer) -> None:
    ours = Segmenter()
    list(ours.cut("".join({word[0] for word in plain.FREQ})))
    for char in {word[0] for word in plain.FREQ}:
        ours.frequency(char)
    assert (ours.FREQ, ours.total) == (plain.FREQ, plain.total)


def test_it_cuts_letters_as_jieba_does(ours: Segmenter, plain: jieba.Tokenizer) -> None:
    assert len(TEXTS) > 10
    for text in TEXTS:
        assert list(ours.cut(text)) == list(plain.cut(text))


@given(st.one_of(made.bodies, made.noisy, st.text(max_size=80)))
def test_it_cuts_any_text_as_jieba_does(ours: Segmenter, plain: jieba.Tokenizer, text: str) -> None:
    assert list(ours.cut(text)) == list(plain.cut(text))


def test_words_that_are_added_weigh_as_they_do_in_jieba(plain: jieba.Tokenizer) -> None:
    ours, theirs = Segmenter(), jieba.Tokenizer()
    theirs.FREQ, theirs.total, theirs.initialized = dict(plain.FREQ), plain.total, True
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    words = [line.split("#")[0].strip() for line in lines]
    for word in [*filter(None, words), "𠮷田街", "12345热线"]:
        ours.add_word(word)
        theirs.add_word(word)
        assert ours.frequency(word) == theirs.FREQ[word]
    assert ours.total == theirs.total
    for text in TEXTS:
        assert list(ours.cut(text)) == list(theirs.cut(text))


def test_words_with_a_part_come_as_in_the_whole_dictionary(plain: jieba.Tokenizer) -> None:
    ours = Segmenter()
    ours.add_word("加装电梯", 7)
    for part in ("电梯", "社区", "10", "老旧小区", "无此词语"):
        known = {word: count for word, count in plain.FREQ.items() if part in word and count}
        known |= {"加装电梯": 7} if part == "电梯" else {}
        assert ours.words_with(part) == sorted(known, key=lambda word: -known[word])


def test_threads_that_meet_the_same_characters_cut_alike(plain: jieba.Tokenizer) -> None:
    wanted = list(plain.cut(TEXTS[0]))
    for _ in range(5):
        ours = Segmenter()
        with ThreadPoolExecutor(8) as pool:
            for found in pool.map(lambda _, cut=ours.cut: list(cut(TEXTS[0])), range(8)):
                assert found == wanted


def test_a_cache_in_the_shared_temporary_folder_is_neither_read_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"老": 0, "老旧小区改造": 9}, 9)))
    assert list(Segmenter().cut("老旧小区改造")) != ["老旧小区改造"]
    planted.unlink()
    assert list(Segmenter().cut("供水管网")) == ["供水管", "网"]
    assert list(tmp_path.iterdir()) == []

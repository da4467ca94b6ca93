"""Messages without a word of Chinese: other languages, pinyin, keys struck at random."""

from __future__ import annotations

import re
import unicodedata

from kb.text.chars import HAN, made_of
from kb.text.pinyin import is_pinyin
from kb.text.traditional import simplified

_HAN = re.compile(HAN)
_KANA = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z]+")
_ACRONYM = re.compile(r"[A-Z]{1,5}s?|[a-z]{1,4}")
_VOWEL = re.compile(r"[aeiouy]")
_SAME = re.compile(r"(.)\1{2,}|(.{2,3})\2{2,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890")
_RUN = 3  # neighbouring keys in one sweep of the hand
_SWEPT = frozenset(
    line[start:end]
    for row in _ROWS
    for line in (row, row[::-1])
    for start in range(len(line))
    for end in range(start + _RUN, len(line) + 1)
)
_CALLED = frozenset(("12345", "123456789", "234", "345", "456", "567", "789"))
_FEW_VOWELS = 4  # letters without a vowel that are no word
_DECORATION = 3  # Japanese or Korean letters that are no ornament: 优の良品


def foreign(message: str) -> str | None:
    """What ``message`` is if it is not Chinese; None for every question that is.

    ``foreign`` for another language, ``pinyin`` for Chinese in Latin letters, ``nonsense`` for
    keys struck at random, the same character over and over, pictures. Chinese with English words
    in it is Chinese, and an acronym alone (ETC) may stand in a letter.
    """
    text = unicodedata.normalize("NFKC", simplified(message)).strip()
    words = "".join(character for character in text if character.isalnum())
    if _random(words.lower(), text):
        return "nonsense"
    if len(_KANA.findall(text)) >= _DECORATION:
        return "foreign"
    if _HAN.search(text) or not words:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if sum(c.isalpha() and not c.isascii() for c in plain) > 1:
        return "foreign"
    return _latin(plain)


def _random(words: str, text: str) -> bool:
    """True if nobody means anything by it: asdf, 111, 哈哈哈, a picture."""
    if not words:
        return any(unicodedata.category(character) == "So" for character in text)
    if _SAME.fullmatch(words):
        return True
    return words not in _CALLED and len(words) >= _RUN and made_of(words, _SWEPT)


def _latin(text: str) -> str | None:
    words = _LATIN.findall(text)
    if all(_ACRONYM.fullmatch(word) for word in words[:2]) and len(words) < 2:
        return None if not _is_pinyin(words) else "pinyin"
    if all(len(word) >= _FEW_VOWELS and not _VOWEL.search(word.lower()) for word in words):
        return "nonsense"
    if _is_pinyin(words):
        return "pinyin"
    return "foreign" if any(len(word) > 2 and not word.isupper() for word in words) else None


def _is_pinyin(words: list[str]) -> bool:
    """True if they are syllables throughout and more than one: dian ti, zenmeban."""
    letters = "".join(words).lower()
    return len(letters) > _FEW_VOWELS and all(is_pinyin(word.lower()) for word in words)

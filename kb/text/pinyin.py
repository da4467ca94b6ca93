"""How characters sound: without tones, and with the sounds as one that many people mix up.

``pinyin.txt`` is pypinyin's dictionary of single characters, made by
``python -m eval.training.pinyin_table``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kb.text.chars import made_of

PINYIN = Path(__file__).with_name("pinyin.txt")
# Initials that whole regions do not tell apart; of finals -n and -ng.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("f", "h"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_BEFORE_U = {"ha": "hua", "he": "hue", "hei": "hui", "hen": "hun", "han": "huan"}  # 飞 as 灰


@lru_cache(maxsize=1)
def _readings() -> Mapping[str, str]:
    """Syllable → the characters that are read so."""
    lines = PINYIN.read_text(encoding="utf-8").splitlines()
    rows = (line.partition(" ") for line in lines if not line.startswith("#"))
    return {syllable: characters for syllable, _, characters in rows}


@lru_cache(maxsize=1)
def _same() -> Mapping[str, frozenset[str]]:
    """Character → those of one toneless syllable with it."""
    return _grouped({syllable: syllable for syllable in _readings()})


@lru_cache(maxsize=1)
def _near() -> Mapping[str, frozenset[str]]:
    """Character → those that it is mixed up with by ear."""
    return _grouped({syllable: _mixed(syllable) for syllable in _readings()})


def _grouped(keys: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    together: dict[str, str] = {}
    for syllable, characters in _readings().items():
        together[keys[syllable]] = together.get(keys[syllable], "") + characters
    found: dict[str, frozenset[str]] = {}
    for alike in map(frozenset, together.values()):
        for character in alike:
            found[character] = found.get(character, frozenset()) | alike
    return found


def _mixed(syllable: str) -> str:
    """What ``syllable`` is heard as where such sounds are not told apart."""
    for initial, heard in _INITIALS:
        if syllable.startswith(initial):
            after = heard + syllable.removeprefix(initial)
            syllable = _BEFORE_U.get(after, after) if initial == "f" else after
            break
    for final, heard in _FINALS:
        if syllable.endswith(final):
            return syllable.removesuffix(final) + heard
    return syllable


def same_sound(character: str) -> frozenset[str]:
    """Characters that may be read as ``character`` is, tones aside; itself too if it is known."""
    return _same().get(character, frozenset())


def near_sound(character: str) -> frozenset[str]:
    """Characters that sound like it where z and zh, n and l, in and ing, f and h are one."""
    return _near().get(character, frozenset())


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(_readings()) | {"lue", "nue"}


def is_pinyin(letters: str) -> bool:
    """True if the Latin ``letters`` are nothing but syllables, tones left out: zenmeban."""
    return bool(letters) and made_of(letters, _syllables())

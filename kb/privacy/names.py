"""Names of persons: surnames, and where in a run of Chinese characters a name ends.

Nothing but context tells a name from words, so a name is looked for only where a rule says that
a person follows. Searched in text with its full-width letters, digits and signs made narrow.
"""

from __future__ import annotations

import re

from kb.privacy.name_words import ENDINGS, MORE, NEVER, NOT_IN, NOT_LAST, SAYS, TITLES, no_name
from kb.privacy.native import SYLLABLES
from kb.privacy.surnames import CLEAR, COMPOUND, GIVEN, ODD, RARE, SURNAMES
from kb.privacy.words import WINDOW, begins_word, has_word, is_plain, is_word
from kb.text.organs import OFFICE_END
from kb.text.tokens import segmenter
from kb.types import Span

# With · and rare characters, which names of persons have.
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff·]"
_WORD = r"[A-Za-z'’\-]{0,20}"
LATIN = (
    rf"(?<![A-Za-z\d@.])[A-Za-z]{_WORD}(?:(?: {{1,2}}| ?[·.] ?)[A-Za-z]{_WORD}){{1,3}}"
    r"(?![A-Za-z\d@])"
)
PERSON = rf"(?:{COMPOUND}|[{SURNAMES}])(?:·?[\u3400-\u9fff]){{1,3}}"
ORGAN = rf"(?:{HAN}{{2,24}}{OFFICE_END})"
LONGEST = 4  # code points of a run that names a person, where nothing else tells

_COMMON = 400  # times from which a character is a word by itself
_BEGINS = re.compile(rf"(?:{COMPOUND}|[{SURNAMES}])")
_SURNAME = re.compile(rf"[{SURNAMES}{RARE}]")
_BEGINS_RARE = re.compile(rf"[{RARE}]")
_ANY = re.compile(rf"(?:{COMPOUND}|[{SURNAMES}{RARE}{ODD}])")
_FOLLOWS = re.compile(rf"(?:{SAYS}|{MORE})|(?!{HAN})|$")
_FOLLOWS_LONG = re.compile(rf"(?:{SAYS}|{MORE[: MORE.index('|的|')]})")
_ENDS = re.compile(rf"(?!{HAN})|$|{_FOLLOWS_LONG.pattern}")
_CLOSED = re.compile(rf"(?!{HAN})|$|[的等家于因在与和及说称系]|{_FOLLOWS_LONG.pattern}")
_PERSONAL = re.compile(  # behind a name only
    rf"{TITLES}|[\s,，:：(（]{{0,3}}(?:电话|手机|身份证|1[3-9]\d{{9}}|\d{{17}})|[,，(（](?:男|女"
    rf"|\d{{1,3}}[-—]\d)"
)
_SAYS = re.compile(rf"(?:{SAYS})|[\s,，:：(（]{{0,3}}(?:电话|手机|身份证|1[3-9]\d{{9}}|\d{{17}})")
PLACE = re.compile(
    r"[村镇乡县区市街路巷庄屯寨桥湾组河]|小区|公司|集团|学校|中学|小学|医院|社区|大"
    r"道|花园|家园|管委|街道|派出所|政府|中心"
)
_OFFICE = re.compile(OFFICE_END + "$")
_PLACES = frozenset("路州桥湖池城园苑堂台门川岭")  # how places' names end more often
HOUSE = re.compile(r"[\d十百*]{1,4}号")  # 牛角湾88号 is a place
_RUN = re.compile(rf"{HAN}+")
_NATIVE = re.compile(rf"[{SYLLABLES}]{{3,12}}(?=(?!{HAN})|$|{SAYS})")  # 乌云其木格
_HAN = re.compile(HAN)
_DOTTED = re.compile(r"[\u3400-\u9fff]{1,8}(?:·[\u3400-\u9fff]{1,8}){1,3}")
_GIVEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SPACED = re.compile(
    r"(?P<surname>[\u3400-\u9fff])[ \t]{1,4}"
    r"(?P<given>[\u3400-\u9fff](?:[ \t]{0,4}[\u3400-\u9fff])?)(?![ \t]{0,1}[\u3400-\u9fff])"
)
_MAY_LINK = re.compile("[向和从时应]")  # surnames, which link words where one stands before
_OF_OFFICES = frozenset("局委办科室处股站院校会厅所队员师部组司")
_GOES_ON = re.compile("(?![局委办科室处股站院校会厅所队员师])[\u3400-\u9fff]")


def name_at(text: str, start: int, *, sure: bool) -> Span | None:
    """The name that begins at ``start``, or None: none before the number of a house.

    ``sure``: a label says that a person follows, so that any short run which is no word is a
    name; else it must begin with a surname and be followed as names are.
    """
    name = _name_at(text, start, sure=sure)
    return None if name and HOUSE.match(text, name.end) else name


def _name_at(text: str, start: int, *, sure: bool) -> Span | None:
    if no_name(text, start):
        return None
    dotted = _DOTTED.match(text, start, start + LONGEST * 8)
    foreign = dotted and {*SYLLABLES}.issuperset(text[start : start + 2])
    if dotted and (foreign or not begins_word(text, start)):
        return Span(start=start, end=_end_of_dotted(text, dotted))
    if sure:
        return _labelled(text, start)
    surname = _BEGINS.match(text, start)
    if surname:
        return _named(text, start, surname.end())
    return _of_rare_surname(text, start) or typical_at(text, start) or _unknown(text, start)


def _end_of_dotted(text: str, dotted: re.Match[str]) -> int:
    """Where a name with · ends: before the first word that may follow a name."""
    last = text.rindex("·", dotted.start(), dotted.end())
    ends = (end for end in range(last + 3, dotted.end()) if _CLOSED.match(text, end))
    return next(ends, dotted.end())


def _named(text: str, start: int, given: int) -> Span | None:
    """A name whose given part begins at ``given``, where words may stand instead."""
    end = _end(text, given)
    if end is None or PLACE.match(text, end):
        return None
    if text[start] == "于" and (end - given < 2 or is_word(text[given:end])):
        return None  # 于水火之中
    word = given == start + 1 and begins_word(text, start)  # no word begins with a surname of two
    known = bool(_SAYS.match(text, end)) and segmenter().is_name(text[start:end])  # 马超反映
    if word and not known and not _personal(text, start, end):
        return None
    if _FOLLOWS.match(text, end) or _apart(text, given, end):
        return Span(start=start, end=end)
    shorter = end - given > 1 and _apart(text, given, given + 1)  # 刘强打人
    return Span(start=start, end=given + 1) if shorter else None


def _apart(text: str, given: int, end: int) -> bool:
    """True if the given part stands apart from the words around it; behind a surname that begins
    few words it may be one itself, as 建军 is."""
    clear, at = text[given - 1] in CLEAR, given
    for word in segmenter().cut(text[given : end + WINDOW], HMM=False):
        if at >= end:
            break
        if len(word) > 1 and is_word(word) and not clear:
            return False
        at += len(word)
    return at == end


def _personal(text: str, start: int, end: int) -> bool:
    """True if what begins with a word can only be a name: by what follows, or 蓝天佑 by its last
    character, which is no ending of words."""
    if _PERSONAL.match(text, end):
        return True
    whole = end - start == 3 and not is_word(text[start:end])
    if whole and typical(text[start + 1 : end]) and _FOLLOWS.match(text, end):
        return True
    return whole and text[end - 1] not in ENDINGS and bool(_ENDS.match(text, end))


def _end(text: str, given: int) -> int | None:
    """Where the given part that begins at ``given`` ends: after one or two characters."""
    said = _FOLLOWS_LONG.match(text, given)  # 曾多次
    one = bool(_GIVEN.match(text, given)) and text[given] not in NOT_IN and not said
    if not one:
        return None
    two = bool(_GIVEN.match(text, given + 1)) and text[given + 1] not in NOT_LAST
    if not two or _FOLLOWS_LONG.match(text, given + 1):
        return given + 1
    return given + 2


def _of_rare_surname(text: str, start: int) -> Span | None:
    """A name of a rare surname that no word of the dictionary runs into."""
    if not _BEGINS_RARE.match(text, start) or begins_word(text, start):
        return None
    end = _end(text, start + 1)
    if end is None or PLACE.match(text, end):
        return None
    given = text[start + 1 : end]
    if len(given) == 1 and given not in GIVEN and _HAN.match(text, end):
        return None
    if len(given) == 2 and GIVEN.issuperset(given) and _closed_by_word(text, end):
        follows = True
    elif len(given) > 1 and is_word(given):
        pure = segmenter().frequency(text[start]) < _COMMON
        follows = pure and _CLOSED.match(text, end) is not None
    else:
        follows = _FOLLOWS.match(text, end) is not None or _apart(text, start + 1, end)
    return Span(start=start, end=end) if follows else None


def _closed_by_word(text: str, end: int) -> bool:
    """True where a word that may follow a name, or another of two characters, begins at ``end``."""
    return bool(_FOLLOWS.match(text, end)) or begins_word(text, end)


def typical(given: str) -> bool:
    """True if ``given`` is no word, and of two characters that given names are made of."""
    twice = len(given) == 2 and given[0] == given[1]  # 朵朵
    return len(given) == 2 and (twice or (GIVEN.issuperset(given) and not is_word(given)))


def typical_at(text: str, start: int) -> Span | None:
    """A name of any surname, characters that given names are made of, and what may follow."""
    surname = _ANY.match(text, start)
    if not surname:
        return None
    for length in (2, 1) if surname.end() - start > 1 else (2,):
        end = surname.end() + length
        given = text[surname.end() : end]
        made = (
            len(given) == length
            and given[-1] not in _PLACES
            and GIVEN.issuperset(given)
            and not is_word(text[start:end])
        )
        pure = segmenter().frequency(text[start]) < _COMMON  # hardly a word by itself
        apart = length == 1 or not is_word(given) or (pure and not begins_word(text, start))
        if made and apart and _FOLLOWS.match(text, end) and not PLACE.match(text, end):
            return Span(start=start, end=end)
    return None


def typical_end(name: str) -> bool:
    """True if the last character of ``name`` is one that given names are made of."""
    return name[-1] in GIVEN


def whole_name(text: str) -> bool:
    """True if ``text`` is a surname, and one character or two that may be a given name."""
    surname = None if no_name(text, 0) else _ANY.match(text)
    given = text[surname.end() :] if surname else ""
    return len(given) in (1, 2) and bool(_RUN.fullmatch(given)) and NOT_IN.isdisjoint(given)


def _unknown(text: str, start: int) -> Span | None:
    """A short run that no word of the dictionary stands in, followed as only persons are."""
    run = _RUN.match(text, start, start + LONGEST + 4)
    for end in range(start + 2, min(run.end(), start + LONGEST) + 1) if run else ():
        name = text[start:end]
        if _SAYS.match(text, end) and not any(character in NOT_LAST for character in name):
            word = has_word(name) or _OFFICE.search(name)
            return None if word else Span(start=start, end=end)
    return None


def _labelled(text: str, start: int) -> Span | None:
    spaced = _SPACED.match(text, start)
    if spaced and not is_word(spaced["given"]):
        return Span(start=start, end=spaced.end())
    native = _NATIVE.match(text, start)
    if native and not is_plain(native[0]):
        return Span(start=start, end=native.end())
    run = _RUN.match(text, start, start + 24)
    if run is None or len(run[0]) < 2:
        return None
    surname = _BEGINS.match(text, start)
    if len(run[0]) <= LONGEST and not _FOLLOWS_LONG.search(text, start, run.end()):
        if re.search(OFFICE_END + "$", run[0]) and not (surname and len(run[0]) < LONGEST):
            return None
        none = is_plain(run[0]) or not NEVER.isdisjoint(run[0])
        return None if none and not surname else Span(start=start, end=run.end())
    surname = surname or _BEGINS_RARE.match(text, start)
    if surname:
        end = _end(text, surname.end())
        named = end is not None and not PLACE.match(text, end) and not begins_word(text, start)
        return Span(start=start, end=end) if end and named else None
    return _unknown(text, start)


def before(text: str, end: int) -> Span | None:
    """The name that ends at ``end``, where words may stand before it; None if there is none."""
    left = max(0, end - WINDOW)
    begins, at = set[int](), left
    for word in segmenter().cut(text[left:end], HMM=False):
        begins.add(at)
        at += len(word)
    for length in (3, 2, 4):
        start = end - length
        name = text[max(0, start) : end]
        surname = _BEGINS.match(name) or _BEGINS_RARE.match(name)
        if length == 3 and _MAY_LINK.match(name) and not _GOES_ON.match(text, start - 1, start):
            surname = _MAY_LINK.match(name)
        office = length == 3 and start > 0 and name[0] in CLEAR and text[start - 1] in _OF_OFFICES
        if len(name) < length or surname is None or not (start in begins or office):
            continue
        given = name[surname.end() :]
        if len(given) not in (1, 2) or not all(map(_GIVEN.match, given)) or NOT_IN & {*given}:
            continue
        common = given == name[1:] and is_word(given) and not GIVEN.issuperset(given)
        if common and _BEGINS_RARE.match(name) and segmenter().frequency(name[0]) >= _COMMON:
            continue  # 班报名, 原预留
        if _FOLLOWS_LONG.fullmatch(given) or given == "工":
            continue  # 小李联系, 王工手机
        if name[-1] not in NOT_LAST and not is_word(name):
            return Span(start=start, end=end)
    return None


def after_role(text: str, start: int) -> Span | None:
    """A name of three characters behind a word for a private person: a surname that links no
    words, a given part of characters that given names are made of, even if it is a word
    (海东升), and what may follow a name."""
    end = start + 3
    given = text[start + 1 : end]
    if not _SURNAME.match(text, start) or _MAY_LINK.match(text, start) or no_name(text, start):
        return None
    made = len(given) == 2 and GIVEN.issuperset(given) and given[1] not in _PLACES
    made = made and not re.fullmatch(TITLES, given)
    if not made or is_word(text[start:end]) or PLACE.match(text, end):
        return None
    known = begins_word(text, start) and segmenter().frequency(text[start : start + 2]) >= _COMMON
    ended = _ENDS.match(text, end) if known else _closed_by_word(text, end)  # 阳光明，
    return Span(start=start, end=end) if ended else None

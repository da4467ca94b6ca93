"""What a rule of personal data is: a row with its example, and what the example is shown as."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kb.text.chars import narrow
from kb.text.numerals import in_digits
from kb.text.traditional import simplified
from kb.types import Span

# What a rule is searched in; each has as many code points as the text: ``words`` with its
# full-width letters, digits and signs narrow, ``digits`` with every numeral a digit besides.
View = Literal["words", "digits"]
# What a row for letters hides: ``contacts`` whoever is named on the line, with every number on it;
# ``landlines`` the numbers on the line, if nobody is named there; ``numbers`` what the group
# ``hide`` holds; ``members`` the person in ``hide``, also elsewhere in the letter.
Hides = Literal["contacts", "landlines", "numbers", "members"]
Finder = Callable[[str, Span], Iterator[Span]]


# 13912345678一直, 406三户: behind digits these numerals are none of the number.
_NO_DIGIT = re.compile(
    r"(?<![0-9])(?:[0-9]{7,8}|1[0-9]{10}|[0-9]{15,19})[一二两三四五六七八九十]"
    r"(?![一二三四五六七八九十〇零0-9])|[0-9]{3}[一二两三四五六七八九十](?=[户人家位名])"
)
_SIGNED = r"[¹²³⁰⁴-⁹₀-₉①-⑨⓪⓿❶-❾➀-➈➊-➒⑴-⑼⒈-⒐⓵-⓽㊀-㊈㈠-㈨]"
_NUMBER_OF_SIGNS = re.compile(rf"{_SIGNED}(?:[\s\-—·.\d]{{0,2}}{_SIGNED}){{2,}}")
_TENS = str.maketrans("拾佰", "十百")
_DOTS = str.maketrans(dict.fromkeys("•‧・∙⋅●･﹒˙", "·"))  # what stands for · in names


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiRule:
    """One kind of personal data.

    ``finds`` takes the view and where the group ``hide`` stands, and gives what of it is personal
    data: nothing where a check digit is wrong. Of that ``hides`` characters are hidden, all but
    the first ``front`` and the last ``back``. ``hidden`` is the ``example`` as it is shown.
    """

    kind: str
    view: View
    pattern: re.Pattern[str]
    finds: Finder
    hides: re.Pattern[str]
    front: int
    back: int
    example: str
    hidden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactRule:
    """``example`` is shown as ``hidden`` where what the row ``hides`` is not to be shown.

    ``titled``: the person stands at the end of the group, before a title; ``due``: the person is
    all of the group, which is weighed as a name and as words.
    """

    kind: str
    hides: Hides
    pattern: re.Pattern[str]
    example: str
    hidden: str
    titled: bool = False
    due: bool = False


def redact_row(
    kind: str,
    hides: Hides,
    pattern: str,
    example: str,
    hidden: str,
    *,
    titled: bool = False,
    due: bool = False,
) -> RedactRule:
    """A row whose ``pattern`` is searched in the view ``words``."""
    return RedactRule(
        kind=kind,
        hides=hides,
        pattern=re.compile(pattern, re.MULTILINE),
        example=example,
        hidden=hidden,
        titled=titled,
        due=due,
    )


def views(text: str) -> dict[View, str]:
    """``text`` as rules search it."""
    words = in_words(text)
    told = _NUMBER_OF_SIGNS.sub(_in_plain_digits, words)
    digits = list(in_digits(told).translate(_TENS))
    for numeral in _NO_DIGIT.finditer(words):
        digits[numeral.end() - 1] = numeral[0][-1]
    return {"words": words, "digits": "".join(digits)}


def _in_plain_digits(number: re.Match[str]) -> str:
    """①③⑧ as 138, ¹³⁸ too; as many code points."""
    values = ((sign, unicodedata.numeric(sign, None)) for sign in number[0])
    return "".join(sign if value is None else str(int(value)) for sign, value in values)


def in_words(text: str) -> str:
    """``text`` narrow, its characters simplified, any dot a ·; as many code points."""
    return simplified(narrow(text, signs=True).translate(_DOTS))


def whole(_: str, span: Span) -> Iterator[Span]:
    """All that the group holds."""
    yield span


def where(holds: Callable[[str], bool]) -> Finder:
    """All that the group holds, if it ``holds``."""

    def finds(view: str, span: Span) -> Iterator[Span]:
        if holds(span.of(view)):
            yield span

    return finds


def digits_in(words: str) -> str:
    """The letters and digits of ASCII in ``words``."""
    return "".join(character for character in words if character.isascii() and character.isalnum())

"""What a message asks: its questions, without greeting, complaint and story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.query.talk import talk

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+")
# Words that make a question of a sentence.
_WHAT = (
    r"什么|多少|(?<![好这那近十前])几(?!乎|经|度|番|近)|怎么|怎样|咋|如何|哪|谁|何时|何地|为何|为啥|啥"
    r"|多(?:久|长|大|高|远)"
)
_WHETHER = (
    r"[?？]|吗|(?:没有?|不|否|么|不曾|未)[。？?！]*$|能不能|能否|可不可以|可否|有没有|是不是|是否|会不会|要不要"
    r"|应不应|该不该|用不用|行不行|对不对|([\u4e00-\u9fff])不\1|([\u4e00-\u9fff])没\2"
)
_ASKS = re.compile(
    rf"{_WHAT}|{_WHETHER}|请问|想问|想知道|打听|(?:告诉|查)(?:一下|下|我)|请教|求(?:问|解)"
)
_WHAT_ASKED = re.compile(_WHAT)
_RHETORIC = re.compile(
    r"难道|凭(?:什么|啥)|谁(?:管(?:啊|呀|呢|过|[。！？!?]*$)|受得了|说不是)|还让不让|真有这|有没有(?:天理|王法|良心)"
    r"|怎么(?:能|可以|好意思)这|算(?:什么|哪门子)|怎么办(?:啊|呀|呢)?[？?！!。]*$|[是个]什么(?:玩意|东西|态度)"
    r"|什么(?:玩意|态度)[！!。]*$|哪(?:里|儿)(?:还|有)?(?:管|理|讲)"
    r"|(?:不|没)(?:是|有|求|要|图|为|懂|会|用)?(?:什么|多少|几)[^？?]*[。！!，,]?$"
)
# What leads into a question and is no part of it.
_LEAD = re.compile(
    r"(?:请问(?:一下|下)?|想(?:要)?(?:请?问问?|知道|打听|弄明白|弄清楚|搞清楚|搞明白|了解|咨询)"
    r"(?:一下|下|一句|清楚)?|打听(?:一下|下)?|请教(?:一下|下)?|告诉我(?:们)?|(?:准话|实话|句话)"
    r"|(?:帮忙|帮我|给)?查(?:一下|下)|不(?:晓得|知道|清楚))[，,：:\s]*"
)
_ASKED_OF = re.compile(r"^[^，,。；;：:]{0,14}(?:问|请教|咨询|想知道|了解)[^，,。；;：:]{0,6}[：:]")
_ALSO = re.compile(
    r"^(?:还有|另外|顺便(?:再)?(?:问|请问)?(?:一?下)?|以及|再(?:请)?问(?:一?下)?|同时|此外|然后|再就是)[，,：:\s]*"
)
_NUMBERED = re.compile(
    r"(?:^|(?<=[\n\s；;，,。：:？?]))\s*"
    r"(?:[（(]?[1-9一二三四五][)）.．、]|第?[一二三四五](?:是|个问题)?[，、：:])\s*"
)
_JOINT = re.compile(
    r"[，,；;、]\s*(?:还有|另外|顺便(?:再)?(?:问|请问)?(?:一?下)?|以及|再(?:请)?问(?:一?下)?|同时|此外|然后|再就是)[，,]?\s*"
)
_PIECE = re.compile(r"[^\s，,。！!？?~～、]*[\s，,。！!？?~～、]+|[^\s，,。！!？?~～、]+")
_COMMA = re.compile(r"[，,；;]")
_TOLD = r"(?![一二两三四五六七八九十百千万零〇])[\u4e00-\u9fff]"  # no numeral: 二零二零年
_AGAIN = re.compile(rf"((?:{_TOLD}){{2,8}}?)\1+")
_ONE_AGAIN = re.compile(rf"({_TOLD})\1{{2,}}")
_SPACED = 5  # single characters with spaces between
_ALL_OF_IT = ("able", "bye", "who", "insult", "complain")  # small talk that nobody asks beside
_LITTLE = 12  # characters said beside small talk
_LEAST = 5  # characters of a question
_LEAST_ALONE = 8  # and of one at the end of a story that is asked beside another
_LONGEST_TOGETHER = 60  # characters of neighbouring questions at the end of a story
_LEAST_LED = 12  # characters before 我就想问 that tell a story
_STORY = 30  # characters from which a message with other sentences is a story
MOST = 4  # questions of one message


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedIn:
    """The ``questions`` in a message and the ``story`` around them.

    ``whole`` is all of them in one; ``kind`` is None where the message is the question as it
    stands.
    """

    questions: tuple[str, ...]
    whole: str
    story: str = ""
    kind: Literal["story", "split"] | None = None


def asked_in(message: str) -> AskedIn:
    """What ``message`` asks: its last questions where it tells a story, else each that it asks."""
    plain = _ASKED_OF.sub("", _without_talk(message), count=1)
    numbered = _numbered(plain)
    if numbered:
        return AskedIn(questions=numbered, whole=plain, kind="split")
    sentences = [match[0] for match in _SENTENCE.finditer(plain) if match[0].strip()]
    asking = [at for at, sentence in enumerate(sentences) if asks(sentence)]
    if len(asking) < len(sentences) and len(plain) >= _STORY and asking:
        return _of_story(sentences, asking)
    questions = _each(sentences)
    if len(questions) > 1:
        return AskedIn(questions=questions, whole=plain, kind="split")
    rest = plainly_asked(plain)
    if len(plain) - len(rest) >= _LEAST_LED:
        story = plain[: len(plain) - len(rest)]
        return AskedIn(questions=(rest,), whole=rest, story=story, kind="story")
    return AskedIn(questions=(plain,), whole=plain, kind=None if plain == message else "story")


def unstuttered(message: str) -> str:
    """``message`` without spaces between single characters and words said again and again."""
    pieces = message.split()
    if len(pieces) >= _SPACED and all(len(piece) == 1 for piece in pieces):
        message = "".join(pieces)
    return _AGAIN.sub(r"\1", _ONE_AGAIN.sub(r"\1", message))


def asks(sentence: str) -> bool:
    """True if ``sentence`` is a question, and not one that only complains."""
    return bool(_ASKS.search(sentence.strip())) and not _RHETORIC.search(sentence)


def _without_talk(message: str) -> str:
    """``message`` without greeting and thanks at its ends; as it is where nothing is left."""
    pieces, first, last = _apart(message)
    kept = "".join(pieces[first:last]).strip()
    return kept if kept and last - first < len(pieces) else message


def _apart(message: str) -> tuple[list[str], int, int]:
    """The pieces of ``message``, and from which to which they are no small talk."""
    pieces = _PIECE.findall(message.strip())
    first, last = 0, len(pieces)
    while first < last and talk(pieces[first]):
        first += 1
    while last > first and talk(pieces[last - 1]):
        last -= 1
    return pieces, first, last


def said_beside(message: str) -> str | None:
    """The code of small talk beside which ``message`` only says a little: 去接孩子了，拜拜."""
    pieces, first, last = _apart(message)
    kept = "".join(pieces[first:last])
    codes = [talk(piece) for piece in (*pieces[:first], *pieces[last:])]
    if len(kept) > _LITTLE or _ASKS.search(kept):
        return None
    return next((code for code in codes if code in _ALL_OF_IT), None)


def _of_story(sentences: Sequence[str], asking: Sequence[int]) -> AskedIn:
    """The last questions of the ``sentences``, of which those at ``asking`` ask."""
    first = last = asking[-1]
    while first - 1 in asking and len("".join(sentences[first - 1 : last + 1])) <= (
        _LONGEST_TOGETHER
    ):
        first -= 1
    asked = sentences[first : last + 1]
    story = "".join((*sentences[:first], *sentences[last + 1 :])).strip()
    alone = all(len(sentence.strip()) >= _LEAST_ALONE for sentence in asked)
    questions = _each(asked) if alone else ()
    one = plainly_asked("".join(asked).strip())
    return AskedIn(questions=questions or (one,), whole=one, story=story, kind="story")


def _each(sentences: Sequence[str]) -> tuple[str, ...]:
    """Every question of ``sentences``; () unless they are two to four, and nothing else."""
    parts = (part for sentence in sentences for part in _joined(sentence))
    found = tuple(_ALSO.sub("", plainly_asked(part)).strip("；; ") for part in parts)
    return found if 1 < len(found) <= MOST and all(map(asks, found)) else ()


def plainly_asked(question: str) -> str:
    """``question`` from after the last 我就想问一句 or the like that leads into it."""
    for lead in reversed(list(_LEAD.finditer(question))):
        rest = question[lead.end() :]
        if len(rest) > _LEAST and _ASKS.search(rest):
            return rest
    return question


def _numbered(message: str) -> tuple[str, ...]:
    """The questions that ``message`` numbers; () unless each of its items asks."""
    if len(_NUMBERED.findall(message)) < 2:
        return ()
    begin = _NUMBERED.search(message)
    items = [part.strip() for part in _NUMBERED.split(message[begin.start() if begin else 0 :])]
    found = tuple(part.strip("；;，,。 ") for part in items if part)
    return found if 1 < len(found) <= MOST and all(map(asks, found)) else ()


def _joined(sentence: str) -> list[str]:
    """The questions of one sentence: parted by 另外 and the like, or each asking for a fact."""
    rest = sentence.strip()
    parts = [part.strip() for part in _JOINT.split(rest) if part.strip()]
    if len(parts) == 1:
        parts = _by_facts(rest)
    long = all(len(part) >= _LEAST or _WHAT_ASKED.search(part) for part in parts)
    return parts if len(parts) > 1 and long and all(map(asks, parts)) else [sentence.strip()]


def _by_facts(sentence: str) -> list[str]:
    """The clauses of ``sentence``, those that ask for no fact joined to the one after them."""
    parts, lead = list[str](), ""
    for clause in _COMMA.split(sentence):
        lead = f"{lead}，{clause}" if lead else clause
        if _WHAT_ASKED.search(clause):
            parts.append(lead)
            lead = ""
    if lead and parts:
        parts[-1] += f"，{lead}"
    return parts or [sentence]

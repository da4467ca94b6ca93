"""Questions as people ask them, of what the newest letters say; nothing of what visitors typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from kb.privacy.pii import masked
from kb.search.browse import entry_of
from kb.search.suggest import suggestions
from kb.store.codec import head_of
from kb.store.memo import memo
from kb.store.outline import outline_of
from kb.store.protocol import SnapshotReader
from kb.text.sentences import answers_from, quotable, sentences, trimmed
from kb.text.synonyms import SYNONYMS
from kb.text.titles import consulted, subject_of, subject_words
from kb.text.tokens import segmenter, word_lists
from kb.types import Letter, Scope, Span

MOST = 6
FEW = 3
TOPICS, _EACH = 12, 8  # that are tried: topics, and questions of each
_LETTERS = 200  # the newest, that are asked about
_SENTENCES = 60  # of each, that are looked at
_WHOLE = 4  # characters of a word that is a subject by itself: 加装电梯, but not 公交
_LONGEST = 8  # of a subject of two words
_NAMED = 3  # characters of a name that says what is meant to whoever reads it alone
_PLACE = re.compile(r"[村镇乡区县市州庄]$|街道$|社区$|[省市州县]{1,2}政府$")
_MONEY = r"\d[\d,.]{0,12}\s?(?:万|亿)?元"
_DAY = r"(?:20\d\d年|今年|明年)(?:\d{1,2}月|年?底|[上下]半年)?"
_UNITS = "个|部|处|所|公里|户|台|座|套|间|辆|条|张|家|名|人|万人|亩|万亩|棵|盏|平方米"
_NO_NOUN = re.compile(r"^[的了到为达约近共及和与等各已其是]$|[的了]$|^共计|^合计|^累计")
# What a sentence says → how somebody would ask for it, with the sentence's own words for it.
_ASKED = tuple(
    (re.compile(said), question)
    for said, question in (
        (rf"(?P<per>每[部台户人年月次间张座个学期]{{1,3}})[^，。；\d]{{0,6}}(?P<act>补助|补贴|奖补|奖励|发放)[^，。；\d]{{0,8}}{_MONEY}",
         "{thing}{per}{act}多少钱？"),
        (rf"(?P<act>补助|补贴|奖补|救助|奖励)[^，。；\d]{{0,8}}{_MONEY}", "{thing}{act}多少钱？"),
        (rf"(?P<act>收费|票价)[^，。；\d]{{0,10}}{_MONEY}", "{thing}{act}是多少？"),
        (rf"{_DAY}[^，。；\d]{{0,10}}(?P<act>建成|完工|竣工|投用|投入使用|开放|通车|开工|动工|开通)",
         "{thing}什么时候{act}？"),
        (rf"(?P<act>投资|投入)[^，。；\d]{{0,8}}{_MONEY}", "{thing}{act}了多少钱？"),
        (rf"(?P<act>新增|新建|改造|加装|建成|完成|更换|安装|修建|配备)(?P<noun>[\u4e00-\u9fff]{{0,8}}?)(?:约|近)?\d[\d,.]*万?(?P<unit>{_UNITS})",
         "{act}了多少{unit}{noun}？"),
    )
)  # fmt: skip
_OF_THINGS = ("{thing}什么时候{act}？",)  # not asked of what is done: 装电梯


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question for what the sentence at ``span`` of a letter says; ``form`` is how it asks."""

    question: str
    form: str
    letter_id: str
    span: Span


def examples(
    reader: SnapshotReader,
    *,
    scope: Scope,
    approved: Sequence[str] = (),
    told: Callable[[Example], bool] = lambda example: True,
    most: int = MOST,
) -> tuple[str, ...]:
    """At most ``most`` questions that can be asked: those that staff approved, then the letters'.

    Each of the letters' is about another topic, and ``told``: answered by what it was made of.
    Where they give fewer than ``FEW``, those that their titles and headings give follow. Personal
    data is in none.
    """
    first = (question for question in approved if masked(question) == question)
    found = dict.fromkeys((*first, *islice(_chosen(_of_letters(reader, scope), told), MOST)))
    if len(found) < FEW:
        found |= dict.fromkeys(suggestions("", reader, scope=scope))
    return tuple(found)[:most]


def _chosen(
    by_topic: Sequence[Sequence[Example]], told: Callable[[Example], bool]
) -> Iterator[str]:
    """Questions, one a topic, in unused forms where there are such; tried as they are taken."""
    used = set[str]()
    for asked in by_topic:
        fresh = sorted(asked, key=lambda example: example.form in used)
        example = next(filter(told, fresh), None)
        if example:
            used.add(example.form)
            yield example.question


@memo()
def _of_letters(reader: SnapshotReader, scope: Scope) -> tuple[tuple[Example, ...], ...]:
    """What can be asked of the newest letter of each of ``TOPICS`` topics that has such."""
    found = dict[str, tuple[Example, ...]]()
    newest = reader.newest(_LETTERS, scope)
    for head in sorted(newest, key=lambda head: (head.issued_on or "", head.id), reverse=True):
        letter = reader.letter(head.id)
        topic = _topic(letter)
        if consulted(head.title) or topic in found:
            continue
        asked = tuple(one for one in _asked(letter) if masked(one.question) == one.question)
        if asked:
            found[topic] = asked[:_EACH]
        if len(found) == TOPICS:
            break
    return tuple(found.values())


def thing_of(letter: Letter) -> str:
    """What the letter is about in one short name, an everyday one where there is one; else ""."""
    title = letter.value("proposal_title") or subject_of(letter) or ""
    words = _objects(title, subject_words(letter))
    if not words:
        return ""
    thing = words[0]
    if len(thing) < _WHOLE:
        behind = title[title.find(thing) + len(thing) :]
        after = next((word for word in words[1:] if behind.startswith(word)), "")
        thing += after if len(thing + after) <= _LONGEST else ""
    return _everyday().get(thing, thing)


def _objects(title: str, words: Sequence[str]) -> Sequence[str]:
    """``words`` without those that say what is to be done: 关于尽快开工建设市图书馆 begins so."""
    at, done = title.find("关于") + len("关于"), 0
    while done < len(words) and title.startswith(words[done], at):
        if not segmenter().is_doing(words[done]):
            break
        at, done = at + len(words[done]), done + 1
    return words[done:]


def _topic(letter: Letter) -> str:
    return next(
        iter(entry_of(head_of(letter), outline_of(letter)).topics),
        letter.value("issuer") or letter.id,
    )


def _asked(letter: Letter) -> Iterator[Example]:
    """Questions for what the letter says of its subject, the best first."""
    thing = thing_of(letter)
    named = len(thing) >= _NAMED and not _PLACE.search(thing)
    told = list(_told(letter)) if named else []
    for pattern, form in _ASKED:
        for span in told:
            match = pattern.search(span.of(letter.text))
            if match is None:
                continue
            words = match.groupdict()
            if "noun" in words and not _names_a_thing(words["noun"]):
                continue
            if form in _OF_THINGS and segmenter().is_doing(next(segmenter().cut(thing))):
                continue
            question = form.format_map({"thing": thing, **words})
            yield Example(question=question, form=form, letter_id=letter.id, span=span)


def _names_a_thing(words: str) -> bool:
    """True if ``words`` are nouns: 停车泊位, but not 投入使用 or 农机的."""
    parts = list(segmenter().cut(words))
    return (
        len(words) > 1
        and not any(map(_NO_NOUN.search, parts))
        and not any(map(segmenter().is_doing, parts))
    )


def _told(letter: Letter) -> Iterator[Span]:
    """The first sentences of the letter that name its subject and can be quoted."""
    title = letter.value("proposal_title") or subject_of(letter) or ""
    words = _objects(title, subject_words(letter))[:1]
    rest = Span(start=answers_from(letter), end=letter.body.end)
    for sentence in islice(sentences(letter.text, rest), _SENTENCES):
        span = trimmed(letter.text, sentence)
        said = span.of(letter.text)
        if any(word in said for word in words) and quotable(letter, span, contact=False):
            yield span


@lru_cache(maxsize=1)
def _everyday() -> dict[str, str]:
    """Official words of four characters or more → the everyday word that stands for each."""
    found = dict[str, str]()
    for everyday, *official in word_lists(SYNONYMS):
        for word in official:
            if len(word) >= _WHOLE:
                found.setdefault(word, everyday)
    return found

"""A question of a bare word gives a choice: questions about it that letters answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kb.privacy.pii import masked
from kb.query.parse import Query
from kb.query.subject import bare_subject
from kb.replies import Notice
from kb.search.browse import spoken
from kb.search.suggest import suggestions
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import fold
from kb.text.sentences import answers_from
from kb.text.synonyms import meanings
from kb.text.tokens import segmenter, stopwords
from kb.text.traditional import simplified
from kb.types import Scope

FEWEST, MOST = 3, 5  # questions to choose from
PASSAGES = 40  # in which the words are looked for
REMEMBERED = 512  # words whose questions are kept
TRIED = 8  # questions that are put to the letters at most
SUGGESTED = 2  # of headings and subjects, and of words that stand behind
TITLES = 4  # of letters
LONGEST_TITLE = 24  # characters of what one is about
LONGEST = 8  # characters of what a question is about
_AROUND_THING = re.compile(
    r"^(?:关于|对|反映|咨询|投诉|建议|请求|希望)+|(?:的|等)?(?:问题|情况|反映|诉求|建议|咨询|投诉|提案)?(?:的|等)?"
    r"(?:答复|回复|复函|函|问题|反映|建议|咨询|投诉)+$"
)
_THING = re.compile(r"[\u4e00-\u9fffA-Za-z\d“”]*[\u4e00-\u9fff](?<![有的了点是吗])")
_FIGURE = r"\d[\d.,]{0,8}\s?(?:余|多)?万?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a sentence must show about a subject so that ``question`` may be asked of it."""

    name: str
    shows: re.Pattern[str]
    question: str
    example: str


def _template(name: str, shows: str, question: str, example: str) -> Template:
    return Template(name=name, shows=re.compile(shows), question=question, example=example)


# In the order in which they are tried; {0} is the subject, {unit} and {done} are of the sentence.
TEMPLATES = (
    _template("补助", rf"(?:补助|补贴|奖补|奖励)[^。；，]{{0,12}}?{_FIGURE}亿?元", "{0}补助多少钱？", "每部电梯补助8万元"),
    _template("数量", rf"{_FIGURE}(?P<unit>部|个|座|处|台|辆|户|公里|所|家|张|栋|套|平方米|盏|条|件|名|床)", "{0}有多少{unit}？", "全市新增电梯60部"),
    _template("打算", r"下一步|将(?!军)|计划|拟(?!定)|力争", "{0}，下一步有什么打算？", "我们将加装电梯"),
    _template("谁", r"由[^。；，]{2,20}?(?:局|委|办|街道|公司|中心|部门|物业|社区|政府)[^。；，]{0,10}?(?:负责|牵头|承担|实施|管理|维护)", "{0}由谁负责？", "电梯由物业公司负责维护"),
    _template("收费", rf"(?:收费|票价|价格|租金|收取)[^。；，]{{0,10}}?{_FIGURE}元", "{0}收费多少钱？", "停车收费每小时5元"),
    _template("时间", r"(?:\d{4}年|[今明]年|\d{1,2}月)[^。；，]{0,16}?(?P<done>完成|建成|开工|竣工|投入使用|启动|开通|完工|投用)", "{0}什么时候{done}？", "电梯2025年底前完成改造"),
    _template("资金", rf"(?:投资|投入|资金|安排|筹集)[^。；，]{{0,12}}?{_FIGURE}亿?元", "{0}投入了多少资金？", "电梯改造投入资金300万元"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a sentence says about the words asked, and what it calls them: 加装电梯 for 电梯."""

    called: str
    text: str
    letter_id: str


def choice(
    query: Query, reader: SnapshotReader, *, answered: Callable[[str], bool]
) -> Notice | None:
    """Questions to choose from about the word or two that ``query`` is.

    ``answered`` says of a question whether letters answer it. None for other questions, and where
    letters answer none, or too few for a choice and the word itself.
    """
    words = bare_subject(query)
    if not words:
        return None
    kept = _kept(reader, query.scope)
    options = kept.get(words)
    if options is None:
        candidates = _candidates(words, reader, query.scope)
        options = tuple(islice(filter(answered, candidates), MOST))
        if len(kept) < REMEMBERED:
            kept[words] = options
    if not options or (len(options) < FEWEST and answered(query.text)):
        return None
    return Notice(
        question=query.typed,
        snapshot=reader.snapshot.version,
        code="choose",
        text=f"关于“{''.join(words)}”，答复里说到几件事。您想问哪一件？",
        options=options,
    )


@memo()
def _kept(reader: SnapshotReader, scope: Scope) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The choices that were offered of these letters, by words: each takes as many questions."""
    return {}


def _candidates(words: tuple[str, ...], reader: SnapshotReader, scope: Scope) -> tuple[str, ...]:
    """Questions about ``words`` that letters may answer; () where there are too few."""
    told = list(_told(words, reader, scope))
    known = suggestions("".join(words), reader, scope=scope, most=SUGGESTED)
    asked, titled = list(_templated(told)), list(_titled(words, told, reader))
    rows = (*asked[:FEWEST], *titled, *asked[FEWEST:], *known, *_companions(words, told))
    found = list(dict.fromkeys(rows))
    shown = [question for question in found if masked(question) == question][:TRIED]
    return tuple(shown) if len(shown) >= FEWEST else ()


def _told(words: tuple[str, ...], reader: SnapshotReader, scope: Scope) -> Iterator[_Told]:
    """What letters say where all of ``words`` stand, best passages first."""
    asked = [token for word in words for token in (word, *spoken(word))]
    for ordinal, _ in reader.lexical(asked, limit=PASSAGES, scope=scope):
        passage = reader.passage(ordinal)
        letter = reader.letter(passage.letter_id)
        begin = answers_from(letter)
        for span in passage.sentences:
            if span.start >= begin:
                text = simplified(span.of(letter.text)).strip()
                clauses = re.split("[，。；！？\n]", text)
                at = next((i for i, c in enumerate(clauses) if _holds(c, words)), None)
                if at is not None:
                    near = "，".join(clauses[at : at + 2])
                    called = _called(clauses[at], words)
                    yield _Told(called=called, text=near, letter_id=letter.id)


def _holds(text: str, words: Sequence[str]) -> bool:
    """True if each of ``words``, or one of the same meaning, is in ``text``."""
    folded = fold(text)
    return all(any(meaning in folded for meaning in meanings(word)) for word in words)


def _templated(told: Sequence[_Told]) -> Iterator[str]:
    """Of each template the question that most of what letters say gives an answer to."""
    commonest = Counter(place.called for place in told).most_common(1)
    for template in TEMPLATES:
        shown = ((place.called, template.shows.search(place.text)) for place in told)
        counted = Counter(
            (called, template.question.format("{0}", **match.groupdict()))
            for called, match in shown
            if match
        )
        for (called, question), _ in counted.most_common(1):
            names = (called, *(name for name, _ in commonest if template in TEMPLATES[:2]))
            yield from (question.format(name) for name in dict.fromkeys(names))


def _titled(words: tuple[str, ...], told: Sequence[_Told], reader: SnapshotReader) -> Iterator[str]:
    """What became of the matter that a letter is about, the best letters first."""
    letters = (reader.letter(letter_id) for letter_id in dict.fromkeys(p.letter_id for p in told))
    titles = (simplified(letter.title.value) for letter in letters if letter.title)
    things = (_AROUND_THING.sub("", title) for title in titles)
    whole = (thing for thing in things if _THING.fullmatch(thing))
    for thing in islice((t for t in whole if _holds(t, words)), TITLES):
        if len(thing) <= LONGEST_TITLE:
            yield f"{thing}，是怎么处理的？"


def _called(clause: str, words: tuple[str, ...]) -> str:
    """The words as the clause has them: 加装电梯 for 电梯."""
    whole = "".join(words)
    known = segmenter().frequency
    cut = (word for word in segmenter().cut(clause) if whole in word and len(word) <= LONGEST)
    return next((word for word in cut if known(word)), whole)


def _companions(words: tuple[str, ...], told: Sequence[_Told]) -> Iterator[str]:
    """What letters say right behind the words, the most frequent first: 电梯维修."""
    whole, behind = "".join(words), Counter[str]()
    for place in told:
        rest = place.text.partition(whole)[2][:LONGEST]
        follows = next(iter(segmenter().cut(rest)), "")
        if len(follows) > 1 and follows not in stopwords() and segmenter().is_telling(follows):
            behind[follows] += 1
    for word, _ in behind.most_common(SUGGESTED):
        yield f"{whole}{word}，目前情况怎么样？"

"""Questions about promises: what was promised, until when, whether it was done, what is overdue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kb.query.directory import Directory
from kb.query.mentions import Mention, mentions, without
from kb.text.chars import bare
from kb.text.places import Place
from kb.text.synonyms import meanings
from kb.text.tokens import subject_tokens
from kb.text.traditional import simplified

Asked = Literal["what", "when", "done", "soon", "overdue", "unkept", "dropped", "open", "kept"]
LISTS: frozenset[Asked] = frozenset(("soon", "overdue", "unkept", "dropped", "open", "kept"))
_TOPIC_LENGTH = 16  # characters; a question that says more is about something of its own

_PROMISED = re.compile(
    r"(?<!告知)(?<!信用)(?<!服务)承诺(?:过|了|的|要|会|将)?(?!书|制|件|函|办结|时限|人|单位|金)"
    r"|答应(?:过|了|的|要|会|给)?|许诺(?:过|了|的)?|允诺(?:过|了|的)?|应承(?:过|了|的)?"
    r"|(?<!不)(?<!听)(?<!据)说(?:好|定)(?:了|的|要|是)?|(?<!听)(?<!据)(?<!别人)(?<!有人)说[过了]?(?:要|会)(?!不会)"
    r"|保证过|当[初时年](?:说|讲|保证)[的了过]?|拍[过了]?胸脯|打[过了]?包票|许[了过下]的?|说的(?=.{0,4}(?:做到|办到|算数|兑现|落实))|表[了过]态|兑现|说到做到|说话算[话数]|说话不算|算不算数"
    r"|食言|画的?大?饼|空头支票|放空炮"
)
# Which of them: the first row that the question's words meet.
_STATES: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("soon", re.compile(r"(?:快要?|马上就?要?|就要|即将|将要|临近)到?期限?了?的?")),
    ("overdue", re.compile(
        r"(?:逾期(?!未?(?:缴|交|还|付|申报|登记|年检)|利息|罚|费)|超期|误期|过期(?!药|食|的?[药食证])|超时(?!段)"
        r"|(?:超过?|过)了?(?:期限?|时限|日子)|到期了?[还都]?[没未]|[没未]有?能?[按如][时期]|(?:时间|期限|日子)(?:都|已经?|早就?)?(?:到|过)了|拖(?:着|延|欠?到现在|拉|了很?久)[还都]?[没未不]?|迟迟[没未不])"
        r"有?能?(?:办|做|完成|落实|兑现|解决)?(?:理|完|好|成(?!了)|结|到)?的?"
    )),
    ("unkept", re.compile(
        r"[没未]有?能?(?:兑现|做到|实现|达到|达成)|不兑现|食言|落空|爽约|跳票|说话不算|说了(?:不算|[没不][做办])|打水漂"
        r"|空头支票|画的?大?饼|放空炮|(?:答应|承诺|说)[了过]?(?:却|又|但|可)?没(?:有)?做"
    )),
    ("dropped", re.compile(r"取消了?(?:不(?:办|搞|做)了)?的?|不再?(?:办|搞|实施|建)了的?|不再(?:办|搞|实施|建)的?|泡汤了?|黄了|叫停了?|作废了?")),
    ("open", re.compile(
        r"(?:[没未]有?|没能|待)[给去能]?(?:办|做|完成|落实|解决|启动|动工|建成|建好|弄好|搞好|搞定|处理)"
        r"(?!法|理|公|事处)(?:完|好|成|结|到|掉|妥|的)?|在办|(?:正在|还在)(?:办|推进|做|落实)(?:的|着)?|进行中"
    )),
    ("kept", re.compile(
        r"(?:办|做)(?:完|好|成|到|妥)了?的?|已经?(?:办|完成|兑现|落实|实现|做)(?:结|完|好|成|到)?了?的?"
        r"|(?:完成|兑现|落实|实现)了的?"
    )),
)  # fmt: skip
# What asks for all of them. 哪些小区 asks for something else than promises.
_EVERY = re.compile(
    r"哪些|哪几[个件项条]?|(?:多少|几)[个件项条]|还?有(?:什么|啥)(?:事情?|事项|承诺|任务)?|列一?[出下举]?|清单|名单"
    r"|所有|全部|还剩(?:下|多少)?|[欠差]着?(?:什么|啥)|哪一?件|统计|一共|总共"
)
_STILL = re.compile(
    r"(?:什么|啥)(?:事情?)?(?:现在|到现在|至今)?[还都]?(?:[没未]|不(?:做|办)|逾期)"
)  # 还没办
_OTHER_THINGS = re.compile(
    r"(?:哪些|哪几[个件项条]?+|(?:多少|几)[个件项条])的?+(?!$|的|事|承诺|任务|工作|东西|目标|项目|还|[没未尚]|已|都|是|逾|超|误|拖|过|到|迟|答应"
    r"|许|说|在|正|办|做|落实|完成|兑现|食言|待|进行|，|[？?])"
)
_OF_SOMETHING = re.compile(
    r"□(?![□的了吗呢么啊，\s]|事|承诺|任务|工作|有|是|一共|都|$)"
)  # 没办残疾证
_ONLY = re.compile(r"的(?:事情?|事项|承诺|任务|项目)?[吗么]?$")  # 有没有逾期的
_MATTER = re.compile(
    r"[这那]?[件个些]?(?:(?<=的)|(?<=[这那件个些]))事[情儿项]?|事[情儿项]?(?=[办做落解处弄搞])"
)
_ASKS_WHETHER = re.compile(
    r"有没有|(?P<word>办|做|落实|兑现|完成|实现|解决|到位)没(?:有)?(?P=word)"
)
_WHAT = re.compile(r"什么|哪些|哪几|啥|多少|怎么说|过吗|过没|几[个件项条]|没有$")
_WHEN = re.compile(
    r"(?:什么|啥)时[候间]|何[时日年]|几时|哪一?[天年月]|几月|多久|期限|时限|日期|到哪年"
)
# Of these nobody needs to say that it was promised.
_DEED = r"(?:办|做|落实|解决|处理|完成|弄|搞)"
_MATTER_DONE = re.compile(
    r"(?:事[情儿]?|事项|任务|工作|提案|建议|议案|目标|诉求)(?:[你他]们|后来|到底|究竟|现在|目前|最后|都|给|有|是否){0,3}"
    rf"{_DEED}(?:好|完|成|妥|结|掉)?(?:了没有?|了吗|没有?|[得的]?(?:怎么样|怎样|如何|咋样|到哪|什么程度))了?[啊呀呢吗]?$"
)
_WHETHER_LATE = re.compile(r"(?:逾期|超期|误期|拖延)(?:了没有?|了吗|没有?|吗)[啊呀呢]?$")
_MATTER_WHEN = re.compile(
    rf"(?:事[情儿]?|事项|任务|工作|提案|建议|议案|目标|诉求)(?:[你他]们|后来|到底|究竟|现在|目前|都|给|有){{0,3}}"
    rf"(?:什么时候|何时|几时|哪天|多久)(?:才|能|可以|给|会|要){{0,3}}{_DEED}(?:好|完|成|妥|结|掉)?[啊呀呢]?$"
)
_SAID_IN = re.compile(
    r"年度?(?:的?时候|里|就|我?们?|你们|政府|市里|[局委办]){0,3}(?:答应|承诺|许诺|允诺|说|答复|保证|许)"
)
_DUE_IN = re.compile(
    r"年(?:年?[底末初]|[上下]半年|\d{1,2}月[底份]?)?(?:[之以]?前|内)?(?:到期|[要该](?:办|做|完成|建成)|期限)"
)
# Frames and ends of such questions, which tell no subject.
_NO_SUBJECT = frozenset((
    "事", "事情", "事儿", "事项", "件", "件事", "项", "条", "过", "好", "完", "完成", "成", "得", "到",
    "能", "不能", "会不会", "当时", "当初", "当年", "以前", "之前", "早", "早就", "后来", "最后", "到底",
    "究竟", "结果", "政府", "市里", "市政府", "县里", "区里", "局", "局里", "部门", "单位", "人家", "领导",
    "公家", "官方", "答复", "答复函", "回复", "回信", "复文", "复函", "信", "函", "提案", "建议", "议案",
    "委员", "代表", "里面", "面", "说", "说过", "说好", "给", "办", "办理", "办好", "办完", "办成", "落实",
    "落地", "解决", "处理", "实现", "兑现", "达到", "做到", "办到", "进展", "期限", "日期", "时限", "承诺",
    "答应", "保证", "任务", "工作", "目标", "计划", "项目", "工程", "问题", "状态", "进度", "名单", "清单",
    "列", "列出", "全部", "所有", "还有", "还剩", "剩下", "真", "真的", "算数", "算", "一直", "至今",
    "今天", "如今", "建好", "建成", "修好", "装好", "弄好", "开工", "完工", "竣工", "开通", "启用", "投用",
    "启动", "实施", "到位", "上线", "出台", "年底", "年底前", "底", "前", "底前", "年", "月", "号", "第",
    "东西", "逾期", "超期", "是否", "哪年", "哪天", "几时", "啥时候", "什么时候", "到现在", "现在", "都",
    "查", "查查", "查一下", "看看", "帮", "帮我", "麻烦", "呢", "话", "句", "老百姓", "群众", "百姓", "大家",
    "推进", "有什么", "有没", "哪几件", "哪件", "统计", "记录", "台账", "诉求", "那些", "这些", "那件",
    "欠", "着", "欠着", "到期", "出来", "改完", "装完", "做完", "弄完", "你好", "您好", "请问", "大概", "估计",
    "这件", "这件事", "那件事", "一句", "问一句", "已经", "人", "了没", "没办", "办没办", "咋办", "要办", "该办", "定", "期",
))  # fmt: skip

_IDLE = frozenset(
    "办做得了过好完成没有吗呢到的给都事情件要会能说"
)  # nor do words of these alone: 办得


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseQuestion:
    """What of promises is asked, and of which.

    ``subject`` are the words that tell what they are about. ``called`` is how the question calls
    the organs, ``issuers`` are those it may mean. ``said`` tells that the years are those of the
    letters, ``due`` that they are those of the last days; they may be either where both are False.
    """

    asked: Asked
    subject: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    issuers: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    said: bool = False
    due: bool = False

    @property
    def narrow(self) -> bool:
        """True if it says which promises: by what they are about, whose, where or when."""
        return bool(self.subject or self.issuers or self.places or self.years)

    @property
    def lists(self) -> bool:
        """True if all that are in some state are asked for: 逾期的有哪些."""
        return self.asked in LISTS


def promise_question(
    question: str, known: Directory, *, places: Sequence[Place], today: date | None = None
) -> PromiseQuestion | None:
    """What ``question`` asks of promises; None if it asks of something else.

    ``places`` are those that it names; 去年 and the like are understood where ``today`` is given.
    """
    text = re.sub(r"[。！!？?…～~.]+$", "", simplified(bare(question)))
    named = mentions(text, known, places=places, today=today)
    rest = without(text, named, gap=" ")
    asked = _asked(rest, named=bool(named))
    subject = _subject(rest) if asked else ()
    if asked is None or (asked == "when" and not (named or subject)):
        return None  # 答应的是哪天 goes on from something
    return PromiseQuestion(
        asked=asked,
        subject=subject,
        called=tuple(mention.text for mention in named if mention.kind == "organ"),
        issuers=frozenset(_means(named, "organ")),
        places=_means(named, "place"),
        years=_means(named, "year"),
        said=bool(_SAID_IN.search(text)),
        due=asked == "overdue" or bool(_DUE_IN.search(text)),
    )


def _asked(rest: str, *, named: bool) -> Asked | None:
    whether = _ASKS_WHETHER.sub("是否", rest)
    promised = _PROMISED.search(whether)
    state = next((asked for asked, words in _STATES if words.search(whether)), None)
    every = _EVERY.search(whether) or _ONLY.search(whether)
    if promised and state and _STILL.search(whether):
        return state
    if state and every and not (state == "kept" and not promised):
        if promised or _all_of_a_state(whether):
            return state
        return None
    if promised:
        if _WHEN.search(whether):
            return "when"
        ends = state or re.search(
            r"[吗没]|怎么样|怎样|如何|咋样|到哪|进展|呢$|兑现|落实|做到|算数", whether
        )
        return "what" if _WHAT.search(whether) or not ends else "done"
    if state == "overdue" and _WHETHER_LATE.search(whether):
        return "done"
    matters: tuple[tuple[Asked, re.Pattern[str]], ...] = (
        ("done", _MATTER_DONE),
        ("when", _MATTER_WHEN),
    )
    matter = next((asked for asked, words in matters if words.search(rest)), None)
    return matter if matter and (named or _subject(rest)) else None


def _all_of_a_state(whether: str) -> bool:
    """True if nothing but a topic stands beside what asks for all that are in some state."""
    if _OTHER_THINGS.search(whether):
        return False
    for _, words in _STATES:
        whether = words.sub("□", whether)
    if _OF_SOMETHING.search(whether):
        return False
    return sum(map(len, _subject(whether))) <= _TOPIC_LENGTH


def _subject(rest: str) -> tuple[str, ...]:
    for frame in (_MATTER, _PROMISED, *(pattern for _, pattern in _STATES), _EVERY, _WHEN):
        rest = frame.sub(" ", rest)
    asked = (word for word in subject_tokens(rest) if word not in _NO_SUBJECT)
    return _whole([word for word in asked if not set(word) <= _IDLE], rest)


def _whole(words: Sequence[str], text: str) -> tuple[str, ...]:
    """The words, two neighbours in ``text`` as one where others mean the same: 充电设施."""
    found: list[str] = []
    for word in words:
        both = found[-1] + word if found else word
        if found and both in text and len(meanings(both)) > 1:
            found[-1] = both
        else:
            found.append(word)
    return tuple(found)


def _means(named: Sequence[Mention], kind: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(word for mention in named if mention.kind == kind for word in mention.means)
    )

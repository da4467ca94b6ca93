"""Whether the words of a letter say yes or no to what is asked; None wherever that is not sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kb.query.yes_no import Form, Whether
from kb.text.chars import fold, searchable
from kb.text.synonyms import meanings
from kb.text.tokens import subject_tokens

Sign = Literal["yes", "no", "not_yet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words in a clause that say yes or no to a question of one form."""

    sign: Sign
    says: re.Pattern[str]
    example: str
    words: int = 1  # of the question that the clause must hold, in the forms where any must


def _cue(sign: Sign, says: str, example: str, *, words: int = 1) -> Cue:
    return Cue(sign=sign, says=re.compile(says), example=example, words=words)


_SO = r"(?:咨询|拨打|致电|联系|来电|关注|查询|登录|反映|参照|参考|参见|前往|视|根据|看出|看到|说|向(?!.{0,12}申请))"
_ENDED = (
    r"(?:完成|完工|竣工|完毕|到位|修复|修好|修缮|恢复|解决|拆除|清[理除运]|整改|开通|通车|投入使用|投用|建成|启用|发放|支付"
    r"|缴纳|落实|办结|办理|安装|更换|退还|关[停闭]|取缔|开工|动工|交付|验收|施划|硬化|通[水电气]|补[缴发种]|处理|改造|印发|出台|实行|施行|接通|上线|配齐|到车|清零|换装|[装办换修建配做清拆审签]完|[装修建办]好)"
)
_BEGUN = r"(?:安排|要求|责令|督促|通知|协调|联系|计划|准备|列入|上报|组织|着手|委托|部署|纳入|申请|报|启动|开始|交办|转)"
CUES: Mapping[Form, tuple[Cue, ...]] = {
    "true": (
        _cue("no", r"不属实|不实(?![行施])|不存在|(?:未|没有?)(?:发现|见到?|出现|发生|听)|与(?:事实|实际)(?:情况)?不符|并非|不是|从[未不]"
             r"|纯属|谣言|子虚乌有|(?<!有)没有|(?:还|也|均)?未(?=[\u4e00-\u9fff])", "反映情况不属实"),
        _cue("yes", r"(?<![不否])属实|确实存在|确有|确实(?!不|没|未)|情况真实|[情实]况是真实|现象存在|问题存在", "情况属实"),
    ),
    "may": (
        _cue("no", r"不能(?!够?不|只)|不可以|不得(?![不少超低高大]|已)|不可(?![避缺少或抗])|无法|不允许|不准|不许|(?<!不)(?<!不是)严禁|禁止"
             r"|不予(?!追究|处罚)|不符合|不具备|不支持|不受理|不享受|不宜|暂不|暂缓|无权|不再(?:办理|受理|发放|审批|延续|安排|招)|暂无相关政策"
             r"|不在[\u4e00-\u9fff]{2,12}范围", "外地户口不能办理"),
        _cue("yes", rf"(?<!不)可以(?!{_SO}|不)|均可(?!{_SO})|即可(?!{_SO})|(?<![不许认尚都均])可(?=(?:以)?(?:申请|办理|享受|直接|凭|在|到|使用|继续|报销|参加"
             r"|按|由|委托|自愿|自行|选择|转|持|通过|异地|补办|代办|免费|领取|落户|购买|入学|就近|报名))|(?<!不)允许|(?<!不)能够|准予"
             r"|(?<!不)予以(?:办理|受理|报销)|不受[\u4e00-\u9fff]{1,10}限制|不存在[\u4e00-\u9fff]{1,8}限制|(?<!不)支持", "可以申请"),
        _cue("yes", rf"(?<![不许认尚都均非以])可(?!以|能|供|见|靠|行|研|再|持续|视|回收|达|容|停|处理|望|惜|折|变|谓|观|喜|{_SO})(?=[\u4e00-\u9fff]{{2}})", "可列支", words=2),
    ),
    "done": (
        _cue("not_yet", r"尚未|还未|还没|暂未|仍未|至今未|尚无|(?<!从)未(?:能|按|完|开工|动工|建|启|通|到位|落实|解决|发放|整改|拆|办|签|竣|取得|获)"
             r"|没有(?:完|开|建|落实|解决|到位|办|拆|改|修|装|换|整|清|铺|交|发|达到|做到|实现|通过)|无法按期|[只仅](?:完成|建成)\d|正在(?:施工|建设|办理|推进|进行|修|改造|整改|审|协调|编制|实施|准备|落实|安装|申报|开展|走)",
             "尚未完成"),
        _cue("yes", rf"已(?!{_BEGUN})(?:经|全部|全面|基本|于|如期|按|由|陆续|正式)?(?:(?!{_BEGUN})[^，。；未不没将拟]){{0,16}}?{_ENDED}"
             rf"|(?:修复|整改|改造|安装|清理|拆除|建设|处理|办理|硬化|验收|施工)(?:完毕|到位|完成|好)|(?<!未)如期{_ENDED}", "已全部完成"),
    ),
    "ever": (
        _cue("no", r"从[未没]|没有|未(?=[\u4e00-\u9fff])|并未|不曾", "从未签订过协议"),
        _cue("yes", r"(?<!未)已(?!安排|要求|责令|督促)|曾", "已发放补助"),
    ),
    "have": (
        _cue("no", r"(?<!有)没有|暂无|尚无|并无|均无|尚未|(?:暂|还|仍)未|不存在|未(?:发现|有|设|安排|列入|规划|收到|纳入|配备|制定|出台)"
             r"|无(?=[\u4e00-\u9fff]{0,10}(?:计划|规划|安排|政策|规定|要求|限制|项目|资金|记录|补[助贴]))|不(?:再)?(?:设|提供|安排|发放)"
             r"|不会(?:有|对)", "目前没有计划"),
        _cue("yes", r"(?<![没未所具只享])有(?![关效限序力的利时些待可望助没条])|存在|设立了|设置了|已(?:设|建|开|列入|纳入|制定|出台)", "设有专门窗口"),
        _cue("yes", r"(?<![不未])(?:提供|开设|配有|配备了|查出)", "免费提供调解"),
    ),
    "lawful": (
        _cue("no", r"不符合|(?<!不)违反|(?<![不无])违[法规]|不合[法规格理]|无证|不属于|未(?:办理|取得)[\u4e00-\u9fff]{0,12}(?:证|许可|手续)|不应|严禁|不得|禁止",
             "属于违规收费"),
        _cue("yes", r"(?<![不非])合法|未超出|(?:未|不)违反|(?<!不)符合[^，。；]{0,40}(?:规定|要求|规范|标准|条件|政策)|证照齐全|手续(?:齐全|完备|完善)|合法有效"
             r"|(?:持有|具有|取得)[^，。；]{0,20}(?:执照|许可证)", "收费合法"),
    ),
    "is": (
        _cue("no", r"不属实|与事实不符|纯属(?:谣言|虚构)", "不属实", words=0),
        _cue("no", r"不属于|不是|并非|不算|不在[^，。；]{1,16}(?:范围|之列)|不存在|没有|未(?=[\u4e00-\u9fff])|非(?=[\u4e00-\u9fff]{2,12}(?:$|用|地))|不(?=[\u4e00-\u9fff])",
             "不属于市政道路"),
        _cue("yes", r"(?!.{0,12}(?:合法|正规|自愿))(?:(?<!不)属于|(?<![不但可于还要总就只凡都])是(?!否|不是)|(?<![因作认较极成])为|系)", "属于市政道路"),
        _cue("yes", r"(?<![不否])(?<!部分)属实|确有其事", "确有其事", words=0),
    ),
}  # fmt: skip
_PAUSE = re.compile(r"[，,；;。！!？?：:\n]+")
# A condition says nothing yet; what follows does.
_CONDITION = re.compile(r"^(?:如果?|若|只要|凡|除|假如|一旦|只有|倘)|(?:的|后|时|前|外|下)$")
_THEREFORE = re.compile(r"^(?:因此|所以|故|综上|因而|为此)")
_DOUBLE = re.compile(
    r"不得不|不能不|不是不|并非不|并非没|不会不|无不|不可不|部分(?:属实|符合|可以)|原则上|视情|酌情|一般(?:不|可)"
)
_PLANS = frozenset(("计划", "打算", "规划", "安排", "考虑", "方案"))
# What only asks, or stands in every letter.
_EMPTY = frozenset((
    "有", "没有", "能", "可以", "是", "这", "那", "还", "现在", "到底", "到", "去", "来", "给", "要", "想", "我", "你", "他", "它",
    "们", "人", "年", "月", "日", "市", "县", "区", "镇", "村", "在", "上", "里", "做", "事",
))  # fmt: skip
# In these forms a cue counts only beside what the question asks about.
_BESIDE = ("have", "is", "ever")
_STOP = re.compile(r"[；;。！!？?\n]+")
_NUMBER = re.compile(
    r"(?<![a-z])[a-z]?\d+(?!\d|\s?[年月日市县区])|[一二三四五六七八九十两]+(?=个?[月周天年部栋期类号楼])"
)
_GENERAL = re.compile(r"完成|完工|竣工|完毕|到位|实现|达到")
_BUILDING = frozenset("修建装拆改铺换")
_DAY = re.compile(
    r"(?P<year>20\d\d年|今年|去年)(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?(?!\d|年?底?前|[^，]{0,4}前)"
)
_CAME = re.compile(_ENDED)
_PLANNED = re.compile(r"计划|拟|将|预计|力争|争取|原定|原说|应|须|准备|打算|答应|承诺|提出|目标")


def sign(asked: Whether, focus: str, *, written: date | None = None) -> Sign | None:
    """What ``focus``, the clauses that answer, says to it; in simplified characters.

    ``written`` is the day of the letter: what it says of a day before that was done.
    """
    if _DOUBLE.search(focus):
        return None
    told = [
        said
        for part in filter(None, _STOP.split(focus))
        if _numbers(asked.about) <= _numbers(part)
        for said in _told(asked, part, written)
    ]
    for clause, said in reversed(told):
        if _THEREFORE.search(clause):
            return said
    signs = {said for _, said in told}
    return signs.pop() if len(signs) == 1 else None


def _numbers(words: str) -> frozenset[str]:
    """The numbers in words, by which 夜1路 and 夜2路 differ; a year or a day is none of them."""
    return frozenset(_NUMBER.findall(fold(words)))


def _told(asked: Whether, part: str, written: date | None) -> Iterator[tuple[str, Sign]]:
    """The clauses of a part between full stops that say yes or no, each with what it says."""
    for clause in filter(None, _PAUSE.split(part)):
        if _CONDITION.search(clause.strip()):
            continue
        said = _done(asked, clause, part, written) if asked.form == "done" else _cued(asked, clause)
        if said:
            yield clause, said


def _cued(asked: Whether, clause: str) -> Sign | None:
    for cue in CUES[asked.form]:
        if found := cue.says.search(clause):
            least = cue.words if asked.form in _BESIDE or cue.words > 1 else 0
            after = asked.form == "is" and cue.sign == "yes"
            named = clause[found.end() :] if after else clause
            return cue.sign if _common(asked.about, named) >= least else None
    return None


def _done(asked: Whether, clause: str, part: str, written: date | None) -> Sign | None:
    """What the clause says of whether it is done; its subject may stand before in the ``part``."""
    if asked.verb and not asked.verb & set(clause) and not _built(asked, clause):
        return None
    if not _common(asked.about, part):
        return None
    cue = next((cue for cue in CUES["done"] if cue.says.search(clause)), None)
    if cue:
        return cue.sign
    return "yes" if written and _past(clause, written) else None


def _built(asked: Whether, clause: str) -> bool:
    """True if it is asked whether it is built or mended, and the clause says: 完成, 完工."""
    return bool(asked.verb & _BUILDING and _GENERAL.search(clause))


def _past(clause: str, written: date) -> bool:
    """True if the clause says that something came about on a day before ``written``."""
    found = _DAY.search(clause)
    if found is None or _PLANNED.search(clause) or not _CAME.search(clause, found.end()):
        return False
    year = {"今年": written.year, "去年": written.year - 1}.get(found["year"])
    year = year or int(found["year"][:4])
    month, day = int(found["month"] or 12), int(found["day"] or 28)
    return (year, month, day) < (written.year, written.month, written.day)


def _common(about: str, clause: str) -> int:
    """How many of the words that the question asks about the clause holds."""
    folded = searchable(clause)
    return sum(_held(word, folded) for word in subject_tokens(about) if word not in _EMPTY)


def _held(word: str, folded: str) -> bool:
    meant = meanings(word) | (_PLANS if word in _PLANS else frozenset())
    whole = any(other in folded for other in meant)
    return whole or (len(word) > 1 and all(char in folded for char in word))

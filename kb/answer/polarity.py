"""Whether the words of a letter say yes or no to what is asked; None wherever that is not sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kb.query.yes_no import Form, Whether
from kb.text.chars import searchable
from kb.text.synonyms import meanings
from kb.text.tokens import subject_tokens

Sign = Literal["yes", "no", "not_yet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words in a clause that say yes or no to a question of one form."""

    sign: Sign
    says: re.Pattern[str]
    example: str


def _cue(sign: Sign, says: str, example: str) -> Cue:
    return Cue(sign=sign, says=re.compile(says), example=example)


_SO = r"(?:咨询|拨打|致电|联系|来电|关注|查询|登录|反映|参照|参考|参见|前往|视|根据|看出|看到|说|向(?!.{0,12}申请))"
_ENDED = (
    r"(?:完成|完工|竣工|完毕|到位|修复|修好|修缮|恢复|解决|拆除|清[理除运]|整改|开通|通车|投入使用|投用|建成|启用|发放|支付"
    r"|缴纳|落实|办结|办理|安装|更换|退还|关[停闭]|取缔|开工|动工|交付|验收|施划|硬化|通[水电气]|补[缴发种]|处理|改造|印发|出台)"
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
             r"|不予(?!追究|处罚)|不符合|不具备|不支持|不受理|不享受|不宜|暂不|暂缓|不再(?:办理|受理|发放|审批|延续|安排|招)|暂无相关政策"
             r"|不在[\u4e00-\u9fff]{2,12}范围", "外地户口不能办理"),
        _cue("yes", rf"(?<!不)可以(?!{_SO}|不)|均可(?!{_SO})|即可(?!{_SO})|(?<![不许认尚都均])可(?=(?:以)?(?:申请|办理|享受|直接|凭|在|到|使用|继续|报销|参加"
             r"|按|由|委托|自愿|自行|选择|转|持|通过|异地|补办|代办|免费|领取|落户|购买|入学|就近|报名))|(?<!不)允许|(?<!不)能够|准予"
             r"|(?<!不)予以(?:办理|受理|报销)|不受[\u4e00-\u9fff]{1,10}限制|不存在[\u4e00-\u9fff]{1,8}限制|(?<!不)支持", "可以申请"),
    ),
    "done": (
        _cue("not_yet", r"尚未|还未|还没|暂未|仍未|至今未|尚无|(?<!从)未(?:能|按|完|开工|动工|建|启|通|到位|落实|解决|发放|整改|拆|办|签|竣|取得|获)"
             r"|没有(?:完|开|建|落实|解决|到位|办|拆)|正在(?:施工|建设|办理|推进|进行|修|改造|整改|审|协调|编制|实施|准备|落实|安装|申报|开展|走)",
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
    ),
    "lawful": (
        _cue("no", r"不符合|(?<!不)违反|(?<![不无])违[法规]|不合[法规格理]|无证|不属于|未(?:办理|取得)[\u4e00-\u9fff]{0,12}(?:证|许可|手续)|不应|严禁|不得|禁止",
             "属于违规收费"),
        _cue("yes", r"(?<![不非])合法|(?<!不)符合[^，。；]{0,40}(?:规定|要求|规范|标准|条件|政策)|证照齐全|手续(?:齐全|完备|完善)|合法有效"
             r"|(?:持有|具有|取得)[^，。；]{0,20}(?:执照|许可证)", "收费合法"),
    ),
    "is": (
        _cue("no", r"不属于|不是|并非|不算|不在[^，。；]{1,16}(?:范围|之列)|不存在|没有|未(?=[\u4e00-\u9fff])|非(?=[\u4e00-\u9fff]{2,12}(?:$|用|地))|不(?=[\u4e00-\u9fff])",
             "不属于市政道路"),
        _cue("yes", r"(?<!不)属于|(?<![不但可于还要总就只凡都])是(?!否|不是)|(?<![因作认较极成])为|系", "属于市政道路"),
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
_BESIDE = ("have", "is", "ever", "done")


def sign(asked: Whether, focus: str) -> Sign | None:
    """What ``focus``, the clauses that answer, says to it; in simplified characters."""
    if _DOUBLE.search(focus):
        return None
    told = list(_told(asked, focus))
    for clause, said in reversed(told):
        if _THEREFORE.search(clause):
            return said
    signs = {said for _, said in told}
    return signs.pop() if len(signs) == 1 else None


def _told(asked: Whether, focus: str) -> Iterator[tuple[str, Sign]]:
    """The clauses that say yes or no, each with what it says."""
    for clause in filter(None, _PAUSE.split(focus)):
        if _CONDITION.search(clause.strip()):
            continue
        for cue in CUES[asked.form]:
            if found := cue.says.search(clause):
                named = clause[found.end() :] if asked.form == "is" else clause
                if asked.form not in _BESIDE or _tells_of(asked.about, named):
                    yield clause, cue.sign
                break


def _tells_of(about: str, clause: str) -> bool:
    """True if the clause holds one of the words that the question asks about."""
    folded = searchable(clause)
    for word in subject_tokens(about):
        if word in _EMPTY:
            continue
        meant = meanings(word) | (_PLANS if word in _PLANS else frozenset())
        if any(other in folded for other in meant):
            return True
        if len(word) > 1 and all(char in folded for char in word):
            return True
    return False

"""Words by which a clause tells how far something is: rows with a name, a pattern, an example.

They decide nothing by themselves: how often each stands where is what the weights weigh. One
test runs every row on its example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.extract.types import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words that tell how far something is; ``says`` the relation that they speak for, if one."""

    name: str
    pattern: re.Pattern[str]
    example: str
    says: Relation | None = None


def _row(name: str, says: Relation | None, pattern: str, example: str) -> Wording:
    return Wording(name=name, says=says, pattern=re.compile(pattern), example=example)


FINISHED = re.compile(
    r"完工|竣工|建成|[办完]结|完毕|投[用运产]|投入[使运]|通[车水气电航]|启用|开[诊园馆学业]|验收|到位|[换改][成好新上]|现已|亮灯|对外开放|用上|正式(?:运|开|启|上)|上线|印发|施行|公布"
    r"|交付|入住|[装修补建配办铺画][好齐上完]|全部(?:完成|改成|更换|拆除|到位)|(?<!未)完成(?!投资|设计|招标|编制初|征|立项|选址|产值|量)|挂牌|已实[行施现]|恢复[正通供使]|领到|拿到|关停|结清|付清"
)
ROWS: tuple[Wording, ...] = (
    _row("done", "fulfils",
         r"完成|建成|完工|竣工|办结|结案|拆除|清运|清除|整改|罚款|吊销|处罚|退还|退款|足额|领到|发到|到账|签订|挂牌|验收|移交|投产|投用|启用|开学|开门|开园|开诊|接诊"
         r"|交付|入住|通水|通气|通车|通电|修复|更换|换[成好新]|装[上好完]|安装|竖起|施划|取缔|关停|搬[迁完]|张贴|公[布示]|印发|出台|开[通行]|上线|接入|投入使用|到[位岗]|落实|兑现|发放|结清|付清"
         r"|亮灯|用上|走进|对外开放|补[上齐]|领到|拿到|有了|迎来|配齐|通达|销号|办妥|就位|见效|批复|运行|运营|全部|[均都]已|如期|按期|增[至到加]|达到|[建修改补铺画用办][起好齐完上]|挖除|硬化|发车|恢复|抵达|点亮|覆盖|[收退查排写]完|完毕|排查完|施行|实行",
         "北门的信号灯装好了"),
    _row("finished", "fulfils", FINISHED.pattern, "儿科门诊开诊"),
    _row("already", "fulfils", r"已(?!经?(?:启动|开工|立项|列入|纳入|报|进场|委托|招标))", "已开门"),
    _row("whole", "fulfils",
         r"全部|[均都]已|悉数|全数|逐一|[如按]期|按时|全面|所有|各栋|圆满|一并|都(?=按|能|装|有|可)|均(?!衡)", "一键呼叫都装上了"),
    _row("perfective", None, r"了(?=[，。\d一两三首]|$)", "路灯亮了"),
    _row("begun", "progresses",
         r"启动|开工|立项|列入|纳入|进场|招标|中标|施工|在建|封顶|方案|设计|图纸|可研|测绘|勘[察测]|选址|征求意见|初稿|送审|草案|合同|采购|试点|试行|试运行|前[期置]|约定|登记|受理"
         r"|立案|取证|评审|审[核批议]|报批|公告|比选|预算|草拟", "施工单位已进场"),
    _row("going", "progresses",
         r"正在|正(?=[由与对按等走])|[仍还尚]在|处于|陆续|逐步|推进|目前|接近|尾声|进入|等待|待|还[要需]|须等|要等|等(?=[^级\d]{1,8}(?:后|再|批|到|完)|月底)|预计|计划|再(?=[动行做进接装补])"
         r"|下[周月]|月底|年内|明年", "西段还在敷设电缆"),
    _row("partly", "progresses",
         r"部分|首批|第一批|一期|先行|先(?=[在把办换装了对看走建挤拿])|其余|其他(?=[^，]{0,8}(?:尚|待|还|再|等|要|仍))|[余剩]下|剩余|尚[有缺]|还[有差]|仅|只(?!要)|一半|过半"
         r"|半[边数]|[一二两三四五六七八九]成|另外?(?=[^，]{0,10}(?:待|还|仍|未|要|在))|后续|另一[侧半]|未(?=[^，]{0,6}(?:覆盖|完|到|齐|定|成))|没有?(?=[到完齐签清装])",
         "其余12部尚在施工"),
    _row("denied", "contradicts",
         r"未能|失败|没能?(?!收)|尚未|未(?!来|成年|办理)|无法|不再|不(?=予|具备|单|同意|得|宜|设|作)|从未|无(?=人|果|从|力|法)", "没能开通"),
    _row("dropped", "contradicts",
         r"取消|暂[缓停不]|搁置|[终中停]止|停[工建]|叫停|撤[销下回出]|作[罢废]|落空|流标|不予|拒绝|婉拒|谢绝|调出|删[去除]|弃用|放弃|维持原|仍(?=[按用为留编走只]|在用)|仍旧|[照依]旧"
         r"|改[为由成从用]|划转|并入|退[出回]|精简|难以|不了了之|不再|[没未](?:有)?列入|未获|不执行|另行|不[搞设建做单]", "选址一事作罢"),
    _row("put off", "contradicts", r"推迟|延[期后至]|顺延|推[后到]|拖到|缓建|时间未定|何时|没有时间表", "交房顺延到次年"),
    _row("because", None, r"因(?!此|而)|由于|受(?=[^，]{1,14}影响)|鉴于|经(?=测算|勘|研究|论证|评估|表决|核)", "受汛情影响"),
    _row("ahead", "repeats",
         r"将(?!军)|会(?=[尽继依按在把配督盯照到同上积加再认])|拟(?!定)|力争|争取|力求|下一步|今后|继续|确保|承诺|一定|尽[快早]|早日|快一点|等(?=[^，]{2,16}(?:后|好|完|时))|一旦|若|如果|绝不|始终"
         r"|坚持|请(?=[^，]{0,6}(?:放心|关注|理解))", "今后将尽快落实"),
    _row("dated", None, r"\d{1,2}月|[去上当同前本]年|[上下]半年|截[至止]|至今|以来|累计", "截至去年"),
    _row("figure", None, r"\d", "12处"),
)  # fmt: skip


def tally(words: str, *, most: int = 3) -> dict[str, int]:
    """How often each row's words stand in ``words``, at most ``most``, by name."""
    return {row.name: min(len(row.pattern.findall(words)), most) for row in ROWS}


def telling(words: str, relation: Relation) -> str:
    """The words of the first row that speak for ``relation``, "" where none do."""
    for row in ROWS:
        if row.says == relation and (match := row.pattern.search(words)):
            return match[0]
    return ""

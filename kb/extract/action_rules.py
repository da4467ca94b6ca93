"""What of a promise's words is shown as the thing to be done: rows with a name and an example.

Patterns match squeezed words in which quotations are blanked. One test runs every row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["done", "reason", "supposed", "condition", "aside", "begins", "says"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRule:
    """Words at the head of a part that are left out; ``left`` is what remains of ``example``."""

    name: str
    pattern: re.Pattern[str]
    example: str
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRule:
    """What makes a part of this ``kind``; ``head`` ones match at its beginning only."""

    name: str
    kind: Kind
    pattern: re.Pattern[str]
    example: str
    head: bool = True


def _lead(name: str, pattern: str, example: str, left: str) -> LeadRule:
    return LeadRule(name=name, pattern=re.compile(pattern), example=example, left=left)


def _part(name: str, kind: Kind, pattern: str, example: str, *, head: bool = True) -> PartRule:
    return PartRule(name=name, kind=kind, pattern=re.compile(pattern), example=example, head=head)


# 将 and 会 as “will” go before these; 将 in the sense of 把 stays, as in 将…纳入….
_WILL = (
    r"(?=[委联尽及继同进在加安启积对把通于为一根按再做不严依认协组持联督推配主研与向开完建实制出提统逐优全强"
    r"新增明扩改拆整重分定充密切努采派指落会给由以从着坚引约适择更修补设划恢投移报邀召面争力立即马迅抓巩]"
    r"|将(?=[会在对把于进继情此该]))"
)
_MADE = r"(?:[列纳]入|作为|用于|[高升大加长低少]到|降至|移交|划转|接入|延伸|调整为|改造?为|改[造成]成|转[为交]|交由|打造|建设成)"
_ASSEMBLY = r"(?<![委议社协学工机])"  # 会 of 常委会, 协会 is no word for what will be

# At the head of a part: 将根据实际情况调度 says what is to be done, 根据实际情况 only why.
WILL = re.compile(rf"将|{_ASSEMBLY}会|拟|计划|力争|争取|预计|正在")

LEADS: tuple[LeadRule, ...] = (
    _lead("标点", r"[，、。；：·！？）)”》\-]+", "，老馆开放到21点", "老馆开放到21点"),
    _lead("连词", r"(?:同时|另外|此外|其中(?=，)|并且|而且|但是?|并(?![排行联网轨购非不未无])|且|首先|其次|再次|最后)，?",
          "同时关停临时站", "关停临时站"),
    _lead("下一步", r"(?:下一?步(?:工作)?(?:中|里)?|下阶段|下一阶段|接下来|今后|后续|近期内?|现(?=[已正拟])|为此|因此|所以|对此|据此|届时|到时)"
          r"(?:，|(?=我|还|也|将|会|由|计划|拟|要|进一步|继续|正|已|再))", "下一步将加密班次", "将加密班次"),
    _lead("我们", r"我(?:局|委|办|厅|们|校|院|中心|公司|司|大队|支队|站|所|队|处|镇|街道|单位|馆)们?(?![的与和及、])",
          "我局组织复查", "组织复查"),
    _lead("我市", r"[我全](?:市|县|区|省|州|乡|村|镇)(?=[将拟会也正已计预力要还即])", "我县拟建9个公园", "拟建9个公园"),
    _lead("也", r"(?:也|还|都|均|就|则)(?=[将会要需是在正拟计])", "也将修订办法", "将修订办法"),
    _lead("目前", r"目前，?", "目前主体完成85%", "主体完成85%"),
    _lead("按计划", r"按照?(?:原定?)?计划(?![生的])", "按原计划完成首次登记", "完成首次登记"),
    _lead("能够", r"就?能够?(?=通过|正常|[开完])|(?:就|即)(?=可以?)|可以?(?=[正开完建投])|需要?(?=在)|准备(?=在|于|对|将)|表示",
          "可正常供水", "正常供水"),
    _lead("待后", r"(?:待|等(?![级方候待额]))[^，]{1,40}?(?:之?后|时)(?=[^，]{4})", "待方案通过后实施开通线路", "实施开通线路"),
    _lead("力争", r"力争|争取(?![到得])(?!.{0,14}(?:资金|补助|专项债|贷款|指标|支持|列入|纳入|减免|政策|项目|额度))|努力(?=[在于实做完])",
          "争取建成投用", "建成投用"),
    _lead("计划", r"计划(?![生的])|拟(?![定订合人态])|预计|有望|打算|决定|承诺(?=[在将于会对按把立尽])", "拟出台管理办法", "出台管理办法"),
    _lead("将", rf"即?将(?:会(?!同))?(?![^，]{{0,30}}{_MADE}){_WILL}|{_ASSEMBLY}会(?!同){_WILL}|一定会|必将|要(?=[在于对把进加继])",
          "将开通3条校车线", "开通3条校车线"),
    _lead("正在", r"正在|正(?=[与由在对])", "正在起草条例", "起草条例"),
    _lead("即可", r"即可|方可|再(?:行(?![为使政程业])|(?=[由将予按视]))|予以(?=[^，]{2})", "即可实施开通线路", "实施开通线路"),
    _lead("介词", r"(?:于|在|到|至|从|自|截至)(?=$|，)", "于，完成", "，完成"),
)  # fmt: skip

# The first that fits counts; a part that none fits says what is to be done.
PARTS: tuple[PartRule, ...] = (
    _part("已办", "done",
          r"(?:已经?(?!列入|纳入)|(?<![为未除])了(?!解|然)|累计(?!建|完|达)|截至|截止|经初步|经核实|目前(?!.{0,12}[将拟])|现为)"
          rf"(?!.*(?:将(?![士军])|{_ASSEMBLY}会(?![议员计同])|拟(?![定态])|计划|力争|争取|预计|再|承诺|决定))",
          "土地已经划拨", head=False),
    _part("目的", "reason",
          r"以(?![上下内及此][^便]|.{0,8}(?:为|的)?(?:方式|形式|标准|推动|推进))|从而|确保|切实(?=保障|提[高升]|解决|维护|做到|方便|减轻|改善|把)|有效(?!期|利用)"
          r"|最大限度|充分(?:发挥|保障)|方便|满足|竭力|让|使|避免|杜绝|防止|不断提[高升]|努力(?:减轻|提高|为|营造|做到)|真正|进而|保障|营造|更好"
          r"|为(?![^，]{1,16}(?:配备|安装|加装|增设|办理|发放|开通|建设|购买|提供上门))", "确保群众出行安全"),
    _part("缘由", "reason", r"受|因(?!此|地)|由于|鉴于|根据|按照|针对|依据|考虑到|为了|随着|结合", "受房屋权属影响"),
    _part("如果", "supposed", r"如(?!下|期|实|约|何|数|皋|东)|若(?!干)|一旦|倘若|假如", "若省里放宽上限"),
    _part("条件", "condition", r"待|等(?![级方])|在.{2,24}(?:前提下|基础上|情况下)$|.{2,40}(?:之?后|时|的)$", "待方案批复后"),
    _part("旁述", "aside",
          r"(?:该|本)?(?:项目|工程)?(?:规划|土建|建设)?(?:占地|用地(?:面积)?|总?投资)(?=约|估算|为|\d)(?!.*(?:将|拟|计划|力争|投入使用|建成))|工期|票价|总?规模|经费|资金|费用|造价|全?长\d|时间很紧|位于|涉及|其中|重点(?:放|投)|优先(?:考虑|照顾|投放)|具体(?=办法|时间|事宜)|请(?=您|你|拨|致电|与|及时|关注|广大|市民|耐心)|欢迎|感谢", "工期14个月"),
    _part("开头", "begins",
          r".*?(?:进行|开展|组织)?(?:全面|正式|陆续)?(?:开工|动工|启动|招标|征地拆迁|征拆|进场|开展(?:施工|前期|设计)?(?:招标|工作)|前期(?:工作)?|开始施工|施工招标|立项|评审审批工作|设计招标)(?:建设|施工)?$",
          "停车楼工程开工"),
)  # fmt: skip

# What is left of 停车楼工程开工 and of 首末站占地21亩: of what it is said.
BEGINNING = re.compile(
    r"(?:要求|必须|务必|应当?|需要?|可以?|将|拟|要|已|正在?|于|在)*+(?:进行|开展|组织)?(?:全面|正式|陆续)?(?:开工|动工|启动|招标|征地拆迁|征拆|进场|开始施工|施工招标|立项)(?:建设|施工)?$"
)
ATTRIBUTE = re.compile(
    r"(?<=..)(?:占地(?=约|面积|\d)|用地面积|总?投资(?:约|估算|为)?(?=\d)|工期(?=约|为|\d)|总?规模为|全?长(?:约)?(?=\d)|位于|票价(?=约|为|\d)|现为)"
)
# Parts that are nothing but a tie to others.
TIE = re.compile(
    r"近期内?|近日|日前|下一?步|下阶段|下一阶段|今后|届时|目前|同时|此外|另外|接下来|后续|为此|因此|并|且|最后|其次|首先|[一二三四五六]是"
    r"|(?:会同|联合)[^，]{0,20}(?:局|委|办|厅|部门|单位|公司|街道|政府|委员会)"
)
# After a part that supposes: 如果强行营业，并造成污染，….
GOES_ON = re.compile(r"并|且|或|又|仍")
BRACKETS = re.compile(r"（[^（）]{9,}）|（[^（）]*[，：][^（）]*）")
# Beside a part with one of these a part that only begins the work is left out.
ENDING = re.compile(
    r"完工|完成|竣工|建成|投入|投用|启用|通车|开放|交付|运营|达到|覆盖|到位|开门|开业|入住|供水|通水|验收|提交|出台|开通|使用|就读|完毕"
)
# Words that say that something is done and not what: 全部建成并投入使用.
_HOW = "其余|剩余|全部|基本|全面|正式|陆续|逐步|尽快|尽早|早日|及时|立即|再|重新|可以|可|即|予以|组织|进行|将|会|一并|同步|并|、|任务|工作|好"
_DEEDS = (
    "投入使用|投入运营|配备到位|建成|完成|开工|完工|竣工|投入|投用|启用|通车|开门|开业|达标|通电|出台|到位|完毕|交付|使用|运营|开放|实施|解决|落实"
    "|办理|处理|维修|修复|整改|改造|安装|拆除|施工|验收|公布|答复|反馈|研究|考虑|推进|建设|移交|启动|动工|清理|发放|配备|安排"
)
THIN = re.compile(rf"(?>{_DEEDS}|{_HOW})*+")

# Prepositions and cues that go with a due expression when it is taken out.
BEFORE_DUE = re.compile(
    rf"(?:按照?(?:原定?)?计划|已(?=计划|拟)|力争|争取|努力|计划|拟|预计|有望|打算|将|{_ASSEMBLY}会|可以|可|能|确保|保证|于|在|到|至|从|自|约|最迟|赶)*+$"
)
AFTER_DUE = re.compile(
    r"(?:左右|的?时间)?，?(?:力争|争取|计划|拟(?![定订])|方可|方能|才能|可以|能够|可(?=[^靠]))*"
)
# Where the date is part of what is done and stays: 推迟到2026年; 列入2025年计划; 在2025年预算中.
OF_THE_DEED = re.compile(
    r"(?:推迟|延[期后长至到]?|顺延|推后|调整|改|提前|列入|纳入|进入|作为|限期?)(?:到|至|在|为|于)?$|[列纳]入[^，]{1,6}$|时间段?(?:大致|大概|暂|约)?[定在为于是从]*$|的$"
)
HELD_IN = re.compile(
    r"(?:度|级|市|省)?[^，]{0,10}(?:中|里|内|上|方案|工作)(?=[安列优落考采予将给])"
)
OF_WHICH = re.compile(
    r"度?的(?!时间)|(?:计划|已|拟)?(?:列入|纳入|下达|确定|安排|新增|签约)[^，。；]{0,8}的|才(?!能)"
)

"""What makes a clause a promise, and what does not: rows with a name, a pattern, an example.

Patterns match squeezed text in which quotations and titles are blanked (``BLANK``): what a
letter cites, it doesn't promise. One test runs every row on its example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.extract.types import Strength

BLANK = "□"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that promise. ``dated`` ones do so only with a due expression in the clause.

    ``sure`` ones are the last word, whatever the weights say: of the parts that they find in
    1,040 annotated replies 84 to 100 in a hundred promised.
    """

    name: str
    strength: Strength
    pattern: re.Pattern[str]
    example: str
    dated: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Words that make a part of a clause no promise.

    ``whole`` ones also bar the parts that follow; ``undated`` ones bar nothing that has a due date.
    ``sure`` ones are the last word, whatever the weights say: of the parts that they match in
    1,170 annotated replies less than one in a hundred promises (举报: three in a hundred).
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    whole: bool = False
    undated: bool = False
    sure: bool = False


def _cue(strength: Strength, name: str, pattern: str, example: str, **kinds: bool) -> Cue:
    compiled = re.compile(pattern)
    return Cue(name=name, strength=strength, pattern=compiled, example=example, **kinds)


def _bar(name: str, pattern: str, example: str, **kinds: bool) -> Bar:
    return Bar(name=name, pattern=re.compile(pattern), example=example, **kinds)


# 将 as “will”: an adverb, a preposition or a verb follows. Before a noun it means 把.
_WILL_DO = (
    r"继续|进一步|积极|督促|重新|很快|抓紧|及时(?=予以|组织|安排|整改|处理|纠正|督促|检修|维护|修复|公开)|严格|依法|根据|按照|按规|按程|按相|按有|按上|加[大强快]|尽|联合|进行|组织|持续|安排|认真|充分"
    r"|密切|通过|结合|于|在|对|迅速|立即|逐步|逐年|增加|陆续|全[部面力]|启动|采取|不定期|协[同调助]|彻底|投入|重点|不断|切实|努力"
    r"|实施|承担|反馈|配合|大幅|大面积|统[一筹]|再次|主动|着[力重]|坚[决持]|责[成令]|约谈|引[入进]|做好|从|向|与|同|会|把|由|以"
    r"|择[期机]|适时|开[始展通工放设辟建]|正式|提[供请升高交]|针对|新[增建设]|延[伸续长]|建[成设立]|推[进动行广出]|完[成善]|编制"
    r"|出台|制[定订]|优[化先]|扩[大建]|改造|拆除|整[改治合]|配[备套建齐]|选派|派[专出驻]|要求|敦促|报(?!告|道|名)|协[商]|强化|深[入化]"
    r"|明确|落实|支持|鼓励|引导|召开|邀请|上报|争取|力争|实[现行]|首先|一方面|分[期步批别]|定期|抓[紧好住]|综合|参[照考]|利用"
    r"|依[照托据]|达到|纳入|列入|投[资用]|收[取回]|给予|发放|划转|移交|恢复|取[消缔]|面向|动工|竣工|完工|建|为(?![了您])|也|将"
)


LISTED = _cue(
    "plans", "列入计划", r"[列纳]入(?:了)?[^，。；]{0,16}(?:\d{4}|今年|明年)[^，。；]{0,30}(?:计划|项目)",
    "其余83个列入2026年改造计划", dated=True,
)  # fmt: skip
TOLD = _cue(
    "will", "限期", r"(?:责令|限期|限其|(?<!按)要求)(?=[^，。；]{0,40}(?:[年月日号]底?之?以?[前内]|天内))",
    "责令开发商于10月1日前完成", dated=True,
)  # fmt: skip
CUES: tuple[Cue, ...] = (
    _cue("strives", "力争", r"力争|努力(?:实现|做到|在|于|争取)", "力争年底前建成", sure=True),
    _cue("strives", "争取", r"争取(?!$|一批|到(?![\d今明年])|了)(?!.{0,14}(?:资金|补助|专项债|贷款|指标))", "争取年内把6个项目调解结案"),
    _cue("strives", "争取资金", r"争取(?!到(?![\d今明年])|了)(?=.{0,14}(?:资金|补助|专项债|指标))", "争取省级资金，明年建成", dated=True),
    _cue("plans", "拟", r"(?<![模虚比草已])拟(?!定?$|[合态人稿制订]|研究|探索|变更|建?部分|建?区域|定?了|定了)", "拟第四季度出台"),
    _cue("plans", "计划",
         r"(?<![款作动设造资坚展点施才产课生按原照有度工])"
         r"计划(?=于|在|到|从|今|明年|本|新|将|用|完|投|开|建|对|把|通过|推|启|组织|采取|分[两三期批]|加[装快大强]|引进|增|出台|每|全面|与"
         r"|由|向|逐|再|近期|继续|\d|[一二两三四五六七八九十]|单独)", "计划2024年9月投入使用", sure=True),
    _cue("plans", "预计", r"预计(?!.{0,8}\d余?[万亿元])|有望|打算(?!盘)|预期(?!目标|效果)", "预计2025年8月开门", sure=True),
    LISTED,
    _cue("plans", "按计划", r"按照?原?(?:定)?计划", "按原计划九月底前完成", dated=True),
    _cue("plans", "分批", r"第[一二三四五\d]+[批期](?=.{0,30}(?:建成|完成|完工|启用))", "第二批11所在2025年内完成", dated=True),
    _cue("will", "将", rf"(?<![现兹特谨已须需应可曾即])将(?!(?:积极|进一步|继续)?(?:研究|探索))(?={_WILL_DO})", "将开通3条定制校车线", sure=True),
    _cue("will", "即将", r"即将(?!出台|到来|来临|毕业|离职|进入)", "即将投入运营"),
    _cue("will", "承诺", r"(?<!兑现)(?<!约定)(?<!履行)(?<!书面)承诺(?=$|[^，]{0,3}(?:立即|整改|在|将|会|于|尽快|对|按|不再|今后|：|限|\d))", "开发商承诺整改到位"),
    _cue("will", "会", r"一定会|(?<![委员机社协议大学工商理事联开必都])会(?=尽快|及时|继续|同步|进一步|在近期|加[快大强]|安排|启动)", "等工程完工后会尽快通电亮灯", sure=True),
    _cue("will", "尽快", r"我[们局委办镇区县司]尽快", "我办尽快将其纳入处理范畴"),
    _cue("will", "待后再", r"(?:待|等).{2,40}(?:后|时|再)，?(?:再|予以|及时|将|会|就|我|由|报|即)", "待道路拉通后，再设置信号灯"),
    _cue("will", "下一步",
         r"(?:下一?步|今后|后续|接下来|下阶段|下一阶段|近期)[，]?(?:我[们局委县市区镇街办厅司]|[^，。；]{0,8}[局委府司])?(?:也?[将要会])?"
         r"(?=继续|加[强大快]|进一步|督促|组织|推进|开展|严格|积极|完善|协|配合|强化|落实|持续|加|对)", "下一步加强维护", sure=True),
    TOLD,
    _cue("studies", "将研究", r"[将拟](?:会同.{0,12})?(?:积极|进一步|继续)?(?:研究|探索)", "我局将积极探索有偿共享"),
    _cue("studies", "研究",
         r"(?:^(?:同时|积极|进一步|继续|认真|组织|并|我[局市委]|会同[^，]{2,24}|联合[^，]{2,24}|在[^，]{2,24})*|正(?:在|[由与和][^，]{2,24})(?:积极)?)"
         r"(?:研究|探索)(?![院所生员室会后决报成，。；]|$|中心|制定|表明|同意|确定|认为|显示|答复|拟|并|工作|出台|审核)", "探索建立维修基金"),
    _cue("under_way", "正在", r"正在|正(?=[对与由就])", "正在更换，11月底前完成", dated=True),
)  # fmt: skip

BARS: tuple[Bar, ...] = (
    _bar("客套", r"(?:持续|密切)关注|听取|尽(?:最大|我们)|不断探索|继续(?:坚持|努力|关注|重视|支持|监督)|感谢|谢谢|欢迎|敬请|请您|请你|谅解|祝您|您的(?:支持|理解)|一如既往|竭诚|热忱|虚心|秉公|第一时间|以便|望您", "欢迎继续监督"),
    _bar("答问", r"(?:为|与|向|给|帮)(?:您|你|大家|网友)|(?:您|你)(?:可|应|需|要)|根据(?:您|你)|请(?:您|你|及时|与)|致电|拨打", "我们将及时与您联系", undated=True),
    _bar("来电", r"如(?:果)?(?:您|你)?(?:还)?有(?:其[他它]|任何|疑问|相关|情况|不明|问题|需)|欢迎致电|请与我们|联系电话", "如有其他问题，我们将及时处理", whole=True, sure=True),
    _bar("举报", r"可(?:直接)?(?:向|到|拨打|与)|举报", "家长可向教育局反映，职能部门将依法查处", whole=True, sure=True),
    _bar("转办", r"(?:将|会)?(?:及时|尽快|立即|迅速|随时)?(?<!予以)(?<!再)(?:回复|反馈|答复)(?:您|你|网友|如下|！|。|，谢|$)|有关情况|回复如下|答复如下|汇报如下|收悉|向(?:有关|相关|上级)部门反馈",
         "如有情况将及时反馈", undated=True, sure=True),
    _bar("答复过的", r"答复[^，。；]{0,20}(?:时|中(?!心))，?|(?<![您你])提到", "2023年答复代表时，计划在2024年冬季之前完成", whole=True, sure=True),
    _bar("印发", r"日印发$", "云岭市水利局办公室2023年9月8日印发", sure=True),
    _bar("表格里的承诺", r"(?:申请|申报|填表|投标|备案|经办|报名|参保|承诺|委托|代理)(?:人|者|单位|企业)(?:郑重|签字|签名)?承诺|^本(?:人|企业)(?:郑重)?承诺|^[^，]{0,6}承诺书?[：:]?$", "申请人承诺："),
    _bar("说过的话", r"原定|(?<!按)原计划|原拟|曾|此前|当时|去年|承诺[^，]{0,12}(?:兑现|情况)|原本", "原计划2024年6月底前建成", sure=True),
    _bar("法规", r"规定[，：]|规定$|(?:办法|条例|规定|通知)(?:第|中|明确|要求)|应当|不得|逾期|一经", "逾期不改的将依法停用"),
    _bar("不做", r"暂不|不予|无法|不便|难以|不宜|不具备|尚未|未能|不能|不会|不影响|[均暂]无|暂未|未收到", "市级无权突破，暂不考虑", sure=True),
    _bar("推测", r"将(?:会)?(?:逐步|逐渐|日益)?(?:更|日趋|趋|得到|成为|是|给|无法|影响|增加.{0,8}(?:强度|压力|负担|难度|成本)|不(?!断|定期|再)|有(?!序|计划|效推)|极大|大大|有效|对.{0,14}(?:产生|造成|带来|有))|有望成为|将日趋|将受|后将?大幅|将大幅|将会(?:改善|缓解|提升|促进|带动|大大)|将(?:改善|缓解|惠及|带动)", "将成为新的地标"),
)  # fmt: skip

# A dated clause without a cue, and a clause under a heading such as 下步工作.
BY_DATE = _cue("will", "期限", r"(?!)", "", sure=True)
BY_EVENT = _cue("will", "待后再", r"(?!)", "")
BY_HEADING = _cue("will", "下步工作", r"(?!)", "", sure=True)

# A clause of this sort after a promise says why or how, and is no part of it.
TAIL = re.compile(
    r"(?:以|从而|确保|使|让|切实|满足|方便|最大限度|充分|为.{2,20}(?:提供|奠定)|解决|改变|建成后|完工后|届时|先[做把]|谁"
    r"|由(?!于)|所需|资金|经费|标准另|差额|市民|群众|委员|代表|给予|凭|确有|在此期间|网友|还|有效|进而|力求|杜绝|营造|避免|尽量|请|感谢"
    r"|将(?:明确|有效|缓解|进一步[缓提改]|大幅|极大|一改|成为)|否则|实现.{0,8}(?:和谐|共赢)|保障|共同|真正|欢迎|又)"
)
# A clause before a promise that says why: background, not part of it.
BACKGROUND = re.compile(
    r"(?:为(?![省市县全]|.{0,3}主)|根据|依据|按照|针对|由于|因(?!地)|鉴于|随着|截至|经(?!营|济|开|费)|对于|关于|现将|据(?!.{0,8}反馈)|在.{2,20}(?:基础上|前提下|过程中)"
    r"|通过|主要|说明|试点|并|同时|感谢|您|你|收到|接到|近年)"
)
# What has to come first: it goes with the promise after it.
CONDITION = re.compile(r"(?:待|等|如(?!下)|若|一旦|届时).{2,60}|.{4,60}(?:之?后|到位后|时)$")
EVENT = re.compile(r"待|等(?!级|方)|如(?!下|有)|若")
AFTER_IT = re.compile(r"(?:我[们局办镇区县])?再|方(?!案|面)|即(?!将)|就(?![需要可])|予以")
# What is done, or stands still.
DONE = re.compile(
    r"已(?!确定|制定|列入|纳入|被[列纳]|改造过)|完成了|建成了|了(?!解|如指掌)|累计|截至|没有|实际|才(?=[完建开])"
)
# What follows a promise that was broken: 限其15日内拆除，但当事人并未在期限内拆除.
BROKEN = re.compile(r"但.{0,20}(?:并未|仍未|未[在按])")
# Verbs by which a dated clause without a cue is a promise.
DOES = re.compile(
    r"完[成工]|建[成设立]|启[用动]|开[工通展放门]|竣工|使用|实[现行施]|达到?|新[建增设]|再建|改[造为建]|出台|印发|反馈|公布|编制|增[加至到]"
    r"|扩大|提高|不低于|覆盖|通[车水电]|交[付房]|到位|设[立置]|评[估价]|[纳列]入|延[伸至长]|推[广进迟]|安装|接入|组织|整改|拆除|解决|配[备合套]"
    r"|办[理结成]|发放|付清|搬迁|供水|运营|降[到至低]|动工|清[理退淤]|消除|修[复建]|移交|审议|收费|制定|达标|投[入资]"
)
# How an action begins under a heading such as 下步工作, where no cue is needed.
ACTS = re.compile(
    r"(?:进一步|继续|持续|积极|大力|全[力面]|加[强快大]|推[进动广行]|开展|完善|建立|健全|优化|提升|强化|落实|组织|督促|协调|配合|会同|争取|引[导入进]"
    r"|鼓励|支持|扩大|提高|新[建增]|编制|制定|出台|研究|探索|打造|构建|深化|严格|加密|把|将|通过|每个|巡查|规范|实行)"
)
PLANS_AHEAD = re.compile(
    r"下一?步|下阶段|下一阶段|今后|后续|接下来|工作计划|打算|努力方向|拟采取|工作安排|今后安排|重点工作安排"
)
# Headings under which a letter says what will be done, besides 下步工作.
_MEASURES = re.compile(r"(?:整改|改进|处理|解决|办理|应对)(?:的)?(?:措施|意见|办法|计划|方案)")


def announces(heading: str) -> bool:
    """True of a heading under which a letter says what will be done: 下步工作, 整改措施."""
    return bool(PLANS_AHEAD.search(heading) or _MEASURES.search(heading))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Words that speak for or against a promise; by themselves they settle nothing."""

    name: str
    pattern: re.Pattern[str]
    example: str


def _tell(name: str, pattern: str, example: str) -> Tell:
    return Tell(name=name, pattern=re.compile(pattern), example=example)


# What the weights of ``promises.json`` go with (``kb.extract.promise_features``).
TELLS: tuple[Tell, ...] = (
    _tell("who we", r"我[们局委办市区县镇乡街院校司队所站馆中部公]|本[局校院单]", "我局将更换路灯"),
    _tell("who you", r"[您你]|网友|市民|业主|群众|家长|当事人|申请人", "业主自行修复"),
    _tell("who organ", r"[局委办厅镇乡]|街道|社区|[中大支]队|部门|政府|城管|物业|公司|学校|医院|中心", "城管中队将清理"),
    _tell("has ask", r"请|希望|建议|望|欢迎|感谢|谢谢|可以?(?:到|向|拨|通|持|凭|在)|拨打|咨询", "请拨打12345"),
    _tell("has past", r"已|了|过|曾|截至|目前|近年|多次|当[即日天]|[昨前]日|经(?!营|济)", "已更换路灯"),
    _tell("has now", r"正在|正(?!常|式|确|规|当|面|是)|现(?!场|有|状|将|象)", "正在更换路灯"),
    _tell("has rule", r"应当?|必须|不得|须|可(?!能)|规定|条例|办法|按照|根据|依据", "应当办理许可"),
    _tell("has not", r"[不未无没](?!断|同|仅|管|少于|低于)|暂|非", "暂不考虑"),
    _tell("has will", r"将|会(?!议|员|同|上|审|商)|拟|计划|力争|争取|确保|预计|尽快|尽早|及时|立即|近期|届时|即", "近期更换路灯"),
    _tell("has more", r"加[强大快]|强化|进一步|继续|持续|不断|积极|努力|切实|严格|坚[持决]", "继续加强巡查"),
    _tell("has told", r"要求|督促|责令|责成|敦促|协调|监督|通知|约谈|联系|反映|上报|申请", "督促物业整改"),
    _tell("has effect", r"确保|保障|保证|使|让|避免|减少|杜绝|缓解|改善|提[升高]|满足|维护|营造|为.{2,20}(?:提供|创造)", "确保道路畅通"),
)  # fmt: skip
# What opens the part of a reply that tells what will be done.
AHEAD = re.compile(
    r"下一?步|今后|接下来|下阶段|下一阶段|后续|整改措施|处理意见|处理结果|解决办法|工作安排|工作打算"
    r"|工作计划|以后的?工作|将采取|将从|如下措施|以下措施|以下几|下一个?阶段"
)
# What joins a part to the one before it, and is none of the promise.
JOINT = re.compile(
    r"(?:并且?(?![轨网购]|非)|同时|特别是|其中|第[一二三四五](?=要|将|对|加)|[一二三四五]是|[一1]、|（一）)"
)

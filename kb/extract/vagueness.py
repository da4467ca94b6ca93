"""Whether anybody could ever check a promise, and whether it hangs on something else.

Both are told by weights that were learned (``kb.extract.tagger``); the rules' verdicts are
features among others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CONDITION = re.compile(
    r"(?:待|等|如果?|若|一旦|发现)[^，；]{2,60}(?:[，后]|的话|时)|(?:之?后|到位|基础上|情况下|的)，"
)
_EMPTY = re.compile(
    r"(?:加强|加大|加快|强化|提升|提高|改善|优化|完善|深化|做好|落实|履行|重视|关注|努力|尽力|积极|不断|继续)"
)
_HOLD = re.compile(
    r"\d|《|“|[一二三四五六七八九十两百千万]+[个条处套次家名座台辆公]|完成|建成|开工|竣工|安装|更换|拆除|修复|出台|印发|通车"
    r"|投入使用|移交|约谈|立案|查处|上报|补[种建栽]|划设|设置|增设|新建|改造|开通|联系|告知|公布"
)
_DIGITS = re.compile(r"\d+")
# Words that name no thing: how, what is done to something, and what stands for any thing.
_HOW = (
    "认真|充分|尽快|尽早|早日|及时|立即|马上|即时|依法|依规|依法依规|严格|严肃|切实|积极|主动|全力|尽力|努力|尽最大努力|尽一切努力|妥善|进一步|继续|持续"
    "|不断|逐步|全面|全部|基本|正式|陆续|一并|统一|同步|适时|择机|按期|如期|按时|彻底|有效|大力|加快|抓紧|予以|进行|给予|加以|作出|做出|做好|抓好|争取"
    "|力争|尽可能|愿意|承诺|即将|正在|将|会|要|可以|可|能|就|再|把|并|和|与|及|或|、|，|的|地|得到|使|让|对|向|到位|完毕|好|更好|一步|第一时间|深入|从严"
    "|定期|不定期|合理|开始|一起|共同|一道|紧密|联合|组织|采取|表示|保证|现场|按要求|按照要求|按程序|按照程序|按规定|按政策|根据实际情况|结合实际"
    "|如实|接到|一旦|即会|即将会|近期内|近期|在近期内|尽请|敬请|谅解|为|择期|圆满|尽量|一定|到底|亦|多方|定会|必将|定将|必定|在最快的时间内|在最短的时间内|最短时间内|依程序|依政策|按时按质|按质按量|高质量|高标准|严格落实|落到实处|负责|防止|避免|反弹|再次|当即|立刻|迅速|随时|也|还|均|都|已|即可|方可|才|适当|相应|对应|全过程|同|其他|其它|一处|一起一|率先|先行"
)
_ACTS = (
    "调查|核实|核查|研究|论证|考虑|调研|探讨|处理|解决|办理|落实|整改|查处|处置|处罚|安装|完成|推进|建设|建成|实施|施工|改造|维修|修复|开工|动工|完工|竣工"
    "|督查|督办|督促|检查|排查|巡查|巡逻|稽查|监管|监督|管理|管控|执法|宣传|教育|整治|治理|清理|打击|协调|沟通|衔接|对接|汇报|申请|上报|反馈|答复|回复|公布"
    "|发放|评审|招标|招投标|评估|审核|审批|改进|学习|完善|优化|加强|加大|强化|提高|提升|履行|跟进|跟踪|关注|重视|总结|发现|启动|交付|投入使用|使用|通车|参考|采纳"
    "|进场|开通|修建|扩建|讨论|配合|提质|查勘|踏勘|调整|告知|安排|商议|协商|商讨|帮助|回访|开放|投用|运行|运营|督促|要求|引导|规范|出台|制定|采取措施|进入|编制|拆除|履职|开业|交房|办结|补发|迁回|发布|招商|竣工验收|查办|交办|转办|调度|研判|下发|消除|全部消除|通报|开学|招生|修通|贯通|全线贯通|通水|全线通车|亮灯|通电|通气|供水|供电|扫尾|结算|公示|公开|跟进|跟踪|解释|转交|转给|反映|报告|请示|复工|进场复工|恢复|恢复正常|规划|配套建设|竣工通车|开始动工|安排部署|部署|组织实施|组织施工|落实到位|整改到位|处理到位|解释工作|规范管理|规范化管理|管理工作|登记|立项|报批|采购|设计|勘察|检测|验收工作|决定|确定|研究决定|研究确定|审定|定夺|斟酌|受理|答疑|妥处|核实妥处|调配|引导|疏导|劝导|制止|纠正|维护|保养|养护|巡检|保洁|清扫"
)
_ANY = (
    "工作|力度|进度|步伐|任务|问题|有关|相关|此|该|这|其|上述|以上|情况|事项|诉求|意见|建议|您|你|贵方|反映|提出|各|各类|各项|自身|职能|职责|职能部门|部门"
    "|单位|上级|方面|支持|政策|政策支持|服务|水平|质量|能力|效率|宣传教育|日常|过程中|过程|在|设计中|规划中|相关规划中|规划过程中|下一步|这一轮|今后|省|市|区|县"
    "|人员|专业人员|工作人员|执法人员|人|力量|专人|专家|结果|措施|办法|对策|程序|施工程序|举报|投诉|线索|帮助|机制|面貌|环节|业主|群众|居民|市民|网友|大家|来信人|广大|后续|事宜|手续|各项手续|存在的|承诺|资金|建设任务|质疑|下一步|批评|工作指南|指南|一批|宝贵|同类|类似|此类|再次发生|发生|现象|行为|违法行为|违规行为|违法|违规|不良|不足|短板|漏洞|隐患|矛盾|纠纷|困难|时间内|规定|法律法规|相关规定|有关规定|要求|全社会|社会|会议|会议精神|精神|相关工作|前期|前期工作|各方|双方|当事人|责任|责任人|事件|信息|进展|进展情况|需要|现场情况|实际情况|客观情况|常态|工作常态|形成|政府"
)
_WORDS = sorted(f"{_HOW}|{_ACTS}|{_ANY}".split("|"), key=len, reverse=True)
_NO_THING = re.compile(rf"(?>约?[\d,.万余多]+余?[个批件项人套]|{'|'.join(_WORDS)})*+")
_SUBJECT = re.compile(
    r"[^，的]{0,14}?(?:(?<=.)[局委办厅处所队镇乡村区县市]|部门|公司|街道|社区|单位|负责人|中心|政府|开发商|物业|他们|[房租]?[主人方者]|老板)(?=将|会|已|愿意|承诺|表示|也|要|正|拟)(?:[已也]|表示)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsaidRule:
    """A whole action that leaves unsaid what is to be done, as ``example`` does."""

    name: str
    pattern: re.Pattern[str]
    example: str


def _unsaid(name: str, pattern: str, example: str) -> UnsaidRule:
    return UnsaidRule(name=name, pattern=re.compile(pattern), example=example)


UNSAID: tuple[UnsaidRule, ...] = (
    _unsaid("只有时间", r"(?:自|从|待|在)?[^，]*(?:之后|以后|后|(?<![小及同按准])时|之前|期间)|自[^，]*起"
            r"|(?:争取|计划|力争)?(?:到|从|自|在)[^，]*(?:[年月日]|[天年月间]内)|同时|此外|另外|因此|届时",
            "垃圾站的选址将在听证会结束后"),
    _unsaid("只有依据", r"(?:按照?|根据|依照|依据|遵循|本着)[^，]*(?:原则|精神|规定|要求|程序|思路|标准|情况|铺排|部署|安排)", "按照就近分流的原则"),
    _unsaid("只有对象", r"(?:如|若)?(?:针?对|对于|关于)[^，]*的(?:问题|情况|现象|行为|设施|车辆|[^，的]{0,6}(?:违建|搭建|项目|路段|小区))",
            "针对停车场出现的问题"),
    _unsaid("只有同谁", r"(?:另外|同时)?将?(?:联合|会同|协同)[^，]*(?:部门|[局委办厅]|单位|公司|街道|社区)", "联合市容部门"),
    _unsaid("只有效果", r"(?:通过[^，]*，)?[^，]*(?:问题|现象|难题)(?:将|会|能)*(?:逐步|彻底|进一步|尽[快早]|早日|有效|妥善)?得到(?:根本|彻底|有效|妥善|圆满)?的?(?:解决|缓解|改善)",
            "停车难问题将逐步得到解决"),
    _unsaid("请人去办", r"(?:如[^，]*，)?(?:请(?=[您你拨致与到将按携勿])|不要|欢迎|敬请)[^；]*", "请将树叶装袋"),
    _unsaid("是个过程", r"[^，]*是一[个项](?:长期|系统|复杂|循序渐进|渐进)[^，]*", "老街保护是一个长期的过程"),
    _unsaid("只说考虑", r"[^；]*(?:认真|充分|慎重|综合|统筹|一并|统一|予以|重点|优先|会|再)(?:予以|给予|充分|认真|一并)?考虑(?:，科学制定方案)?", "编制线网时予以充分考虑"),
    _unsaid("请人联系", r"(?:如果?|若)[^；]{0,40}(?:请|欢迎)(?:您|你)?(?:及时|尽快|立即|随时|直接)?(?:与|拨|致|到|向|联系|告知)[^；]*", "如再停水请及时与客服联系"),
    _unsaid("只说措施", r"[^，；]*采取[^，；]{0,12}(?:措施|办法|方式|手段)(?:[^，；]{0,4}解决[^，；]{0,6}问题)?", "采取有力措施解决该问题"),
    _unsaid("考虑建议", r"[^，]*(?:考虑|参考|采纳|研究|吸纳)(?:您|你|网友|市民|群众)们?的?(?:宝贵|合理)?(?:建议|意见|诉求)",
            "编制线网时将认真考虑您的建议"),
    _unsaid("如下", r"[^；]*(?:具体)?[^，]{0,8}如下", "转移手续的办理程序如下"),
)  # fmt: skip
MOST = 120  # characters of a promise that are looked at


def features(words: str, *, dated: bool) -> list[str]:
    """What tells whether ``words`` (squeezed) are vague or conditional; ``dated``: with a due."""
    plain = _DIGITS.sub("0", words)[:MOST]
    row = [f"n{min(len(plain) // 4, 8)}", f"^{plain[:1]}", f"^{plain[:2]}", f"${plain[-2:]}"]
    row += [name for name, held in (("", True), ("dated", dated)) if held]
    row += [
        name
        for name, pattern in (("case", _CONDITION), ("empty", _EMPTY), ("hold", _HOLD))
        if pattern.search(words)
    ]
    grams = {plain[n : n + size] for size in (1, 2, 3) for n in range(len(plain) - size + 1)}
    return [*row, *(f"w{gram}" for gram in sorted(grams))]


def is_so(row: Sequence[str], learned: Mapping[str, float]) -> bool:
    """True if the features of ``row`` speak for it, by ``learned`` log-odds."""
    return sum(learned.get(name, 0.0) for name in row) > 0


def names_no_thing(action: str) -> bool:
    """True if an action, as a list shows it, is a bare verb: 认真调查, 尽快解决, 加大监管力度.

    Who is to act counts for nothing (街道会加强巡查 is as bare); half a sentence names none
    either (``UNSAID``).
    """
    subject = _SUBJECT.match(action)
    bare = _NO_THING.fullmatch(action, subject.end() if subject else 0)
    return bool(bare) or any(rule.pattern.fullmatch(action) for rule in UNSAID)

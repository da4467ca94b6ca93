"""How organs are named: the endings that tell one, and a pattern for each place they stand in.

The patterns differ on purpose, for each place has other words that only look like an organ; a
comment at each says which. Endings that hold everywhere are listed once. In an alternation the
longer ending stands before the shorter that it begins with.
"""

from __future__ import annotations

import re

from kb.text.chars import HAN


def _any(*endings: str) -> str:
    return f"(?:{'|'.join(endings)})"


_AUTHORITIES = ("局", "厅", "办公室", "政府", "中心", "支队", "大队")
_BODIES = (
    *_AUTHORITIES, "委员会", "管委会", "办事处", "总队", "法院", "检察院", "医院", "学院", "大学",
    "学校", "公司", "集团", "联合会", "残联", "妇联", "总工会", "管理处",
)  # fmt: skip

# Where a letter names organs in form: its head, its signature, 会同…. 委员 and 部门 end none.
ORGAN_END = _any(
    *_BODIES, "办", "委(?!员)", "部(?!门)", "研究院", "设计院", "工商联", "科协", "协会", "银行",
    "[分支总]行", "署", "馆", "合作社", "供销社", "联社", "[银保证]监会", "红十字会", "总会",
    "学会", "商会", "海关", "派出所", "税务所", "监测站", "气象站", "管理站", "服务站", "中队",
    "常委会", "人民武装部", "(?<![镇乡])街道(?!办)",
)  # fmt: skip
ORGAN = (
    rf"(?!组织|委托|[我本贵你][局委厅办院会部镇]|经[与商]){HAN}(?:(?:残联|妇联|科协|工商联|总工会)"
    rf"|[\u4e00-\u9fff（）()·]{{1,28}}?{ORGAN_END})"
)
# Alone on a line with the day below it, whatever has one of these last characters has signed.
SIGNER_END = rf"(?:{ORGAN_END}|[会行社院关站所队处])"
SIGNER = rf"(?:{ORGAN}|{HAN}[\u4e00-\u9fff（）()·]{{1,28}}?[会行社院关站所队处])"
ORGANS = rf"{ORGAN}(?:(?:[、，]|和|与|及|以及){ORGAN})*"

# Whoever does something in a clause: builders, schools and towns too, and 部门; but 委 and 办 only
# after a level (市教育局, 区委), since running text has 委托 and 办理, and no 部, 馆 or 署.
_ACTOR_END = _any(
    *_BODIES, "街道办", "小学", "中学", "幼儿园", "开发商", "投资方", "业委会", "村委会", "居委会",
    "委(?:组织|宣传|统战|社会工作)部",
    "社区", "街道", "派出所", "经开区", "部门", "两级", "物业", "人大", "规划办",
    "城管(?![局执大中支])", "施工企业负责人", "处理厂", "水厂", "承建商", "施工单位", "建设单位",
    "中标单位", "运营商", "镇村", "中小学", "[县区]府",
    "[省市县区镇乡村](?:教育|民政|财政|水利)?[局委办厅]",
    "(?:发改|卫健|国资|经信|住建)委(?!员)",
    "(?<![小片城园景库全地社老新校])[县区镇乡](?![委政人教民公城域内])",
)  # fmt: skip
# Between the organ that leads and those that it acts with; none of a name, but for a few bodies.
WITH = r"(?:会同|配合|牵头|协同(?!创新|发展)|联合(?![会国体社]|大学|执法|办公|党|调解|接访))"
# At the start of a clause or after a comma: 市民政局将…, A7县交警大队将….
ACTOR = (
    rf"(?:(?![在与把对由为将正到向责需可各的]|督(?!管理)|{WITH}){HAN}|[A-Z\d]|、(?=[一-龥]{{2}}等)){{0,18}}?"
    rf"{_ACTOR_END}"
)
ACTORS = rf"(?>{ACTOR})(?:[、和与及](?>{ACTOR})){{0,5}}"
_ENDS_ONE = re.compile(rf"(?:{_ACTOR_END}|办|馆|会|所|队|站|处|院|部|单位)$")
_JOINS = re.compile(r"、|以及|[和与及](?!综合)")


def organs_apart(names: str) -> tuple[str, ...]:
    """The organs of a list such as 市住建局、市残联和市人力资源和社会保障局, three of them.

    Only what is a whole organ before a 和 is parted from the next; within a name it stays.
    """
    apart: list[str] = []
    start = 0
    for join in _JOINS.finditer(names):
        if _ENDS_ONE.search(names, start, join.start()):
            apart.append(names[start : join.start()])
            start = join.end()
    return tuple(dict.fromkeys(name for name in (*apart, names[start:]) if name))


# On a contact's line, where whatever is no organ may be a person: by the last character already.
OFFICE_ENDINGS = (*"局委办科处室股站部院校会厅所队组馆镇乡县区", "中心", "公司", "街道")
OFFICE_END = _any(*OFFICE_ENDINGS)

# After 那…呢, where a school or a firm is what the question is about and not who answers it.
ASKED_END = _any(*_AUTHORITIES, "委", "街道")

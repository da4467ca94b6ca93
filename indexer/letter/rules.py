"""The rules by which fields are read: rows with a name, a zone and their own example.

``v`` is the value's group. Within a field the first row that matches wins, so strong
evidence stands above weak. One test runs every row on its example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kb.text.chars import HAN
from kb.text.organs import ORGAN, ORGANS

Zone = Literal["front", "head", "title", "opening", "tail"]

NUMBER = rf"{HAN}{{1,12}}\s?[〔\[(（【﹝]\s?\d{{4}}\s?[〕\])）】﹞]\s?第?\d{{1,5}}号"
NUMERAL = r"[一二三四五六七八九十百\d]{1,4}"
DAY = (
    r"(?:\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[二一三四五六七八九〇○零ＯO]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
REPLY = r"(?:答复函|答复意见|答复|复函|回复|会办意见|协办意见|意见|函)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one field is read: ``pattern`` is searched in ``zone``, line ends match ^ and $."""

    field: str
    name: str
    zone: Zone
    pattern: re.Pattern[str]
    example: str
    value: str


def _row(field: str, name: str, zone: Zone, pattern: str, example: str, value: str) -> Rule:
    compiled = re.compile(pattern, re.MULTILINE)
    return Rule(field=field, name=name, zone=zone, pattern=compiled, example=example, value=value)


RULES: tuple[Rule, ...] = (
    _row("issuer", "发文机关标志", "head", rf"^(?P<v>{ORGAN})文件$",
         "焦作市住房和城乡建设局文件", "焦作市住房和城乡建设局"),
    _row("issuer", "落款", "tail", rf"^(?P<v>{ORGAN})(?:[（(]盖?章?[）)])?\n{DAY}$",
         "云岭市民政局\n2024年5月6日", "云岭市民政局"),
    _row("issuer", "同行落款", "tail", rf"^(?P<v>{ORGAN})\s?{DAY}$",
         "云岭市民政局 2024年5月6日", "云岭市民政局"),
    _row("issuer", "网页表", "front", r"^(?:发文单位|发文机关|制发机关)：(?P<v>\S+)$",
         "发文单位：云岭市教育局", "云岭市教育局"),
    _row("issuer", "bulk import", "head", r"(?!)(?P<v>)", "", ""),
    _row("issuer", "首行机关", "head", rf"\A\s*(?P<v>{ORGAN})$", "云岭市水利局", "云岭市水利局"),
    _row("issuer", "网页答复部门", "front", rf"^答复部门：(?P<v>{ORGAN})$",
         "答复部门：云岭市交通运输局", "云岭市交通运输局"),
    _row("issuer", "网页来源", "front", rf"^(?:信息来源|文章来源|稿件来源|来源|发布单位|发布机构|发布部门|供稿单位|提供单位)：(?P<v>{ORGAN})$",
         "来源：云岭县公安局", "云岭县公安局"),
    _row("number", "文号行", "head", rf"^[（(]?(?P<v>{NUMBER})(?=$|\s|[）)]$|签发)",
         "焦建办〔2024〕32号", "焦建办〔2024〕32号"),
    _row("number", "文号栏", "head", rf"(?:发文字号|文号|编号)\s?[：:\t]\s?(?P<v>{NUMBER})",
         "文号：云教函[2023]7号", "云教函[2023]7号"),
    _row("number", "网页表", "front", rf"^(?:发文字号|发文文号|文号|文件编号|文件号)：(?P<v>{NUMBER})$",
         "发文字号：云教函〔2023〕7号", "云教函〔2023〕7号"),
    _row("signer", "签发人", "head", rf"签\s?发\s?人?\s?[：:\t]\s?(?P<v>{HAN}(?:\s?[\u4e00-\u9fff·]){{1,5}}?)"
         r"(?=\s*$|\s+\S{2,5}[：:]|\s*(?:办理|公开))", "签发人：王文成", "王文成"),
    _row("signer", "领导签批", "tail", rf"^(?:领导签批|领导签发|审签人?|签批人?)\s?[：:\t]\s?(?P<v>{HAN}(?:\s?[\u4e00-\u9fff·]){{1,5}}?)\s*$",
         "领导签批：谢高", "谢高"),
    _row("result_class", "办理结果", "head",
         r"(?:办理结果|办理类别|答复类别|办理类型|结果类别|办复类别|答复类型|答复分类|办理情况|类\s?别|^分类)(?:标识|标记)?\s?[：:]?\s?"
         r"[（(“\"]?(?P<v>[A-DＡ-Ｄ甲乙丙丁])[1-9]?(?=\s?类|[（(）)”\"\s，；]|$)", "办理结果：A", "A"),
    _row("result_class", "单列类别", "head", r"^[（(【\[]?(?P<v>[A-DＡ-Ｄ甲乙丙丁])\s?类[）)】\]]?$", "（B类）", "B"),
    _row("result_class", "题后类别", "title", r"[（(](?P<v>[A-DＡ-Ｄ甲乙丙丁])\s?类?[）)]$",
         "关于第5号提案的答复（乙类）", "乙"),
    _row("result_class", "网页表", "front", r"^(?:办理结果|答复类别|办理类别)：(?P<v>[A-D甲乙丙丁])类?$",
         "办理结果：C类", "C"),
    *(
        _row("assembly", f"届次（{zone}）", zone,
             rf"(?P<v>(?:(?!关于|对|在|就|您|于)[\u4e00-\u9fff]){{0,16}}?第?{NUMERAL}届"
             rf"(?:(?!关于)[\u4e00-\u9fff]){{0,12}}?第?{NUMERAL}次(?:全体)?会议)",
             "对市政协十五届二次会议第1520135号提案的答复", "市政协十五届二次会议")
        for zone in ("title", "opening")
    ),
    *(
        _row("proposal_no", f"编号（{zone}）", zone,
             r"(?:第|[“\"]第?|会议)\s?(?P<v>[A-Z]?\d{1,9})\s?号?[”\"]?\s?号?(?:[（(][^）)]{1,12}[）)])?"
             r"(?:(?:重点|党派|集体|委员|代表|政协|人大)*)(?=提案|建议|议案)",
             "对市政协十五届二次会议第1520135号提案的答复", "1520135")
        for zone in ("title", "opening")
    ),
    _row("proposal_no", "编号在后", "title", r"(?:提案|建议)\s?[（(]?第?\s?(?P<v>\d{1,9})\s?号",
         "关于提案第0123号的复函", "0123"),
    _row("proposal_no", "编号栏", "head", r"(?:提案|建议)(?:编号|号)\s?[：:]\s?第?(?P<v>\d{1,9})号?",
         "提案编号：123", "123"),
    _row("kind", "标题", "title", rf"(?P<v>提案|建议)[”》]?(?:[（(][^）)]*[）)])?(?:第?\d+号)?(?:的|办理)?[^，。]{{0,6}}{REPLY}",
         "关于市十届人大二次会议第45号建议的答复", "建议"),
    _row("kind", "标题编号", "title", r"号[”》]?(?:重点|党派|集体|委员|代表)*(?P<v>提案|建议)", "第45号建议会办函", "建议"),
    _row("kind", "开头", "opening", r"提出的?[^。\n]{0,80}?的(?P<v>提案|建议)[”》]?(?:[^。\n]{0,10})(?:收悉|收到)",
         "您提出的关于加强河道治理的建议收悉。", "建议"),
    _row("kind", "网页栏目", "front", r"^栏目：(?!.*建议.*提案|.*提案.*建议)[^\n]{0,20}?(?P<v>提案|建议)", "栏目：政协委员提案办理", "提案"),
    _row("proposal_title", "引号题目", "opening",
         r"(?:提出|所提|提交|提报)[^“《\n。]{0,40}[“《](?P<v>[^\n。]{4,80}?)[”》](?=\s?的?(?:提案|建议|议案)?[^，。\n]{0,14}(?:收悉|收到|敬悉)|[，。）])",
         "您提出的“关于推进我市老旧小区适老化改造的提案”已收悉。", "关于推进我市老旧小区适老化改造的提案"),
    _row("proposal_title", "主办件题目", "opening", r"(?:委员|代表|主办|提出)[^“《\n。]{0,20}[“《](?P<v>关于[^\n。]{4,80}?的(?:提案|建议))[”》]",
         "贵局主办的顾青松委员“关于整治校门口拥堵的提案”，涉及我局职责部分", "关于整治校门口拥堵的提案"),
    _row("proposal_title", "无引号题目", "opening", r"提出的?(?P<v>关于[^，。“”\n]{4,60}?的(?:提案|建议))",
         "您提出的关于加强河道治理的建议收悉。", "关于加强河道治理的建议"),
    _row("proposal_title", "标题中的题目", "title", r"[“《](?P<v>[^\n”》]{4,80})[”》]的?(?:提案|建议)?",
         "关于“加快城区停车场建设”提案的复函", "加快城区停车场建设"),
    _row("proposal_title", "标题即题目", "title", rf"^(?:关于对?|对)(?P<v>关于[^，。“”\n]{{4,60}}?的(?:提案|建议))的?{REPLY}",
         "对关于加强河道治理的建议的答复", "关于加强河道治理的建议"),
    _row("issued_on", "落款日期", "tail", rf"^(?:{ORGAN}\s?)?(?P<v>{DAY})$", "云岭市民政局\n2024年5月6日", "2024-05-06"),
    _row("issued_on", "网页表", "front", rf"^(?:成文日期|生成日期)：(?P<v>{DAY})$", "成文日期：2024-05-06", "2024-05-06"),
    _row("issued_on", "网页答复时间", "front", rf"^答复时间：(?P<v>{DAY})", "答复时间：2024-05-06 10:00", "2024-05-06"),
    _row("issued_on", "印发日期", "tail", rf"(?P<v>{DAY})\s?印发", "焦作市住房和城乡建设局办公室\n2024年6月28日印发",
         "2024-06-28"),
    _row("issued_on", "bulk import", "head", r"(?!)(?P<v>)", "", ""),
    _row("issued_on", "题下日期", "head", rf"^[（(]?(?P<v>{DAY})[）)]?$", "（2024年5月6日）", "2024-05-06"),
    _row("issued_on", "发布日期", "front", rf"^(?:发布日期|发布时间|发文日期|公开日期|公开时间|更新时间|更新日期|发表时间|信息时间|录入时间)：(?P<v>{DAY})", "发布日期：2024-05-08", "2024-05-08"),
    _row("contact_unit", "联系单位", "tail",
         r"(?:联系单位|承办单位|联系科室|承办科室|联系部门|办理科室)(?:及联系人|及(?:联系)?电话)?\s?[：:]\s?(?P<v>[^\s，,；;：:、（()）“”\d]{2,40})",
         "联系单位：焦作市住房和城乡建设局房管科", "焦作市住房和城乡建设局房管科"),
)  # fmt: skip

# Lists: the whole run is matched, then split into members.
LIST_RULES: tuple[Rule, ...] = (
    _row("addressees", "称呼行", "head", r"^(?:尊敬的)?(?P<v>[\u4e00-\u9fff·、，,（）() ]{2,80}?(?:等\s?\d{1,3}\s?[名位]?(?:委员|代表))?)[：:]$",
         "徐秀叶委员：", "徐秀叶委员"),
    _row("addressees", "行首称呼", "opening",
         r"^(?:尊敬的)?(?P<v>[\u4e00-\u9fff·、，,（）() ]{2,60}?(?:委员|代表|委员会|支部|工委|先生|女士|网友|市民))[：:]",
         "李明代表：您提出的建议收悉。", "李明代表"),
    _row("co_organs", "会同", "opening", rf"(?:会同|经商|[局委办厅，]商|联合)(?P<v>{ORGANS})",
         "我局会同市财政局、市残联认真研究，现答复如下：", "市财政局|市残联"),
    _row("co_organs", "协办", "opening", rf"[，。]由?(?P<v>{ORGANS})(?:协办|会办)",
         "本件由我局主办，市自然资源局协办，现答复如下：", "市自然资源局"),
    _row("co_organs", "与…研究", "opening",
         rf"与(?P<v>{ORGANS})(?:等(?:单位|部门|\d+家单位))?[^，。；\n]{{0,6}}(?:研究|会商|协商|沟通|测算|商议|对接|座谈)",
         "经与市民政局共同研究，现答复如下：", "市民政局"),
    _row("cc", "抄送", "tail", r"^抄\s?[送报]\s?[：:]\s?(?P<v>[^\n。]+)", "抄送：市政协提案委、市政府督查室",
         "市政协提案委|市政府督查室"),
)  # fmt: skip

# A part of somebody else's reply, told by its opening where its title does not tell.
CONTRIBUTION = re.compile(
    r"(?:我[^，。；\n]{0,8}|现(?:将|就|提出)?[^，。；\n]{0,12})(?:会办|协办)意见[^，。；\n]{0,8}如下"
    r"|[贵你](?:局|委|办|厅|院|会|部|中心|单位|公司)[^，。；\n]{0,6}(?:主办|牵头办理|牵头承办)的[^。\n]{0,60}(?:提案|建议|议案)"
)
TITLE = re.compile(
    rf"^(?P<v>(?:{ORGAN})?(?:对|关于|《|答复)[^\n。]{{3,150}}?{REPLY}(?:[（(][^）)\n]{{1,20}}[）)])?)$",
    re.MULTILINE,
)

"""What given names are not made of, and what may follow a name in a sentence."""

from __future__ import annotations

import re

from kb.privacy.surnames import COMPOUND

# No given name has these; and some more do not end one.
NOT_IN = frozenset(
    "经未须所着并均仍则却以续就每的了在是和与不等被把对及这那哪此其某很们个么吗呢吧"
    "啊呀您你他她它谁啥怎"
    "什哦嗯该拟请们方者委政府局厅镇县省"
)
NEVER = frozenset("请您你他她它们的了是这那哪吗呢吧经未须")  # whatever a label says
NOT_LAST = NOT_IN | frozenset(
    "说称反因向从将已曾也都还又先同女要想问找去到给让诉住拨由致卡号证费款单表村乡区市街路"
)
ENDINGS = frozenset(
    "感度性者员率量化型式线点面部门所厂处级期时后前中内外上下里间地得着过起来去出入进回开关人家费"
    "款证号单表大小多少高低快慢好坏不"
)
# What may follow a name in a sentence: of two characters or more it ends the name wherever it
# stands, and of one only behind two given characters or where nothing longer fits.
TITLES = "先生|女士|同志|同学|老师|师傅|大爷|大妈|大娘|阿姨|叔叔|奶奶|爷爷|老人|老汉|小朋友|网友"
SAYS = (
    "反映|反应|来电|来信|来访|来函|致电|咨询|投诉|举报|信访|上访|诉求|诉称|表示|提出|认为|要求"
    "|请求|申请|询问|希望"
    f"|告诉|介绍|留言|求助|建议|{TITLES}"
    "|一家|夫妇|夫妻|本人|身份证|护照|手机|电话|联系|微信|证件|家住|家中|家里|居住|住在|名下|所有"
    "|购买|租住|名叫|现年"
)
MORE = (
    "姐弟|兄弟|兄妹|姐妹|父子|母子|父女|母女|联名|签名|签字|联合|独居|去世|死亡|受伤|住院|生病|两名|三名|四名|五名|两位|三"
    "位|四位|五位|几位|多名|今年|目前|现在|因为|由于|多次|等人|两人"
    "|三人|发现|遇到|没有|未能|不能|不满|无法|自己|自述|所述|所在|通过|曾经"
    "|已经|需要|申报|办理|签订|购得|承租|承包|驾驶|停放|不服|拨打|收到|拒绝|请问|您好|你好|家属"
    "|家人|户口|户籍|房屋|违规|违法|违建|涉嫌|私自|擅自|侵占|占用|一事|查一下|查查|领取|享受|拖欠"
    "|欠付|打人|打伤|被打|走了|瘫痪|所建|所盖"
    "|的|说|称|问|想|等|和|与|及|在|于|从|向|对|因|由|为|是|有|已|曾|将|被|把|让|给|到|去|住|系|也"
    "|还|又|再|男|女|家"
    "|户|自|从|今|昨|前|上|下|共|购|买|租|交|办|诉|以|并|则|却|能|可|会|应|要|未|没|不|无|找|拿|带"
    "|就|跟|同|之|一行"
)
# 胡书记: a surname with a title names an official, or tells no more than the title.
_OFFICIAL = re.compile(
    rf"(?:{COMPOUND}|[\u3400-\u9fff])(?:(?:副|总|老)?(?:书记|[省市县区镇乡村处科局厅部院校组队所站"
    rf"股]长|主任|主席|经理|主管|总工?|律师|警官"
    r"|法官|检察官|医生|大夫|教授|老师|先生|女士|小姐|同志|师傅|大爷|大妈|阿姨|某)|家[的人])"
)
_NO_NAME = re.compile(
    r"敬礼|占位|程中|车主|强奸|查新|文书|安徽人|支付|时有|占道|谢绝|方能|方经|方面|方另|经释|经查|原预"
    r"|楼长|任课|周课时|如需|如有|敬上|敬启|高达|高至|何时|温度|孔明灯"
)


def no_name(text: str, start: int) -> bool:
    """True where an official, 王先生, or words that look like a name begin."""
    return bool(_OFFICIAL.match(text, start) or _NO_NAME.match(text, start))

"""Names of persons: surnames, and where in a run of Chinese characters a name ends.

Nothing but context tells a name from words, so a name is looked for only where a rule says that
a person follows. Searched in text with its full-width letters, digits and signs made narrow.
"""

from __future__ import annotations

import re

from kb.text.organs import OFFICE_END
from kb.text.tokens import segmenter
from kb.types import Span

# With · and rare characters, which names of persons have.
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff·]"
# The surnames of nine in ten Chinese people (Ministry of Public Security, 2020 report on names,
# and the commonest of two characters): where a label does not say that a person follows.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔"
    "易殷骆蓝付尚温康施牛樊葛邢安齐庞颜庄聂章鲁岳翟申耿关兰焦俞左柳甘祝包宁符阮"
)
# The next few hundred: only where no word of the dictionary stands.
RARE = (
    "欧梅盛桂倪穆芦鄢苗裴项常冉游辛管詹季舒屈阳欧柯路喻凌靳卜娄司岑凤华费廉薄滕毕乌皮卞伍元卓池仇单车楚褚储畅晁"
    "成丛代党狄刁杭佟窦鄂班边卫匡宫巩古谷郜苟桑沙商佘佀仝全冀纪计简蹇揭荆井景敬鞠隽阚寇况来郎劳冷栗连练蔺廖"
    "令隆逯鹿麻满茅蒙米苗缪闵明牟慕那南能农区欧逄蒲濮戚漆祁綦强乔仇裘曲麴权冉饶荣戎茹芮萨桑沙单商佘佟涂屠宛"
    "危位问沃邬席冼咸相向解辛幸胥宣荀晏燕羊仰叶衣伊应尤于虞郁禹蒯原苑臧迮查占湛仉支植智仲竺诸祝卓訾宗祖纵佐"
    "籍扈蔚暴乜笪麦晋冒昝菅粘谌谯谈翁邝鄞逯闻阙雍霍鲍鲜麴黑占智皇敖柏班毋巴哈买艾热阿努古"
)
COMPOUND = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|端木|南宫|夏侯|司徒|司空|轩辕|宇文|长孙|申屠|钟离|闻人"
    "|濮阳|淳于|单于|澹台|呼延|东郭|独孤|拓跋|鲜于|太史|赫连|万俟|公冶|宗政|闾丘|仲孙|百里|第五|西门|东门|南门"
)
PERSON = rf"(?:{COMPOUND}|[{SURNAMES}])(?:·?[\u3400-\u9fff]){{1,3}}"
ORGAN = rf"(?:{HAN}{{2,24}}{OFFICE_END})"
LONGEST = 4  # code points of a run that names a person, where nothing else tells

_BEGINS = re.compile(rf"(?:{COMPOUND}|[{SURNAMES}])")
_BEGINS_RARE = re.compile(rf"[{RARE}]")
# No given name has these; and some more do not end one.
_NOT_IN = frozenset(
    "的了在是和与不等被把对及这那哪此其某很们个么吗呢吧啊呀您你他她它谁啥怎什哦嗯该拟请们方者委政府局厅镇县省"
)
_NOT_LAST = _NOT_IN | frozenset("说称反因向从来将已曾也都还又先同女要想问找去到给让诉住拨由致")
# What may follow a name in a sentence: of two characters or more it ends the name wherever it
# stands, and of one only behind two given characters or where nothing longer fits.
SAYS = (
    "反映|反应|来电|来信|来访|来函|致电|咨询|投诉|举报|信访|上访|诉求|诉称|表示|提出|认为|要求|请求|申请|询问|希望"
    "|告诉|介绍|留言|求助|建议|先生|女士|同志|同学|老师|师傅|大爷|大妈|大娘|阿姨|叔叔|奶奶|爷爷|老人|老汉|小朋友"
    "|一家|夫妇|夫妻|本人|身份证|手机|电话|联系|微信|证件|家住|家中|家里|居住|住在|名下|所有|购买|租住|名叫|现年"
)
_MORE = (
    "今年|目前|现在|因为|由于|多次|等人|两人|三人|发现|遇到|没有|未能|不能|不满|无法|自己|自述|所述|所在|通过|曾经"
    "|已经|需要|申报|办理|签订|购得|承租|承包|驾驶|停放|不服|拨打|收到|拒绝|请问|您好|你好|家属|家人|户口|户籍|房屋"
    "|的|说|称|问|想|等|和|与|及|在|于|从|向|对|因|由|为|是|有|已|曾|将|被|把|让|给|到|去|住|系|也|还|又|再|男|女|家"
    "|户|自|从|今|昨|前|上|下|共|购|买|租|交|办|诉|以|并|则|却|能|可|会|应|要|未|没|不|无|找|拿|带|就|跟|同|之|一行"
)
_FOLLOWS = re.compile(rf"(?:{SAYS}|{_MORE})|(?!{HAN})|$")
_FOLLOWS_LONG = re.compile(rf"(?:{SAYS}|{_MORE[: _MORE.index('|的|')]})")
_SAYS = re.compile(rf"(?:{SAYS}|说|称)|[\s,，:：(（]{{0,3}}(?:电话|手机|身份证|男|女|1[3-9]\d|\d{{17}})")
_PLACE = re.compile(r"[村镇乡县区市街路巷庄屯寨桥湾组河]|小区|公司|集团|学校|中学|小学|医院|社区|大道|花园|家园")
_RUN = re.compile(rf"{HAN}+")
_DOTTED = re.compile(r"[\u3400-\u9fff]{1,8}(?:·[\u3400-\u9fff]{1,8}){1,3}")
_GIVEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SPACED = re.compile(r"(?P<surname>[\u3400-\u9fff])[ \t]{1,4}[\u3400-\u9fff]{1,2}(?![\u3400-\u9fff])")
_WINDOW = 8  # characters that tell whether a word begins where a name could


def name_at(text: str, start: int, *, sure: bool) -> Span | None:
    """The name that begins at ``start``, or None.

    ``sure``: a label says that a person follows, so that any short run which is no word is a
    name; else it must begin with a surname and be followed as names are.
    """
    dotted = _DOTTED.match(text, start, start + LONGEST * 8)
    if dotted:
        return Span(start=start, end=_end_of_dotted(text, dotted))
    if sure:
        return _labelled(text, start)
    surname = _BEGINS.match(text, start)
    if surname:
        return _named(text, start, surname.end())
    return _rare(text, start)


def _end_of_dotted(text: str, dotted: re.Match[str]) -> int:
    """Where a name with · ends: before the first word that may follow a name."""
    last = text.rindex("·", dotted.start(), dotted.end())
    ends = (end for end in range(last + 3, dotted.end()) if _FOLLOWS_LONG.match(text, end))
    return next(ends, dotted.end())


def _named(text: str, start: int, given: int) -> Span | None:
    """A name whose given part begins at ``given``, where words may stand instead."""
    end = _end(text, given)
    if end is None or _PLACE.match(text, end):
        return None
    if _is_word(text, start) and not _SAYS.match(text, end):
        return None
    if not _FOLLOWS.match(text, end) and segmenter().is_word(text[given : given + 2]):
        return None  # 方反对该: what follows the character is a word, and goes on
    return Span(start=start, end=end)


def _end(text: str, given: int) -> int | None:
    """Where the given part that begins at ``given`` ends: after one or two characters."""
    one = bool(_GIVEN.match(text, given)) and text[given] not in _NOT_IN
    if not one:
        return None
    two = bool(_GIVEN.match(text, given + 1)) and text[given + 1] not in _NOT_LAST
    if not two or _FOLLOWS_LONG.match(text, given + 1):
        return given + 1
    return given + 2


def _is_word(text: str, start: int) -> bool:
    """True if a word of two characters or more, nobody's name, begins at ``start``."""
    words = segmenter()
    first: str = next(words.cut(text[start : start + _WINDOW], HMM=False), "")
    return len(first) > 1 and words.is_word(first) or words.is_word(text[start : start + 2])


def _rare(text: str, start: int) -> Span | None:
    """A name of a rare surname or of none in the tables, followed as only persons are."""
    run = _RUN.match(text, start, start + LONGEST + 4)
    if run is None:
        return None
    for end in range(start + 2, min(run.end(), start + LONGEST) + 1):
        name = text[start:end]
        if _SAYS.match(text, end) and not any(character in _NOT_IN for character in name):
            rare = _BEGINS_RARE.match(name) is not None and end - start < LONGEST
            if not is_plain(name) and (rare or not _has_word(name)):
                return Span(start=start, end=end)
    return None


def _has_word(run: str) -> bool:
    words = segmenter()
    return any(len(word) > 1 and words.is_word(word) for word in words.cut(run, HMM=False))


def is_plain(run: str) -> bool:
    """True if ``run`` is nothing but words of the dictionary, none of them a name."""
    words = segmenter()
    return all(len(word) > 1 and words.is_word(word) for word in words.cut(run, HMM=False))


def _labelled(text: str, start: int) -> Span | None:
    spaced = _SPACED.match(text, start)
    if spaced and not is_plain("".join(spaced[0].split())):
        return Span(start=start, end=spaced.end())
    run = _RUN.match(text, start, start + 24)
    if run is None or len(run[0]) < 2:  # noqa: PLR2004
        return None
    surname = _BEGINS.match(text, start) or _BEGINS_RARE.match(text, start)
    if len(run[0]) <= LONGEST and not _FOLLOWS_LONG.search(text, start, run.end()):
        if re.search(OFFICE_END + "$", run[0]) and not (surname and len(run[0]) < LONGEST):
            return None
        return None if is_plain(run[0]) and not surname else Span(start=start, end=run.end())
    if surname:
        end = _end(text, surname.end())
        return Span(start=start, end=end) if end else None
    return _rare(text, start)


def before(text: str, end: int) -> Span | None:
    """The name that ends at ``end``: three characters that begin with a surname, or two, or four."""
    run = text[max(0, end - LONGEST) : end]
    for length in (3, 2, 4):
        name = run[-length:]
        surname = _BEGINS.match(name) or (_BEGINS_RARE.match(name) if length == 3 else None)  # noqa: PLR2004
        if len(name) < length or surname is None or not all(map(_GIVEN.match, name)):
            continue
        if len(name) - surname.end() in (1, 2) and not any(c in _NOT_IN for c in name):
            if not segmenter().is_word(name) and not segmenter().is_word(name[:2]):
                return Span(start=end - length, end=end)
    return None

"""Words of the bars that sites put above and below a text: lines → named values, or furniture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kb.text.chars import bare

LONGEST = 300  # code points of a line that may be a bar
SHORTEST_PROSE = 20  # code points from which on a line with a comma is running prose

# The labels of a bar, by what may stand behind them.
LABELS: Mapping[str, Sequence[str]] = {
    "date": (
        "发布时间", "发布日期", "更新时间", "更新日期", "发表时间", "发文时间", "公开时间",
        "公开日期", "添加时间", "录入时间", "信息时间", "上传时间", "创建时间", "日期", "时间",
    ),
    "source": (
        "信息来源", "文章来源", "稿件来源", "内容来源", "消息来源", "发布单位", "发布机构",
        "发布部门", "供稿单位", "供稿部门", "提供单位", "信息提供", "作者单位", "来源", "稿源",
        "供稿",
    ),
    "person": (
        "责任编辑", "网站编辑", "审核人", "发布人", "发布者", "录入人", "录入者", "信息员",
        "上传者", "作者", "编辑", "责编", "审核", "初审", "复审", "终审", "校对", "录入", "撰稿",
        "记者",
    ),
    "count": (
        "浏览次数", "浏览人数", "阅读次数", "点击次数", "访问次数", "查看次数", "浏览量",
        "阅读量", "阅读数", "浏览数", "点击数", "点击率", "点击量", "访问量", "浏览", "阅读",
        "点击", "人气",
    ),
    "size": (
        "文字大小", "字体大小", "字号大小", "字体显示", "字体颜色", "视力保护色", "保护视力色",
        "背景颜色", "页面颜色", "背景色", "调整字体", "视力保护", "字体", "字号",
    ),
    "action": ("分享到", "分享至", "分享", "打印", "收藏", "操作", "语音播报", "朗读"),
}  # fmt: skip
_KIND = {label: kind for kind, labels in LABELS.items() for label in labels}
_VAGUE = frozenset(
    ("日期", "时间", "来源", "作者", "编辑", "审核", "校对", "记者", "供稿", "阅读", "操作")
)
_SPACED = "|".join(
    r"[ \u3000\xa0]{0,4}".join(label) for label in sorted(_KIND, key=len, reverse=True)
)
_LABEL = re.compile(rf"(?P<label>{_SPACED})[ \u3000\xa0]{{0,4}}[：:]")
_DATE = (
    r"\d{4} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?"
    r"(?:[ T\u3000\xa0]{0,4}\d{1,2} ?[:：] ?\d{2}(?: ?[:：] ?\d{2})?)?"
)
_BUTTON = (
    r"(?:打印(?:本页|此页|文章|页面|正文)?|关闭(?:窗口|本页|此页|页面)?|(?:加入|我要)?收藏(?:本页)?"
    r"|分享[到至]?|返回(?:顶部|列表|首页|上一?页)?|回到顶部|微信(?:好友)?|朋友圈|(?:新浪|腾讯)?微博"
    r"|QQ(?:空间|好友)?|保护视力|(?:文字版|图片版|word版?|PDF版?)?下载|语音播报|(?:听|读)全文|朗读"
    r"|播放|暂停|我要纠错|纠错|无障碍(?:浏览|阅读)?|长者模式|繁體|繁体|简体|特大|超大|较大|默认"
    r"|放大|缩小|大|中|小|A ?[+-]?|T ?[+-]|[+-])"
)
_GAP = r"[\s\[\]【】（）()|｜/·•,，、:：>—-]"
_BUTTONS = re.compile(rf"{_GAP}*+(?>{_BUTTON}{_GAP}*+)++", re.I)
_STAMP = re.compile(rf"[\[【（(]?\s?(?P<date>{_DATE})\s?[\]】）)]?")
_LEAD = re.compile(rf"{_GAP}*+(?P<date>{_DATE})?{_GAP}*+(?>{_BUTTON}{_GAP}*+)*+", re.I)
_TRAILING = re.compile(rf"(?>[\s|｜【\[（(]++{_BUTTON}(?=[\s|｜】\]）)]|$)[】\]）)]*+)++\Z", re.I)
_VALUES: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(rf"(?:{_DATE})?"),
    "source": re.compile(r"[^。；！？：:]{0,40}"),
    "person": re.compile(r"[^。；！？：:，]{0,24}"),
    "count": re.compile(r"[\d\s,，万+次人个\[\]()（）-]{0,24}"),
    "size": re.compile(r"[^。；！？]{0,40}"),
    "action": re.compile(r"[^。；！？]{0,60}"),
}
_NO_SOURCE = re.compile(r"文件$|^(?:关于|对)|(?:答复|复函|代表|委员)$")

# Lines that are furniture wherever they stand.
_WEEK = r"(?:星期|周|礼拜)[一二三四五六日天]"
_FURNITURE = re.compile(
    r"(?:今天是|现在是|现在时间|当前时间|北京时间|系统时间).{0,60}"
    rf"|{_DATE}[\s,，]*{_WEEK}[\s\d:：]*(?:农历\S{{0,12}})?.{{0,6}}"
    r"|.{0,8}(?:扫一扫|扫描?二维码|扫码|微信扫描).{0,30}"
    r"|.{0,6}手机.{0,6}(?:打开|查看|浏览|阅读)(?:当前|本|此)?页.{0,6}"
    r"|(?:[〖【\[<《]\s?)?(?:上一|下一)[篇条则个页][：:】\]]?.{0,120}|[上下]篇[：:].{0,120}"
    r"|[您你]?(?:当前|现在|目前)?(?:的|所在|所处)?(?:的)?位置\s?(?:[：:>]|是)?.{0,160}"
    r"|(?:网站)?首页\s?(?:[>＞»›/→]|--|::).{0,160}"
    r"|(?:欢迎|热烈欢迎).{0,4}(?:来到|访问|光临|您).{0,30}"
    r"|您访问的链接即将离开.{0,60}|放弃[\s]{0,4}继续访问|是否继续？?"
    r"|(?:我要)?(?:纠错|评论|点赞)|网友评论.{0,20}|[-—=*\s]{0,20}(?:END|完|正文)[-—=*\s]{0,20}"
    r"|分享让更多人.{0,10}|打开微信，点击.{0,60}|(?:版权声明|免责声明)[：:].{0,200}"
    r"|.{0,80}(?:版权所有|ICP备|网站标识码|公网安备|[Cc]opyright|网站地图|技术支持[：:]).{0,200}"
    r"|主办(?:单位)?[：:].{1,60}(?:承办|协办|维护|管理).{1,60}"
)
_LIST_AFTER = re.compile(
    r"[>》|■◆●\s]{0,8}(?:相关(?:文章|链接|信息|阅读|新闻|推荐|解读|稿件|文档|报道|内容|资讯)"
    r"|热[点门](?:新闻|排行|推荐|信息|文章)|(?:推荐|延伸|扩展)阅读|最新(?:信息|公开|文章|动态|发布)"
    r"|猜你喜欢|上一[篇条则]|下一[篇条则]|网友评论|友情链接|网站导航)(?:[：:>》\s].{0,120})?"
)


def bar(line: str) -> tuple[tuple[str, str], ...] | None:
    """The named values of the bar that ``line`` is; None if it is none.

    >>> bar("来源：县水利局　发布时间：2024-01-03 10:00　字号：[大 中 小]")[:2]
    (('来源', '县水利局'), ('发布时间', '2024-01-03 10:00'))
    """
    if len(line) > LONGEST:
        return None
    labels = list(_LABEL.finditer(line))
    if not labels:
        alone = _BUTTONS.fullmatch(bare(line))
        return () if alone and len(bare(line)) > 1 else None
    lead = _LEAD.fullmatch(line[: labels[0].start()])
    if lead is None:
        return None
    found = [("发布时间", lead["date"])] if lead["date"] else []
    ends = [label.start() for label in labels[1:]] + [len(line)]
    for label, end in zip(labels, ends, strict=True):
        name = bare(label["label"])
        kind = _KIND[name]
        value = _TRAILING.sub("", line[label.end() : end]).strip(" \u3000\xa0\t|｜[]【】/，,;；")
        value = " ".join(value.split())
        if kind in ("person", "source", "count"):
            value = value.removesuffix("）").removesuffix(")")
        buttons = kind in ("date", "count") and _BUTTONS.fullmatch(value)
        if not (_VALUES[kind].fullmatch(value) or buttons):
            return None
        found.append((name, "" if buttons else value))
    return tuple(found)


def is_vague(line: str, values: Sequence[tuple[str, str]]) -> bool:
    """True for a bar that may as well be a line of a letter: 日期：2024年5月6日."""
    return len(values) == 1 and values[0][0] in _VAGUE and len(_LABEL.findall(line)) == 1


def kept(values: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Those of a bar's ``values`` from which fields are read: where it is from, and the day."""
    rows: dict[str, str] = {}
    for name, value in values:
        kind = _KIND[name]
        if kind == "date" and value:
            label = "发布时间" if name in ("日期", "时间") else name
            rows.setdefault(label, re.sub(r"(?<=[-/.年月:：]) (?=\d)", "", value))
        elif kind == "source" and value and not _NO_SOURCE.search(value):
            rows.setdefault(name, value)
    return rows


def is_furniture(line: str) -> bool:
    """True if ``line`` is never a letter's: a clock, a way back, 扫一扫, 上一篇."""
    return len(line) <= LONGEST and bool(_FURNITURE.fullmatch(line.strip()))


def stamped(line: str) -> str:
    """The day that sites put under a title, with its time or in brackets; "" for anything else."""
    words = line.strip()
    match = _STAMP.fullmatch(words) if len(words) <= 30 else None
    sure = match and (":" in words or "：" in words or words[0] in "[【" or "-" in words)
    return match["date"] if match and sure and (words[0] in "[【（(" or ":" in words) else ""


def begins_list(line: str) -> bool:
    """True for what stands over a list of other texts: 相关文章, 上一篇."""
    return len(line) <= LONGEST and bool(_LIST_AFTER.fullmatch(line.strip()))

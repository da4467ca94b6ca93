"""What a page's letter is called, wherever the page says it: meta tags, headings, the title tag."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement as Element

from kb.text.chars import bare

LONGEST = 200  # code points of a title
SHORTEST = 6
_METAS = ("articletitle", "og:title", "title", "dc.title")
_NAMED = re.compile(
    r"[a-z]{0,12}[-_]?"
    r"(?:title|tit|bt|biaoti|headline)\d?",
    re.I,
)
_ENDS = re.compile(
    r"(?:答[复覆]|[复復覆]函|回[复覆]|函|意[见見]|提案|建[议議]|[议議]案|[会會协協主][办辦]?件|[答复]件|[复復]文|[办辦]理(?:情[况況]|[结結]果))"
    r"(?:[（(【\[][^（()）]{1,20}[)）】\]]|[）)])?$"
)
_SAYS = re.compile(r"答[复覆]|[复復]函|回[复覆]|提案|建[议議]|[议議]案|[会协]办")
_COLUMN = re.compile(
    r"(?:[市县区省州]|人大|政协|代表|委员|建议|提案|议案|办理|办复|结果|情况|公开|公示|公告|信息"
    r"|答复|回复|复文|摘要|全文|选登|网上|专栏|栏目|平台|系统|查看|详情|明细|报表|列表|浏览|查询|[、和与及（）()])+"
)
_MAILBOX = re.compile(
    r"信箱|互动|留言|来信|信件|政府|首页|门户|热线|平台|网站|政务网|[答回][复覆]|[诉群].{1,3}公开|详情"
    r"|^(?:问题|内容|标题|诉求|咨询)$|^(?:问题|内容|标题|诉求)|描述|[：:]"
)
# What follows a page's own title: the names of its column and of its site.
_SITES = re.compile(
    r"(?<=.{6})(?:\s{0,4}(?:[_|｜]|--|—+|–|-)\s{0,4}[\u4e00-\u9fff·（）()]{2,20}){1,3}\Z"
)
_PARTED = re.compile(r" ?(?:[_|｜]|--|—+|–|-) ?")


def heads(root: Element) -> list[str]:
    """What the meta tags, then the title tag of the page ``root`` call it."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        metas.setdefault(name, meta.get("content") or "")
    named = [metas[name] for name in _METAS if name in metas]
    return _clean([*named, *(_shortest(title.text_content()) for title in root.iter("title"))])


def shown(root: Element) -> list[str]:
    """The headings of the page ``root`` that a reader sees: h1, what is named a title, h2, h3."""
    named = [element for element in root.xpath("//*[@id or @class]") if _is_named(element)]
    elements = [*root.iter("h1"), *named, *root.iter("h2", "h3")]
    return _clean([element.text_content() for element in elements[:40]])


def of_letter(candidates: Sequence[str]) -> str:
    """The first of ``candidates`` that a letter may be called; "" if there is none."""
    fit = [words for words in candidates if _fits(words)]
    return next(filter(_ENDS.search, fit), next(iter(fit), ""))


def above(lines: Sequence[str]) -> str:
    """What the last of the ``lines`` above a letter calls it that ends as titles do; "" if none."""
    fit = [" ".join(line.split()) for line in lines if len(line) <= LONGEST]
    return next((words for words in reversed(fit) if _fits(words) and _ENDS.search(words)), "")


def of_mail(named: Sequence[str], headings: Sequence[str]) -> str:
    """What a letter to a mailbox is about: a heading, best one that the page's title names too.

    ``named`` are what the head of the page calls it, in parts beside the site's name.
    """
    parts = [part for words in named for part in _PARTED.split(words[: 2 * LONGEST])]
    told = [words for words in (*headings, *parts) if words and not _MAILBOX.search(words)]
    return next((words for words in told if words in headings and words in parts), "") or next(
        iter(told), ""
    )


def same(line: str, title: str) -> bool:
    """True if ``line`` is the ``title``, white space and brackets around it aside."""
    return _key(line) == _key(title)


def stands_in(lines: Sequence[str], title: str) -> bool:
    """True if some of the first ``lines``, one to four after each other, are the ``title``."""
    key, first = _key(title), [line[: 2 * LONGEST] for line in lines[:16]]
    return any(
        _key("".join(first[start:end])) == key
        for start in range(len(first))
        for end in range(start + 1, min(start + 5, len(first) + 1))
    )


def column(root: Element) -> str:
    """The column of proposals or of motions that the page's 当前位置 or its meta tag names."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "columnname":
            return _of_proposals([meta.get("content") or ""])
    words = (str(text) for text in root.xpath("//text()[contains(., '位置')]"))
    for text in words:
        if len(text) <= LONGEST:
            break
    else:
        return ""
    holder = root.xpath("//text()[contains(., '位置')]/../..")
    parts = re.split(r"[>＞»›/\n]", holder[0].text_content()[: 2 * LONGEST]) if holder else []
    return _of_proposals(parts[::-1])


def _of_proposals(parts: Sequence[str]) -> str:
    for part in parts:
        words = bare(part)
        named = 4 <= len(words) <= 20 and "公开" not in words and _COLUMN.fullmatch(words)
        if named and ("提案" in words) != ("建议" in words):
            return words
    return ""


def _is_named(element: Element) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}".split()
    return any(_NAMED.fullmatch(name) for name in names)


def _fits(words: str) -> bool:
    return (
        SHORTEST <= len(bare(words)) <= LONGEST
        and bool(_SAYS.search(words))
        and not _COLUMN.fullmatch(bare(words))
        and not any(sign in words for sign in "。；")
    )


def _shortest(words: str) -> str:
    """The title tag without the site's name, which stands behind a bar or a dash."""
    words = " ".join(words[: 4 * LONGEST].split())
    for bar in _PARTED.finditer(words):
        if _fits(before := words[: bar.start()].strip()) and _ENDS.search(before):
            return before
    return _SITES.sub("", words)


def _clean(candidates: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (" ".join(words.split()) for words in candidates))))


def _key(words: str) -> str:
    return bare(words).strip("【】[]()（）《》")

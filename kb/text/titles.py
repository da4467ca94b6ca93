"""What a letter is called, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.text.chars import searchable
from kb.text.tokens import subject_tokens
from kb.text.traditional import simplified
from kb.types import Citation, Field, Heading, Letter

_SUBJECT = re.compile(
    r"^关于(?P<subject>[^第《]{4,40})的(?:提案|建议|议案|答复|复函|会办意见|协办意见|函)$"
)
# What follows the proposal in the title of a 会办意见, and how one without a proposal begins; a
# proposal about 会办 names it before.
_NAMES_PROPOSAL = re.compile(r"^.*(?:提案|建议|议案|》|”|号)", re.DOTALL)
_OPINION = r"(?:会办|协办)(?:单位)?(?:意见|答复|复函|回复|情况|件|函)"
_CONSULTED = re.compile(
    rf"{_OPINION}{{1,2}}[书稿表单]?(?:的?(?:答复|复函|回复|报告|汇报|说明|函|意见|通知)){{0,2}}(?:[（(][^（()）]{{1,40}}[）)])?$"
)
_BEGINS = re.compile(
    rf"^(?:[^关对《“，。的]{{0,20}}(?:局|委|厅|办|部|院|会|中心))?{_OPINION}(?!工作|质量|机制|制度|办理)"
)
_SPEAKS = re.compile(r"会办|协办")
# Words that open a proposal's title, or say where and for whom, and not what it is about.
_DOING = frozenset((
    "老旧小区", "居民小区", "小区", "社区", "农村", "乡村", "城市", "城镇", "城区", "中心", "城乡",
    "居民", "加强", "加快", "加大", "推进", "推动", "促进", "提高", "提升", "优化", "完善", "改善",
    "落实", "做好", "健全", "建立", "规范", "强化", "深化", "扩大", "解决", "破解", "缓解", "支持",
    "鼓励", "进一步", "继续", "积极", "切实", "全面", "综合", "综合治理", "重视", "重点", "开展",
    "实施", "建设", "发展", "工作", "问题", "难题", "管理", "服务", "质量", "水平", "力度", "机制",
    "体系", "能力", "措施", "建议", "提案", "议案", "答复", "复函", "意见", "关于", "我市", "全市",
    "市民", "群众", "治理", "标准", "政策", "制度", "方面", "几点", "后续", "有效", "高质量",
    "不断", "着力", "保障", "打造", "构建", "增加", "增强", "创新", "利用", "实效", "成效", "责任",
    "条件", "我区", "我县", "会办", "协办", "市政协", "政协", "人大", "会议", "次", "届", "号",
))  # fmt: skip


LONGEST_HEADING = 24  # characters; a longer one is a sentence of what was done


def name_of(letter: Letter) -> str:
    """What a citizen knows the letter by: the proposal's title, else its own, else its id."""
    title = letter.title.value if letter.title else None
    return letter.value("proposal_title") or title or letter.id


def titles(letter: Letter) -> list[Field]:
    """The title of the proposal and the letter's own."""
    return [title for title in (letter.fields.get("proposal_title"), letter.title) if title]


def subject_headings(letter: Letter) -> Iterator[Heading]:
    """The headings that name a subject; a numbered sentence of what was done is none."""
    for heading in letter.headings:
        if len(heading.text) <= LONGEST_HEADING and not re.search(r"[，。；]|\d{2}", heading.text):
            yield heading


def citation_of(letter: Letter) -> Citation:
    """What ``letter`` is cited by."""
    return Citation(
        letter_id=letter.id,
        name=name_of(letter),
        number=letter.value("number"),
        issuer=letter.value("issuer"),
        issued_on=letter.value("issued_on"),
        result_class=letter.value("result_class"),
    )


def subject_of(letter: Letter) -> str | None:
    """What the proposal wants: 关于加装电梯的建议 gives 加装电梯; None if no title tells."""
    for title in (letter.value("proposal_title"), letter.title.value if letter.title else None):
        match = _SUBJECT.match(simplified(title or ""))
        if title and match:
            return title[match.start("subject") : match.end("subject")]
    return None


def subject_words(letter: Letter) -> tuple[str, ...]:
    """The words of the proposal's title that tell what it is about; () if it has none."""
    title = letter.value("proposal_title") or subject_of(letter) or ""
    return telling(subject_tokens(title))


def telling(words: Iterable[str]) -> tuple[str, ...]:
    """Those of ``words`` that tell what a letter is about: not 加强, 小区, 工作, no figure."""
    return tuple(w for w in words if len(w) > 1 and w not in _DOING and not w[0].isdigit())


def consulted(title: str | None) -> bool:
    """True of the title of a 会办意见, which is a part of somebody else's reply.

    Not of one that only tells of such opinions: 关于规范会办意见的提案的答复.
    """
    words = searchable(simplified(title or ""))
    rest = _NAMES_PROPOSAL.sub("", words)
    return bool(_CONSULTED.search(rest) or _BEGINS.match(words))


def speaks_of_opinions(question: str) -> bool:
    """True of a question that is about 会办意见."""
    return bool(_SPEAKS.search(simplified(question)))


def titles_of(letter: Letter) -> str:
    """Both titles, folded and without white space, for looking words up in."""
    own = letter.title.value if letter.title else ""
    return searchable(f"{letter.value('proposal_title') or ''}\n{own}")

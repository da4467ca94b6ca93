"""What is to be done, as a list shows it: the words of a promise without its dates and its asides.

Part by part between commas: what is background, done or only the beginning of the work is left
out where something else remains, and so are the words that only say that it is a promise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.extract.clauses import Clause
from kb.extract.due import Dated
from kb.text.excerpts import whole_words
from kb.types import Span

LONGEST = 80  # characters that are shown of an action
_THIN_LENGTH = 4  # characters; what is shorter says what is done, but not to what
Kind = Literal["says", "begins", "aside", "reason", "done", "condition"]

# --- where a part begins and what of it is left out ---------------------------------------------

_OURS = r"我(?:局|委|办|厅|们|校|院|中心|公司|司|大队|支队|站|所|队|处|镇|街道|单位|馆)们?"
_PLACE = r"[我全](?:市|县|区|省|州|乡|村|镇)"
_WILL = (
    r"(?=[尽及继同进在加安启积对把通于为一根按再做不严依认协组持联督推配主研与向开完建实制出提统逐优全强"
    r"新增明扩改拆整重分定充密切努采派指落会给由以从着坚引约适择更修补设划恢投移报邀召面争力立即马迅抓]"
    r"|将(?=[会在对把于进继]))"
)
# After 将 in the sense of 把: 将加装电梯情况纳入信用评价.
_MADE = r"(?:[列纳]入|作为|用于|[高升大加长低少]到|降至|移交|划转|接入|延伸|调整为|改造?为|改[造成]成|转[为交]|交由)"
# Words at the head of a part that tie it to others, or only say that it is a promise.
_LEAD = re.compile(
    r"[，、。；：·！？）)”》\-]+"
    r"|(?:同时|另外|此外|其中(?=，)|并且|而且|但是?|并(?![排行联网轨购])|且|首先|其次|再次|最后)，?"
    r"|(?:下一?步(?:工作)?(?:中|里)?|下阶段|下一阶段|接下来|今后|后续|近期内?|现(?=[已正拟])|为此|因此|所以|对此|据此|届时|到时)"
    r"(?:，|(?=我|将|会|由|计划|拟|要|进一步|继续|正|已|再))"
    rf"|{_OURS}(?![的与和及、])|{_PLACE}(?=[将拟会也正已计预力要还即])"
    r"|(?:也|还|都|均|就|则)(?=[将会要需是在正拟计])"
    r"|目前，?|(?:待|等(?![级方候待额]))[^，]{1,40}?(?:之?后|时)(?=[^，]{5})"
    r"|力争|争取(?![到得])(?!.{0,14}(?:资金|补助|专项债|贷款|指标|支持|列入|纳入|减免|政策|项目|额度))"
    r"|努力(?=[在于实做完])|计划(?![生的])|拟(?![定订合人态])|预计|有望|打算|决定|承诺(?=[在将于会对按把立尽])"
    rf"|即?将(?:会(?!同))?(?![^，]{{0,30}}{_MADE}){_WILL}|(?<![委议社协学工])会(?!同){_WILL}|一定会|必将|要(?=[在于对把进加继])|正在|正(?=[与由在对])"
    r"|即可|方可|再(?=[由将予行按视])|予以(?=[^，]{2})"
    r"|(?:于|在|到|至|从|自|截至)(?=$|，)"
)
# Prepositions and cues that go with a due expression when it is taken out.
_BEFORE_DUE = re.compile(
    r"(?:力争|争取|努力|计划|拟|预计|有望|打算|将|(?<![委议社协学工])会|可以?|能|确保|保证|于|在|到|至|从|自|约|最迟|赶)*$"
)
_AFTER_DUE = re.compile(
    r"(?:左右|的?时间)?，?(?:力争|争取|计划|拟(?![定订])|可以|能够|可(?=[^靠]))*"
)
# Where the date is part of what is done and stays: 推迟到2026年; 列入2025年计划; 在2025年预算中.
_OF_THE_DEED = re.compile(
    r"(?:推迟|延[期后长至到]?|顺延|推后|调整|改|提前|列入|纳入|进入|作为)(?:到|至|在|为)?$"
)
_HELD_IN = re.compile(
    r"(?:度|级|市|省)?[^，]{0,10}(?:中|里|内|上|方案|工作)(?=[安列优落考采予将采给])"
)
_OF_WHICH = re.compile(
    r"度?的(?!时间)|(?:计划|已|拟)?(?:列入|纳入|下达|确定|安排|新增|签约)[^，。；]{0,8}的"
)

# --- what a part is -----------------------------------------------------------------------------

_DONE = re.compile(
    r"已经?(?!列入|纳入)|(?<![为未除])了(?!解|然)|累计(?!建|完|达)|截至|截止|经初步|经核实|目前(?!.{0,12}[将拟])|现为"
)
_REASON = re.compile(
    r"(?:以(?![上下内及此][^便]|.{0,8}(?:为|的)?(?:方式|形式|标准|推动|推进))|从而|确保|切实|有效(?!期)|最大限度|充分(?:发挥|保障)|方便|满足|竭力|让|使|为(?![^，]{1,16}"
    r"(?:配备|安装|加装|增设|办理|发放|开通|建设|购买|提供上门))|避免|杜绝|防止|不断提[高升]|努力(?:减轻|提高|为|营造|做到)|真正|进而|保障|营造|更好|受|因|由于|鉴于|根据|按照|针对"
    r"|依据|考虑到|为了|随着|结合)"
)
_CONDITION = re.compile(
    r"(?:如果?(?!期)|若(?!干)|一旦|待|等(?![级方])|在.{2,24}(?:前提下|基础上|情况下)$|.{2,40}(?:之?后|时|的)$)"
)
_ASIDE = re.compile(
    r"(?:占地|用地|总?投资|工期|票价|总?规模|经费|资金|费用|造价|全?长\d|时间很紧|位于|涉及|其中|重点(?:放|投)|优先(?:考虑|照顾|投放)|具体)"
)
_ATTRIBUTE = re.compile(
    r"(?<=..)(?:占地|用地面积|总?投资(?:约|估算|为)?(?=\d)|工期|总?规模为|全?长(?:约)?(?=\d)|位于|票价|现为)"
)
_STARTING = (
    r"(?:全面|正式|陆续)?(?:开工|动工|启动|招标|征地拆迁|征拆|进场|开展(?:施工|前期|设计)?(?:招标|工作)|前期(?:工作)?|开始施工"
    r"|施工招标|立项|评审审批工作|设计招标)(?:建设|施工)?"
)
_BEGINNING = re.compile(rf"(?P<what>.*?)(?:进行|开展|组织)?{_STARTING}$")
_ENDING = re.compile(
    r"完工|完成|竣工|建成|投入|投用|启用|通车|开放|交付|运营|达到|覆盖|到位|开门|开业|入住|供水|通水|验收|提交|出台|开通|使用|就读|完毕"
)
_THIN = re.compile(
    r"(?:其余|全部|基本|全面|正式|陆续|逐步|尽快|尽早|早日|及时|立即|再|重新|可以?|即|予以|组织|进行|将|会|一并|同步|并|、)*"
    r"(?:(?:建设|改造|施工|整改|处理|修复|研究)?(?:建成|完成|开工|完工|竣工|投入使用|投入运营|投入|投用|启用|通车|开门|开业|达标|通电|出台|到位|配备到位|完毕|交付|使用"
    r"|运营|开放|实施|解决|落实|办理|处理|维修|修复|整改|改造|安装|拆除|施工|验收|公布|答复|反馈|研究|考虑|推进|建设|移交|启动|动工|清理|发放|配备|安排)+"
    r"(?:任务|工作|到位|完毕|好|建设|改造)?(?:并|、)?)+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What is left of a part: where its characters stand in the clause, and what it says."""

    places: tuple[int, ...]
    kind: Kind
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be done: as a list shows it, at most ``LONGEST`` characters, and as squeezed
    ``words``, without what is done already, for reading what figure is aimed at."""

    action: str
    words: str


def deed(
    text: str, clause: Clause, *, start: int, end: int, dated: Sequence[Dated], main: int
) -> Deed:
    """What the promise at ``start`` to ``end`` of the clause's words asks for, in its own words.

    ``text`` is the letter's; ``dated`` are the due expressions of the clause; ``main`` is where
    that stands which counts, or the promise's own cue.
    """
    pieces = _pieces(clause, start, end, dated)
    chosen = _chosen(clause, pieces, main=main) or pieces
    whole = "，".join(_shown(text, clause, piece) for piece in chosen)
    if not whole:
        whole = "".join(text[clause.plain.offsets[n]] for n in range(start, end))
    to_do = (_words(clause, piece) for piece in chosen if piece.kind != "done")
    return Deed(action=_cut(whole), words="，".join(to_do))


# --- the pieces ---------------------------------------------------------------------------------


def _pieces(clause: Clause, start: int, end: int, dated: Sequence[Dated]) -> list[_Piece]:
    gone = _without_dates(clause, dated)
    found = []
    for number, (first, last) in enumerate(clause.parts):
        places = [n for n in range(max(first, start), min(last, end)) if n not in gone]
        kept = _led(clause, places)
        if kept:
            found.append(_Piece(places=tuple(kept), kind=_kind(clause, kept, first), part=number))
    return found


def _without_dates(clause: Clause, dated: Sequence[Dated]) -> frozenset[int]:
    """The places of the due expressions, with the prepositions that belong to them."""
    words, gone = clause.masked, set[int]()
    for time in dated:
        start, end = time.span.start, time.span.end
        first, last = next(part for part in clause.parts if part[0] <= start < part[1])
        before, after = words[first:start], words[end:last]
        if time.past or time.due.precision == "recurring" or before.endswith("（"):
            continue
        if _OF_THE_DEED.search(before) or _OF_WHICH.match(after):
            continue
        if time.due.raw.endswith(("年", "年度")) and _HELD_IN.match(after):
            continue
        led = _BEFORE_DUE.search(before)
        followed = _AFTER_DUE.match(after)
        gone.update(
            range(start - len(led[0] if led else ""), end + len(followed[0] if followed else ""))
        )
    return frozenset(gone)


def _led(clause: Clause, places: list[int]) -> list[int]:
    """``places`` from where the part says something of its own."""
    while places:
        words = "".join(clause.masked[n] for n in places)
        lead = _LEAD.match(words)
        if lead is None or not lead[0]:
            break
        places = places[len(lead[0]) :]
    return places


def _kind(clause: Clause, places: Sequence[int], first: int) -> Kind:
    words = "".join(clause.masked[n] for n in places)
    if _DONE.search(clause.masked[first : places[-1] + 1]):
        return "done"
    if _REASON.match(words):
        return "reason"
    if _CONDITION.match(words):
        return "condition"
    if _ASIDE.match(words):
        return "aside"
    return "begins" if _BEGINNING.fullmatch(words) else "says"


# --- which of them are shown --------------------------------------------------------------------


def _chosen(clause: Clause, pieces: Sequence[_Piece], *, main: int) -> list[_Piece]:
    """Those that say what is done: to what, if the rest leaves that open."""
    own = [piece for piece in pieces if piece.kind == "says"]
    ends = any(_ENDING.search(_words(clause, piece)) for piece in own)
    told: list[_Piece] = []
    for piece in pieces:
        if piece.kind == "says":
            told.append(_without_attribute(clause, piece))
        elif piece.kind == "begins":
            told += [piece] if not ends else _topic(clause, piece)
    told = [
        piece
        for piece in told
        if not _rest_of(clause, piece) or not _substance(clause, told, piece)
    ]
    if not any(not _thin(clause, piece) for piece in told):
        told = [piece for piece in pieces if piece.kind != "reason"]
    return _within(clause, told, main=main)


def _substance(clause: Clause, told: Sequence[_Piece], but: _Piece) -> bool:
    return any(not _thin(clause, piece) for piece in told if piece is not but)


def _rest_of(clause: Clause, piece: _Piece) -> bool:
    """True for 其余建成, whose whole stands in another part."""
    words = _words(clause, piece)
    return words.startswith(("其余", "剩余的")) and _thin(clause, piece)


def _thin(clause: Clause, piece: _Piece) -> bool:
    words = _words(clause, piece)
    return len(words) <= _THIN_LENGTH or bool(_THIN.fullmatch(words))


def _topic(clause: Clause, piece: _Piece) -> list[_Piece]:
    """Of 停车楼工程8月开工 the 停车楼工程, where another part says when it is done."""
    match = _BEGINNING.fullmatch(_words(clause, piece))
    count = len(match["what"]) if match else 0
    if count < 2:
        return []
    return [_without_attribute(clause, _shortened(piece, count))]


def _without_attribute(clause: Clause, piece: _Piece) -> _Piece:
    """Of 首末站占地21亩 the 首末站."""
    match = _ATTRIBUTE.search(_words(clause, piece))
    return _shortened(piece, match.start()) if match else piece


def _shortened(piece: _Piece, count: int) -> _Piece:
    return _Piece(places=piece.places[:count], kind=piece.kind, part=piece.part)


def _within(clause: Clause, told: list[_Piece], *, main: int) -> list[_Piece]:
    """At most ``LONGEST`` characters: what comes before the main part goes first, then the end."""
    at = next(
        (n for n, piece in enumerate(told) if clause.parts[piece.part][1] > main), len(told) - 1
    )
    while len(told) > 1 and sum(len(piece.places) + 1 for piece in told) > LONGEST:
        bare = all(_thin(clause, piece) for piece in told[at:])
        if at > 0 and not (bare and at == 1):
            told, at = told[1:], at - 1
        elif len(told) - 1 > at:
            told = told[:-1]
        else:
            break
    return told


# --- as words -----------------------------------------------------------------------------------


def _words(clause: Clause, piece: _Piece) -> str:
    return "".join(clause.plain.words[n] for n in piece.places)


def _shown(text: str, clause: Clause, piece: _Piece) -> str:
    """The letter's own characters, without brackets that have lost their other half."""
    words = "".join(text[clause.plain.offsets[n]] for n in piece.places)
    for opening, closing in ("（）", "()", "“”", "《》"):
        while words.count(opening) > words.count(closing):
            before, _, after = words.rpartition(opening)
            words = before + after
        while words.count(closing) > words.count(opening):
            before, _, after = words.partition(closing)
            words = before + after
    return words


def _cut(words: str) -> str:
    """``words`` up to the last that is whole within ``LONGEST``."""
    if len(words) <= LONGEST:
        return words
    whole = Span(start=0, end=len(words))
    return whole_words(words, Span(start=0, end=LONGEST), within=whole).of(words)

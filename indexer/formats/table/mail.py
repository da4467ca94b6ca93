"""Exports of mailboxes and hotlines → letters: the reply is the text, what was asked beside it.

As on the pages of mailboxes, the citizen's words are the line 来信内容 before the letter: kept,
masked like the rest, and never a passage.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indexer.formats.ids import check_id
from indexer.formats.raw import Raw, refused
from indexer.formats.table.columns import Heading, plain
from indexer.formats.table.items import Item, Unanswered
from indexer.formats.table.sheet import Sheet, broken_width, day, words
from kb.errors import UnreadableFile
from kb.text.chars import bare, narrow

LONGEST_ASKED = 4000  # code points of a citizen's words that are kept, as of a page's
FEWEST_ID = 6  # characters; shorter numbers (1, 2, 3) are those of rows
# A cell for the reply that only says how far it is: 已办结, 正在办理中, 满意.
_STATE = re.compile(
    r"(?:已|未|正在|待|不)?(?:经)?(?:办结|办理|解决|答复|回复|受理|处理|转办|归档|派单|审核|签收|完成"
    r"|采纳|采用)(?:中|完毕|完成|了|结束)?|(?:非常|基本|不)?满意|[A-D]类?|办结率?|同意|是|否|见附件|详见附件|略"
)
_YES = re.compile(r"(?:是|公开|主动公开|同意|同意公开|愿意|愿意公开|可以?公开|已?公开|对外公开|全部公开|完全公开|y|yes|true|1|√|✓|☑)", re.I)  # fmt: skip
_NOT_SECRET = re.compile(
    r"(?:否|无|不|公开|不(?:需要)?保密|不涉密|非密|普通|一般|n|no|false|0|×)", re.I
)
_HOTLINE = re.compile("工单|诉求|来电|热线|12345|派单")
_MARKUP = re.compile(r"</?(?:p|br|div|span|strong|b|font|table|tr|td|a|img|ul|li|h\d)\b", re.I)
_ACTIVE = re.compile(r"<\s*/?\s*(?:script|style|iframe|object|embed|svg|form)\b", re.I)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", re.I)
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,2000}>")


@dataclass(slots=True)
class Mailbox:
    """The letters of one file; ``seen`` are their ids, each with a digest of its reply."""

    seen: dict[str, str] = field(default_factory=dict)

    def read(self, sheet: Sheet, heading: Heading) -> Iterator[Item]:
        """The letters of ``sheet`` under ``heading``; a broken row is told, the rest goes on."""
        about = "\n".join((*heading.names, heading.before, sheet.name))
        usual = "held" if _HOTLINE.search(about) else ""
        for line in sheet.lines:
            blank = not any(map(words, line.cells))
            if line.number <= heading.after or blank or heading.repeats(line):
                continue
            place = sheet.place(line)
            try:
                width = broken_width(line, heading.names) if sheet.ragged else ""
                if width:
                    raise refused("bad_line", width)
                cells = {name: heading.cells(line, name) for name in heading.columns}
                yield from self.letter(cells, place=place, hidden=line.hidden, usual=usual)
            except UnreadableFile as error:
                yield UnreadableFile(error.code, f"{place}：{error}")

    def letter(
        self, cells: Mapping[str, list[str]], *, place: str, usual: str = "", hidden: bool = False
    ) -> Iterator[Item]:
        """The letter in a row, by what its columns hold; none where it was read before.

        ``usual`` is its publicity where no column tells; of ``hidden`` rows nobody sees one.
        Raises UnreadableFile ``bad_line``.
        """
        said = {name: _text(next(iter(found), "")) for name, found in cells.items()}
        reply = next((text for cell in cells.get("reply", ()) if _says(text := _text(cell))), "")
        if not any(said.get(name) for name in ("asked", "title")) and not reply:
            return
        if not reply:
            yield Unanswered(place=place)
            return
        identity = self._identity(said, reply)
        if identity:
            yield _raw(said, reply, identity=identity, place=place, publicity=(
                "held" if hidden else _publicity(cells, usual)
            ))  # fmt: skip

    def _identity(self, said: Mapping[str, str], reply: str) -> str:
        """The letter's id: its number, else made of its words; "" if it stands there twice."""
        digest = _digest(reply, said.get("organ", ""))
        own = bare(narrow(said.get("id", ""), signs=True))
        if not _is_id(own):
            asked = (said.get(name, "") for name in ("title", "asked", "asked_on"))
            own = f"来信-{_digest(*asked)}"
        known = self.seen.setdefault(own, digest)
        if known == digest:
            if f"{own}!" in self.seen:
                return ""
            self.seen[f"{own}!"] = digest
            return own
        another = f"{own}-{digest[:6]}"  # another organ's reply to the same letter
        if another in self.seen:
            return ""
        self.seen[another] = digest
        return another


def _raw(said: Mapping[str, str], reply: str, *, identity: str, place: str, publicity: str) -> Raw:
    title, organ = words(said.get("title", "")), words(said.get("organ", ""))
    replied_on = day(said.get("replied_on", ""))
    front = {
        "标题": title,
        "来信时间": day(said.get("asked_on", "")),
        "答复部门": organ,
        "答复时间": replied_on,
        "来信内容": words(said.get("asked", ""))[:LONGEST_ASKED],
    }
    meta = {"title": title, "issuer": organ, "date": replied_on, "publicity": publicity}
    return Raw(
        id=identity,
        text=reply,
        front="\n".join(f"{name}：{value}" for name, value in front.items() if value),
        meta={name: value for name, value in meta.items() if value},
        place=place,
    )


def _publicity(cells: Mapping[str, list[str]], usual: str) -> str:
    """Who may see a row: held unless each cell about it says that it is public."""
    if any(not _NOT_SECRET.fullmatch(plain(narrow(cell))) for cell in cells.get("secret", ())):
        return "held"
    if "public" not in cells:
        return usual
    told = [plain(narrow(cell)) for cell in cells["public"]]
    return "public" if told and all(map(_YES.fullmatch, told)) else "held"


def _text(cell: str) -> str:
    """A cell's lines, out of their mark-up where it has some. Raises ``bad_line`` for scripts."""
    if _ACTIVE.search(cell):
        raise refused("bad_line", "有一格里有网页脚本")
    if _MARKUP.search(cell):
        cell = html.unescape(_TAG.sub("", _BREAK.sub("\n", cell)))
    lines = (line.replace("\xa0", " ").rstrip() for line in cell.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line.strip())


def _says(text: str) -> bool:
    """True for a reply, and not for nothing or for how far it is."""
    line = words(text).strip("。.！! ")
    return bool(line) and not _STATE.fullmatch(line)


def _is_id(own: str) -> bool:
    try:
        check_id(own)
    except UnreadableFile:
        return False
    return len(own) >= FEWEST_ID and any(map(str.isdigit, own)) and "/" not in own


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(map(bare, texts)).encode()).hexdigest()[:12]

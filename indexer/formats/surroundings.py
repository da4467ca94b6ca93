"""Words of a web page that may say how public its letter is, wherever they stand on it.

A mark may stand above the letter's container, in the page's furniture, title or meta tags. The
words of links, of choices and of search forms are not taken, nor bare names of columns
(依申请公开 in a menu that has no links).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy

from lxml.html import HtmlElement as Element

from indexer.formats.hidden import empty
from indexer.formats.markup import block_lines
from indexer.formats.raw import CELLS
from kb.text.chars import bare

# What a browser runs; and what only asks: 公开方式 is a choice of search forms.
SILENT = ("script", "style", "select", "textarea", "datalist")
FIELDS = ("input", "select", "textarea")
FACETS = ("nav", "button")  # here labels are those of choices: 公开方式：主动公开 依申请公开
# A line that says how public the letter is: menus have 依申请公开, but not behind a label.
_MAIL = (
    "(?:诉求|信件|来信|信访|留言|工单|来电|问题|咨询|投诉|求助|邮件|帖子|提问|网上|网络|内容){1,2}"
)
LABELLED = re.compile(
    r"公[開开](?:属性|屬性|选项|選項|方式|形式|范围|範圍|类[别型]|類[別型]|性质|与否|與否|时限"
    r"|程度|状[态態]|标[志识记]|意愿|[设設]置|[权權]限)"
    rf"|^{_MAIL}(?:公[開开]|保密)$|{_MAIL}(?:公[開开]|保密)[：:]"
    r"|是否[^\n]{0,8}(?:公[開开]|保密)|密级[：:]|此件|本件"
)
_COLUMN_OF_MAIL = re.compile(rf"{_MAIL}(?:公[開开]|保密)")
_MENU = re.compile(
    rf"(?!{_MAIL})[^\W\da-zA-Z公是否不可同意保密仅限本人隐部待暂申审允愿见权無无未半全]{{2,8}}"
)
COLUMN = re.compile(
    r"(?<![\u3400-\u9fff（(【\[〔])(?:依申[请請]|主[动動])公[开開](?![\u3400-\u9fff])"
)
CHOICE = re.compile(r"^(?=.*主[动動])(?=.*依申[请請])[^☑☒✓✔√■●◉]*$")
# Characters and words that a mark has which bars anybody.
BARRING = re.compile(
    r"[不非未免勿毋莫禁密祕涉敏限仅僅缓緩㊙★☆]|[内內](?:部|参|參)|外[传傳泄洩送]|定向|部分|有[条條]件|[择擇]期|待[定审審核]"
    r"|[（(【\[〔][^）)】\]〕]{0,10}(?:公[开開]|申[请請])"
    r"|confidential|internal|restricted|secret|private|closed|on.?request",
    re.I,
)
SUBJECTS = re.compile(r"(?:国家|商业|工作|國家|商業)[秘祕]密|[内內]部")  # what a letter is about
OPEN = re.compile(r"公[開开]")
LONGEST_LABEL, LONGEST_VALUE = 10, 16  # characters of a label on a line alone, of its value below
NAMES_OF_METAS = frozenset(("publicity", "openness", "secrecy", "classification"))


def around(root: Element) -> str:
    """The lines of the page ``root`` that may mark its letter, each once; the tree is kept."""
    everything = deepcopy(root)
    heads = list(_heads(everything))
    _drop(everything, (*SILENT, "head"))
    _drop_search_forms(everything)
    facets = deepcopy(everything)
    _drop(facets, FACETS)
    labelled = list(_labelled(block_lines(facets)))
    for link in list(everything.iter("a")):
        if link.get("href") is not None:
            empty(link)
    marked = [
        line
        for line in block_lines(everything)
        if is_barring(line) and not CHOICE.search(bare(line))
    ]
    return "\n".join(dict.fromkeys([*labelled, *marked, *heads]))


def _labelled(lines: Sequence[str]) -> Iterator[str]:
    """Those of ``lines`` that hold a label; one that is nothing else with the line after it.

    In lists of terms and in blocks the value of a label stands on a line of its own.
    """
    for line, after, further in zip(lines, [*lines[1:], ""], [*lines[2:], "", ""], strict=False):
        if not any(LABELLED.search(bare(cell)) for cell in (line, *line.split("\t"))):
            continue
        label = bare(line).rstrip("：:")
        alone = len(label) <= LONGEST_LABEL and not re.search(r"[：:。]", label)
        choices = OPEN.search(after) and OPEN.search(further)  # of a search form
        value = after if len(bare(after)) <= LONGEST_VALUE and not choices else ""
        if _COLUMN_OF_MAIL.fullmatch(label) and _MENU.fullmatch(value):
            continue  # a menu: 诉求公开, 知识库
        yield f"{label}\t{value}" if alone and "\t" not in line and value else line


def is_barring(line: str) -> bool:
    """True if ``line`` has what a mark has, and not only the name of a column."""
    return bool(BARRING.search(COLUMN.sub("", bare(line))))


def _heads(root: Element) -> Iterator[str]:
    """What the title and the meta tags say, their parts as cells of a table."""
    for title in root.iter("title"):
        yield from _cells(title.text_content())
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        content = meta.get("content") or ""
        if LABELLED.search(bare(f"{name}：")) or name.lower() in NAMES_OF_METAS:
            label = "公开属性" if name.isascii() else name
            yield f"{' '.join(label.split())}：{' '.join(content.split())}"
        elif name.lower() == "description":
            yield from filter(is_barring, content.split("\n"))
        else:
            yield from _cells(content)


def _cells(words: str) -> Iterator[str]:
    """The parts of ``words`` that may be marks, a line."""
    cells = [cell for cell in CELLS.split(words) if is_barring(cell)]
    kept = [cell for cell in cells if not SUBJECTS.fullmatch(cell)]
    if kept:
        yield "\t".join(kept)


def _drop(root: Element, tags: tuple[str, ...]) -> None:
    for element in list(root.iter(*tags)):
        empty(element)


def _drop_search_forms(root: Element) -> None:
    """Take out small forms that ask something, and the names of radio buttons and boxes."""
    everything = len(bare(root.text_content()))
    for form in list(root.iter("form")):
        asks = next((f for f in form.iter(*FIELDS) if f.get("type") != "hidden"), None)
        if asks is not None and 2 * len(bare(form.text_content())) <= everything:
            empty(form)
    for label in list(root.iter("label")):
        if next(label.iter("input"), None) is not None:
            empty(label)

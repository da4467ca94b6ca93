"""Files made up at random from a seed by the rules of their formats, odd in what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from random import Random

from tests.support import hostile, made, ofd, papers
from tests.support.golden import make

PIECES = (
    "云岭市水利局", "云岭市财政局", "云水函〔2024〕61号", "A类", "办理结果：B", "签发人：罗启明",
    "关于市政协六届二次会议第0417号提案的答复", "顾盼委员：", "沈月桥、江上青代表：",
    "您提出的“关于加固河堤的提案”收悉。", "经与市财政局、市教育局共同研究，现答复如下：",
    "一、基本情况", "（一）已做工作", "1.改建小学", "①新建", "第1页 共3页", "— 2 —", "2024年7月15日",
    "二〇二四年七月十五日", "联系单位：水利科", "抄送：市政府督查室。", "附件：调整表", "注：不含现金。",
    "将于2025年5月底前完成880米。", "全市建成1481处，占97.7%。", "公开属性：主动公开", "此件不予公开",
    "联系人：李明　电话：13812345678", "身份证号110101199003078888", "\U00020bb7田街", "\u2f54利", "\ue000",
    "\u2028", "\u200b", "（", "“", "《", "”", "》", "）", "：", "、", "。", " ", "　　", "\t", "", "x" * 300,
    "学校\t学位\t缺口", "桥头小学\t1350\t262",
)  # fmt: skip
LABELS = (
    "来信内容", "答复内容", "答复部门", "答复时间", "来信人", "信件标题", "留言时间", "回复", "问", "答", "受理情况",
    "满意度", "追问内容",
)  # fmt: skip
TAGS = (
    "p", "div", "span", "table", "tr", "td", "th", "ul", "ol", "li", "h1", "h2", "a", "b", "br", "img", "form",
    "header", "footer", "nav", "article", "main", "dl", "dt", "dd", "pre", "ruby", "rt", "select", "option",
    "iframe", "script", "style", "title", "meta", "noscript", "template", "textarea", "details", "center", "font",
)  # fmt: skip
ATTRIBUTES = (
    "id='zoom'", "class='TRS_Editor'", "class='v_news_content'", "hidden", "style='display:none'",
    "rowspan='3'", "colspan='2'", "rowspan='0'", "colspan='999999'", "href='a.pdf'", "href='javascript:x'",
    "name='ArticleTitle' content='关于第7号提案的答复'", "name='PubDate' content='2024-05-06'", "start='-5'",
    "type='a'", "value='9'", "style='font-size:0'", "style='text-indent:2em'", "class=''", "id",
)  # fmt: skip


def line(chance: Random) -> str:
    """A line of a letter, or of what is near to one."""
    if chance.random() < 0.2:
        return made.line(chance, rough=chance.random() < 0.1)
    return "".join(chance.choices(PIECES, k=chance.choice((1, 1, 1, 2, 4))))


def text(chance: Random) -> str:
    """A letter: a golden one with lines of another, or lines at random."""
    if chance.random() < 0.4:
        lines = chance.choice(list(make.LETTERS.values())).split("\n")
        for _ in range(chance.randint(1, 6)):
            lines.insert(chance.randrange(len(lines) + 1), line(chance))
    else:
        lines = [line(chance) for _ in range(chance.randint(1, 25))]
    return chance.choice(("\n", "\n", "\n", "\n\n", "\r\n", "\f", "\u2028")).join(lines)


def plain(chance: Random) -> bytes:
    """A text in one of the encodings."""
    coding = chance.choice(("utf-8", "utf-8", "gb18030", "utf-16", "utf-16-le", "utf-32", "big5"))
    return text(chance).encode(coding, "ignore")


def _element(chance: Random, depth: int) -> str:
    tag = chance.choice(TAGS)
    inner = line(chance) if chance.random() < 0.7 else ""
    if depth and chance.random() < 0.8:
        inner += "".join(_element(chance, depth - 1) for _ in range(chance.randint(0, 4)))
    attributes = " ".join(chance.choices(ATTRIBUTES, k=chance.choice((0, 0, 1, 2))))
    end = "" if chance.random() < 0.1 else f"</{tag}>"
    said = inner if chance.random() < 0.1 else f"{inner}{line(chance)}"
    return f"<{tag} {attributes}>{said}{end}{line(chance) if chance.random() < 0.2 else ''}"


def page(chance: Random) -> bytes:
    """A web page of any elements."""
    head = f"<head>{_element(chance, 1)}</head>" if chance.random() < 0.5 else ""
    body = "".join(_element(chance, 4) for _ in range(chance.randint(1, 4)))
    if chance.random() < 0.5:
        letter = "".join(f"<p>{escape(row)}</p>" for row in text(chance).split("\n"))
        body = f"{body}<div id='zoom'>{letter}</div>{_element(chance, 2)}"
    return f"<html>{head}<body>{body}</body></html>".encode()


def mailbox(chance: Random) -> bytes:
    """A page of a mailbox: labels with values, in tables, lists or lines."""
    shapes = (
        "<tr><td>{}</td><td>{}</td></tr>", "<p>{}：{}</p>", "<dt>{}</dt><dd>{}</dd>",
        "<div><span>{}：</span>{}</div>", "<tr><th>{}：</th></tr><tr><td>{}</td></tr>",
        "【{}】{}<br>", "<li><b>{}</b><p>{}</p></li>",
    )  # fmt: skip
    rows = "".join(
        chance.choice(shapes).format(
            chance.choice(LABELS), "<br>".join(line(chance) for _ in range(chance.randint(0, 5)))
        )
        for _ in range(chance.randint(2, 9))
    )
    whole = chance.choice(("<table>{}</table>", "<dl>{}</dl>", "<ul>{}</ul>", "{}")).format(rows)
    more = _element(chance, 2) if chance.random() < 0.3 else ""
    return f"<html><head><title>{line(chance)}</title></head><body>{whole}{more}</body></html>".encode()


def _word(chance: Random, depth: int) -> str:
    """A block of a docx."""
    said = escape(line(chance)).translate({code: None for code in range(32) if code not in (9, 10)})
    run = f"<w:r><w:t>{said}</w:t></w:r>"
    value = chance.choice(("0", "1", "2", "-1", "99999", "x", ""))
    wrapped = (
        f"<w:ins>{run}</w:ins>", f"<w:del><w:r><w:delText>{said}</w:delText></w:r></w:del>",
        f"<w:r><w:rPr><w:vanish w:val='{value}'/></w:rPr><w:t>{said}</w:t></w:r>",
        f"<w:r><w:footnoteReference w:id='{value}'/></w:r>{run}", f"<w:hyperlink>{run}</w:hyperlink>",
        f"<w:sdt><w:sdtContent>{run}</w:sdtContent></w:sdt>", "<w:r><w:br/><w:tab/><w:sym/></w:r>",
        f"<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>{said}</w:instrText></w:r>{run}", run, run,
        f"<w:moveTo>{run}</w:moveTo>", f"<w:r><w:ruby><w:rt>{run}</w:rt><w:rubyBase>{run}</w:rubyBase></w:ruby></w:r>",
        f"<w:r><w:pict><w:txbxContent><w:p>{run}</w:p></w:txbxContent></w:pict></w:r>",
    )  # fmt: skip
    properties = chance.choice(
        ("", "", f"<w:numPr><w:ilvl w:val='{value}'/><w:numId w:val='{value}'/></w:numPr>",
         "<w:rPr><w:del/></w:rPr>", f"<w:outlineLvl w:val='{value}'/>", "<w:sectPr/>",
         f"<w:pStyle w:val='{value}'/>")
    )  # fmt: skip
    paragraph = f"<w:p><w:pPr>{properties}</w:pPr>{''.join(chance.choices(wrapped, k=2))}</w:p>"
    if not depth or chance.random() < 0.6:
        return paragraph
    cells = "".join(
        f"<w:tc><w:tcPr><w:gridSpan w:val='{value}'/>"
        f"{chance.choice(('', '<w:vMerge/>', '<w:vMerge w:val=_restart_/>')).replace('_', chr(34))}"
        f"</w:tcPr>{_word(chance, depth - 1)}</w:tc>"
        for _ in range(chance.randint(0, 4))
    )
    return f"<w:tbl>{f'<w:tr>{cells}</w:tr>' * chance.randint(0, 4)}</w:tbl>"


def docx(chance: Random) -> bytes:
    """A docx of any blocks, with lists and notes."""
    inner = "".join(_word(chance, 3) for _ in range(chance.randint(1, 20)))
    space = f'xmlns:w="{hostile.W}"'
    note = (
        f'<w:footnotes {space}><w:footnote w:id="1">{_word(chance, 1)}</w:footnote></w:footnotes>'
    )
    level = chance.choice(("decimal", "chineseCounting", "bullet", "upperRoman", "x", "none"))
    lists = (
        f'<w:numbering {space}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        f'<w:start w:val="{chance.choice((1, 0, -3, 10**9))}"/><w:numFmt w:val="{level}"/>'
        f'<w:lvlText w:val="{chance.choice(("%1.", "第%1条", "%9", "%1%2", ""))}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    return hostile.docx(inner, footnotes=note, numbering=lists)


def fixed(chance: Random) -> bytes:
    """An OFD of words at any places."""

    def number() -> str:
        return chance.choice(
            (str(chance.randint(-50, 300)), f"{chance.random() * 200:.3f}", "x", "1e9")
        )

    def words() -> str:
        said = escape(line(chance)).translate(dict.fromkeys(range(32))) or "x"
        more = chance.choice(
            ("", "", f'CTM="{" ".join(number() for _ in range(6))}"', 'Visible="false"', f'HScale="{number()}"',
             f'CharDirection="{chance.choice((0, 90, 180, 270, 7))}"', f'ReadDirection="{chance.choice((0, 90))}"')
        )  # fmt: skip
        steps = chance.choice(
            ("", "", f'DeltaX="g {chance.randint(0, 10**6)} {number()}"', f'DeltaY="{number()}"')
        )
        return ofd.words(
            said, x=chance.randint(-9, 200), y=chance.randint(-9, 290), more=more, code=steps
        )

    pages = [
        ofd.page(*(words() for _ in range(chance.randint(0, 12))))
        for _ in range(chance.randint(1, 3))
    ]
    return ofd.ofd(pages, signed=chance.random() < 0.2)


def pdf(chance: Random) -> bytes:
    """A PDF of words at any places, turned or not."""
    pages: list[Sequence[papers.Put]] = []
    for _ in range(chance.randint(1, 3)):
        columns = chance.choice(((72.0,), (72.0, 320.0), (72.0, 200.0, 330.0)))
        pages.append(
            [
                (
                    chance.choice(columns) + chance.choice((0, 0, 24, 3)),
                    780 - 20 * row,
                    line(chance)[:60] or "x",
                )
                for row in range(chance.randint(1, 30))
                for _ in range(chance.choice((1, 1, 2)))
            ]
        )
    return papers.placed(
        *pages, size=chance.choice((12, 16, 0.1, 60)), turn=chance.choice((0, 0, 90, 180, 270)),
        rotate=chance.choice((0, 0, 90, 180)),
    )  # fmt: skip


def lines(chance: Random) -> bytes:
    """A bulk import."""

    def value() -> object:
        return chance.choice(
            (
                line(chance),
                text(chance),
                None,
                7,
                1.5,
                True,
                [],
                {},
                "",
                "\ud800",
                "\0",
                "2024-13-99",
            )
        )

    rows = []
    for number in range(chance.randint(1, 5)):
        row: dict[str, object] = {
            "id": chance.choice((str(number), number, value())),
            "text": text(chance),
        }
        for key in chance.sample(
            ("title", "issuer", "date", "url", "publicity", "文"), chance.randint(0, 4)
        ):
            row[key] = value()
        rows.append(
            json.dumps(row, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        )
    return b"\n".join(rows)


def archive(chance: Random) -> bytes:
    """A ZIP of such files, under names that fit or not."""
    makers = {"txt": plain, "html": page, "docx": docx, "ofd": fixed, "jsonl": lines}
    members: dict[str, bytes] = {}
    for number in range(chance.randint(0, 4)):
        ending = chance.choice(list(makers))
        shown = ending if chance.random() < 0.8 else chance.choice(("pdf", "zip", "exe", "TXT", ""))
        name = chance.choice(
            (
                f"{number}.{shown}",
                f"夹/{number}.{shown}",
                f"../{number}.{shown}",
                f"{line(chance)[:20]}.{shown}",
            )
        )
        members[name.replace("\0", "")] = makers[ending](chance)
    return hostile.package(members.items())

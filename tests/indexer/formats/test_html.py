"""Web pages: the letter, the table of metadata before it, and nothing else of the page."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile

PARAGRAPHS = [f"　　{n}、本局已经完成第{n}项工作，共计投入资金{n}万元。" for n in "一二三四五六"]
LETTER = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
FRONT = (
    "<table><tr><th>索 引 号：</th><td>A-1</td><th>发文机关</th><td>云岭市水利局</td></tr>"
    "<tr><td>成文日期：</td><td>2024年6月28日</td><td>文　号：</td><td></td></tr>"
    "<tr><td>发布日期：</td><td>2024-07-01</td></tr></table>"
)
FRONT_LINES = "索引号：A-1\n发文机关：云岭市水利局\n成文日期：2024年6月28日\n发布日期：2024-07-01"


def read(markup: str | bytes) -> Raw:
    content = markup if isinstance(markup, bytes) else markup.encode()
    return html.read(io.BytesIO(content), Limits())


def lines(markup: str) -> list[str]:
    return read(markup).text.split("\n")


def code(markup: str | bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(markup)
    return caught.value.code


# ── what is the letter ───────────────────────────────────────────────────────────────────

AROUND = "<div class=%s>当前位置：政务公开</div>%s<div class=footer><p>主办：云岭市</p></div>"


@pytest.mark.parametrize(
    "container",
    [
        "<div id=zoom>%s</div>",
        "<div class='TRS_Editor'>%s</div>",
        "<div class=TRS_Editor><div class=Custom><div class=TRS_Editor>%s</div></div></div>",
        "<td id='UCAP-CONTENT'>%s</td>",
        "<div class='b pages_content mt10'>%s</div>",
        "<div id='vsb_content_501'>%s</div>",
        "<div class='main'><div class='view content'>%s</div></div>",
        "<article>%s</article>",
        "<main>%s</main>",
        "<div>%s</div>",
        "<section><section>%s</section></section>",
    ],
)
def test_the_letter_is_found_in_every_known_container(container: str) -> None:
    assert lines(AROUND % ("position", container % LETTER)) == PARAGRAPHS


def test_a_letter_in_two_text_containers_is_whole() -> None:
    parts = "<div class=TRS_Editor><p>第一部分的文字在这里，共有两个部分。</p></div>"
    parts += "<div class=TRS_Editor><p>第二部分的文字在这里，以上就是全部。</p></div>"
    assert len(lines(parts)) == 2


def test_a_signature_in_a_block_of_its_own_is_kept() -> None:
    signed = f"<body><div><div>{LETTER}</div><div>云岭市水利局</div><div>2024年</div></div></body>"
    assert lines(signed) == [*PARAGRAPHS, "云岭市水利局", "2024年"]


def test_a_small_sidebar_named_content_does_not_win() -> None:
    markup = f"<div class=content>热点</div><div class=x>{LETTER}</div>"
    assert PARAGRAPHS[5] in lines(markup)


def test_blocks_of_links_go_and_a_link_in_the_letter_stays() -> None:
    menu = "<div><a href=/>首页</a> <a href=/a>政务公开</a> <a href=/b>互动交流</a></div>"
    letter = f"<div>{LETTER}<p>　　详见<a href='https://x.gov.cn/'>市政府网站</a>。</p></div>"
    assert lines(menu + letter) == [*PARAGRAPHS, "　　详见市政府网站。"]


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>var a='脚本'</script>",
        "<style>p{}</style>",
        "<nav>导航</nav>",
        "<header>页眉</header>",
        "<footer>页脚</footer>",
        "<aside>旁栏</aside>",
        "<form>搜索<input value=x></form>",
        "<iframe>框</iframe>",
        "<noscript>请启用脚本</noscript>",
        "<template>样板</template>",
        "<p hidden>藏</p>",
        "<p style='color:red; DISPLAY : none'>藏</p>",
        "<p style='visibility:hidden'>藏</p>",
        "<!-- 注释 -->",
        "<textarea>留言</textarea>",
        "<?php echo 1 ?>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(furniture: str) -> None:
    assert lines(f"<div id=zoom>{furniture}{LETTER}{furniture}</div>") == PARAGRAPHS


def test_text_after_what_is_left_out_stays() -> None:
    assert lines("<div id=zoom><p>甲<script>x</script>乙<!--x-->丙" + LETTER)[0] == "甲乙丙"


def test_a_form_around_the_whole_page_is_only_unwrapped() -> None:
    assert lines(f"<body><form id=aspnetForm><div>{LETTER}</div></form></body>") == PARAGRAPHS


def test_a_header_inside_an_article_is_part_of_it() -> None:
    assert lines(f"<article><header><h1>答复</h1></header>{LETTER}</article>")[0] == "答复"


# ── lines ────────────────────────────────────────────────────────────────────────────────


def test_blocks_and_breaks_make_lines_and_leading_wide_spaces_stay() -> None:
    markup = "<h2>题</h2><p>　　甲<br>　　乙</p><div>丙<div>丁</div>戊</div><ul><li>己</li></ul>"
    assert lines(markup) == ["题", "　　甲", "　　乙", "丙", "丁", "戊", "己"]
    assert lines("<p>&nbsp;&nbsp;甲&emsp;乙</p>") == ["\xa0\xa0甲\u2003乙"]


def test_white_space_of_the_source_is_not_text() -> None:
    assert lines("<p>\n  关于管网\n    改造的 <b> 提案</b>\n of \n June </p>") == [
        "关于管网改造的 提案 of June"
    ]
    assert lines("<pre>　一\n  二</pre>") == ["　一", "  二"]


def test_entities_and_characters_beyond_the_basic_plane_are_right() -> None:
    assert lines("<p>&lt;b&gt; &amp; &#x20BB7;𡔖 &ldquo;A&rdquo; 1&#178;</p>") == [
        "<b> & 𠮷𡔖 “A” 1²"
    ]


def test_ruby_keeps_its_characters_only() -> None:
    assert lines("<p><ruby>亳<rp>(</rp><rt>bó</rt><rp>)</rp></ruby>州</p>") == ["亳州"]


def test_scripts_in_text_and_attributes_are_plain_text_or_nothing() -> None:
    markup = (
        "<p>点<a href='javascript:alert(1)'>这里</a> javascript:alert(2) "
        "<img src=x onerror=alert(3)>&lt;img onerror=alert(4)&gt;</p>"
    )
    assert lines(markup) == ["点这里 javascript:alert(2) <img onerror=alert(4)>"]


def test_numbered_lists_show_their_numbers_unless_typed_by_hand() -> None:
    assert lines("<ol start=3><li>甲</li><li>乙</li></ol>") == ["3.甲", "4.乙"]
    assert lines("<ol><li>1. 甲</li><li>（二）乙</li></ol>") == ["1. 甲", "（二）乙"]


def test_tables_are_rows_of_cells_and_layout_tables_are_lines() -> None:
    data = "<table><caption>表1</caption><thead><tr><th>县区<th>达标率<tbody><tr><td>明溪<td>94%"
    assert lines(data) == ["表1", "县区\t达标率", "明溪\t94%"]
    assert lines(f"<table><tr><td>{LETTER}</td></tr></table>") == PARAGRAPHS
    nested = f"<table><tr><td>左</td><td>{LETTER}<table><tr><td>a</td><td>b</td></tr></table>"
    assert lines(nested) == ["左", *PARAGRAPHS, "a\tb"]


def test_a_cell_over_rows_names_each_of_them_and_columns_stay() -> None:
    table = (
        "<table><tr><td rowspan=2>县区<td colspan=2>大棚<td rowspan=2>备注<tr><td>去年<td>今年"
        "<tr><td rowspan=3>东县<td>3<td>4<td><tr><td>5<td><td>新建"
        "<tr><td colspan=2>合计12<td>无</table>"
    )
    assert lines(table) == [
        "县区\t大棚\t\t备注",
        "县区\t去年\t今年\t备注",
        "东县\t3\t4",
        "东县\t5\t\t新建",
        "东县\t合计12\t\t无",
    ]


def test_a_long_cell_beside_rows_is_not_repeated() -> None:
    side = "机构职能" * 20
    table = f"<table><tr><td rowspan=2>{side}</td><td>甲</td></tr><tr><td>乙</td></tr></table>"
    assert "\n".join(lines(table)).count(side) == 1


def test_a_cell_over_a_hundred_thousand_columns_costs_nothing() -> None:
    assert lines("<table><tr><td colspan=99999 rowspan=99999>甲<td>乙<tr><td>丙</table>")


# ── the table of metadata ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "block",
    [
        FRONT,
        "<dl><dt>索引号：</dt><dd>A-1</dd><dt>发文机关：</dt><dd>云岭市水利局</dd>"
        "<dt>成文日期：</dt><dd>2024年6月28日</dd><dt>发布日期：</dt><dd>2024-07-01</dd></dl>",
        "<ul><li>索引号：A-1<li>发文机关：云岭市水利局<li>【成文日期】：2024年6月28日"
        "<li>发布日期：2024-07-01</ul>",
        "<div><p><b>索引号：</b>A-1</p><p><b>发文机关：</b>云岭市水利局</p>"
        "<p>成文日期：2024年6月28日</p><p>文号：</p><p>发布日期：2024-07-01</p></div>",
        "<p>索引号：A-1　发文机关：云岭市水利局　"
        "成文日期：2024年6月28日 | 发布日期：2024-07-01</p>",
    ],
    ids=["table", "dl", "ul", "div", "line"],
)
@pytest.mark.parametrize("inside", [True, False])
def test_the_metadata_goes_to_front_and_out_of_the_text(block: str, inside: bool) -> None:
    zoom = "<div id=zoom>%s</div>"
    raw = read(zoom % (block + LETTER) if inside else block + zoom % LETTER)
    assert raw.front == FRONT_LINES
    assert raw.text.split("\n") == PARAGRAPHS


def test_the_same_table_twice_gives_each_value_once() -> None:
    raw = read(f"<div class=pc>{FRONT}</div><div class=mobile>{FRONT}</div>{LETTER}")
    assert raw.front == FRONT_LINES
    assert "A-1" not in raw.text


def test_a_table_of_the_letter_itself_is_not_taken_for_metadata() -> None:
    own = "<table><tr><td>名称</td><td>甲桥</td></tr><tr><td>开工日期</td><td>6月</td></tr></table>"
    raw = read(own + LETTER)
    assert raw.front == ""
    assert "名称\t甲桥" in raw.text


def test_a_table_at_the_end_of_the_letter_is_not_taken_for_metadata() -> None:
    assert read(LETTER + FRONT).front == ""


def test_words_between_the_metadata_are_not_lost() -> None:
    markup = "<div><p>关于提案的答复</p><p>索引号：A</p><p>文号：B</p><p>发布日期：C</p></div>"
    raw = read(markup + LETTER)
    assert "关于提案的答复" in raw.text


# ── title, encodings, refusals ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>答复_云岭市</title>", "答复_云岭市"),
        ("<title>云岭市</title><body><h1> 关于\n提案 </h1>", "关于 提案"),
        ("<meta name=ArticleTitle content='答复'><title>云岭市</title><h1>云岭</h1>", "答复"),
        ("", None),
    ],
)
def test_the_title_of_the_page_is_kept_beside_the_text(head: str, title: str | None) -> None:
    assert read(f"{head}<div id=zoom>{LETTER}</div>").meta.get("page_title") == title


PAGE = f"<html><head><meta charset=%s></head><body>{LETTER}</body></html>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("gb2312", "utf-8"),
        ("utf-8", "gb18030"),
        ("gb2312", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("utf-8", "utf-16-le"),
        ("nonsense", "gb18030"),
        ("rot13", "utf-8"),
    ],
)
def test_declared_encodings_are_believed_only_as_far_as_they_fit(
    declared: str, encoding: str
) -> None:
    assert lines((PAGE % declared).encode(encoding)) == PARAGRAPHS  # type: ignore[arg-type]


def test_big5_is_read_where_it_is_declared() -> None:
    markup = (
        '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>關於提案的答覆</p>'
    )
    assert read(markup.encode("big5")).text == "關於提案的答覆"


def test_bytes_of_no_encoding_are_refused() -> None:
    assert code(b"<meta charset=gbk><p>\xff\xff\x81\xff</p>") == "encoding_unknown"
    assert code("<p>本局已完成</p>".encode() + "<p>下一步".encode("gb18030")) == "encoding_unknown"


@pytest.mark.parametrize("depth", [300, 100_000])
def test_a_page_that_libxml2_would_cut_short_is_refused_whole(depth: int) -> None:
    assert code("<p>前</p>" + "<div>" * depth + LETTER) == "resource_limit"


def test_the_deepest_page_that_is_read_is_read_whole() -> None:
    nested = "<table><tr><td>" * 60 + LETTER + "</td></tr></table>" * 60
    assert lines(f"<body>{nested}<p>后</p></body>") == [*PARAGRAPHS, "后"]


def test_one_text_of_twelve_megabytes_is_refused() -> None:
    assert code("<p>" + "前" * 4_000_000 + "</p><p>后</p>") == "resource_limit"


def test_a_page_with_pictures_only_has_no_text() -> None:
    assert code("<body><img src=a.png></body>") == "no_text"


@pytest.mark.parametrize("markup", ["<p></p>", "<html></html>", "<br>"])
def test_a_page_without_words_gives_no_words(markup: str) -> None:
    assert read(markup).text == ""


def test_a_page_of_a_comment_only_is_empty() -> None:
    assert code("<!-- x -->") == "empty_file"


def test_control_characters_that_a_page_names_are_no_text() -> None:
    page = "<p>修路的答复&#1;</p><div style='display:none'>藏</div>&#2;<p>已经修好了。</p>"
    assert lines(page) == ["修路的答复", "已经修好了。"]

"""OFD: pages in order, words where they stand, and packages that lead elsewhere."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats import ofd as formats_ofd
from indexer.formats.ofd_text import steps
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from indexer.letter.mend import mend
from kb.errors import UnreadableFile
from kb.text.chars import bare
from tests.conftest import ROOT
from tests.support import hostile
from tests.support.ofd import lined, ofd, page, parts, words

FIRST = ("山前区水务局", "关于第七号建议的答复", "赵青代表：", "建议收悉，已修好水闸。")


def read(content: bytes, limits: Limits = Limits()) -> Raw:  # noqa: B008
    return formats_ofd.read(io.BytesIO(content), limits)


def code(content: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        read(content, limits)
    return caught.value.code


def bent(change: Mapping[str, str | None], *pages: str) -> bytes:
    """An OFD some of whose parts are others, or not there."""
    found = {**parts(pages or [lined("甲")]), **change}
    return hostile.package((name, part) for name, part in found.items() if part is not None)


def test_lines_and_pages_come_in_order() -> None:
    raw = read(ofd([lined(*FIRST), lined("第二页")]))
    assert raw.text == "\n".join(FIRST) + "\f第二页"
    assert raw.flags == ()
    assert not raw.searched


def test_it_is_read_through_the_table_in_the_limited_child(tmp_path: Path) -> None:
    path = tmp_path / "a.ofd"
    path.write_bytes(ofd([lined(*FIRST)], signed=True))
    (raw,) = parse(path)
    assert isinstance(raw, Raw)
    assert raw.text == "\n".join(FIRST)
    assert raw.flags == ("signed_unverified",)


def test_lines_are_ordered_by_place_and_not_by_drawing() -> None:
    drawn = [words(text, y=30 + 10 * at) for at, text in enumerate("甲乙丙丁")]
    assert read(ofd([page(*reversed(drawn))])).text == "甲\n乙\n丙\n丁"


def test_an_indent_is_told_in_ems() -> None:
    drawn = [words(text, y=30 + 10 * at) for at, text in enumerate(("各位：", "一", "二", "三"))]
    assert read(ofd([page(*drawn, words("开头", x=40, y=100))])).text.endswith("\n　　开头")


def test_gaps_are_spaces_and_wide_ones_part_cells() -> None:
    row = page(words("水闸"), words("三座", x=60), words("A", x=75), words("B", x=82))
    assert read(ofd([row])).text == "水闸\t三座 A B"
    wide = page(words("甲乙丙", code='DeltaX="5 40"'))
    assert read(ofd([wide])).text == "甲乙\t丙"


def test_a_full_cell_is_parted_from_the_next_where_the_rows_beside_it_are() -> None:
    rows = [("桥头", "135", 30), ("新开路小学", "162", 40), ("望江", "15", 50)]
    cells = [words(name, y=y) + words(count, x=65, y=y) for name, count, y in rows]
    assert read(ofd([page(*cells)])).text == "桥头\t135\n新开路小学\t162\n望江\t15"
    alone = words("新开路小学") + words("162", x=65)
    assert read(ofd([page(alone)])).text == "新开路小学 162"


def test_characters_that_go_down_to_the_next_line_are_on_it() -> None:
    folded = page(words("甲乙丙丁", code='DeltaX="5 -5 5" DeltaY="0 10 0"'))
    assert read(ofd([folded])).text == "甲乙\n丙丁"


def test_words_drawn_twice_to_look_bold_are_there_once() -> None:
    assert read(ofd([page(words("水闸"), words("水闸", x=30.2))])).text == "水闸"


def test_a_raised_figure_stays_in_its_line() -> None:
    raised = page(words("面积"), words("8", x=40, y=28.5), words("亩", x=43))
    assert read(ofd([raised])).text == "面积8亩"


def test_a_template_is_drawn_with_its_page() -> None:
    head = page(words("山前区水务局", y=10))
    raw = read(ofd([page(words("正文"), template="9"), lined("别页")], **{"9": head}))
    assert raw.text == "山前区水务局\n正文\f别页"


def test_every_document_of_a_package_is_read_and_told() -> None:
    raw = read(ofd([lined("甲")], [lined("乙")]))
    assert raw.text == "甲\f乙"
    assert raw.flags == ("several_documents",)


def test_turned_and_hidden_words_are_no_text_but_may_mark_the_letter() -> None:
    turned = words("内部资料", y=90, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = words("不予公开", y=100, more='Visible="false"')
    raw = read(ofd([page(words("正文写得够长"), words("第二行也够长", y=40), turned, hidden)]))
    assert raw.text == "正文写得够长\n第二行也够长"
    assert raw.around == "内部资料\n不予公开"
    assert raw.flags == ("turned_text",)


def test_a_page_that_is_all_turned_is_not_half_read() -> None:
    turned = words("整页都横着", more='CTM="0 1 -1 0 100 100"')
    assert code(ofd([page(turned, words("注", y=200))])) == "no_text"


def test_vertical_writing_goes_from_right_to_left_and_is_told() -> None:
    columns = [words("竖排", x=x, code='DeltaY="g 1 5"') for x in (30, 60)]
    columns[1] = columns[1].replace("竖排", "先读")
    raw = read(ofd([page(*columns)]))
    assert raw.text.split() == ["先读", "竖排"]
    assert raw.flags == ("vertical_text",)


def test_pictures_without_words_are_no_text_and_beside_words_they_are_told() -> None:
    picture = page('<ofd:ImageObject ID="1" Boundary="0 0 210 297" ResourceID="2"/>')
    assert code(ofd([picture])) == "no_text"
    assert read(ofd([lined("甲"), picture])).flags == ("scanned_pages",)


def test_a_graphic_unit_is_drawn_where_it_is_placed_and_no_circle_is_endless() -> None:
    resource = f'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CompositeGraphicUnit ID="5">{words("红头")}<ofd:CompositeObject ResourceID="5"/></ofd:CompositeGraphicUnit></ofd:Res>'  # noqa: E501
    document = parts([""])["Doc_0/Document.xml"].replace(
        "<ofd:CommonData>", "<ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    )
    placed = page('<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="5"/>', words("正文", y=50))
    changed = {"Doc_0/Document.xml": document, "Doc_0/PublicRes.xml": resource}
    assert read(bent(changed, placed)).text == "红头\n正文"


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("../../etc/passwd", "ofd_outside"),
        ("../../../../x.xml", "ofd_outside"),
        ("/etc/passwd", "ofd_absolute"),
        ("C:\\x.xml", "ofd_absolute"),
        ("file:///etc/passwd", "ofd_absolute"),
        ("Pages/Page_9/Content.xml", "ofd_missing_page"),
        ("", "ofd_missing_page"),
    ],
)
def test_a_page_that_is_elsewhere_or_nowhere_has_its_own_code(place: str, wanted: str) -> None:
    document = parts([lined("甲"), lined("乙")])["Doc_0/Document.xml"]
    changed = document.replace("Pages/Page_1/Content.xml", place)
    assert code(bent({"Doc_0/Document.xml": changed})) == wanted


@pytest.mark.parametrize(
    "place", ["/Doc_0/Pages/Page_0/Content.xml", "../Doc_0/Pages/Page_0/Content.xml",
              "Doc_0/Pages/Page_0/Content.xml", "./Pages/Page_0/Content.xml"]
)  # fmt: skip
def test_places_that_stay_in_the_package_are_followed(place: str) -> None:
    document = parts([lined("甲")])["Doc_0/Document.xml"]
    changed = document.replace("Pages/Page_0/Content.xml", place)
    assert read(bent({"Doc_0/Document.xml": changed})).text == "甲"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("../x.xml", "ofd_outside"), ("Doc_0/../../x", "ofd_outside"), ("/x.xml", "ofd_absolute"),
     ("C:/x", "ofd_absolute"), ("Encryptions.xml", "needs_password")],
)  # fmt: skip
def test_members_with_bad_names_are_refused(name: str, wanted: str) -> None:
    assert code(bent({name: "<x/>"})) == wanted


def test_a_link_in_the_package_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts([lined("甲")]).items():
            archive.writestr(name, part)
        link = zipfile.ZipInfo("Doc_0/link.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert code(file.getvalue()) == "ofd_symlink"


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    assert code(ofd([lined("甲")] * 4), Limits(pages=3)) == "ofd_too_many_pages"
    listed = '<ofd:Page ID="0" BaseLoc="Pages/Page_0/Content.xml"/>'
    document = parts([lined("甲")])["Doc_0/Document.xml"].replace(listed, listed * 2001)
    assert code(bent({"Doc_0/Document.xml": document})) == "ofd_too_many_pages"


def test_a_page_named_over_and_over_is_bounded_by_its_words() -> None:
    listed = '<ofd:Page ID="0" BaseLoc="Pages/Page_0/Content.xml"/>'
    document = parts([""])["Doc_0/Document.xml"].replace(listed, listed * 50)
    changed = {"Doc_0/Document.xml": document}
    assert code(bent(changed, lined("甲" * 500)), Limits(letter_length=10_000)) == "too_large"


@pytest.mark.parametrize(
    "name", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"]
)
def test_a_doctype_anywhere_is_refused(name: str) -> None:
    whole = parts([lined("甲")])[name]
    assert code(bent({name: f'<!DOCTYPE x [<!ENTITY a "b">]>{whole}'})) == "xml_dtd_forbidden"


@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Document.xml"])
def test_a_package_without_its_main_parts_is_damaged(name: str) -> None:
    assert code(bent({name: None})) == "damaged_file"
    assert code(bent({name: "<x"})) == "damaged_file"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("5 g 2 4 6", [5, 4, 4, 6]),
        ("g 100000 3", [3] * 9),
        ("g", []),
        ("nan inf 1e999 x", [0, 0, 0, 0]),
        ("g -5 3 2", [2]),
        (None, []),
    ],
)
def test_steps_are_bounded_by_the_characters(given: str | None, found: list[float]) -> None:
    assert steps(given, 9) == found


WIDE, TALL = 26, 22  # characters of a line and lines of a page of the golden letters


def fitting(text: str, room: float) -> int:
    """How many characters of ``text`` stand in ``room`` ems; figures are half as wide."""
    for count, character in enumerate(text):
        room -= 0.5 if character.isascii() else 1.0
        if room < 0:
            return count
    return len(text)


def printed(text: str) -> bytes:
    """``text``, a paragraph a line, as a printed OFD: lines broken, pages full."""
    drawn: list[str] = []
    pages: list[str] = []
    for paragraph in text.split("\n"):
        indent = len(paragraph) - len(paragraph.lstrip("　"))
        rest = paragraph.strip()
        while rest:
            end = fitting(rest, WIDE - indent)
            drawn.append(words(rest[:end], x=25 + 5 * indent, y=30 + 10 * len(drawn)))
            rest, indent = rest[end:], 0
            if len(drawn) == TALL:
                pages.append(page(*drawn))
                drawn = []
    return ofd([*pages, page(*drawn)])


def test_figures_as_wide_as_characters_are_not_torn() -> None:
    assert read(ofd([page(words("2024年", code='DeltaX="g 4 5"'))])).text == "2024年"


@pytest.mark.parametrize("name", ["充电桩", "青河治理", "养老服务"])
def test_a_printed_letter_is_read_to_its_own_words_and_paragraphs(name: str) -> None:
    source = (ROOT / "corpus/sources" / f"{name}.txt").read_text(encoding="utf-8")
    whole, found = mend(source).text, mend(read(printed(source)).text).text
    assert bare(found) == bare(whole)
    paragraphs = [line for line in whole.split("\n") if line.endswith("。")]
    assert len(paragraphs) > 5
    assert set(paragraphs) <= set(found.split("\n"))


@given(
    st.sampled_from(["Boundary", "Size", "CTM", "X", "Y", "DeltaX", "DeltaY", "ID", "BaseLoc"]),
    st.text(alphabet="g0123456789 .-+einfa/\\x", max_size=30),
)
def test_odd_values_give_text_or_a_refusal(name: str, value: str) -> None:
    change = {
        part: re.sub(rf'\b{name}="[^"]*"', lambda _: f'{name}="{value}"', content)
        for part, content in parts([lined(*FIRST)]).items()
    }
    with suppress(UnreadableFile):
        raw = read(bent(change))
        assert sorted("".join(raw.text.split())) == sorted("".join(FIRST))


def test_columns_are_read_one_after_the_other_and_told() -> None:
    left = (
        "今年以来共排查老旧管网八十公里",
        "其中三十公里已列入改造的计划，",
        "余下的分两年完成，",
    )
    right = (
        "费用由市、区两级财政各承担一半",
        "不向沿线的居民收取任何的费用，",
        "如有疑问请与我局联系。",
    )
    drawn = [
        words(text, x=x, y=40 + 10 * row)
        for x, texts in ((20, left), (110, right))
        for row, text in enumerate(texts)
    ]
    raw = read(ofd([page(words("关于管网改造的答复", x=60, y=25), *reversed(drawn))]))
    assert [line.strip("　") for line in raw.text.split("\n")][1:] == [*left, *right]
    assert raw.flags == ("two_columns",)


def test_the_cells_of_a_table_stand_in_their_columns() -> None:
    rows = (("乡镇", "投资", "时间"), ("青石镇", "", "六月"), ("白鹭乡", "88", "年底"))
    drawn = [
        words(cell, x=x, y=40 + 10 * row)
        for row, cells in enumerate(rows)
        for x, cell in zip((30, 80, 120), cells, strict=True)
        if cell
    ]
    assert read(ofd([page(*drawn)])).text == "\n".join("\t".join(cells) for cells in rows)

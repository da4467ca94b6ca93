"""Words that were decoded wrongly and saved so: refused where many, flagged where few."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.formats import garbled
from indexer.formats.parse import parse
from indexer.formats.raw import Raw
from kb.errors import UnreadableFile
from tests.conftest import CORPUS

LETTER = (
    "关于市政协三届一次会议第0317号提案的答复\n柳知秋委员：\n您提出的关于湖滨步道亮化的提案收悉，现答复如下：\n"
    "步道全长六千米，已装庭院灯二百一十盏，今年汛期以后再装九十盏。\n澄湖市园林绿化中心\n2024年9月3日\n"
)
SHORT = "湖滨步道已装庭院灯二百一十盏"
WRONG = [
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("utf-8", "gb18030"),
    ("utf-8", "big5"),
    ("utf-8", "cp949"),
    ("utf-8", "shift_jis"),
    ("gb18030", "latin-1"),
    ("gb18030", "cp1252"),
    ("gb18030", "big5"),
    ("gb18030", "utf-8"),
    ("gb18030", "cp949"),
    ("gb18030", "ascii"),
    ("utf-8", "ascii"),
]


def code(text: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        garbled.readable(text)
    return caught.value.code


@pytest.mark.parametrize(("written", "taken_for"), WRONG)
def test_text_that_was_decoded_wrongly_is_refused(written: str, taken_for: str) -> None:
    assert code(LETTER.encode(written).decode(taken_for, "replace")) == "garbled_text"


@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252", "gb18030"])
def test_so_is_a_line_of_it(taken_for: str) -> None:
    assert code(SHORT.encode().decode(taken_for, "replace")) == "garbled_text"


@pytest.mark.parametrize("lost", ["replace", "ignore"])
def test_so_it_is_where_characters_were_lost_on_the_way(lost: str) -> None:
    assert code(LETTER.encode().decode("cp1252", lost)) == "garbled_text"
    assert code(LETTER.encode().decode("gbk", lost)) == "garbled_text"


def test_twice_wrong_is_refused_too() -> None:
    assert code("锟斤拷" * 40) == "garbled_text"
    assert code(LETTER.encode("gb18030").decode("utf-8", "replace")) == "garbled_text"
    assert code(LETTER.encode().decode("latin-1").encode().decode("latin-1")) == "garbled_text"


def test_question_marks_in_place_of_chinese_are_refused() -> None:
    assert code(LETTER.encode("ascii", "replace").decode()) == "garbled_text"
    assert code("????:\n?????2024?9?3???,??????:\n" * 3) == "garbled_text"


@pytest.mark.parametrize(
    "broken",
    ["灯\ufffd盏", "锟斤拷", "步道???盏", "æ¹–æ»¨", "婀栨花姝ラ亾", "二\x9a三"],
)
def test_a_few_broken_characters_are_flagged(broken: str) -> None:
    assert garbled.readable(LETTER + broken + LETTER) == (garbled.FLAG,)


@pytest.mark.parametrize(
    "text",
    [
        LETTER,
        SHORT,
        "（5±2）℃、3×4、15°、m²、§2、·",
        "怎么办???\n到底修不修??",
        "café Müller à Genève — naïve",
        LETTER + "龚璇、蒋瑾、翀犇、鄢焱、晁煜、阚琰、麴赟、妘姝、璩懿、邸翊、璋",
        "湖濱步道已裝設庭園燈，感謝您對我們工作的關心與支持，並請繼續監督",
        "abc 123",
        "https://example.gov.cn/a?b=1&c=2",
    ],
)
def test_what_is_unusual_but_whole_is_not_flagged(text: str) -> None:
    assert garbled.readable(text) == ()


def test_no_sample_letter_is_flagged() -> None:
    raws = [
        raw
        for path in sorted((CORPUS / "letters").iterdir())
        if path.suffix == ".txt"
        for raw in parse(path)
    ]
    assert raws
    assert not any(isinstance(raw, Raw) and garbled.FLAG in raw.flags for raw in raws)


@pytest.mark.parametrize("suffix", [".txt", ".html"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_with_one_bad_byte_is_read_with_a_flag(
    tmp_path: Path, suffix: str, encoding: str
) -> None:
    page = f"<html><body><p>{LETTER}</p></body></html>" if suffix == ".html" else LETTER
    before, after = page.split("六千米")
    path = tmp_path / f"a{suffix}"
    path.write_bytes(before.encode(encoding) + b"\xff" + ("六千米" + after).encode(encoding))
    (raw,) = parse(path)
    assert isinstance(raw, Raw)
    assert "六千米，已装庭院灯" in raw.text
    assert raw.flags == (garbled.FLAG,)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl"])
def test_a_garbled_file_is_refused_whatever_its_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    words = LETTER.encode().decode("latin-1").replace("\n", " ").replace("\x85", "")
    wrapped = {
        ".txt": words,
        ".html": f"<html><body><p>{words}</p></body></html>",
        ".jsonl": '{"id": "1", "text": "' + "".join(c for c in words if c >= " ") + '"}',
    }
    path.write_text(wrapped[path.suffix], encoding="utf-8")
    try:
        (found,) = parse(path)
    except UnreadableFile as error:
        found = error
    assert isinstance(found, UnreadableFile)
    assert found.code == "garbled_text"
    assert "重新导出" in str(found)

"""Golden letters: every format gives the same text and the same fields.

What is compared is the canonical text: as it is for the formats that hold text or draw it. Of
scans, white space and the shapes of punctuation that engines confuse are folded first, and one
character of fifty may be wrong.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pytest

from indexer.formats import ocr, office
from indexer.formats.parse import parse
from indexer.formats.raw import Raw
from indexer.letter.fields import read
from kb.types import Letter
from tests.support.golden import make
from tests.support.indexed import has_true_spans

NAMES = sorted(make.LETTERS)
# What a person reads in each letter: number, class, proposal, day.
FIELDS: Mapping[str, tuple[str | None, str | None, str, str]] = {
    "两级编号": ("云数函〔2025〕6号", "A", "72", "2025-04-09"),
    "中文日期": ("云民函〔2023〕112号", "A", "93", "2023-09-08"),
    "会办": ("云财函〔2024〕75号", None, "266", "2024-05-27"),
    "括注届次": ("云城管函〔2024〕27号", None, "145", "2024-06-25"),
    "无文号": (None, None, "88", "2024-11-06"),
    "河堤": ("云水函〔2024〕61号", "A", "0417", "2024-07-15"),
    "注释": ("云统函〔2024〕11号", None, "402", "2024-07-02"),
    "联合": (None, None, "203", "2025-04-22"),
    "表格": ("云教复〔2025〕9号", "B", "58", "2025-06-03"),
    "要点": ("云自然资函〔2025〕52号", "A", "7", "2025-06-18"),
    "长段": ("云环函〔2023〕88号", "B", "159", "2023-08-11"),
    "附件在后": ("云交函〔2024〕140号", None, "331", "2024-08-19"),
    "集体提案": ("云卫函〔2025〕33号", "C", "18", "2025-05-30"),
    "题名在引号里": ("云文旅函〔2025〕20号", "B", "66", "2025-07-01"),
}
MOST_WRONG = 0.02  # of the characters of a clean scan
LOOKALIKES = str.maketrans("（）：，；！？“”‘’〔〕【】—－–％", "():,;!?\"\"''[][]---%")
needs_ocr = pytest.mark.skipif(
    not (ocr.installed() and make.font()),
    reason='needs pip install "fuwen[ocr]" and a Chinese font (fonts-noto-cjk)',
)
needs_office = pytest.mark.skipif(not office.installed(""), reason="needs LibreOffice on PATH")


def letters_of(path: Path, *, soffice: str = "") -> dict[str, Letter]:
    """The letters of a file, by their place in it."""
    found = {}
    for raw in parse(path, soffice=soffice):
        assert isinstance(raw, Raw), raw
        found[raw.place] = read(raw, letter_id="x", source="x")
    return found


def letter_of(folder: Path, ending: str, content: bytes, *, soffice: str = "") -> Letter:
    path = folder / f"letter.{ending}"
    path.write_bytes(content)
    (letter,) = letters_of(path, soffice=soffice).values()
    return letter


@lru_cache
def plain(name: str) -> Letter:
    """The letter as it is read from plain text."""
    return read(Raw(id=None, text=make.LETTERS[name]), letter_id="x", source="x")


def values(letter: Letter) -> dict[str, object]:
    lists = {name: [field.value for field in many] for name, many in letter.lists.items()}
    single = {name: field.value for name, field in letter.fields.items()}
    return {**lists, **single, "title": letter.title and letter.title.value}


def same(letter: Letter, name: str) -> bool:
    assert letter.body.of(letter.text) == plain(name).text
    assert values(letter) == values(plain(name))
    return has_true_spans(letter)


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_golden_letter_holds_all_its_words(name: str) -> None:
    lines = (line.strip("　") for line in make.LETTERS[name].split("\n"))
    folded = "\n".join(" ".join(line.split("　　　　")) for line in lines)
    assert plain(name).text == folded
    letter = plain(name)
    got = tuple(map(letter.value, ("number", "result_class", "proposal_no", "issued_on")))
    assert got == FIELDS[name]


@pytest.mark.parametrize("ending", make.MAKERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_gives_the_same_letter(tmp_path: Path, name: str, ending: str) -> None:
    content = make.MAKERS[ending](make.LETTERS[name])
    assert same(letter_of(tmp_path, ending, content), name)


def test_an_archive_of_them_all_gives_each_of_them(tmp_path: Path) -> None:
    members = [
        (f"{name}.{ending}", content)
        for name in NAMES[::4]
        for ending, content in make.made(make.LETTERS[name]).items()
    ]
    path = tmp_path / "全部.zip"
    path.write_bytes(make.archive(members))
    letters = letters_of(path)
    assert list(letters) == [name for name, _ in members]
    for place, letter in letters.items():
        assert same(letter, place.split(".")[0])


@needs_office
@pytest.mark.parametrize("ending", ["doc", "wps"])
def test_what_an_office_program_saved_long_ago_gives_the_same_letter(
    tmp_path: Path, ending: str
) -> None:
    soffice = office.installed("")
    (tmp_path / "letter.docx").write_bytes(make.docx(make.LETTERS["河堤"]))
    subprocess.run(
        [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "doc:MS Word 97", "--outdir", str(tmp_path),
         str(tmp_path / "letter.docx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    old = shutil.copy(tmp_path / "letter.doc", tmp_path / f"旧.{ending}")
    (letter,) = letters_of(Path(old), soffice=soffice).values()
    assert same(letter, "河堤")


def wrong(found: str, wanted: str) -> float:
    """The character error rate: edits (insertions, deletions, substitutions) a wanted character."""
    row = list(range(len(wanted) + 1))
    for at, character in enumerate(found, start=1):
        before, row[0] = row[0], at
        for place, other in enumerate(wanted, start=1):
            edits = min(row[place] + 1, row[place - 1] + 1, before + (character != other))
            before, row[place] = row[place], edits
    return row[-1] / len(wanted)


def folded(text: str) -> str:
    return "".join(text.split()).translate(LOOKALIKES)


def test_the_error_rate_counts_edits() -> None:
    assert wrong("甲乙丙丁", "甲乙丙丁") == 0
    assert wrong("甲丙丁", "甲乙丙丁") == 0.25
    assert wrong("甲乙丙丁戊", "甲己丙丁") == 0.5


# A few, since each costs a processor twenty seconds; tests.bench.bench_scans reads all of them.
@needs_ocr
@pytest.mark.parametrize("name", NAMES[::7])
def test_a_clean_scan_is_read_with_hardly_an_error(tmp_path: Path, name: str) -> None:
    letter = letter_of(tmp_path, "tif", make.scan("TIFF", make.LETTERS[name]))
    assert "ocr" in letter.flags
    assert wrong(folded(letter.text), folded(plain(name).text)) <= MOST_WRONG


@needs_ocr
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_the_first_page_as_a_picture_is_read_with_hardly_an_error(
    tmp_path: Path, ending: str
) -> None:
    text = make.LETTERS["河堤"]
    (first, *_) = make.pages(text)
    wanted = folded("".join(placed.words for placed in first))
    letter = letter_of(tmp_path, ending, make.scan(make.SCANS[ending], text))
    assert wrong(folded(letter.text), wanted) <= MOST_WRONG


def test_scans_have_the_resolution_they_say() -> None:
    if not make.font():
        pytest.skip("needs a Chinese font (fonts-noto-cjk)")
    from PIL import Image

    with Image.open(io.BytesIO(make.scan("PNG", make.LETTERS["无文号"]))) as image:
        assert image.info["dpi"] == pytest.approx((make.DPI, make.DPI), abs=1)
        assert image.size == (2479, 3508)

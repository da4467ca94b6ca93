"""The sample letters and what is said of them agree, and build.py gives the shipped bytes."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.table import Table

from corpus import build

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LETTERS = CORPUS / "letters"
INVENTED = "（本复文为 fuwen 项目编写的示例，云岭市及文中单位、人员、数字均为虚构。）"
STRENGTHS = {"done", "under_way", "will", "plans", "strives", "studies"}
SINGLE = {
    "issuer",
    "number",
    "signer",
    "result_class",
    "assembly",
    "kind",
    "proposal_no",
    "proposal_title",
    "issued_on",
    "contact_unit",
}
MULTI = {"addressees", "co_organs", "cc"}


def squeezed(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def rows(name: str) -> list[dict[str, Any]]:
    """The lines of a .jsonl file of the corpus."""
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def text_of_page(path: Path) -> str:
    article = BeautifulSoup(path.read_bytes(), "lxml").select_one("#zoom")
    assert article is not None
    return article.get_text()


def text_of_word(path: Path) -> str:
    parts = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            parts += [cell.text for row in block.rows for cell in row.cells]
        else:
            parts.append(block.text)
    return "\n".join(parts)


def pages_of_pdf(path: Path) -> list[list[str]]:
    """The lines of each page as pypdfium2 reads them."""
    with pypdfium2.PdfDocument(path) as pdf:
        texts = []
        for page in pdf:
            words = page.get_textpage()
            texts.append(words.get_text_range())
            words.close()
            page.close()
    return [text.splitlines() for text in texts]


def text_of_pdf(path: Path) -> str:
    """The text less the running header and the page number."""
    lines = []
    for number, page in enumerate(pages_of_pdf(path), 1):
        assert page[0] == build.SHIPPED["pdf"][path.stem]["header"]
        assert page[-1].strip() == f"— {number} —"
        lines += page[1:-1]
    return "\n".join(lines)


def shipped() -> dict[str, str]:
    """Letter id → the text that its shipped form holds."""
    texts = {}
    for path in sorted(LETTERS.iterdir()):
        match path.suffix:
            case ".txt":
                coding = "gb18030" if path.stem in build.SHIPPED["gb18030"] else "utf-8"
                texts[path.name] = path.read_text(encoding=coding)
            case ".html":
                texts[path.name] = text_of_page(path)
            case ".docx":
                texts[path.name] = text_of_word(path)
            case ".pdf":
                texts[path.name] = text_of_pdf(path)
            case ".jsonl":
                for row in rows(f"letters/{path.name}"):
                    texts[row["id"]] = row["text"]
    return texts


TEXTS = {letter: squeezed(text) for letter, text in shipped().items()}
QUESTIONS = rows("questions.jsonl")
FIELDS: dict[str, dict[str, Any]] = {row["letter"]: row["fields"] for row in rows("fields.jsonl")}
COMMITMENTS = rows("commitments.jsonl")
DECISIONS = rows("decisions.jsonl")
# What citizens are not shown: what is marked so, and every 会办意见 whatever its mark.
CLOSED = {
    letter
    for letter, text in TEXTS.items()
    if re.search("公开属性：(?!主动公开)", text) or "会办〔" in text[:60]
}


# --- the letters ----------------------------------------------------------------------------


def test_build_gives_the_shipped_bytes() -> None:
    first, second = build.built(), build.built()
    assert first == second
    assert {name: (LETTERS / name).read_bytes() for name in first} == first


def test_build_writes_what_it_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LETTERS", tmp_path / "letters")
    build.main()
    names = {path.name for path in (tmp_path / "letters").iterdir()}
    assert names == set(build.built())


def test_formats_are_as_many_as_promised() -> None:
    suffixes = Counter(path.suffix for path in LETTERS.iterdir())
    assert suffixes == {".txt": 23, ".html": 5, ".docx": 5, ".pdf": 4, ".jsonl": 1}
    assert len(rows("letters/复文.jsonl")) == 3
    assert len(TEXTS) == 40


def test_every_source_is_shipped_whole_in_its_format() -> None:
    for path in (CORPUS / "sources").iterdir():
        letter = build.SHIPPED["bulk"].get(path.stem, {}).get("id")
        name = letter or next(key for key in TEXTS if Path(key).stem == path.stem)
        assert squeezed(path.read_text(encoding="utf-8")) == TEXTS[name], path.name


@pytest.mark.parametrize("letter", sorted(TEXTS))
def test_every_letter_says_at_its_end_that_it_is_invented(letter: str) -> None:
    assert TEXTS[letter].endswith(squeezed(INVENTED))
    assert TEXTS[letter].count("fuwen") == 1


@pytest.mark.parametrize("letter", sorted(TEXTS))
def test_every_letter_has_the_length_of_a_letter(letter: str) -> None:
    assert 500 <= len(TEXTS[letter]) <= 1800


def test_no_two_letters_share_a_sentence() -> None:
    seen: dict[str, str] = {}
    for letter, text in TEXTS.items():
        for sentence in re.split(r"[。；]", text.removesuffix(squeezed(INVENTED))):
            if len(sentence) >= 15:
                assert seen.setdefault(sentence, letter) == letter, sentence


def test_one_text_file_is_gb18030_and_not_utf_8() -> None:
    (stem,) = build.SHIPPED["gb18030"]
    with pytest.raises(UnicodeDecodeError):
        (LETTERS / f"{stem}.txt").read_bytes().decode("utf-8")


def test_the_broken_letter_is_broken_as_described() -> None:
    text = (LETTERS / "云交函〔2025〕8号.txt").read_text(encoding="utf-8")
    assert re.search(r"完\n成", text)
    assert re.search(r"运营成\n\n本", text)
    assert re.search(r"\d 万张", text)
    assert re.search(r"\([一二1]）", text)
    assert re.search(r"（[二3]\)", text)
    assert re.search(r"[０-９]", text)


def test_pdf_lines_are_cut_inside_sentences() -> None:
    for stem in build.SHIPPED["pdf"]:
        pages = pages_of_pdf(LETTERS / f"{stem}.pdf")
        assert len(pages) >= 2
        lines = [line for page in pages for line in page]
        assert sum(line[-1:] not in "。：；" for line in lines) > len(lines) / 2


def test_pages_hold_the_metadata_before_the_letter() -> None:
    for stem, page in build.SHIPPED["web"].items():
        table = BeautifulSoup((LETTERS / f"{stem}.html").read_bytes(), "lxml").select_one("table")
        assert table is not None
        cells = [cell.get_text() for cell in table.find_all(["th", "td"])]
        pairs = dict(zip(cells[::2], cells[1::2], strict=True))
        fields = FIELDS[f"{stem}.html"]
        assert pairs["索引号："] == page["index_no"]
        assert pairs["发文字号："] == fields["number"]
        assert pairs["发文单位："] == fields["issuer"]
        assert set(pairs) >= {"成文日期：", "发布日期：", "标题："}


def test_one_word_letter_has_a_table() -> None:
    tables = [Document(str(path)).tables for path in LETTERS.glob("*.docx")]
    assert sorted(map(len, tables)) == [0, 0, 0, 0, 1]


def test_readme_lists_every_letter() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{letter}` |" in readme for letter in TEXTS)
    assert "虚构" in readme


# --- questions ------------------------------------------------------------------------------


@pytest.mark.parametrize("row", QUESTIONS, ids=[row["id"] for row in QUESTIONS])
def test_every_gold_answer_stands_in_its_letter(row: dict[str, Any]) -> None:
    assert set(row) - {"also", "stale"} == {"id", "question", "letter", "answer", "type"}
    assert row["type"] in {"fact", "field", "promise"}
    if row["letter"] is None:
        assert row["answer"] is None
    else:
        assert squeezed(row["answer"])
        for wording in (row["answer"], *row.get("also", ())):
            assert squeezed(wording) in TEXTS[row["letter"]]


def dated(letter: str) -> str:
    return str(FIELDS[letter]["issued_on"])


def test_a_stale_answer_stands_in_an_earlier_letter() -> None:
    outdated = [row for row in QUESTIONS if "stale" in row]
    assert len(outdated) >= 10
    for row in outdated:
        for old in row["stale"]:
            assert set(old) == {"letter", "answer"}, row["id"]
            assert squeezed(old["answer"]) in TEXTS[old["letter"]], row["id"]
            assert dated(old["letter"]) < dated(row["letter"]), row["id"]
            assert squeezed(old["answer"]) not in squeezed(row["answer"]), row["id"]
        assert not re.search(r"20\d\d年", row["question"]), row["id"]


def test_questions_are_many_and_distinct() -> None:
    asked = [row["question"] for row in QUESTIONS]
    assert len(set(asked)) == len(asked)
    assert len({row["id"] for row in QUESTIONS}) == len(QUESTIONS)
    unanswerable = [row for row in QUESTIONS if row["letter"] is None]
    assert len(unanswerable) >= 20
    assert len(QUESTIONS) - len(unanswerable) >= 70
    assert {row["letter"] for row in QUESTIONS} == {*TEXTS, None} - CLOSED


def test_questions_do_not_copy_the_letter() -> None:
    for row in QUESTIONS:
        if row["letter"] and row["type"] != "field":
            question, text = squeezed(row["question"]), TEXTS[row["letter"]]
            copied = [question[i : i + 14] for i in range(len(question) - 13)]
            assert not any(piece in text for piece in copied), row["question"]


# --- fields ---------------------------------------------------------------------------------


def values(fields: dict[str, Any]) -> list[str]:
    """Every value that must stand in the text as it is."""
    single = [fields[name] for name in SINGLE - {"issued_on", "kind"} if fields[name]]
    return single + [value for name in MULTI for value in fields[name]]


def written(day: date) -> set[str]:
    """The two ways in which a letter writes its date (day and month 1–31)."""
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(figure)] for figure in str(day.year))

    def numeral(number: int) -> str:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else (digits[tens] if tens > 1 else "") + "十"
        return head + (digits[ones] if ones else "")

    return {
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{numeral(day.month)}月{numeral(day.day)}日",
    }


def test_every_letter_has_its_fields() -> None:
    assert set(FIELDS) == set(TEXTS)
    assert all(set(fields) == SINGLE | MULTI for fields in FIELDS.values())


@pytest.mark.parametrize("letter", sorted(FIELDS))
def test_every_field_stands_in_its_letter(letter: str) -> None:
    fields, text = FIELDS[letter], TEXTS[letter]
    for value in values(fields):
        assert squeezed(value) in text, value
    assert "“" + fields["proposal_title"] + "”" in text
    assert f"{fields['assembly']}第{fields['proposal_no']}号{fields['kind']}" in text
    assert "、".join(fields["addressees"]) + "：" in text
    assert any(day in text for day in written(date.fromisoformat(fields["issued_on"])))
    if fields["result_class"]:
        assert f"办理结果：{fields['result_class']}" in text
    else:
        assert "办理结果" not in text


def test_letters_cover_years_classes_and_forms() -> None:
    fields = FIELDS.values()
    assert {row["issued_on"][:4] for row in fields} == {"2022", "2023", "2024", "2025", "2026"}
    assert {row["result_class"] for row in fields} == {"A", "B", "C", None}
    assert {row["kind"] for row in fields} == {"提案", "建议"}
    assert len({row["number"] for row in fields}) == len(FIELDS)
    assert len({row["issuer"] for row in fields}) >= 10
    brackets = {mark for row in fields for mark in row["number"] if mark in "〔[("}
    assert brackets == {"〔", "[", "("}
    assert any("办理结果：B类" in text for text in TEXTS.values())
    assert any("公开属性：主动公开" in text for text in TEXTS.values())
    assert sum("的会办意见" in text for text in TEXTS.values()) == 3
    assert len(CLOSED) == 4


# --- commitments ----------------------------------------------------------------------------


@pytest.mark.parametrize("row", COMMITMENTS, ids=[row["text"][:12] for row in COMMITMENTS])
def test_every_commitment_stands_in_its_letter(row: dict[str, Any]) -> None:
    text = TEXTS[row["letter"]]
    assert squeezed(row["text"]) in text
    assert row["organ"] in text
    assert row["strength"] in STRENGTHS
    assert row["due"] is None or squeezed(row["due"]) in squeezed(row["text"])


def test_due_dates_are_in_order_and_only_where_the_text_names_one() -> None:
    for row in COMMITMENTS:
        first, last = row["due_first"], row["due_last"]
        if row["due"] is None:
            assert (first, last) == (None, None)
        if last:
            assert date.fromisoformat(first) <= date.fromisoformat(last)
            assert last >= FIELDS[row["letter"]]["issued_on"]


def test_a_promise_is_kept_only_by_a_later_letter() -> None:
    kept = [row for row in COMMITMENTS if row["kept_by"]]
    assert len({row["letter"] for row in kept}) >= 4
    for row in kept:
        assert row["strength"] != "done"
        promised = FIELDS[row["letter"]]["issued_on"]
        assert FIELDS[row["kept_by"]]["issued_on"][:4] > promised[:4], row["text"]


def test_commitments_are_many_and_of_every_strength() -> None:
    assert len(COMMITMENTS) >= 35
    assert {row["strength"] for row in COMMITMENTS} == STRENGTHS
    assert {row["letter"] for row in COMMITMENTS} == set(TEXTS)
    assert len({(row["letter"], row["text"]) for row in COMMITMENTS}) == len(COMMITMENTS)


# --- decisions of the demonstration -----------------------------------------------------------


@pytest.mark.parametrize("row", DECISIONS, ids=[row["text"][:12] for row in DECISIONS])
def test_every_decision_and_its_evidence_stand_in_their_letters(row: dict[str, Any]) -> None:
    assert set(row) - {"status", "done_on", "evidence", "due"} == {
        "letter",
        "text",
        "reason",
        "by",
        "at",
    }
    assert ("status" in row) != ("due" in row)
    assert squeezed(row["text"]) in TEXTS[row["letter"]]
    assert datetime.fromisoformat(row["at"]).tzinfo
    if day := row.get("done_on"):
        assert row["status"] == "done"
        assert day <= row["at"][:10]
    if proof := row.get("evidence"):
        assert squeezed(proof["text"]) in TEXTS[proof["letter"]]
        assert proof["relation"] in {"fulfils", "progresses", "contradicts", "repeats"}
        days = [FIELDS[one["letter"]]["issued_on"] for one in (row, proof)]
        assert days == sorted(set(days))


def test_decisions_come_in_the_order_of_their_time() -> None:
    moments = [datetime.fromisoformat(row["at"]) for row in DECISIONS]
    assert moments == sorted(moments)
    assert moments[0].date() > max(date.fromisoformat(f["issued_on"]) for f in FIELDS.values())

"""A suite's form is found or named, background and digests, and the real suites are read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.suite import BadSuite, Document
from eval.suites import FORMS, background, digest, load
from tests.conftest import ROOT
from tests.support.suites import (
    ASKED,
    DOCS,
    QA,
    beir,
    corpus,
    own,
    refused,
    rows,
    said,
    squad,
    write,
)

DATA = ROOT.parent / "shared" / "data"


def test_what_no_form_fits_lists_every_form_and_its_needs(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "甲")
    for path in (tmp_path, tmp_path / "a.txt"):
        refused(path, str(path), *(form.name for form in FORMS), *(form.needs for form in FORMS))


def test_a_form_that_is_not_known_lists_the_good_ones(tmp_path: Path) -> None:
    refused(own(tmp_path, QA), "trec", *(form.name for form in FORMS), form="trec")


def test_a_path_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    refused(tmp_path / "x", "没有这个文件", "请检查")


def test_a_named_form_reads_a_file_of_any_name_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = squad(tmp_path / "dev.txt", said("甲"))
    assert len(load(path, form="squad").questions) == 1
    refused(tmp_path, "没有 docs.jsonl", "请补上", form="questions")
    refused(tmp_path, "letters", "请把复文放在里面", form="corpus")
    refused(tmp_path, "打不开", form="squad")


# background


def test_background_is_documents_of_all_files(tmp_path: Path) -> None:
    full = {"id": "x", "text": "甲", "issuer": "局", "date": "2020-1-1", "url": "u", "title": None}
    paths = [rows(tmp_path / "1.jsonl", full), rows(tmp_path / "2.jsonl.gz", *DOCS)]
    assert background(paths) == (
        Document(id="x", text="甲", issuer="局", date="2020-1-1", url="u"),
        Document(id="a", text="甲", title="题"),
        Document(id="b", text="乙"),
    )


def test_a_background_id_given_in_two_files_is_refused(tmp_path: Path) -> None:
    paths = [rows(tmp_path / "1.jsonl", *DOCS), rows(tmp_path / "2.jsonl", DOCS[1])]
    with pytest.raises(BadSuite, match=r"2.jsonl 第 1 行.*编号 b 已经用过（1.jsonl 第 2 行）"):
        background(paths)


# digest


def test_a_digest_tells_content_and_names_and_no_place(tmp_path: Path) -> None:
    first, moved = own(tmp_path / "1", QA), own(tmp_path / "2", QA)
    before = digest(first)
    assert before == digest(moved)
    assert len(before) == 16
    write(first / "notes.txt", "not read")
    assert digest(first) == before
    rows(first / "refuse.jsonl", {"id": "r", "question": "?"})
    added = digest(first)
    rows(first / "qa.jsonl", QA | {"answer": "乙"})
    assert len({before, added, digest(first)}) == 3


def test_every_form_has_a_digest_that_its_files_change(tmp_path: Path) -> None:
    made = {
        own(tmp_path / "own", QA): "docs.jsonl",
        beir(tmp_path / "beir", test="q1\ta\t1\n"): "qrels/test.tsv",
        corpus(tmp_path / "corpus", ASKED): "letters/sub/y.jsonl",
    }
    for folder, name in made.items():
        before = digest(folder)
        with (folder / name).open("a") as file:
            file.write("\n")
        assert digest(folder) != before


def test_a_file_by_itself_has_a_digest_whatever_its_form(tmp_path: Path) -> None:
    assert digest(write(tmp_path / "a", "甲")) != digest(write(tmp_path / "b", "甲"))
    with pytest.raises(BadSuite):
        digest(tmp_path)


# the real ones

READING = {
    "cjrc_dev": (1000, {"": 4109, "yes_no": 661, "unanswerable": 1230}),
    "cmrc2018_dev": (848, {"": 3219}),
    "cmrc2018_trial": (256, {"": 1002}),
    "drcd_dev": (1000, {"": 3524}),
    "drcd_test": (1000, {"": 3493}),
    "squad2_zh_dev": (1204, {"": 3991, "unanswerable": 5945}),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", READING)
def test_the_real_reading_sets_are_read(name: str) -> None:
    suite = load(DATA / "reading" / f"{name}.json.gz")
    documents, groups = READING[name]
    assert len(suite.documents) == documents
    assert Counter(one.group for one in suite.questions) == groups
    assert all(one.answers for one in suite.questions if one.group == "")


@pytest.mark.shared
def test_the_real_questions_are_read() -> None:
    suite = load(DATA / "ncp")
    answerable = sum(one.answerable for one in suite.questions)
    assert len(suite.documents) == 289
    assert (answerable, len(suite.questions) - answerable) == (608, 1425)


@pytest.mark.shared
def test_the_real_messages_are_read() -> None:
    suite = load(DATA / "replies" / "teddy.jsonl.gz")
    assert len(suite.documents) == 2816
    assert Counter(one.group for one in suite.questions) == {"title": 2816, "message": 2816}


@pytest.mark.shared
def test_the_real_background_is_read() -> None:
    folder = DATA / "background"
    counts = {name: len(background([folder / f"{name}.jsonl.gz"])) for name in ("hebei", "gov_cn")}
    assert counts == {"hebei": 1409, "gov_cn": 60}
    assert len(background([folder / "laws.jsonl.gz"])) == 3420

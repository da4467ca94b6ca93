"""Our own forms, BEIR's and pairs: what is read, and how a bad line is refused."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.suite import Document, Question, Suite
from eval.suites import load
from tests.conftest import CORPUS
from tests.support.suites import ASKED, DOCS, QA, beir, corpus, own, refused, rows, write


def test_questions_with_their_documents_and_refusals_are_read(tmp_path: Path) -> None:
    several = {"id": 2, "docid": ["a", "b"], "question": "又问？", "answer": ["甲", "乙"]}
    folder = own(tmp_path / "mine", QA, several)
    rows(folder / "refuse.jsonl", {"id": "r", "question": "无关？"})
    assert load(folder) == Suite(
        name="mine",
        documents=(Document(id="a", text="甲", title="题"), Document(id="b", text="乙")),
        questions=(
            Question(id="q1", question="问？", relevant={"a": 1}, answers=("甲",)),
            Question(id="2", question="又问？", relevant={"a": 1, "b": 1}, answers=("甲", "乙")),
            Question(id="r", question="无关？"),
        ),
    )


def test_an_answer_need_not_stand_in_its_document(tmp_path: Path) -> None:
    assert load(own(tmp_path, QA | {"answer": "丙"})).questions[0].answers == ("丙",)


def test_a_byte_order_mark_packing_blank_lines_and_crlf_do_no_harm(tmp_path: Path) -> None:
    lines = [json.dumps(one, ensure_ascii=False) for one in DOCS]
    write(tmp_path / "docs.jsonl.gz", "\ufeff" + "\r\n\r\n".join(lines))
    rows(tmp_path / "qa.jsonl", QA)
    assert [one.id for one in load(tmp_path).documents] == ["a", "b"]


def test_line_ends_of_other_kinds_inside_a_text_do_not_end_its_line(tmp_path: Path) -> None:
    text = "甲\u2028乙\u0085丙"
    folder = own(tmp_path, QA, docs=[{"id": "a", "text": text}])
    assert load(folder).documents[0].text == text


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ({"id": "q2", "docid": "a", "question": "问"}, ("缺少 answer", "请补上")),
        (QA | {"id": "q2", "question": 3}, ("question 应当是文字", "请改成")),
        (QA | {"id": "q2", "question": " "}, ("question 是空的", "请填上")),
        (QA | {"id": "q2", "answer": []}, ("answer 是空的",)),
        (QA | {"id": "q2", "answer": ["甲", 3]}, ("answer 应当是文字",)),
        (QA | {"id": "q2", "docid": "c"}, ("没有编号为 c 的文件", "请补上")),
        (QA | {"id": "q2", "docid": ["a", "c"]}, ("没有编号为 c 的文件",)),
        (QA, ("编号 q1 已经用过", "qa.jsonl 第 1 行", "请改用")),
        (QA | {"id": "q\u200b2"}, ("不可见字符",)),
        (["q2"], ("应当是一个 JSON 对象",)),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, row: Any, parts: tuple[str, ...]) -> None:
    refused(own(tmp_path, QA, row), "qa.jsonl 第 2 行", *parts)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (b"{'id': 1}", ("不是合法的 JSON",)),
        (b"[" * 200_000, ("不是合法的 JSON",)),
        ('{"id": "题"}'.encode("gb18030"), ("不是 UTF-8", "请另存为 UTF-8")),
        (b'{"id": "x", "text": "\\ud83d"}', ("孤立代理项", "请重新导出")),
        (b'{"id": "x", "url": {"\\udc00": 1}}', ("孤立代理项",)),
    ],
)
def test_bytes_that_are_no_row_are_named_with_their_line(
    tmp_path: Path, line: bytes, parts: tuple[str, ...]
) -> None:
    folder = own(tmp_path, QA)
    path = folder / "docs.jsonl"
    path.write_bytes(path.read_bytes() + b"\n" + line)
    refused(folder, "docs.jsonl 第 4 行", *parts)


def test_a_surrogate_pair_in_escapes_is_one_character(tmp_path: Path) -> None:
    folder = own(tmp_path, QA)
    (folder / "docs.jsonl").write_bytes(b'{"id": "a", "text": "\\ud83d\\ude00 \\\\ud83d"}')
    assert load(folder).documents[0].text == "😀 \\ud83d"


def test_two_documents_of_one_id_are_refused(tmp_path: Path) -> None:
    refused(own(tmp_path, QA, docs=[*DOCS, *DOCS]), "docs.jsonl 第 3 行", "编号 a 已经用过")


def test_a_refusal_may_not_take_a_questions_id(tmp_path: Path) -> None:
    folder = own(tmp_path, QA)
    rows(folder / "refuse.jsonl", {"id": "q1", "question": "?"})
    refused(folder, "refuse.jsonl 第 1 行", "编号 q1 已经用过（qa.jsonl 第 1 行）")


def test_a_suite_without_a_question_is_refused(tmp_path: Path) -> None:
    refused(own(tmp_path), "qa.jsonl", "一个问题也没有")


def test_a_packed_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    folder = own(tmp_path, QA)
    path = rows(folder / "docs.jsonl.gz", *DOCS)
    (folder / "docs.jsonl").unlink()
    path.write_bytes(path.read_bytes()[:-12])
    refused(folder, "docs.jsonl.gz", "压缩文件损坏")
    path.write_text("not packed")
    refused(folder, "docs.jsonl.gz", "压缩文件损坏")


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    folder = own(tmp_path, QA)
    (folder / "refuse.jsonl").mkdir()
    refused(folder, "refuse.jsonl", "打不开", "请检查")


# BEIR


def test_beirs_queries_are_those_of_the_split_and_grade_0_is_not_relevant(tmp_path: Path) -> None:
    lines = "q2\ta\t2\nq2\tb\t1\r\n\nq0\tb\t1\nq0\ta\t0\nq3\ta\t0\n"
    suite = load(beir(tmp_path / "b", test=lines, train="q1\ta\t1\n"))
    assert suite == Suite(
        name="b",
        documents=(Document(id="a", text="甲", title="题"), Document(id="b", text="", title="乙")),
        questions=(
            Question(id="q0", question="问0", relevant={"b": 1}),
            Question(id="q2", question="问2", relevant={"a": 2, "b": 1}),
        ),
    )


def test_the_only_qrels_file_will_do(tmp_path: Path) -> None:
    assert len(load(beir(tmp_path, dev="q1\ta\t1\n")).questions) == 1


def test_packed_qrels_are_read(tmp_path: Path) -> None:
    folder = beir(tmp_path, dev="q1\ta\t1\n")
    write(folder / "qrels" / "test.tsv.gz", "query-id\tcorpus-id\tscore\nq3\tb\t1\n")
    assert [one.id for one in load(folder).questions] == ["q3"]


@pytest.mark.parametrize(
    ("qrels", "parts"),
    [
        ({"dev": "", "train": ""}, ("dev.tsv、train.tsv", "test.tsv")),
        ({"test": "q1\ta\n"}, ("test.tsv 第 2 行", "2 列", "制表符")),
        ({"test": "q1\ta\thigh\n"}, ("test.tsv 第 2 行", "score 应当是整数")),
        ({"test": "q9\ta\t1\n"}, ("test.tsv 第 2 行", "没有编号为 q9 的问题")),
        ({"test": "q1\tc\t1\n"}, ("test.tsv 第 2 行", "没有编号为 c 的文件")),
        ({"test": "q1\ta\t1\nq1\ta\t1\n"}, ("test.tsv 第 3 行", "已经用过")),
        ({"test": ""}, ("一个问题也没有",)),
    ],
)
def test_bad_qrels_are_refused(
    tmp_path: Path, qrels: dict[str, str], parts: tuple[str, ...]
) -> None:
    refused(beir(tmp_path, **qrels), *parts)


def test_qrels_without_a_header_or_a_file_are_refused(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    (folder / "qrels").mkdir()
    refused(folder, "qrels", "请补上 test.tsv")
    write(folder / "qrels" / "test.tsv", "q1\ta\t1\nq2\ta\t1\n")
    refused(folder, "test.tsv 第 1 行", "缺少 query-id")


# pairs


def test_a_reply_is_found_by_its_messages_title_and_by_its_words(tmp_path: Path) -> None:
    message = {"id": "1", "user": "u", "title": "题", "message": "信", "reply": "复"}
    blank = {"id": "2", "title": " ", "message": "信", "reply": "复二"}
    unreplied = {"id": "3", "title": "题", "message": "信", "reply": "\n"}
    path = rows(tmp_path / "r.jsonl.gz", message, blank, unreplied)
    assert load(path) == Suite(
        name="r",
        documents=(Document(id="1", text="复"), Document(id="2", text="复二")),
        questions=(
            Question(id="1/title", question="题", relevant={"1": 1}, group="title"),
            Question(id="1/message", question="信", relevant={"1": 1}, group="message"),
            Question(id="2/message", question="信", relevant={"2": 1}, group="message"),
        ),
    )


def test_rows_that_are_no_messages_are_refused(tmp_path: Path) -> None:
    refused(rows(tmp_path / "r.jsonl", *DOCS), "r.jsonl 第 1 行", "缺少 message")


# corpus


def test_the_corpus_is_its_letters_and_what_is_known_of_them(tmp_path: Path) -> None:
    also = {"id": "p", "question": "问", "letter": "y-1", "answer": "乙", "also": ["丙"]}
    nothing = {"id": "n", "question": "无", "letter": None, "answer": None, "type": "fact"}
    folder = corpus(tmp_path / "corpus", ASKED, also | {"type": "promise"}, nothing)
    fields = {"letter": "x.txt", "fields": {"issuer": "局"}}
    rows(folder / "fields.jsonl", fields)
    assert load(folder) == Suite(
        name="corpus",
        letters=folder / "letters",
        questions=(
            Question(id="q", question="问", relevant={"x.txt": 1}, answers=("甲",), group="fact"),
            Question(
                id="p", question="问", relevant={"y-1": 1}, answers=("乙", "丙"), group="promise"
            ),
            Question(id="n", question="无", group="none"),
        ),
        fields=(fields,),
    )


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        (ASKED | {"letter": "z.txt"}, ("没有编号为 z.txt 的文件",)),
        (ASKED | {"answer": None}, ("只写了一个", "null")),
        (ASKED | {"letter": None}, ("只写了一个",)),
        (ASKED | {"also": [""]}, ("also 是空的",)),
        (ASKED | {"type": None}, ("type 应当是文字",)),
    ],
)
def test_a_bad_question_of_the_corpus_is_refused(
    tmp_path: Path, row: Any, parts: tuple[str, ...]
) -> None:
    refused(corpus(tmp_path, row), "questions.jsonl 第 1 行", *parts)


def test_what_is_said_of_a_letter_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = corpus(tmp_path, ASKED)
    rows(folder / "commitments.jsonl", {"letter": "z.txt", "text": "甲"})
    refused(folder, "commitments.jsonl 第 1 行", "没有编号为 z.txt 的文件")
    rows(folder / "commitments.jsonl", {"letter": "x.txt"})
    refused(folder, "commitments.jsonl 第 1 行", "缺少 text")


def test_this_projects_corpus_is_read() -> None:
    suite = load(CORPUS)
    assert Counter(one.group for one in suite.questions) == {
        "fact": 88,
        "promise": 37,
        "field": 15,
        "none": 48,
    }
    assert sum(one.answerable for one in suite.questions) == 140
    assert len({row["letter"] for row in suite.fields}) == len(suite.fields) == 40
    assert len(suite.commitments) == 219
    assert suite.letters == CORPUS / "letters"


# what our own forms know beyond the least


def test_other_wordings_types_kinds_and_earlier_answers_are_read(tmp_path: Path) -> None:
    more = {
        "also": ["又", "再"],
        "type": "when",
        "kind": "spoken",
        "stale": [{"docid": "b", "answer": "乙"}, {"letter": "a", "answer": "旧"}],
        "start": 0,
        "end": 1,
        "places": 1,
        "note": "给人看的",
    }
    folder = own(tmp_path, QA | more)
    near = {"id": "r1", "question": "近？", "near": "a"}
    far = {"id": "r2", "question": "远？", "kind": "far", "type": "who", "near": "elsewhere"}
    rows(folder / "refuse.jsonl", near, far)
    answerable, first, second = load(folder).questions
    assert answerable.answers == ("甲", "又", "再")
    assert (answerable.group, answerable.kind) == ("when", "spoken")
    assert [(place.docid, place.answer) for place in answerable.stale] == [("b", "乙"), ("a", "旧")]
    assert (first.kind, first.near, second.kind, second.group) == ("near", "a", "far", "who")


@pytest.mark.parametrize(
    ("name", "row", "parts"),
    [
        ("qa", QA | {"alos": ["又"]}, ("不认识的键 'alos'", "可用的是", "also")),
        ("qa", QA | {"answer_start": 3, "x": 1}, ("'answer_start'、'x'",)),
        ("qa", QA | {"near": "a"}, ("'near'",)),
        ("qa", QA | {"also": [3]}, ("also 应当是文字",)),
        ("qa", QA | {"also": []}, ("also 是空的",)),
        ("qa", QA | {"kind": 3}, ("kind 应当是文字",)),
        ("qa", QA | {"start": -1}, ("start 应当是不小于 0 的整数",)),
        ("qa", QA | {"places": "1"}, ("places 应当是不小于 0 的整数",)),
        ("qa", QA | {"stale": {"docid": "a"}}, ("stale 应当是列表",)),
        ("qa", QA | {"stale": [{"docid": "z", "answer": "旧"}]}, ("stale[0]", "没有编号为 z")),
        ("qa", QA | {"stale": [{"docid": "a"}]}, ("stale[0]", "缺少 answer")),
        ("qa", QA | {"stale": [{"docid": "a", "answer": "旧", "year": 1}]}, ("'year'",)),
        ("refuse", {"id": "r", "question": "?", "docid": "a"}, ("不认识的键 'docid'",)),
        ("refuse", {"id": "r", "question": "?", "kind": "no"}, ("kind 是 no", "near、far、cut")),
        ("refuse", {"id": "r", "question": "?", "near": "z"}, ("没有编号为 z 的文件",)),
        ("docs", {"id": "c", "text": "丙", "body": "x"}, ("不认识的键 'body'",)),
    ],
)
def test_a_key_or_value_that_is_not_known_is_refused_by_name(
    tmp_path: Path, name: str, row: dict[str, Any], parts: tuple[str, ...]
) -> None:
    folder = own(tmp_path, *([] if name == "qa" else [QA]))
    path = folder / f"{name}.jsonl"
    given = path.read_text(encoding="utf-8") if path.exists() else ""
    write(path, given + json.dumps(row, ensure_ascii=False))
    refused(folder, f"{name}.jsonl 第 {given.count(chr(10)) + 1} 行", *parts)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("questions", ASKED | {"id": "z", "docid": "x.txt"}),
        ("fields", {"letter": "x.txt", "fields": {}, "extra": 1}),
        ("commitments", {"letter": "x.txt", "text": "甲", "deadline": "明天"}),
    ],
)
def test_a_key_that_the_corpus_does_not_know_is_refused(
    tmp_path: Path, name: str, row: dict[str, Any]
) -> None:
    folder = corpus(tmp_path, ASKED)
    rows(folder / f"{name}.jsonl", row)
    refused(folder, f"{name}.jsonl 第 1 行", "不认识的键")


def test_a_question_without_an_answer_can_have_no_other_wording(tmp_path: Path) -> None:
    nothing = {"id": "n", "question": "无", "letter": None, "answer": None, "also": ["乙"]}
    refused(corpus(tmp_path, nothing), "没有答案的问题却有 also")


def test_the_corpus_marks_near_misses_and_earlier_answers(tmp_path: Path) -> None:
    near = {"id": "n", "question": "无", "letter": None, "answer": None, "near": "y-1"}
    stale = ASKED | {"stale": [{"letter": "y-1", "answer": "乙"}]}
    first, second = load(corpus(tmp_path, stale, near)).questions
    assert [place.docid for place in first.stale] == ["y-1"]
    assert (second.kind, second.near) == ("near", "y-1")


def test_a_row_of_messages_with_another_key_is_refused(tmp_path: Path) -> None:
    row = {"id": "1", "title": "题", "message": "信", "reply": "复", "stars": 5}
    refused(rows(tmp_path / "r.jsonl", row), "r.jsonl 第 1 行", "不认识的键 'stars'")

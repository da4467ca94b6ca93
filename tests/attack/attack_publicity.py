"""No letter with a mark that bars citizens is told to them, by whatever address they ask.

A folder with every shape of mark, as text, page, Word file and bulk import, is indexed by the
command line; then each public address is asked for a word that stands in barred letters only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from docx import Document

from tests.attack.conftest import Running, index, start
from tests.indexer.publicity.marked import MARKS, letter

MARKER = "鹤鸣渡"
OPEN = "望星桥"  # stands in the one letter that citizens may see
SECONDS = 60.0
PAGE = """<html><head><title>答复</title></head><body>{outside}<div id="zoom">{text}</div></body>"""


def with_word(text: str, word: str) -> str:
    return text.replace("老东门夜市", word)


def pages() -> Iterator[tuple[str, str]]:
    """Web pages with a mark in their table, beside the letter, or in it."""
    body = "".join(f"<p>{line}</p>" for line in with_word(letter(), MARKER).split("\n") if line)
    table = (
        "<table><tr><td>索引号</td><td>A1</td><td>发布机构</td><td>云岭市住房和城乡建设局</td></tr>"
        "<tr><td>发布日期</td><td>2024-05-28</td><td>公开方式</td><td>依申请公开</td></tr></table>"
    )
    yield "表.html", PAGE.format(outside=table, text=body)
    yield (
        "短表.html",
        PAGE.format(
            outside="<table><tr><td>公开属性</td><td>不予公开</td></tr></table>", text=body
        ),
    )
    yield "页脚.html", PAGE.format(outside="<footer>此件不予公开</footer>", text=body)
    yield "文中.html", PAGE.format(outside="", text=f"{body}<p>（不予公开）</p>")
    yield "隐去.html", PAGE.format(outside="<p hidden>公开属性：不予公开</p>", text=body)


def lines() -> Iterator[dict[str, str]]:
    for number, publicity in enumerate(("closed", "on_request", "held", "不予公开", "依申请公开")):
        text = with_word(letter(), MARKER)
        yield {"id": f"批{number}", "text": text, "publicity": publicity}
    yield {
        "id": "批-矛盾",
        "text": with_word(letter(foot="（不予公开）"), MARKER),
        "publicity": "public",
    }
    yield {"id": "批-错键", "text": with_word(letter(), MARKER), "pubilcity": "closed"}
    yield {"id": "批-错值", "text": with_word(letter(), MARKER), "publicity": "geheim"}


def fill(inbox: Path) -> None:
    inbox.mkdir()
    (inbox / "公开的.txt").write_text(with_word(letter(), OPEN), encoding="utf-8")
    for number, (words, _) in enumerate(MARKS):
        place = ("head", "midst", "foot")[number % 3]
        text = with_word(letter(**{place: words}), MARKER)
        (inbox / f"记{number}.txt").write_text(text, encoding="utf-8")
    (inbox / "不予公开").mkdir()
    barred = inbox / "不予公开" / "夹.txt"
    barred.write_text(with_word(letter(), MARKER), encoding="utf-8")
    consulted = with_word(letter().replace("的答复\n", "的会办意见\n"), MARKER)
    (inbox / "会办.txt").write_text(consulted, encoding="utf-8")
    for name, page in pages():
        (inbox / name).write_text(page, encoding="utf-8")
    made = Document()
    made.sections[0].header.paragraphs[0].text = "内部资料　注意保存"
    for line in with_word(letter(), MARKER).split("\n"):
        made.add_paragraph(line)
    made.save(str(inbox / "页眉.docx"))
    rows = [json.dumps(row, ensure_ascii=False) for row in lines()]
    (inbox / "批.jsonl").write_text("\n".join(rows), encoding="utf-8")


@pytest.fixture(scope="module")
def barred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("publicity")
    fill(folder / "inbox")
    done = index(folder / "inbox", folder / "data", PYTHONHASHSEED="0")
    report = json.loads(done.stdout)
    assert [entry["code"] for entry in report["refused"]] == ["bad_line", "bad_line"]
    assert sum(report["not_public"].values()) == report["letters"] - 1
    assert {"contribution", "publicity_conflict", "publicity_unknown"} <= {
        flag for entry in report["held_back"] for flag in entry["flags"]
    }
    server = start(folder / "data", KB_RATE="0")
    with server.process:
        yield server
        server.process.kill()


def names() -> list[str]:
    numbered = [f"记{number}.txt" for number in range(len(MARKS))]
    others = ["会办.txt", "不予公开/夹.txt", "页眉.docx", *(name for name, _ in pages())]
    return [*numbered, *others, *(row["id"] for row in lines())]


def test_no_letter_page_original_or_quote_of_a_barred_letter_is_given(barred: Running) -> None:
    with httpx.Client(base_url=barred.url, timeout=SECONDS) as client:
        for name in names():
            at = quote(name)
            for path in (
                f"/letters/{at}", f"/api/letters/{at}", f"/letters/{at}/original",
                f"/letters/{at}/page/1", f"/quotes/{at}/5-60/0123456789abcdef",
            ):  # fmt: skip
                answer = client.get(path)
                assert answer.status_code in (404, 410), path
                assert MARKER not in answer.text, path


QUESTIONS = (
    f"{MARKER}设置岗亭几处", f"{MARKER}安排多少人值守", "列出所有答复", "2024年答复了多少件",
    "有哪些会办意见",
    "第112号提案怎么答复的", "云建函〔2024〕31号说了什么", "哪些是A类", "徐秀叶委员提了什么",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_list_or_suggestion_tells_of_a_barred_letter(
    barred: Running, question: str
) -> None:
    asked = quote(question)
    with httpx.Client(base_url=barred.url, timeout=SECONDS) as client:
        told = [
            client.post("/api/ask", json={"question": question}),
            client.post("/api/ask/stream", json={"question": question}),
            *(
                client.get(path + asked)
                for path in ("/ask?q=", "/?q=", "/letters?q=", "/api/suggestions?q=")
            ),
        ]
        told += [
            client.post("/api/ask", json={"question": question, "scope": scope})
            for scope in ({"letter_id": "记0.txt"}, {"year": 2024}, {"proposal_no": "112"})
        ]
    for answer in told:
        words = answer.text.replace(question, "").replace(asked, "")
        assert MARKER not in words
        assert not [name for name in names() if f'"{name}"' in words or f"/{quote(name)}" in words]


def test_what_is_open_is_answered_and_every_other_address_is_silent(barred: Running) -> None:
    with httpx.Client(base_url=barred.url, timeout=SECONDS) as client:
        answer = client.post("/api/ask", json={"question": f"{OPEN}设置岗亭几处"})
        assert OPEN in answer.text
        for path in (
            "/", "/?year=2024", "/?page=2", "/ask", "/embed", "/livez", "/readyz", "/version",
            "/openapi.json", "/sitemap.xml", "/feed", "/staff", "/staff/statistics", "/staff/due",
            "/staff/outgoing", "/api/commitments", "/api/staff/commitments", "/?topic=other",
        ):  # fmt: skip
            found = client.get(path)
            assert found.status_code < 500, path
            assert MARKER not in found.text, path

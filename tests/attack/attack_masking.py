"""Personal data in letters and in questions, looked for in all that the running program gives out
and writes down."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.attack.conftest import index, start

# Not the invented city of the sample, whose originals its profile shows.
HEAD = "河阳市住房和城乡建设局\n关于市政协十五届二次会议第{number}号提案的答复\n\n徐秀叶委员：\n"
TAIL = "\n河阳市住房和城乡建设局\n2024年6月28日\n"
# What stands in a letter, and what of it nobody may read.
ODD = {
    "13812 345678": "反映人电话13812 345678，老旧小区加装电梯补助已经发放。",
    "008613912345678": "老旧小区加装电梯，来电008613912345678，已答复。",
    "一三七一二三四五六七八": "电话一三七一二三四五六七八，已告知补助标准。",
    "１３６１２３４５６７８": "手机１３６１２３４５６７８，已告知补助标准。",
    "410802198001011235": "身份证号410802198001011235的材料已经受理，二〇二四年底前办结。",
    "3-2-501": "业主家住阳光小区3-2-501，漏水已经修好。",
    "5#楼1单元302": "5#楼1单元302的管道将在2025年6月底前改造完成。",
    "QQ 123456789": "可加QQ 123456789，已答复。",
    "zhang_san88": "微信号：zhang_san88，已答复。",
    "E12345678": "护照E12345678已核验。",
    "豫H·D12345": "车辆豫H·D12345已经挪走。",
    "贝建平": "负责人：贝建平　填报人：雍海波",
    "雍海波": "填报人：雍海波",
    "诸葛瑞": "请与诸葛瑞同志联系，电话0391-3556677。",
    "3556677": "请与诸葛瑞同志联系，电话0391-3556677。",
    "王秀英": "居民王秀英反映的问题已经解决，今后每年安排200万元。",
}
PAGES = (
    "/", "/?q=补助", "/docs", "/ask", "/commitments", "/api/suggestions", "/api/suggestions?q=补助",
    "/api/letters", "/openapi.json", "/sitemap.xml", "/feed",
)  # fmt: skip
ASKED = (
    "补助标准是多少", "谁是负责人", "联系电话是多少", "加装电梯补助什么时候发放", "漏水修好了吗",
    "材料受理了吗", "管道什么时候改造完成", "车辆挪走了吗",
)  # fmt: skip


def plain(text: str) -> str:
    """``text`` as whoever looks for a number reads it: without space and signs, in half width."""
    narrow = text.translate({0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)})
    return re.sub(r"[\s\-·.#]", "", narrow)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one letter for each form."""
    folder = tmp_path_factory.mktemp("masking")
    inbox = folder / "inbox"
    inbox.mkdir()
    for number, words in enumerate(ODD.values(), 1):
        text = HEAD.format(number=f"{number:03}") + words + TAIL
        (inbox / f"letter-{number}.txt").write_text(text, "utf-8")
    done = index(inbox, folder / "data")
    assert done.returncode == 0, done.stderr
    return folder / "data"


def test_nothing_that_a_citizen_can_fetch_shows_personal_data(data: Path) -> None:
    server = start(data)
    with server.process:
        try:
            seen = "\n".join(fetched(server.url))
        finally:
            server.process.kill()
    assert "徐秀叶" in seen
    found = [datum for datum in ODD if plain(datum) in plain(seen)]
    assert not found


def fetched(url: str) -> list[str]:
    """Every public page, every letter with its links, and the replies to questions."""
    out = []
    with httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client:
        pages = [client.get(page).text for page in PAGES]
        letters = {link for page in pages for link in re.findall(r'href="(/letters/[^"#]+)"', page)}
        letters |= {f"/letters/letter-{number}.txt" for number in range(1, len(ODD) + 1)}
        letters |= {f"/api{letter}" for letter in letters} | {f"{one}/original" for one in letters}
        out += [*pages, *(client.get(letter).text for letter in sorted(letters))]
        for question in ASKED:
            asked = {"question": question}
            out += [
                client.post("/api/ask", json=asked).text,
                client.get("/ask", params={"q": question}).text,
            ]
            out.append(client.post("/api/ask/stream", json=asked).text)
    return out


def test_no_file_of_the_server_keeps_the_personal_data_of_a_question(data: Path) -> None:
    server = start(data)
    asked = {datum: f"{words}请问补助标准是多少？" for datum, words in ODD.items()}
    with server.process:
        try:
            with httpx.Client(base_url=server.url, timeout=60) as client:
                for words in asked.values():
                    client.post("/api/ask", json={"question": words[-200:]})
                    told = {"snapshot": words[:40], "verdict": "answer", "useful": False}
                    client.post("/api/feedback", json={"question": words, "reason": words, **told})
        finally:
            server.process.terminate()
            server.process.wait(20)
    files = [path for path in data.glob("staff.db*") if path.is_file()]
    assert files
    for datum in asked:
        assert not [path.name for path in files if datum.encode() in path.read_bytes()], datum

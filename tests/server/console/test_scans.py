"""The picture that a letter was read from, beside its words: for staff who may see all."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

from indexer.formats import ocr, parse
from indexer.formats.raw import Limits, Raw
from indexer.update import update
from kb.privacy.redact import MASKED
from tests.support.asking import FakeModel, letter_text
from tests.support.fakes import MemoryStore
from tests.support.served import Page
from tests.support.town import came, founded

HERE = "/staff/letters/扫描.%s"
PUBLIC = "/letters/扫描.%s"
ILL_READ = "石桥弄的路灯有三盏不亮，九月底前修好。"
MOBILE = "13800138000"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """A base of two scans, of one of which a page was read badly."""
    pages = (letter_text(), f"{ILL_READ}\n请与居民王小丽联系，手机{MOBILE}。")
    lines = tuple(
        tuple((line, 0.4 if line == ILL_READ else 0.99) for line in page.split("\n"))
        for page in pages
    )

    def run(_: str, __: object, ___: Limits) -> Raw:
        return Raw(id=None, text="\f".join(pages), flags=("ocr",), recognised=lines)

    monkeypatch.setattr(ocr, "installed", lambda: True)
    monkeypatch.setattr(parse.forkserver, "run", run)
    inbox, store = tmp_path / "inbox", MemoryStore()
    inbox.mkdir()
    for ending, form in (("png", "PNG"), ("tif", "TIFF")):
        Image.new("RGB", (30, 40), "white").save(inbox / f"扫描.{ending}", form)
    update([inbox], store, FakeModel())
    return store


def test_staff_see_the_picture_beside_the_words(path: Path, scanned: MemoryStore) -> None:
    staff = came(path, "manager", scanned)
    at = HERE % "png"
    links = [unquote(a.attributes["href"] or "") for a in Page.of(staff.get(at).text).all("a")]
    assert f"{at}/page/1" in links
    page = Page.of(staff.get(f"{at}/page/2").text)
    picture = page.one("img").attributes["src"] or ""
    assert staff.get(picture).headers["content-type"] == "image/png"
    assert page.one("mark").text == ILL_READ
    assert MOBILE in page.one("article").text


def test_the_first_page_has_its_own_words_only(path: Path, scanned: MemoryStore) -> None:
    page = Page.of(came(path, "manager", scanned).get(f"{HERE % 'png'}/page/1").text)
    assert not page.all("mark")
    assert ILL_READ not in page.one("article").text


@pytest.mark.parametrize("number", ["0", "3", "99"])
def test_a_page_that_is_not_there_is_not_found(
    path: Path, scanned: MemoryStore, number: str
) -> None:
    assert came(path, "manager", scanned).get(f"{HERE % 'png'}/page/{number}").status_code == 404


def test_what_browsers_cannot_draw_is_offered_to_download(path: Path, scanned: MemoryStore) -> None:
    page = Page.of(came(path, "manager", scanned).get(f"{HERE % 'tif'}/page/1").text)
    assert not page.all("img")
    assert "下载原件" in page.one("main").text


def test_nobody_else_gets_the_picture(path: Path, scanned: MemoryStore) -> None:
    """What the picture shows cannot be masked, and some of this letter is."""
    assert MASKED in scanned.current().letter("扫描.png").flags
    assert came(path, "reader", scanned).get(f"{HERE % 'png'}/page/1").status_code == 403
    citizen = came(path, "nobody", scanned)
    assert citizen.get(f"{HERE % 'png'}/page/1").status_code != 200
    for rest in ("original", "page/1", "page/2"):
        assert citizen.get(f"{PUBLIC % 'png'}/{rest}").status_code == 404
    page = Page.of(citizen.get(PUBLIC % "png").text)
    assert not page.all("img")
    assert MOBILE not in page.one("main").text
    assert "由扫描件识别" in page.one("main").text

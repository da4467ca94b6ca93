"""Memory, time and output of the child are bounded for every format: real files, small limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer.formats import child, forkserver
from indexer.formats.raw import MEGABYTE, Limits
from kb.errors import UnreadableFile
from tests.support import ofd, papers

WORDS = "我局已经安排资金，明年六月底前完工。"
LINES = 2000
# A file of each format, whose text is some 100 kB.
FILES: Mapping[str, Callable[[], bytes]] = {
    "html": lambda: f"<p>{WORDS * LINES}</p>".encode(),
    "docx": lambda: papers.docx(WORDS * LINES),
    "pdf": lambda: papers.pdf("\n".join([WORDS] * LINES)),
    "ofd": lambda: ofd.ofd([ofd.lined(*[WORDS] * 20)] * (LINES // 20)),
}
# What recognises characters is a library that is not always there: its limits are those of any
# child (``test_forkserver``), and how they are widened is in ``test_ocr``.
ELSEWHERE = {"ocr"}


def code(folder: Path, reader: str, limits: Limits) -> str:
    path = folder / "file"
    path.write_bytes(FILES[reader]())
    with path.open("rb") as file, pytest.raises(UnreadableFile) as caught:
        forkserver.run(reader, file, limits)
    return caught.value.code


def test_every_format_is_here() -> None:
    assert FILES.keys() | ELSEWHERE == child.READERS.keys()


@pytest.mark.parametrize("reader", FILES)
def test_within_the_limits_the_file_is_read(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[reader]())
    with path.open("rb") as file:
        assert forkserver.run(reader, file, Limits()).text.count("明年六月底前完工") == LINES


@pytest.mark.parametrize("reader", FILES)
def test_memory_is_bounded(tmp_path: Path, reader: str) -> None:
    assert code(tmp_path, reader, Limits(memory_bytes=MEGABYTE)) == "resource_limit"


@pytest.mark.parametrize("reader", FILES)
def test_time_is_bounded(tmp_path: Path, reader: str) -> None:
    assert code(tmp_path, reader, Limits(wall_seconds=0.001)) == "resource_limit"


@pytest.mark.parametrize("reader", FILES)
def test_output_is_bounded(tmp_path: Path, reader: str) -> None:
    assert code(tmp_path, reader, Limits(output_bytes=1000)) == "resource_limit"

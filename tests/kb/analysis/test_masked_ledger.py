"""Whether the ledger, what is written from it and the figures hold masked words only."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from kb.analysis.refresh import refresh_ledger
from kb.analysis.series import kept_records
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.formats import csv, xlsx
from kb.ledger.formats.icalendar import calendar
from kb.ledger.formats.table import lines
from kb.ledger.queries import Wanted
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.postgres import stored
from tests.support.promises import NOON, ORGAN, PROGRAMS, TODAY, WANG, letter_of
from tests.support.stores import publish

SECRETS = ("13812345678", "占美玲", "1345678")
PROMISE = (
    "我局将于2026年12月底前为业主占美玲（手机13812345678）所在的楼栋新增加装电梯60部（投资"
    "1200万元）"
)


def plain(content: bytes) -> bytes:
    """The parts of a workbook one behind the other."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize("masked", [True, False])
def test_the_ledger_and_its_files_tell_what_the_masked_letter_tells(
    tmp_path: Path, masked: bool
) -> None:
    letter = letter_of(PROMISE)
    kept = redacted(letter, profile().masking).letter if masked else letter
    reader = publish(MemoryStore(), kept)
    with opened(tmp_path / "staff.db") as book:
        assert refresh_ledger(book, reader, by=PROGRAMS).new == 1
        edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
        rows = list(lines(book, Wanted(), today=TODAY, unmasked=True))
        table = b"".join(csv.written(rows))
        xlsx.write(tmp_path / "a.xlsx", rows, address_of=str, made_at=NOON)
        days = calendar(book, ORGAN, address_of=str).replace(b"\r\n ", b"")
        figures = str(kept_records(book)).encode()
    written = {
        "staff.db": stored(tmp_path / "staff.db"),
        "csv": table,
        "xlsx": plain((tmp_path / "a.xlsx").read_bytes()),
        "ics": days,
        "figures": figures,
    }
    assert date(2026, 12, 31).isoformat().replace("-", "").encode() in days  # it is in the calendar
    told = [
        name for name, content in written.items() for word in SECRETS if word.encode() in content
    ]
    assert bool(told) is not masked, told

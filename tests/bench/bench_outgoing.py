"""How fast the ledger goes out: ``python -m tests.bench.bench_outgoing [COMMITMENTS] [FOLDER]``.

Fills a ledger as ``tests.bench.bench_ledger`` does, then times the calendar of one organ and a page
of the API (milliseconds at the 50th and 95th of 20 runs, opening the database included), and each
export of all of it, with the memory that the process held at most.
"""

from __future__ import annotations

import resource
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from kb.ledger.formats import csv, docx, icalendar, json, xlsx
from kb.ledger.formats.import_csv import corrections
from kb.ledger.formats.table import line_page, lines
from kb.ledger.queries import Wanted
from kb.staff.database import NAME, opened
from tests.bench.bench_ledger import ORGANS, asked, fill, timed
from tests.support.promises import TODAY, WANG

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def address_of(number: int) -> str:
    return f"https://www.example.gov.cn/staff/commitments/{number}"


def feed(book: sqlite3.Connection) -> object:
    return icalendar.calendar(book, ORGANS[7], address_of=address_of)


def marked(book: sqlite3.Connection) -> object:
    return icalendar.mark(book, ORGANS[7], address_of=address_of)


def page(book: sqlite3.Connection) -> object:
    found, _ = line_page(
        book, Wanted(), limit=500, order="due", after=None, today=TODAY, unmasked=True
    )
    return [json.line(one) for one in found]


def rows(book: sqlite3.Connection, *, organ: str | None = None) -> object:
    return lines(book, Wanted(organ=organ), today=TODAY, unmasked=True)


def exports(folder: Path) -> None:
    with opened(folder / NAME) as book:
        for name, write in {
            "CSV，全部": lambda: (folder / "x.csv").write_bytes(
                b"".join(csv.written(rows(book)))  # type: ignore[arg-type]
            ),
            "CSV 导入试算，一个单位的": lambda: corrections(
                book,
                b"".join(csv.written(rows(book, organ=ORGANS[3]))),  # type: ignore[arg-type]
                by=WANG,
                dry=True,
            ),
            "docx，一个单位的": lambda: docx.write(
                folder / "x.docx",
                rows(book, organ=ORGANS[3]),  # type: ignore[arg-type]
                status_of=lambda line: line.entry.label(TODAY),
                caption="",
                printed=TODAY,
            ),
            "XLSX，全部": lambda: xlsx.write(
                folder / "x.xlsx",
                rows(book),
                address_of=address_of,
                made_at=NOON,  # type: ignore[arg-type]
            ),
        }.items():
            began = time.perf_counter()
            write()
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            print(f"{name}\t{time.perf_counter() - began:.1f} 秒\t最多 {most} MiB", flush=True)


def main(commitments: int, folder: Path) -> None:
    if not (folder / NAME).exists():
        fill(folder, commitments)
    with opened(folder / NAME) as book:
        content = icalendar.calendar(book, ORGANS[7], address_of=address_of)
        count = content.count(b"BEGIN:VEVENT")
    print(f"一个单位的日历：{count} 条，{len(content) >> 10} KiB", flush=True)
    for name, query in (("日历", feed), ("日历的 ETag", marked), ("接口一页 500 条", page)):
        print(f"{name}\t{timed(folder / NAME, query)}", flush=True)
    exports(folder)


if __name__ == "__main__":
    asked(main)

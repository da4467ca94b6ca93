"""The calendar of an organ, as a program that subscribes to it reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.formats.icalendar import calendar, mark, written
from kb.ledger.types import Entry
from kb.privacy.pii import masked
from kb.staff.database import opened
from tests.support.outgoing import promised
from tests.support.promises import LIFTS, NOON, ORGAN, PROMISES, WANG, letter_of, put


def address_of(number: int) -> str:
    return f"https://www.example.gov.cn/staff/commitments/{number}"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES, number="云建函〔2024〕3号"))
        for number in (1, 2, 3):
            edit.move(database, entry(database, number).seen, "under_way", by=WANG)
        yield database


def events_in(content: bytes) -> list[Event]:
    return [one for one in Calendar.from_ical(content).walk() if isinstance(one, Event)]


def drawn(book: sqlite3.Connection, organ: str = ORGAN) -> list[Event]:
    return events_in(calendar(book, organ, address_of=address_of))


def one_event(entry: Entry) -> Event:
    (event,) = events_in(written([entry], ORGAN, address_of=address_of))
    return event


def test_what_is_open_and_dated_has_an_event_on_its_last_day(book: sqlite3.Connection) -> None:
    assert [one.decoded("dtstart") for one in drawn(book)] == [
        date(2024, 12, 31),
        date(2025, 6, 30),
    ]
    edit.move(book, entry(book, 1).seen, "done", by=WANG, reason="看过")
    edit.move(book, entry(book, 2).seen, "proposed", by=WANG, reason="再看")
    assert drawn(book) == []


def test_an_event_quotes_the_letter_and_leads_to_the_page(book: sqlite3.Connection) -> None:
    event = drawn(book)[1]
    assert str(event["summary"]) == f"到期：{LIFTS[:4]}"
    assert str(event["description"]) == (
        f"原文摘录：“{LIFTS}”\n期限：2025年6月底前\n"
        f"出处：{entry(book, 1).citation.name}，云建函〔2024〕3号\n第 1 号承诺，进行中"
    )
    assert str(event["url"]) == address_of(1)
    assert event.decoded("sequence") == 2
    assert event.decoded("last-modified") == event.decoded("dtstamp") == NOON
    assert isinstance(event.decoded("dtstart"), date)


def test_it_reminds_in_the_morning_a_week_and_a_day_before(book: sqlite3.Connection) -> None:
    event = drawn(book)[1]
    midnight = datetime.combine(event.decoded("dtstart"), time())
    alarms = event.walk("VALARM")
    assert [midnight + one["trigger"].dt for one in alarms] == [
        datetime(2025, 6, 23, 9),
        datetime(2025, 6, 29, 9),
    ]
    assert {str(one["action"]) for one in alarms} == {"DISPLAY"}
    assert {str(one["description"]) for one in alarms} == {str(event["summary"])}


def test_without_an_address_of_the_site_an_event_leads_nowhere(book: sqlite3.Connection) -> None:
    content = written([entry(book, 1)], ORGAN, address_of=lambda _: "")
    (event,) = events_in(content)
    assert "url" not in event
    assert b"URL" not in content


def test_an_event_keeps_its_uid_and_counts_its_changes(book: sqlite3.Connection) -> None:
    before = drawn(book)[1]
    due = Due(raw="年底前", first=None, last="2025-12-31", precision="year")
    edit.correct(book, entry(book, 1).seen, {"due": due}, by=WANG, reason="延期")
    after = drawn(book)[1]
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after.decoded("dtstart") == date(2025, 12, 31)


def test_uids_differ_and_name_no_host(book: sqlite3.Connection) -> None:
    uids = [str(one["uid"]) for one in drawn(book)]
    assert len(set(uids)) == 2
    assert not any("@" in one or "example" in one for one in uids)


def test_the_same_ledger_gives_the_same_bytes_and_mark(book: sqlite3.Connection) -> None:
    def both() -> tuple[bytes, str]:
        return (
            calendar(book, ORGAN, address_of=address_of),
            mark(book, ORGAN, address_of=address_of),
        )

    first = both()
    assert both() == first
    edit.correct(book, entry(book, 1).seen, {"note": "催办"}, by=WANG)
    content, marked = both()
    assert content != first[0]
    assert marked != first[1]
    assert mark(book, "云岭市水利局", address_of=address_of) != marked
    assert mark(book, ORGAN, address_of=str) != marked


def test_an_organ_is_found_however_it_is_written(book: sqlite3.Connection) -> None:
    edit.correct(book, entry(book, 1).seen, {"organ": "市住房和城乡建设局"}, by=WANG)
    edit.correct(book, entry(book, 2).seen, {"organ": "石桥区住房和城乡建设局"}, by=WANG)
    assert [one.decoded("dtstart") for one in drawn(book)] == [date(2025, 6, 30)]
    assert drawn(book, "云岭市水利局") == []


def test_personal_data_does_not_leave_by_a_calendar() -> None:
    event = one_event(replace(promised(), text="请致电13812345678", action="致电13812345678"))
    assert "138****5678" in str(event["description"])
    assert str(event["summary"]) == "到期：致电138****5678"


def test_of_a_letter_that_is_not_public_only_the_day_is_told() -> None:
    event = one_event(replace(promised(), publicity="closed"))
    assert event.decoded("dtstart") == date(2025, 6, 30)
    whole = event.to_ical().decode()
    assert "电梯" not in whole
    assert "云建函" not in whole
    assert promised().citation.name not in whole


def test_lines_are_folded_and_signs_escaped() -> None:
    content = written([replace(promised(), action="；;,\\\n路" * 40)], ORGAN, address_of=address_of)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = events_in(content)
    assert str(event["summary"]) == "到期：" + "；;,\\\n路" * 40


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)) | st.just("\n")))
def test_what_a_note_says_comes_through_whole(words: str) -> None:
    content = written([replace(promised(), action=f"甲{words}乙")], ORGAN, address_of=address_of)
    (event,) = events_in(content)
    assert str(event["summary"]) == f"到期：{masked(f'甲{words}乙')}"
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_an_empty_calendar_says_whose_it_is_and_when_to_ask_again() -> None:
    whole = Calendar.from_ical(written([], ORGAN, address_of=address_of))
    assert str(whole["x-wr-calname"]) == f"{ORGAN} 承诺期限"
    assert whole.decoded("refresh-interval") == timedelta(hours=6)
    assert str(whole["version"]) == "2.0"

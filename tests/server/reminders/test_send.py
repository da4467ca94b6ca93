"""A day's reminders: to whom, of what, recorded, and not twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.ledger import edit, work
from kb.ledger.events import entry
from kb.ledger.history import history
from kb.ledger.rebuild import verify
from kb.profile import profile
from kb.settings import Settings
from kb.staff.database import NAME, opened
from kb.staff.mailboxes import set_mailbox
from server.reminders import send as sending
from server.reminders.mail import MailServer
from server.reminders.send import Outcome, alone, remind_all
from tests.support.promises import NOON, ORGAN, TODAY, WANG, under_way
from tests.support.receivers import HERE, Mailed, mail_server, receiver
from tests.support.staffed import join

WATER = "云岭市水利局"
BOXES = {"住建局": "zhujian@example.gov.cn"}
DAYS = [(TODAY + timedelta(days=ahead)).isoformat() for ahead in (-10, 5, 30, 31)]


@pytest.fixture
def mailed() -> Iterator[Mailed]:
    with mail_server() as kept:
        yield kept


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailed: Mailed) -> Settings:
    """Five promises that are begun: 李强 owns the first, the water bureau has the fifth."""
    path = tmp_path / NAME
    under_way(path, *DAYS, DAYS[0])
    with opened(path) as database:
        join(database, "李强", password=None)
        set_mailbox(database, "李强", "li@example.gov.cn", by=WANG)
        work.assign(database, entry(database, 1).seen, "李强", by=WANG)
        edit.correct(database, entry(database, 5).seen, {"organ": WATER}, by=WANG)
    monkeypatch.setattr(sending, "profile", lambda: replace(profile(), mailboxes=BOXES))
    return replace(
        Settings(),
        data=tmp_path,
        smtp_host=HERE,
        smtp_port=mailed.port,
        smtp_security="none",
        smtp_from="ducha@example.gov.cn",
    )


def done(
    settings: Settings, *, send: bool = True, day: date = TODAY, say: list[str] | None = None
) -> Outcome:
    told: list[str] = [] if say is None else say
    return remind_all(
        settings, now=NOON, today=day, send=send, say=told.append, sleep=lambda _: None
    )


def reminded(settings: Settings) -> list[int]:
    with opened(settings.data / NAME) as database:
        return [entry(database, number).reminders for number in range(1, 6)]


def test_owners_come_before_organs_and_what_is_far_comes_later(
    settings: Settings, mailed: Mailed
) -> None:
    outcome = done(settings)
    assert (outcome.sent, outcome.nowhere, outcome.failed) == (2, 1, [])
    told = {mail["To"]: mail.get_content() for mail in mailed.mails}
    assert set(told) == {"li@example.gov.cn", "zhujian@example.gov.cn"}
    assert "逾期 10 天（2026-06-20），第 1 号" in told["li@example.gov.cn"]
    assert told["zhujian@example.gov.cn"].count("\n- ") == 2
    assert reminded(settings) == [1, 1, 1, 0, 0]  # 4 is due later, for 5 there is no address
    with opened(settings.data / NAME) as database:
        event = history(database, 1)[0]
        assert (event.kind, event.who, event.reason) == (
            "reminded",
            "程序",
            "承诺办理提醒：逾期 1 条",
        )
        assert (event.became["whom"], event.became["way"]) == ("李强", "mail")
        verify(database)


def test_nothing_is_sent_nor_recorded_unless_it_is_asked_for(
    settings: Settings, mailed: Mailed
) -> None:
    said: list[str] = []
    done(settings, send=False, say=said)
    assert (mailed.connections, reminded(settings)) == (0, [0] * 5)
    assert "■ 李强（邮件 li@example.gov.cn）" in said[0] + said[1] + said[2]
    assert f"■ {WATER}（没有邮箱，也没有推送）" in "".join(said)


def test_nobody_is_reminded_twice_until_some_days_are_over(
    settings: Settings, mailed: Mailed
) -> None:
    with opened(settings.data / NAME) as database:  # somebody telephoned already
        call = work.Reminder(whom=ORGAN, way="phone")
        work.remind(database, [2], call, by=WANG, today=TODAY)
    for day, expected in (
        (TODAY, [1, 1, 1, 0, 0]),
        (TODAY, [1, 1, 1, 0, 0]),
        (TODAY + timedelta(days=6), [1, 1, 1, 1, 0]),
        (TODAY + timedelta(days=7), [2, 2, 2, 1, 0]),
    ):
        done(settings, day=day)
        assert reminded(settings) == expected


def test_an_owner_without_an_address_is_reminded_by_way_of_the_organ(
    settings: Settings, mailed: Mailed
) -> None:
    with opened(settings.data / NAME) as database:
        set_mailbox(database, "李强", "", by=WANG)
    done(settings)
    to_owner = [mail for mail in mailed.mails if mail.get_content().startswith("李强：")]
    assert [mail["To"] for mail in to_owner] == ["zhujian@example.gov.cn"]


def test_a_push_goes_beside_the_mail_and_each_is_recorded(
    settings: Settings, mailed: Mailed
) -> None:
    with receiver() as kept:
        both = replace(settings, webhook_url=kept.url, webhook_secret="k")
        outcome = done(both)
    assert (outcome.sent, outcome.nowhere) == (5, 0)
    assert {told["whom"] for told in kept.told} == {"李强", "住建局", WATER}
    assert reminded(settings) == [2, 2, 2, 0, 1]


def test_a_way_that_failed_is_tried_again_and_the_other_is_not(
    settings: Settings, mailed: Mailed
) -> None:
    with receiver(answers=[(500, "")] * 3) as kept:  # all tries of the first day
        both = replace(settings, webhook_url=kept.url, webhook_secret="k")
        first = done(both)
        assert (first.sent, len(first.failed), len(mailed.mails)) == (2, 3, 2)
        assert reminded(settings) == [1, 1, 1, 0, 0]
        kept.bodies.clear()
        second = done(both)
        assert (second.sent, second.failed, len(mailed.mails)) == (3, [], 2)
        assert {told["whom"] for told in kept.told} == {"李强", "住建局", WATER}
        assert reminded(settings) == [2, 2, 2, 0, 1]
        kept.bodies.clear()
        assert (done(both).sent, len(kept.bodies), len(mailed.mails)) == (0, 0, 2)


def test_mail_that_failed_is_sent_again_and_nothing_is_pushed_twice(
    settings: Settings, mailed: Mailed
) -> None:
    with receiver() as kept:
        both = replace(settings, webhook_url=kept.url, webhook_secret="k")
        mailed.answers = ["550 nobody"] * 2
        first = done(both)
        assert (first.sent, len(first.failed), len(kept.bodies)) == (3, 2, 3)
        second = done(both)
        assert (second.sent, len(mailed.mails), len(kept.bodies)) == (2, 2, 3)
        assert reminded(settings) == [2, 2, 2, 0, 1]


def test_what_a_person_reminded_of_is_left_alone_by_every_way(
    settings: Settings, mailed: Mailed
) -> None:
    with opened(settings.data / NAME) as database:
        for number in (1, 2, 3, 5):
            call = work.Reminder(whom=ORGAN, way="phone")
            work.remind(database, [number], call, by=WANG, today=TODAY)
    with receiver() as kept:
        both = replace(settings, webhook_url=kept.url, webhook_secret="k")
        assert done(both).sent == 0
    assert (kept.bodies, mailed.mails) == ([], [])


def test_one_that_fails_hinders_no_other_and_is_not_recorded(
    settings: Settings, mailed: Mailed
) -> None:
    mailed.answers = ["550 nobody"]
    outcome = done(settings)
    assert outcome.sent == 1
    (failed,) = outcome.failed
    assert "不收寄往" in failed
    assert sum(reminded(settings)) in (1, 2)
    assert done(settings).sent == 1  # only the one that is left


def test_a_way_that_is_broken_is_not_tried_for_everybody(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiver(answers=[(500, "")] * 99) as kept:
        push = replace(settings, smtp_host="", webhook_url=kept.url, webhook_secret="GEHEIM2")
        outcome = done(push)
    assert (outcome.sent, len(outcome.failed)) == (0, 3)
    assert len(kept.bodies) == 3, "the first was tried three times, the others never"
    assert reminded(settings) == [0] * 5
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("fuwen")]
    assert not [said for said in (*ours, *outcome.failed) if "GEHEIM" in said]


def test_without_a_way_to_send_and_beside_another_sending_it_is_refused(
    settings: Settings,
) -> None:
    with pytest.raises(WrongUse, match=r"KB_SMTP_HOST.*KB_WEBHOOK_URL"):
        done(replace(settings, smtp_host=""))
    with alone(settings.data), pytest.raises(WrongUse, match="另一个 fuwen remind"):
        done(settings)


def test_what_is_not_public_does_not_leave_the_house(settings: Settings, mailed: Mailed) -> None:
    with opened(settings.data / NAME) as database:
        words = entry(database, 1).action
        database.execute("UPDATE commitment SET publicity = 'closed' WHERE id = 1")
    done(settings)
    (mail,) = (one for one in mailed.mails if one["To"] == "li@example.gov.cn")
    assert "第 1 号，（原文不公开，请登录工作台查看）" in mail.get_content()
    assert words not in mail.get_content()


def test_pages_are_led_to_by_the_address_of_the_settings_alone(
    settings: Settings, mailed: Mailed
) -> None:
    done(replace(settings, public_address="https://fuwen.example.gov.cn"))
    assert "https://fuwen.example.gov.cn/staff/commitments/1" in "".join(
        mail.get_content() for mail in mailed.mails
    )


def test_what_was_done_while_its_reminder_was_on_the_way_has_it_recorded(
    settings: Settings, mailed: Mailed, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over = MailServer.send

    def slow(server: MailServer, *given: Any, **more: Any) -> None:
        handed_over(server, *given, **more)
        with opened(settings.data / NAME) as database:
            if entry(database, 1).status != "done":
                edit.move(database, entry(database, 1).seen, "done", by=WANG, reason="竣工")

    monkeypatch.setattr(MailServer, "send", slow)
    assert done(settings).sent == 2
    assert reminded(settings) == [1, 1, 1, 0, 0]

"""Questions that citizens are offered because staff approved them; no visitor can write one.

And what is asked often, for staff to choose from and to put into words that can be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kb.errors import KbError, WrongUse
from kb.privacy.pii import HIDDEN, masked
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.database import By, stamp, writing
from kb.text.chars import searchable

MOST = 12  # questions that are approved at a time
LONGEST = 60  # code points of one
OFTEN = 3  # visitors, each once a day, who asked and were answered before staff are shown it
TOGETHER = 2  # visitors of one day who asked it in the same words


class NotSuggested(KbError):
    """No approved question has this number."""

    status, code = 404, "not_suggested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """An approved question, and who approved it when."""

    id: int
    question: str
    at: datetime
    who: str


def suggested(database: Database) -> list[Suggested]:
    """The approved questions in the order in which they were approved."""
    rows = database.execute("SELECT id, question, at, who FROM suggested ORDER BY id")
    return [
        Suggested(id=number, question=question, at=datetime.fromisoformat(at), who=who)
        for number, question, at, who in rows
    ]


def approvable(question: str) -> str:
    """``question`` as it may be shown to everybody. Raises WrongUse, saying why it may not."""
    words = " ".join(question.split())
    if not 2 <= len(words) <= LONGEST or not words.isprintable():
        raise WrongUse(f"推荐的问题要有 2 到 {LONGEST} 个可见的字；请改写")
    if HIDDEN in words or masked(words) != words:
        raise WrongUse("问题里有个人信息（电话、证件号、邮箱、住址等），不能推荐；请去掉再试")
    return words


def approve(database: Database, question: str, *, by: By) -> None:
    """Offer ``question`` to citizens from now on; the audit log tells.

    Raises WrongUse: what ``approvable`` refuses, one that is offered already, one too many.
    """
    words = approvable(question)
    with writing(database):
        others = suggested(database)
        if searchable(words) in {searchable(other.question) for other in others}:
            raise WrongUse("这个问题已经在推荐；不用再加")
        if len(others) >= MOST:
            raise WrongUse(f"推荐的问题已有 {MOST} 个；请先撤下一个")
        database.execute(
            "INSERT INTO suggested (question, at, who) VALUES (?, ?, ?)",
            (words, stamp(by.at), by.who),
        )
        audit.append(database, "suggestion_approved", who=by.who, at=by.at, subject=words)


def withdraw(database: Database, number: int, *, by: By) -> None:
    """Offer an approved question no longer; the audit log tells. Raises NotSuggested."""
    with writing(database):
        row = database.execute(
            "DELETE FROM suggested WHERE id = ? RETURNING question", (number,)
        ).fetchone()
        if row is None:
            raise NotSuggested("这个问题已不在推荐；请回到列表")
        audit.append(database, "suggestion_withdrawn", who=by.who, at=by.at, subject=row[0])


def often(database: Database, *, limit: int) -> tuple[str, ...]:
    """Questions that many visitors asked and were answered, and more of them than were missed.

    For staff alone, to choose from. A visitor counts once a day in a group (``counted``), and the
    words of one visitor are never among them: ``TOGETHER`` must have used the same on one day.
    One a group, in its most frequent answered wording, the most asked group first; none that
    holds personal data, masked or not.
    """
    rows = database.execute(
        "WITH daily AS (SELECT kin, question, substr(at, 1, 10) AS day, sum(counted) AS times"
        "  FROM asked WHERE kin IS NOT NULL AND useful IS NULL AND NOT missed GROUP BY 1, 2, 3),"
        " worded AS (SELECT kin, question, sum(times) AS times, max(times) AS together"
        "  FROM daily GROUP BY kin, question),"
        " total AS (SELECT kin, sum(times) AS times FROM daily GROUP BY kin),"
        " ranked AS (SELECT kin, question, total.times, row_number() OVER"
        "  (PARTITION BY kin ORDER BY worded.times DESC, question) AS place"
        "  FROM worded JOIN total USING (kin) WHERE total.times >= ? AND together >= ?"
        "   AND total.times > (SELECT coalesce(sum(counted), 0) FROM asked"
        "    WHERE asked.kin = total.kin AND missed))"
        " SELECT question FROM ranked WHERE place = 1 ORDER BY times DESC, kin",
        (OFTEN, TOGETHER),
    )
    found = (str(question) for (question,) in rows)
    shown = [question for question in found if "*" not in question and masked(question) == question]
    return tuple(shown[:limit])

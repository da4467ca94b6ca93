"""Every metric that is counted as things happen, by the name under which Prometheus has it.

No label holds what somebody typed or who they are, and each has few values: routes by their
template, methods, statuses and codes that stand in the program. With several worker processes
(``server.telemetry.shared``) each counts its own, and a scrape adds them up.
"""

from __future__ import annotations

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.multiprocess import MultiProcessCollector

from server.telemetry import shared

# A second series of each would say when it began.
disable_created_metrics()  # type: ignore[no-untyped-call]

METERS = CollectorRegistry()
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
OTHER = "other"  # a route or a method that there is not
LEFT = 499  # the status of a request whose client left before the answer

REQUESTS = Counter(
    "fuwen_http_requests_total",
    "Requests answered, by the template of the route.",
    ("route", "method", "status"),
    registry=METERS,
)
REQUEST_SECONDS = Histogram(
    "fuwen_http_request_seconds",
    "From the head of a request to the last byte of its answer.",
    ("route",),
    buckets=SECONDS,
    registry=METERS,
)
QUESTIONS = Counter(
    "fuwen_questions_total",
    "Questions by what came of them: answer, listing, notice, several, refusal, or error.",
    ("outcome",),
    registry=METERS,
)
REFUSALS = Counter(
    "fuwen_refusals_total",
    "Questions that were refused, by the code of the reason.",
    ("code",),
    registry=METERS,
)
KEPT = Counter(
    "fuwen_kept_answers_total",
    "Questions looked for among the answers that are kept: hit or miss.",
    ("outcome",),
    registry=METERS,
)
WORDINGS = Counter(
    "fuwen_wordings_total",
    "Answers that a language model was to join: shown, or why the quotes stand alone "
    "(server.chat.Failure, kb.wording.gate.Reason).",
    ("outcome",),
    registry=METERS,
)
REWRITINGS = Counter(
    "fuwen_rewritings_total",
    "Refused questions that a language model was to word anew: shown, or why the refusal stands "
    "(refused again, come_back, server.chat.Failure, kb.rewriting.gate.Reason).",
    ("outcome",),
    registry=METERS,
)
STAGE_SECONDS = Histogram(
    "fuwen_stage_seconds",
    "Stages of a question: understand, wait (in line), search, read, compose; "
    "a question that is read in several ways is searched for several times.",
    ("stage",),
    buckets=SECONDS,
    registry=METERS,
)
QUESTION_SECONDS = Histogram(
    "fuwen_question_seconds",
    "From a question's arrival to its reply, the wait in line included.",
    buckets=SECONDS,
    registry=METERS,
)
ERRORS = Counter(
    "fuwen_errors_total",
    "Requests that ended in an error, by its code.",
    ("code",),
    registry=METERS,
)
LIMITED = Counter(
    "fuwen_limited_total",
    "Turned away by a limit: rate, waiting (of one client), line (full), sign_in, "
    "connections (all taken), slow (client).",
    ("limit",),
    registry=METERS,
)
SECURITY = Counter(
    "fuwen_security_events_total",
    "What stands in the security log, by event.",
    ("event",),
    registry=METERS,
)
NOTES_LOST = Counter(
    "fuwen_notes_lost_total",
    "Questions and judgements that could not be written to staff.db.",
    registry=METERS,
)
WAITING = Gauge(
    "fuwen_questions_waiting",
    "Questions that wait in line.",
    registry=METERS,
    multiprocess_mode="livesum",
)
WORKING = Gauge(
    "fuwen_questions_working",
    "Questions that are being worked at.",
    registry=METERS,
    multiprocess_mode="livesum",
)
NOTES_WAITING = Gauge(
    "fuwen_notes_waiting",
    "Questions and judgements that wait to be written to staff.db.",
    registry=METERS,
    multiprocess_mode="livesum",
)
STARTED = Gauge(
    "fuwen_start_time_seconds",
    "When the oldest worker that lives started.",
    registry=METERS,
    multiprocess_mode="livemin",
)
STARTED.set_to_current_time()


def gathered() -> CollectorRegistry:
    """Every metric of this module with its value, those of all workers together."""
    if shared.FOLDER not in os.environ:
        return METERS
    shared.bury()
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together

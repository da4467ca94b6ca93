"""A process that serves: its log, and its application with what it is made of."""

from __future__ import annotations

import logging
import sys

from fastapi import FastAPI

from kb.models.outside import embedder_of
from kb.models.reading import reading_model
from kb.settings import Settings
from kb.staff.database import staff_of
from kb.store.open import open_store
from server.app import create
from server.console.intake.program import IndexerProgram
from server.desk import read_ahead
from server.http.log_limit import LogLimit
from server.question_log import Notes
from server.shared import ALONE, Common
from server.telemetry.lines import LineFormatter

# Seconds for which a thread that answers keeps those that talk to visitors waiting. At Python's
# 0.005 the first events of many streams came twice as late (python -m tests.bench.bench_stream).
TURN = 0.0005


def application(settings: Settings, *, common: Common = ALONE) -> FastAPI:
    """The application of this process, which from here on serves, and logs what it does."""
    sys.setswitchinterval(TURN)
    lines = logging.StreamHandler()
    lines.setFormatter(LineFormatter(settings.question_log, settings.log_form))
    lines.addFilter(LogLimit())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    return create(
        settings,
        store=open_store(settings, warm=read_ahead),
        embedder_of=lambda: embedder_of(settings),
        model_of=lambda: reading_model(settings.reader),
        notes=Notes(
            staff_of(settings),
            log=settings.question_log,
            visitors=common.visitors,
            tending=common.tending,
        ),
        indexer=IndexerProgram(settings.data),
        common=common,
    )

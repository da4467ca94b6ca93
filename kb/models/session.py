"""How a graph is run: by onnxruntime, on the cores there are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Unless it is told so before it is loaded, onnxruntime 1.32 tells its makers over the network
# what it runs; ``disable_telemetry_events()`` comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from onnxruntime import InferenceSession, SessionOptions

SPINNING = "session.intra_op.allow_spinning"
# Without VNNI, x86 adds two products of int8 in 16 bits, which overflow: vectors and readings were
# off, and answers with them. So they are multiplied slower there; with VNNI nothing changes.
EXACT = "session.x64quantprecision"
# onnxruntime joins a sum and the normalisation after it in an operator that is several times
# slower than the two (1.32.0): a tenth of the time of a passage (eval.training.bench_e5).
SLOWER = ["SkipLayerNormFusion"]


def session(graph: Path, *, threads: int = 0) -> Any:
    """An ``onnxruntime.InferenceSession`` of ``graph``, whose threads sleep between two runs.

    By default they spin, and those of one model take the cores from the other's: on two cores a
    question with three passages took a quarter longer so, and two fifths more processor time
    (``python -m tests.bench.bench_session``). A run is shared by so many ``threads``; 0: by one a
    core.
    """
    options = SessionOptions()
    options.add_session_config_entry(SPINNING, "0")
    options.add_session_config_entry(EXACT, "1")
    options.intra_op_num_threads = threads
    return InferenceSession(
        str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
    )

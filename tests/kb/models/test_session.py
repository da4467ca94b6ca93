"""What runs the models tells nobody of it, and computes the same on every processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kb.models.session import session
from tests.conftest import ROOT

EMBEDDED = """
from kb.models.embedding import embedding_model
from kb.settings import BUNDLED_MODEL
embedding_model(str(BUNDLED_MODEL)).question("盲道")
"""


def test_running_a_model_notes_nothing_for_its_makers(tmp_path: Path) -> None:
    """onnxruntime keeps what it means to send, and an identity, in a cache: there is none."""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    subprocess.run([sys.executable, "-c", EMBEDDED], cwd=ROOT, env=environment | home, check=True)
    assert list(tmp_path.iterdir()) == []


def test_products_of_int8_do_not_overflow(tmp_path: Path) -> None:
    """Without VNNI they did, in 16 bits: the same letter had another vector there. Cannot fail
    where the processor has it.
    """
    weights = np.full((64, 16), 127, np.int8)
    quantised = helper.make_node("DynamicQuantizeLinear", ["x"], ["a", "scale", "zero"])
    product = helper.make_node("MatMulInteger", ["a", "w", "zero"], ["y"])
    graph = helper.make_graph(
        [quantised, product],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 64])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, ["n", 16])],
        [numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, tmp_path / "model.onnx")
    (found,) = session(tmp_path / "model.onnx").run(None, {"x": np.ones((3, 64), np.float32)})
    assert (found == 255 * 127 * 64).all()

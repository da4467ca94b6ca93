"""One operator a layer for attention: the graph that an exporter writes has some thirty.

onnxruntime joins them by itself only in graphs that are not quantised. Without a mask its
``MultiHeadAttention`` goes through memory once (flash attention): a tenth more passages a second
(``python -m eval.training.bench_e5``).
"""

from __future__ import annotations

import onnx
from onnx import helper

DOMAIN = "com.microsoft"


def fused(model: onnx.ModelProto, *, heads: int) -> onnx.ModelProto:
    """``model`` with the attention of each layer in one operator of so many ``heads``.

    A mask is left out, and so is the input for it: each text must be read alone, without padding.
    Raises ValueError where no layer's attention looks as BERT's does.
    """
    graph = model.graph
    made = {name: node for node in graph.node for name in node.output}
    softmaxes = [node for node in graph.node if node.op_type == "Softmax"]
    joined = [_joined(node, graph, made, heads) for node in softmaxes]
    if not any(joined):
        raise ValueError("no attention found: the exporter writes it otherwise")
    last = {node.output[0]: node for node in joined if node}
    _keep_needed(graph, [last.get(node.output[0], node) for node in graph.node if node.output])
    model.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    onnx.checker.check_model(model)
    return model


def _joined(
    softmax: onnx.NodeProto,
    graph: onnx.GraphProto,
    made: dict[str, onnx.NodeProto],
    heads: int,
) -> onnx.NodeProto | None:
    """The operator for the attention around ``softmax``; None if that is of something else."""
    scores = made[softmax.input[0]]
    while scores.op_type in ("Add", "Mul"):  # the mask, the scale
        scores = made[scores.input[0]]
    mixed = _user(softmax, graph)
    if scores.op_type != "MatMul" or mixed.op_type != "MatMul":
        return None
    names = (*scores.input, mixed.input[1])
    parts = [part for name in names if (part := _before_heads(name, made))]
    whole = _user(_user(mixed, graph), graph)
    if len(parts) < len(names) or whole.op_type != "Reshape":
        return None
    name = softmax.name.replace("Softmax", "MultiHeadAttention")
    return helper.make_node(
        "MultiHeadAttention", parts, whole.output, name=name, domain=DOMAIN, num_heads=heads
    )


def _before_heads(name: str, made: dict[str, onnx.NodeProto]) -> str | None:
    """What is parted into heads to give ``name``, ``(batch, tokens, width)``."""
    for kind in ("Transpose", "Reshape"):
        node = made.get(name)
        if node is None or node.op_type != kind:
            return None
        name = node.input[0]
    return name


def _user(node: onnx.NodeProto, graph: onnx.GraphProto) -> onnx.NodeProto:
    found: onnx.NodeProto = next(n for n in graph.node if node.output[0] in n.input)
    return found


def _keep_needed(graph: onnx.GraphProto, nodes: list[onnx.NodeProto]) -> None:
    """Keep those of ``nodes``, of the weights and of the inputs that an output depends on."""
    needed, kept = {output.name for output in graph.output}, list[onnx.NodeProto]()
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    weights = [weight for weight in graph.initializer if weight.name in needed]
    inputs = [given for given in graph.input if given.name in needed]
    for field, values in (
        (graph.node, kept[::-1]), (graph.initializer, weights), (graph.input, inputs)
    ):  # fmt: skip
        del field[:]
        field.extend(values)
    del graph.value_info[:]

"""Attention joined into one operator says what the exporter's many nodes say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from transformers import BertConfig, BertModel

from eval.training.build_e5 import Encoder, export_plain
from eval.training.fuse import fused

HEADS = 12


@pytest.mark.filterwarnings("ignore")  # the exporter's
def test_it_reads_a_text_as_the_plain_graph_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=48, num_hidden_layers=2, num_attention_heads=HEADS,
        intermediate_size=64, max_position_embeddings=32,
    )  # fmt: skip
    config._attn_implementation = "eager"
    model = BertModel(config, add_pooling_layer=False)
    model.train(False)
    plain, joined = tmp_path / "plain.onnx", tmp_path / "joined.onnx"
    export_plain(Encoder(model), plain, outputs=["token_embeddings"])
    onnx.save(fused(onnx.load(str(plain)), heads=HEADS), str(joined))
    ids = np.arange(1, 21, dtype=np.int64)[None]
    first, second = (onnxruntime.InferenceSession(str(path)) for path in (plain, joined))
    (wanted,) = first.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    (found,) = second.run(None, {"input_ids": ids})
    assert found == pytest.approx(wanted, abs=1e-5)
    kinds = [node.op_type for node in onnx.load(str(joined)).graph.node]
    assert kinds.count("MultiHeadAttention") == 2
    assert "Softmax" not in kinds


def test_a_graph_without_attention_is_refused() -> None:
    both = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2, 2]) for name in "ab"]
    graph = helper.make_graph([helper.make_node("Relu", ["a"], ["b"])], "g", both[:1], both[1:])
    with pytest.raises(ValueError, match="no attention"):
        fused(helper.make_model(graph), heads=HEADS)

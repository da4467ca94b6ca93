"""The bundled model behind the one door: shapes, unit length, and no network."""

from __future__ import annotations

import re
import shutil
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.letter.passages import cut
from kb.errors import ModelUnusable
from kb.models.embedding import (
    Embedder,
    OnnxEmbedder,
    SentenceTransformersEmbedder,
    embedding_model,
    model_name,
    surroundings,
)
from kb.models.encoder import Encoder
from kb.models.onnx import OnnxEncoder
from kb.settings import BUNDLED_MODEL
from kb.types import Letter, Passage
from tests.support.asking import letter_text
from tests.support.indexed import letter_of

DIM = 384
PROMPT = "passage: "


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the bundled model that a test may damage."""
    return Path(shutil.copytree(BUNDLED_MODEL, tmp_path / "model"))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(BUNDLED_MODEL)


@pytest.fixture(scope="module")
def letter() -> Letter:
    body = "一、情况\n" + "全市建成养老服务中心56处，惠及老人3200人。盲道铺设率达到97.7%。" * 20
    return letter_of(letter_text(body=body))


def one_passage(text: str) -> tuple[Letter, Passage]:
    letter = replace(letter_of(text), title=None, fields={})
    (passage, *_) = cut(letter)
    return letter, passage


# --- shapes -----------------------------------------------------------------------------------


def test_a_question_is_one_unit_vector(model: Embedder, no_network: None) -> None:
    vector = model.question("盲道铺设率是多少")
    assert (vector.shape, vector.dtype) == ((DIM,), np.float32)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-3)


def test_passages_and_their_sentences_are_unit_vectors(
    model: Embedder, letter: Letter, no_network: None
) -> None:
    passages = cut(letter)
    rows, sentences = model.passages(letter, passages)
    assert rows.shape == (len(passages), DIM)
    assert rows.dtype == np.float32
    assert [s.shape for s in sentences] == [(len(p.sentences), DIM) for p in passages]
    for vectors in (rows, *sentences):
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_a_passage_has_the_same_vector_whatever_is_embedded_with_it(
    model: Embedder, letter: Letter
) -> None:
    passages = cut(letter)
    rows, sentences = model.passages(letter, passages)
    for number, passage in enumerate(passages[:3]):
        alone, (inner,) = model.passages(letter, [passage])
        assert (alone[0] == rows[number]).all()
        assert (inner == sentences[number]).all()


def test_the_same_text_gives_the_same_vector(model: Embedder, letter: Letter) -> None:
    assert (model.question("老旧小区") == model.question("老旧小区")).all()
    first, second = (model.passages(letter, cut(letter)) for _ in range(2))
    assert (first[0] == second[0]).all()
    assert all((a == b).all() for a, b in zip(first[1], second[1], strict=True))


def test_a_question_is_nearer_to_what_answers_it(model: Embedder) -> None:
    letter, passage = one_passage("市政道路盲道铺设率达到97.7%。每部电梯补助8万元。")
    _, (near,) = model.passages(letter, [passage])
    assert int(np.argmax(near @ model.question("盲道铺了多少"))) == 0
    assert int(np.argmax(near @ model.question("装电梯补贴多少钱"))) == 1


def test_a_sentence_knows_what_it_stands_among(model: Embedder) -> None:
    sentence = "已全部完成。"
    vectors = []
    for before in ("盲道建设方面的情况。", "养老食堂方面的情况。"):
        letter, passage = one_passage(before + sentence)
        _, (rows,) = model.passages(letter, [passage])
        assert passage.sentences[1].of(letter.text) == sentence
        vectors.append(rows[1])
    likeness = float(vectors[0] @ vectors[1])
    assert 0.5 < likeness < 0.999


def test_a_passage_longer_than_the_model_reads_still_has_all_its_vectors(
    model: Embedder,
) -> None:
    letter = letter_of("长长短短" * 700 + "。完。")
    (passage, *_) = cut(letter)
    rows, (sentences,) = model.passages(letter, [passage])
    assert np.isfinite(rows).all()
    assert np.linalg.norm(sentences, axis=1) == pytest.approx(1, abs=1e-3)


def test_rare_and_full_width_characters_have_vectors(model: Embedder) -> None:
    letter, passage = one_passage("𠮷田街２０２４年ＡＢＣ完成。𡋾坝社区\u200dﬁne。")
    rows, (sentences,) = model.passages(letter, [passage])
    assert np.isfinite(rows).all()
    assert len(sentences) == 2
    assert float(sentences[0] @ sentences[1]) < 0.999


def test_a_passage_is_embedded_under_its_title_subject_and_headings() -> None:
    letter = letter_of(letter_text())
    passage = Passage(
        letter_id="x", span=letter.body, headings=("一、甲", "（一）乙"), sentences=(letter.body,)
    )
    assert surroundings(letter, passage).split("\n") == [
        "对市政协五届三次会议第086号提案的答复",
        "关于推进养老服务的提案",
        "一、甲",
        "（一）乙",
        "",
    ]
    bare = replace(letter, title=None, fields={})
    assert surroundings(bare, replace(passage, headings=())) == ""


# --- the two doors ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def transformer() -> Any:
    """The bundled folder as any program loads it that knows sentence-transformers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(
            str(BUNDLED_MODEL), device="cpu", local_files_only=True, trust_remote_code=True
        )


@pytest.mark.parametrize("text", ["盲道铺设率是多少", " ２０２４年𠮷田街\n", "", "长" * 900])
def test_both_doors_give_a_question_the_same_vector(
    model: Embedder, transformer: Any, text: str
) -> None:
    wanted = transformer.encode_query(text, normalize_embeddings=True)
    assert model.question(text) == pytest.approx(wanted, abs=1e-5)


def test_both_doors_give_passages_and_sentences_the_same_vectors(
    model: Embedder, transformer: Any
) -> None:
    body = "一、情况\n" + "全市建成养老服务中心56处。𠮷田街盲道铺设率达到97.7%。" * 25
    letter = letter_of(letter_text(body=body))
    passages = cut(letter)
    assert len(passages) > 1
    found, sentences = model.passages(letter, passages)
    befores = [surroundings(letter, one) for one in passages]
    texts = [b + one.span.of(letter.text) for b, one in zip(befores, passages, strict=True)]
    outputs = transformer.encode_document(texts, output_value=None)
    for n, (passage, output) in enumerate(zip(passages, outputs, strict=True)):
        assert found[n] == pytest.approx(output["sentence_embedding"].numpy(), abs=1e-5)
        shift = len(befores[n]) - passage.span.start
        tokens = transformer[0].encoder.tokens(PROMPT + texts[n]).offsets
        for sentence, vector in zip(passage.sentences, sentences[n], strict=True):
            start, end = (len(PROMPT) + at + shift for at in (sentence.start, sentence.end))
            inside = [i for i, (s, e) in enumerate(tokens) if s < end and e > start and e > s]
            mean = output["token_embeddings"][inside].mean(0)
            assert vector == pytest.approx((mean / mean.norm()).numpy(), abs=1e-5)


def test_the_encoder_can_be_saved_and_loaded_again(transformer: Any, tmp_path: Path) -> None:
    encoder: OnnxEncoder = transformer[0]
    encoder.save(str(tmp_path))
    again = OnnxEncoder.load(str(tmp_path))
    features = [e.forward(e.preprocess(["老旧小区"], PROMPT)) for e in (encoder, again)]
    first, second = (f["token_embeddings"].numpy() for f in features)
    assert (first == second).all()
    assert first.shape[2] == DIM


# --- faults -----------------------------------------------------------------------------------


def test_the_model_loads_without_a_network_and_only_when_it_is_needed(no_network: None) -> None:
    fresh = embedding_model(str(BUNDLED_MODEL))
    assert "_encoder" not in vars(fresh)
    assert fresh.name == model_name(BUNDLED_MODEL)
    assert fresh.question("盲道").shape == (DIM,)
    assert "_encoder" in vars(fresh)


def test_the_model_loads_from_a_checkout_that_has_no_empty_folders(copied: Path) -> None:
    for folder in [p for p in copied.iterdir() if p.is_dir() and not any(p.iterdir())]:
        folder.rmdir()
    assert embedding_model(str(copied)).question("盲道").shape == (DIM,)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"gone.*KB_MODEL"):
        embedding_model(str(tmp_path / "gone"))


def test_the_name_of_a_model_on_a_hub_is_refused_without_a_network(no_network: None) -> None:
    with pytest.raises(ModelUnusable, match="intfloat/multilingual-e5-small"):
        embedding_model("intfloat/multilingual-e5-small")


def test_an_empty_folder_is_unusable(tmp_path: Path, no_network: None) -> None:
    with pytest.raises(ModelUnusable, match=r"没有 modules\.json.*请"):
        embedding_model(str(tmp_path))


@pytest.mark.parametrize(
    "module", ["evil.Evil", "kb.models.onnx.Other", "kb.models.reading.OnnxReader"]
)
def test_code_that_a_folder_names_is_never_run(copied: Path, no_network: None, module: str) -> None:
    for name in ("evil.py", "onnx.py", "reading.py"):
        (copied / name).write_text("raise SystemExit('ran')\n", encoding="utf-8")
    modules = (copied / "modules.json").read_text(encoding="utf-8")
    changed = modules.replace("kb.models.onnx.OnnxEncoder", module)
    assert changed != modules
    (copied / "modules.json").write_text(changed, encoding="utf-8")
    other = embedding_model(str(copied))
    assert isinstance(other, SentenceTransformersEmbedder)
    with pytest.raises(ModelUnusable, match="请"):
        other.question("盲道")


def test_a_copy_of_the_bundled_encoder_needs_no_sentence_transformers(copied: Path) -> None:
    assert isinstance(embedding_model(str(copied)), OnnxEmbedder)


@pytest.mark.parametrize(
    "name",
    ["model.onnx", "tokenizer.json", "modules.json", "config_sentence_transformers.json"],
)
@pytest.mark.parametrize("fault", ["gone", "cut", "garbage"])
def test_a_damaged_bundled_model_is_unusable(
    copied: Path, no_network: None, name: str, fault: str
) -> None:
    file = copied / name
    match fault:
        case "gone":
            file.unlink()
        case "cut":
            file.write_bytes(file.read_bytes()[:1000] if name == "model.onnx" else b"{")
        case _:
            file.write_bytes(b"\x00garbage" * 50)
    with pytest.raises(ModelUnusable, match="请"):
        embedding_model(str(copied)).question("盲道")


def test_the_name_of_a_model_changes_with_its_files(copied: Path) -> None:
    names = {model_name(BUNDLED_MODEL), model_name(copied)}
    with (copied / "model.onnx").open("ab") as file:
        file.write(b"\0")
    names.add(model_name(copied))
    (copied / "extra.json").write_text("{}", encoding="utf-8")
    names.add(model_name(copied))
    assert len(names) == 4


class Plain:
    """What a sentence-transformers model offers."""

    def encode_document(self, texts: list[str], **_: Any) -> Any:
        rows = np.array([[len(t), 1.0] for t in texts])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_query = encode_document


def test_any_other_model_embeds_each_sentence_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    other = embedding_model(str(tmp_path))
    monkeypatch.setattr(SentenceTransformersEmbedder, "_model", Plain())
    letter = letter_of(letter_text(body="甲完成。乙丙丁完成。" * 60))
    passages = cut(letter)
    rows, sentences = other.passages(letter, passages)
    assert rows.shape == (len(passages), 2)
    for passage, vectors in zip(passages, sentences, strict=True):
        wanted = Plain().encode_document([s.of(letter.text) for s in passage.sentences])
        assert vectors == pytest.approx(wanted, abs=1e-6)
        assert vectors.dtype == np.float32


def test_a_model_whose_library_is_not_there_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelUnusable, match=re.escape("pip install 'fuwen[torch]'")):
        embedding_model(str(tmp_path)).question("盲道")


def test_a_sentence_transformers_model_goes_through_its_library(
    tmp_path: Path, no_network: None
) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import BoW

    words = BoW(vocab=["盲道", "电梯"])
    SentenceTransformer(modules=[words], device="cpu").save(str(tmp_path))
    found = embedding_model(str(tmp_path))
    assert isinstance(found, SentenceTransformersEmbedder)
    assert found.question("盲道").shape == (2,)

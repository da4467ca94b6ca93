"""Models from outside: the same vectors as here, and nothing believed that cannot be so."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.whole import Base, indexed
from kb import serialize
from kb.answer.ask import ask
from kb.environment import read
from kb.errors import ModelUnusable, WrongUse
from kb.models import endpoint, outside
from kb.models.embedding import CONFIGURATION, Embedder
from kb.models.encoder import Encoder
from kb.models.folding import letter_simplified
from kb.models.outside import OtherModel, embedder_name, embedder_of, reranker_of
from kb.models.reading import OnnxReader
from kb.query.directory import directory_of
from kb.query.understand import understood
from kb.search.hybrid import search
from kb.search.outside import check_model
from kb.settings import BUNDLED_MODEL, Settings
from kb.store.open import fingerprint, open_store
from kb.store.protocol import SnapshotReader
from kb.types import EVERY_LETTER, Vectors
from tests.conftest import corpus_rows
from tests.support.asking import FakeModel, base_of, letter_text, parsed, two_letters
from tests.support.fakes import FakeEmbedder
from tests.support.outside import HTML, Answer, Plain, StandIn, answered, jina, openai, stand_in

KEY = "geheim-1234"
fake = openai(lambda texts: FakeEmbedder().embed(list(texts)))


def settings_for(url: str, **more: Any) -> Settings:
    given = {"embeddings_url": url, "embeddings_model": "m", "embeddings_key": KEY}
    return replace(Settings(), **{**given, "endpoint_timeout": 1, **more})


@contextmanager
def served(says: Callable[[Plain], Answer], **more: Any) -> Iterator[tuple[StandIn, Embedder]]:
    with stand_in(says) as there:
        yield there, embedder_of(settings_for(there.url, **more))


def rows(*vectors: Any) -> Answer:
    return answered({"data": [{"index": n, "embedding": v} for n, v in enumerate(vectors)]})


def bundled() -> tuple[Callable[[Plain], Answer], dict[str, str]]:
    """The bundled encoder served as OpenAI's form has it, and the prompts that it wants."""
    encoder = Encoder(BUNDLED_MODEL)
    prompts = json.loads((BUNDLED_MODEL / CONFIGURATION).read_bytes())["prompts"]
    told = {"embeddings_question": prompts["query"], "embeddings_passage": prompts["document"]}
    return openai(lambda texts: np.stack([encoder.vectors(text)[0] for text in texts])), told


def test_the_bundled_encoder_behind_an_endpoint_gives_the_same_vectors_and_answers(
    base: SnapshotReader, model: Embedder, reading: OnnxReader
) -> None:
    says, prompts = bundled()
    with served(says, endpoint_timeout=60, **prompts) as (_, there):
        ordinals = [0, 7, base.snapshot.passages - 1]
        for passage in map(base.passage, ordinals):
            letter, read_as = letter_simplified(base.letter(passage.letter_id), [passage])
            (ours,), _ = model.passages(letter, read_as)
            (theirs,), parts = there.passages(letter, read_as)
            assert np.abs(ours - theirs).max() < 1e-5
            assert parts[0].shape == (len(passage.sentences), len(ours))
        for question in (row["question"] for row in corpus_rows("questions.jsonl")[:10]):
            assert np.abs(model.question(question) - there.question(question)).max() < 1e-5
            assert answer(question, base, model, reading) == answer(question, base, there, reading)


def answer(question: str, reader: SnapshotReader, embedder: Embedder, model: OnnxReader) -> Plain:
    settings, today = Settings(), date(2026, 1, 1)
    known = directory_of(reader, EVERY_LETTER)
    found = understood(question, known, settings=settings, today=today, reader=reader)
    reply = ask(found.query, reader, embedder, model=model, settings=settings)
    plain = serialize.reply(reply, seconds=0)
    places = ("letter_id", "start", "end", "text", "exact")
    quotes = [[quote[name] for name in places] for quote in plain["quotes"]]
    return {**{name: plain[name] for name in ("status", "code", "caption")}, "quotes": quotes}


def test_texts_go_in_batches_with_their_prompts_and_the_key(tmp_path: Path) -> None:
    reader = base_of(tmp_path, letter_text(body="一、情况\n" + "新建公园6个。" * 60))
    passages = [reader.passage(n) for n in reader.passages_of("0")]
    letter = reader.letter("0")
    with served(fake, embeddings_passage="段：", embeddings_question="问：") as (there, embedder):
        wholes, parts = embedder.passages(letter, passages)
        embedder.question("多少？")
    sentences = sum(len(passage.sentences) for passage in passages)
    assert len(wholes) == len(passages)
    assert [len(part) for part in parts] == [len(passage.sentences) for passage in passages]
    sent = [text for body in there.asked for text in body["input"]]
    assert len(sent) == len(passages) + sentences + 1
    assert max(len(body["input"]) for body in there.asked) == outside.BATCH < sentences
    assert [text[:2] for text in sent] == ["段："] * (len(sent) - 1) + ["问："]
    assert set(there.keys) == {f"Bearer {KEY}"}
    assert {body["model"] for body in there.asked} == {"m"}


MISBEHAVING: dict[str, tuple[Answer, str]] = {
    "html": (HTML, "不是 JSON"),
    "cut": (Answer(content=b'{"data": [{"index": 0, "embed'), "不是 JSON"),
    "deep": (Answer(content=b"[" * 200_000), "不是 JSON"),
    "a list": (answered([1]), "不是要的向量"),
    "no data": (answered({"error": "x"}), "不是要的向量"),
    "none": (answered({"data": []}), "1 段文字，0 个向量"),
    "too many": (rows([1.0], [1.0]), "1 段文字，2 个向量"),
    "twice the same": (answered({"data": [{"index": 0, "embedding": [1]}] * 2}), "2 个向量"),
    "index of none": (answered({"data": [{"index": 5, "embedding": [1.0]}]}), "编号 index"),
    "not finite": (rows([1.0, float("nan")]), "不是要的向量"),
    "infinite": (rows([1.0, float("inf")]), "不是要的向量"),
    "beyond a float": (rows([1e300, 1e300]), "不是要的向量"),
    "zero": (rows([0.0, 0.0]), "不是要的向量"),
    "words": (rows(["a", "b"]), "不是要的向量"),
    "base64": (rows("AACAPwAAAAA="), "不是要的向量"),
    "nested": (rows([[1.0]]), "不是要的向量"),
    "empty": (rows([]), "不是要的向量"),
    "no": (Answer(status=401), "回答 401，不让用；请核对 KB_EMBEDDINGS_KEY"),
    "nothing there": (Answer(status=404), "没有这个接口"),
    "too long": (Answer(status=413), "把太长的文字截断"),
    "broken": (Answer(status=500), "回答 500；请核对"),
    "elsewhere": (Answer(status=307, headers={"location": "/other"}), "没有跟去"),
    "slow": (Answer(pause=3), "连不上或没有答完"),
    "dripping": (Answer(content=b" ", drip=b" " * 60, pause=0.05), "连不上或没有答完"),
}


@pytest.mark.parametrize("how", list(MISBEHAVING))
def test_what_is_no_answer_is_refused_with_what_to_do(how: str) -> None:
    said, told = MISBEHAVING[how]
    with served(lambda _: said) as (there, embedder), pytest.raises(ModelUnusable) as error:
        embedder.question("多少？")
    assert told in str(error.value)
    assert "127.0.0.1" in str(error.value)
    assert KEY not in str(error.value)
    assert len(there.asked) == 1 or how in ("slow", "dripping")


def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(endpoint, "MOST", 1_000)
    with (
        served(lambda _: Answer(content=b" " * 100_000)) as (_, embedder),
        pytest.raises(ModelUnusable, match="超过 1000 字节"),
    ):
        embedder.question("多少？")


def test_vectors_of_two_sizes_are_refused(tmp_path: Path) -> None:
    reader = two_letters(tmp_path)
    sizes = iter([*[2] * 1, *[3] * 99])

    def says(body: Plain) -> Answer:
        size = next(sizes)
        return rows(*([1.0] * size for _ in body["input"]))

    long = base_of(tmp_path / "long", letter_text(body="一、情况\n" + "新建公园6个。" * 60))
    passages = [long.passage(n) for n in long.passages_of("0")]
    with served(says) as (_, embedder), pytest.raises(ModelUnusable, match="一时是几维"):
        embedder.passages(long.letter("0"), passages)

    def uneven(body: Plain) -> Answer:
        return rows(*([1.0] * (2 + n % 2) for n, _ in enumerate(body["input"])))

    with served(uneven) as (_, embedder), pytest.raises(ModelUnusable, match="（向量有长有短）"):
        embedder.passages(long.letter("0"), passages)
    with (
        served(lambda _: rows([1.0, 0.0])) as (_, embedder),
        pytest.raises(ModelUnusable),
    ):
        search(parsed("养老", reader), reader, embedder, settings=Settings())


@pytest.mark.parametrize("status", sorted(endpoint.BUSY))
def test_who_is_busy_is_asked_again_when_it_says(status: int) -> None:
    said = [Answer(status=status, headers={"retry-after": "0"})] * 2
    with served(lambda body: said.pop() if said else fake(body)) as (there, embedder):
        assert embedder.question("多少？").any()
    assert len(there.asked) == 3


def test_who_is_busy_for_too_long_is_given_up() -> None:
    busy = Answer(status=429, headers={"retry-after": "3600"})
    with served(lambda _: busy) as (there, embedder), pytest.raises(ModelUnusable, match="429"):
        embedder.question("多少？")
    assert len(there.asked) == 1


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("7", 7, 7), ("", None, None), ("soon", None, None), ("-1", None, None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("Wed, 21 Oct 2065 07:28:00 GMT", 1e8, 1e10),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(
    told: str, least: float | None, most: float | None
) -> None:
    found = endpoint._asked_to_wait({"retry-after": told})
    if least is None or most is None:
        assert found is None
    else:
        assert found is not None
        assert least <= found <= most


def test_where_nobody_listens_is_told() -> None:
    with stand_in(fake) as there:
        url = there.url
    with pytest.raises(ModelUnusable, match="连不上"):
        embedder_of(settings_for(url)).question("多少？")


def test_the_key_stands_in_no_repr() -> None:
    settings = settings_for("http://127.0.0.1:1/v1/embeddings", rerank_key=KEY)
    assert KEY not in repr(settings)
    assert KEY not in repr(vars(embedder_of(settings)))


def test_the_name_tells_model_and_prompts_but_no_address() -> None:
    one = settings_for("http://10.0.0.5/v1/embeddings")
    assert embedder_name(one) == embedder_of(one).name == fingerprint(one)["model"]
    assert embedder_name(replace(one, embeddings_url="http://10.0.0.6/e")) == embedder_name(one)
    for other in (
        replace(one, embeddings_model="n"),
        replace(one, embeddings_question="query: "),
        replace(one, embeddings_passage="query: "),
        Settings(),
    ):
        assert embedder_name(other) != embedder_name(one)


def other(texts: Any) -> Vectors:
    """Another model of the same size."""
    return FakeEmbedder().embed([text[::-1] for text in texts])


def test_another_model_behind_the_same_name_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = fake
    reader = two_letters(tmp_path)
    with served(lambda body: says(body)) as (there, embedder):
        check_model(reader, embedder)
        asked = len(there.asked)
        check_model(reader, embedder)
        assert len(there.asked) == asked  # trusted for a while
        says = openai(other)
        monkeypatch.setattr(outside, "TRUSTED", 0)
        fresh = embedder_of(settings_for(there.url))
        with pytest.raises(OtherModel, match=r"换了模型.*--rebuild"):
            search(parsed("养老", reader), reader, fresh, settings=Settings())


AWAY = {"broken": Answer(status=500), "a page": HTML, "restarting": Answer(status=503)}


@pytest.mark.parametrize("how", AWAY)
def test_after_an_outage_it_is_looked_at_once_whether_the_model_is_the_same(
    tmp_path: Path, how: str
) -> None:
    says = fake
    said: list[Answer] = []
    reader = two_letters(tmp_path)
    query = parsed("养老", reader)
    with served(lambda body: said.pop() if said else says(body)) as (_, embedder):
        search(query, reader, embedder, settings=Settings())
        says = openai(other)
        said += [AWAY[how]]
        if how == "restarting":  # one try fails, the next does not
            said[0].headers = {"retry-after": "0"}
        else:
            with pytest.raises(ModelUnusable, match=r"回答 500|不是 JSON"):
                search(query, reader, embedder, settings=Settings())
        with pytest.raises(OtherModel, match="换了模型"):
            search(query, reader, embedder, settings=Settings())


def test_a_base_is_not_added_to_by_another_model_and_a_rebuild_forgets_the_first(
    tmp_path: Path,
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text(letter_text(), "utf-8")
    says = fake
    with stand_in(lambda body: says(body)) as there:
        settings = settings_for(there.url, data=tmp_path / "data", endpoint_timeout=30)

        def run(**more: Any) -> None:
            store = open_store(settings)
            indexed(
                [inbox],
                Base(settings=settings, store=store, embedder=embedder_of(settings)),
                **more,
            )

        run()
        first = open_store(settings).current().vectors([0])
        says = openai(other)
        (inbox / "b.txt").write_text(letter_text("云民函〔2024〕8号"), "utf-8")
        with pytest.raises(OtherModel):
            run()
        assert len(list(open_store(settings).current().letters())) == 1
        run(rebuild=True)
    reader = open_store(settings).current()
    assert len(list(reader.letters())) == 2
    assert not np.allclose(reader.vectors([0]), first)


def test_several_processes_are_refused_beside_an_endpoint(tmp_path: Path) -> None:
    settings = settings_for("http://127.0.0.1:1/v1/embeddings", data=tmp_path / "data")
    base = Base(
        settings=settings, store=open_store(settings), embedder=FakeModel(), runner=object()  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(WrongUse, match="--runner"):
        indexed([], base)


def tei(body: Plain) -> Answer:
    scores = [float(text.count("电梯")) for text in body["texts"]]
    return answered([{"index": at, "score": score} for at, score in enumerate(scores)])


@pytest.mark.parametrize(("form", "says"), [("jina", jina), ("tei", tei)])
def test_a_reranker_changes_the_order_and_no_score(
    tmp_path: Path, form: str, says: Callable[[Plain], Answer]
) -> None:
    reader = two_letters(tmp_path)
    query = parsed("养老服务中心多少处？", reader)
    plain = search(query, reader, FakeModel(), settings=Settings())
    with stand_in(says) as there:
        settings = replace(
            Settings(), rerank_url=there.url, rerank_model="r", rerank_key=KEY, rerank_form=form
        )
        found = search(query, reader, FakeModel(), settings=settings)
    assert plain.hits[0].passage.letter_id == "care"
    assert found.hits[0].passage.letter_id == "lift"
    assert sorted(found.hits, key=lambda hit: -hit.score) == list(plain.hits)
    assert found.near == plain.near
    (asked,) = there.asked
    assert asked["query"] == query.text
    assert len(asked.get("documents") or asked["texts"]) == len(plain.hits)
    assert there.keys == [f"Bearer {KEY}"]


def scored(*pairs: tuple[Any, Any]) -> Answer:
    return answered({"results": [{"index": n, "relevance_score": score} for n, score in pairs]})


SHAPE = "的回答不是要的分（不是这种接口的样子）；请核对那边的服务和 KB_RERANK_FORM"
BAD_SCORES = {
    "html": (HTML, "的回答不是 JSON"),
    "broken": (Answer(status=500), "回答 500；请核对 KB_RERANK_URL"),
    "another form": (answered([{"index": 0, "score": 1}, {"index": 1, "score": 2}]), SHAPE),
    "no list": (answered({"results": 1}), SHAPE),
    "words": (answered({"results": ["a", "b"]}), SHAPE),
    "lists for numbers": (scored(([0], 1.0), ([1], 1.0)), SHAPE),
    "none": (answered({"results": []}), "（2 段文字，0 个分）"),
    "too many": (scored((0, 1.0), (1, 1.0), (2, 1.0)), "（2 段文字，3 个分）"),
    "twice the same": (scored((0, 1.0), (0, 1.0)), "（编号 index 有重复的，或者不是从 0 数起的）"),
    "from one": (scored((1, 1.0), (2, 1.0)), "（编号 index 有重复的，或者不是从 0 数起的）"),
    "no number": (scored((0, "geheim"), (1, 1.0)), "（有的分不是数）"),
    "too large": (scored((0, 10**400), (1, 1.0)), "（有的分不是数）"),
    "not a number": (scored((0, float("nan")), (1, 1.0)), "（有的分不是有限的数）"),
    "nothing": (scored((0, None), (1, 1.0)), "（有的分不是有限的数）"),
    "several": (scored((0, [1.0]), (1, [2.0])), "（有的分不是有限的数）"),
}


@pytest.mark.parametrize("how", BAD_SCORES)
def test_a_reranker_that_fails_leaves_the_order_and_what_is_wrong_is_known(
    tmp_path: Path, how: str
) -> None:
    said, told = BAD_SCORES[how]
    answers = [said]
    with stand_in(lambda body: answers.pop() if answers else jina(body)) as there:
        settings = replace(
            Settings(), rerank_url=there.url, rerank_model=str(tmp_path), endpoint_timeout=1
        )
        reranker = reranker_of(settings)
        assert reranker is not None
        assert reranker is reranker_of(replace(settings))
        assert reranker.order("问", ["道路", "电梯"]) == [0, 1]
        assert reranker.trouble is not None
        assert told in reranker.trouble.why
        assert "127.0.0.1" not in reranker.trouble.why
        assert "geheim" not in str(reranker.trouble)
        assert "KB_RERANK_URL 的 127.0.0.1" in str(reranker.trouble)
        assert reranker.order("问", ["道路"]) == [0]
        assert reranker.trouble is not None  # nobody was asked
        reranker.clock = lambda: time.monotonic() + endpoint.REST
        assert reranker.order("问", ["道路", "电梯"]) == [1, 0]
        assert reranker.trouble is None


def test_a_model_is_reached_past_the_proxies_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with served(fake) as (there, embedder):
        assert embedder.question("多少？").any()
        assert len(there.asked) == 1
    with stand_in(jina) as there:
        reranker = reranker_of(
            replace(Settings(), rerank_url=there.url, rerank_model="r", endpoint_timeout=1)
        )
        assert reranker is not None
        assert reranker.order("问", ["道路", "电梯"]) == [1, 0]


@pytest.mark.parametrize(
    "given",
    [
        {"KB_EMBEDDINGS_URL": "10.0.0.5/v1", "KB_EMBEDDINGS_MODEL": "m"},
        {"KB_EMBEDDINGS_URL": "http://x@10.0.0.5/v1", "KB_EMBEDDINGS_MODEL": "m"},
        {"KB_EMBEDDINGS_URL": "http://10.0.0.5/v1?key=1", "KB_EMBEDDINGS_MODEL": "m"},
        {"KB_EMBEDDINGS_URL": "http://10.0.0.5/v1/embeddings"},
        {"KB_RERANK_URL": "http://10.0.0.5/rerank"},
        {"KB_RERANK_FORM": "cohere"},
        {"KB_ENDPOINT_TIMEOUT": "0"},
    ],
)
def test_settings_that_cannot_be_meant_are_told(given: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match=next(iter(given)).rpartition("_")[0]):
        read(given)

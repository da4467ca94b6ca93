"""What the reader is shown: passages cut down, answers cut out, questions in batches."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch

from eval.training.batches import (
    CROP,
    by_question,
    cropped,
    cut,
    encode,
    epoch,
    readable,
    repeated,
    shown,
)
from eval.training.reader_stages import Stage
from kb.models.reading import load_tokenizer
from kb.settings import BUNDLED_MODEL

TEXT = "市里今年新建公园三座。地铁二号线明年六月通车。票价由发改委另行公布。"
STAGE = Stage(shares={"mail": 1}, others=2, rate=1e-4, head_rate=1e-3)


def row(answer: str | None, *, passage: str = TEXT, **changed: Any) -> dict[str, Any]:
    start = passage.index(answer) if answer else -1
    end = start + len(answer) if answer else -1
    made = {
        "group": "q", "source": "mail", "fold": 1, "question": "地铁啥时候通", "context": "",
        "kind": "holds" if answer else "other", "passage": passage, "start": start, "end": end,
    }  # fmt: skip
    return made | changed


def test_the_sentence_of_the_answer_is_cut_out_whole() -> None:
    made = cut(row("明年六月"))
    assert made is not None
    assert made["passage"] == "市里今年新建公园三座。票价由发改委另行公布。"
    assert (made["start"], made["end"]) == (-1, -1)


@pytest.mark.parametrize(
    "passage", ["明年六月通车。", "地铁明年六月通车。公交也是明年六月通车的，票价由发改委公布。"]
)
def test_nothing_is_cut_where_nothing_is_left_or_the_answer_stands_again(passage: str) -> None:
    assert cut(row("明年六月", passage=passage)) is None


def test_a_crop_keeps_the_answer_at_its_offsets() -> None:
    long = "".join(f"第{n}处工地已经停工整改并且上报。" for n in range(60))
    drawing = random.Random(0)
    for _ in range(30):
        made = cropped(row("第30处", passage=long), drawing)
        assert made["passage"][made["start"] : made["end"]] == "第30处"
        assert made["passage"] in long
        assert len(made["passage"]) <= CROP or made["passage"] == long


def test_a_question_is_shown_an_answering_passage_first_and_then_others() -> None:
    group = ([row("明年六月")], [row(None, passage="别的答复。" * 9) for _ in range(3)])
    for seed in range(9):
        first, *others = shown(group, STAGE, random.Random(seed))
        assert first["start"] >= 0
        assert len(others) == STAGE.others
        assert all(other["start"] < 0 for other in others)


def test_a_question_that_nothing_answers_is_shown_others_alone() -> None:
    rows = list(shown(([], [row(None)]), STAGE, random.Random(0)))
    assert [made["start"] for made in rows] == [-1]


@pytest.mark.parametrize(("share", "count"), [(0.5, 5), (1, 10), (1.3, 13), (2, 20)])
def test_a_source_is_asked_as_often_as_its_share_says(share: float, count: int) -> None:
    groups: list[Any] = [([row("明年六月")], []) for _ in range(10)]
    assert len(list(repeated(groups, share, random.Random(0)))) == count


def test_tokens_of_the_answer_are_those_of_its_words() -> None:
    tokenizer = load_tokenizer(BUNDLED_MODEL)
    made = encode(tokenizer, row("明年六月"))
    assert made.start >= made.first
    assert "明年六月" in tokenizer.decode(made.ids[made.start : made.end + 1])


def test_every_question_is_in_one_batch_and_its_passages_stay_together() -> None:
    rows = [row("明年六月", group=f"q{n}") for n in range(40)]
    rows += [row(None, group=f"q{n}", passage="别的答复不说这个。" * 9) for n in range(40)]
    batches = list(epoch(by_question(rows), load_tokenizer(BUNDLED_MODEL), STAGE, seed=0))
    groups = [group for batch in batches for group in batch]
    assert len(groups) == 40
    assert all(group[0].start >= 0 and len(group) >= 2 for group in groups)


def test_the_passage_stands_behind_the_second_end_mark() -> None:
    ids = torch.tensor([[0, 7, 2, 8, 2, 9, 9, 2, 1, 1], [0, 7, 7, 2, 2, 9, 2, 1, 1, 1]])
    assert readable(ids).int().tolist() == [
        [0, 0, 0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    ]

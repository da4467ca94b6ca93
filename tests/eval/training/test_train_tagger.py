"""What the tagging model is shown in training."""

from __future__ import annotations

import torch

from eval.training.train_tagger import BATCH_TOKENS, Shown, batches, cropped, tensors
from kb.models.tagging import Window


def shown(length: int, *labels: int) -> Shown:
    ids = [0, *range(10, 10 + length), 2]
    parts = [(n, 1 + n, 2 + n) for n in range(len(labels))]
    told = [(label, 0, -1.0, -1.0) for label in labels]
    hidden = torch.arange(len(ids)).float().unsqueeze(1)
    return Shown(window=Window(ids=ids, parts=parts), hidden=hidden, told=told)


def test_a_sentence_that_was_read_alone_keeps_some_words_around() -> None:
    parts = [(n, 1 + 10 * n, 11 + 10 * n) for n in range(20)]
    window = Window(ids=[0, *range(1000, 1200), 2], parts=parts)
    near = cropped(window, [n in (10, 11) for n in range(20)])
    assert near.ids[0] == 0
    assert near.ids[-1] == 2
    assert len(near.ids) < len(window.ids)
    for number, first, end in near.parts:
        whole = window.parts[number]
        assert near.ids[first:end] == window.ids[whole[1] : whole[2]]
    assert [number for number, _, _ in near.parts] == [10, 11]
    assert cropped(window, [False] * 20) == window


def test_padding_belongs_to_no_part() -> None:
    few, many = shown(3, 1), shown(5, 0, 1)
    hidden, mask, inside = tensors([(one.window, one.hidden) for one in (few, many)])
    assert hidden.shape == (2, 7, 1)
    assert mask.sum(1).tolist() == [5, 7]
    assert inside.sum(2).tolist() == [[1, 0], [1, 1]]
    assert hidden[1, :, 0].tolist() == list(range(7))


def test_what_holds_a_promise_is_in_every_epoch_and_no_batch_is_too_large() -> None:
    given = [shown(length, 1 if length % 2 else 0, 0) for length in range(20, 220)]
    for seed in (0, 1):
        made = list(batches(given, seed))
        seen = [len(one.window.ids) for batch in made for one in batch]
        assert len(seen) == len(set(seen)) < len(given)
        assert {one for one in seen if one % 2} == {n + 2 for n in range(20, 220) if n % 2}
        for batch in made:
            assert max(len(one.window.ids) for one in batch) * len(batch) <= BATCH_TOKENS
    assert list(batches(given, 0)) == list(batches(given, 0))
    assert list(batches(given, 0)) != list(batches(given, 1))

"""The words of the ledger: every status, move, kind and relation has one."""

from __future__ import annotations

from typing import get_args

from kb.extract.types import PRECISIONS, RELATIONS, STRENGTHS, Precision, Relation, Strength
from kb.ledger.types import KINDS, MOVES, PLACES, STATUSES, Kind, Status, Where


def test_every_status_move_kind_and_relation_has_its_word() -> None:
    for literal, table in (
        (Status, STATUSES),
        (Kind, KINDS),
        (Relation, RELATIONS),
        (Strength, STRENGTHS),
        (Precision, PRECISIONS),
        (Where, PLACES),
    ):
        assert set(get_args(literal)) == set(table)
    assert {was for was, _ in MOVES} == set(STATUSES)

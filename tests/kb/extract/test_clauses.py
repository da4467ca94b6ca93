"""Clauses keep the places of their words."""

from __future__ import annotations

from kb.extract.clauses import clauses_of
from tests.support.letters import make_letter


def test_clauses_are_verbatim() -> None:
    made = make_letter("甲", "一、总则。（一）将 １０ 月\n底前完成；二是再建。", title=None)
    for clause in clauses_of(made):
        assert len(clause.plain.words) == len(clause.plain.offsets) == len(clause.masked)

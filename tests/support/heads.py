"""Heads and citations of letters, for what needs no text."""

from __future__ import annotations

from kb.types import Citation, LetterHead


def head(
    letter_id: str,
    issuer: str | None = None,
    *,
    title: str | None = None,
    number: str | None = None,
    issued_on: str | None = None,
    result_class: str | None = None,
    proposal_no: str | None = None,
    kind: str | None = None,
) -> LetterHead:
    """A public letter's head."""
    return LetterHead(
        id=letter_id,
        title=title,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        result_class=result_class,
        proposal_no=proposal_no,
        kind=kind,
        publicity="public",
        sha256="",
    )


def citation(
    letter_id: str,
    name: str | None = None,
    *,
    number: str | None = None,
    issuer: str | None = None,
    issued_on: str | None = None,
    result_class: str | None = None,
) -> Citation:
    """What a letter is cited by; its id where it has no name."""
    return Citation(
        letter_id=letter_id,
        name=name or letter_id,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        result_class=result_class,
    )

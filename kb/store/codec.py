"""Letters and passages as JSON text and back, exactly; what a store takes; filter labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from kb.errors import UnreadableFile, WrongUse
from kb.text.chars import encodable
from kb.types import Field, Heading, Letter, LetterHead, Passage, Recognised, Scope, Span, Vectors

UNIT_TOLERANCE = 1e-2  # of a vector's length; a model that runs in float16 errs by about 1e-3


def letter_json(letter: Letter) -> str:
    """The letter as one line of JSON; ``letter_from`` gives back an equal letter."""
    return _dump(
        {
            "id": letter.id,
            "text": letter.text,
            "sha256": letter.sha256,
            "source": letter.source,
            "title": _field_out(letter.title),
            "body": _span_out(letter.body),
            "fields": {name: _field_out(field) for name, field in letter.fields.items()},
            "lists": {name: [_field_out(f) for f in many] for name, many in letter.lists.items()},
            "headings": [[h.text, h.level, _span_out(h.span)] for h in letter.headings],
            "pages": letter.pages,
            "recognised": [[_span_out(r.span), r.confidence] for r in letter.recognised],
            "publicity": letter.publicity,
            "url": letter.url,
            "flags": letter.flags,
        }
    )


def letter_from(record: str) -> Letter:
    """The letter that ``letter_json`` wrote. Raises ValueError or KeyError on other text."""
    raw = json.loads(record)
    return Letter(
        id=raw["id"],
        text=raw["text"],
        sha256=raw["sha256"],
        source=raw["source"],
        title=_field_in(raw["title"]) if raw["title"] else None,
        body=_span_in(raw["body"]),
        fields={name: _field_in(field) for name, field in raw["fields"].items()},
        lists={name: tuple(map(_field_in, many)) for name, many in raw["lists"].items()},
        headings=tuple(
            Heading(text=text, level=level, span=_span_in(span))
            for text, level, span in raw["headings"]
        ),
        pages=tuple(raw["pages"]),
        recognised=tuple(
            Recognised(span=_span_in(span), confidence=confidence)
            for span, confidence in raw["recognised"]
        ),
        publicity=raw["publicity"],
        url=raw["url"],
        flags=tuple(raw["flags"]),
    )


def passage_json(passage: Passage) -> str:
    """The passage as one line of JSON, without its letter's id."""
    bounds = [edge for span in passage.sentences for edge in (span.start, span.end)]
    return _dump([_span_out(passage.span), passage.headings, bounds])


def passage_from(record: str, *, letter_id: str) -> Passage:
    """The passage that ``passage_json`` wrote, as one of the letter ``letter_id``."""
    span, headings, bounds = json.loads(record)
    return Passage(
        letter_id=letter_id,
        span=_span_in(span),
        headings=tuple(headings),
        sentences=tuple(
            Span(start=start, end=end) for start, end in zip(bounds[::2], bounds[1::2], strict=True)
        ),
    )


def head_of(letter: Letter) -> LetterHead:
    """The letter's head, for listings and filters."""
    return LetterHead(
        id=letter.id,
        title=letter.title.value if letter.title else None,
        number=letter.value("number"),
        issuer=letter.value("issuer"),
        issued_on=letter.value("issued_on"),
        result_class=letter.value("result_class"),
        proposal_no=letter.value("proposal_no"),
        kind=letter.value("kind"),
        publicity=letter.publicity,
        sha256=letter.sha256,
    )


def labels(head: LetterHead) -> tuple[str, ...]:
    """The labels under which a scope may ask for this letter.

    Both rankings filter by these and nothing else, so they cannot disagree on a scope.
    """
    pairs = (
        ("id", head.id),
        ("issuer", head.issuer),
        ("year", head.issued_on[:4].lstrip("0") if head.issued_on else None),
        ("result_class", head.result_class),
        ("proposal_no", head.proposal_no),
        ("publicity", head.publicity),
    )
    return tuple(f"{name}={value}" for name, value in pairs if value is not None)


def wanted(scope: Scope) -> tuple[tuple[str, ...], ...]:
    """What ``scope`` demands: of every group, a letter must bear at least one label."""
    single = (
        ("issuer", scope.issuer),
        ("year", scope.year),
        ("result_class", scope.result_class),
        ("proposal_no", scope.proposal_no),
        ("publicity", "public" if scope.public_only else None),
    )
    groups: list[tuple[str, ...]] = [
        (f"{name}={value}",) for name, value in single if value is not None
    ]
    if scope.letter_ids:
        groups.append(tuple(f"id={letter_id}" for letter_id in dict.fromkeys(scope.letter_ids)))
    return tuple(groups)


def admitted(head: LetterHead, scope: Scope) -> bool:
    """True if the letter lies in ``scope``."""
    own = set(labels(head))
    return all(own & set(group) for group in wanted(scope))


def check_put(
    letter: Letter,
    passages: Sequence[Passage],
    *,
    source: str,
    vectors: Vectors,
    sentence_vectors: Sequence[Vectors],
) -> None:
    """What every store demands of ``Draft.put``. Raises WrongUse, UnreadableFile."""
    if any(passage.letter_id != letter.id for passage in passages):
        raise WrongUse(f"有段落不属于复文 {letter.id}；请检查切分")
    count = len(passages)
    if vectors.ndim != 2 or len(vectors) != count or len(sentence_vectors) != count:
        raise WrongUse(
            f"复文 {letter.id} 有 {count} 个段落，向量的形状却是 {vectors.shape}、"
            f"句向量有 {len(sentence_vectors)} 组；请一段给一行和一组"
        )
    dim = vectors.shape[1]
    for passage, rows in zip(passages, sentence_vectors, strict=True):
        if rows.shape != (len(passage.sentences), dim):
            raise WrongUse(
                f"复文 {letter.id} 有一段 {len(passage.sentences)} 句，句向量的形状却是 "
                f"{rows.shape}；请一句给一行（{dim} 维）"
            )
    lengths = np.linalg.norm(vectors, axis=1)
    finite = all(np.isfinite(rows).all() for rows in sentence_vectors)
    # Written so that NaN fails too.
    if not finite or not bool((np.abs(lengths - 1) <= UNIT_TOLERANCE).all()):
        raise WrongUse(f"复文 {letter.id} 的向量含有非数值或不是单位长度；请检查向量模型")
    check_source(source)
    if not encodable([letter_json(letter), *map(passage_json, passages)]):
        raise UnreadableFile(
            "bad_text", f"复文 {letter.id!a} 含有无法保存的字符（孤立代理项）；请重新导出"
        )


def check_dim(letter: Letter, vectors: Vectors, *, dim: int) -> None:
    """Raise WrongUse where a letter's vectors are of another model than the snapshot's."""
    if vectors.shape[1] != dim:
        raise WrongUse(
            f"复文 {letter.id} 的向量是 {vectors.shape[1]} 维，快照中其余的是 {dim} 维；"
            "请用同一个模型，换模型须重建"
        )


def check_source(source: str) -> None:
    """Raise UnreadableFile where a source's key, a file name say, is not proper text."""
    if not encodable([source]):
        raise UnreadableFile(
            "unreadable_path", f"文件名 {source!a} 不是合法的文字；请把文件改名后再放入"
        )


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _span_out(span: Span) -> list[int]:
    return [span.start, span.end]


def _span_in(raw: list[int]) -> Span:
    return Span(start=raw[0], end=raw[1])


def _field_out(field: Field | None) -> list[Any] | None:
    if field is None:
        return None
    return [field.value, _span_out(field.span) if field.span else None, field.rule]


def _field_in(raw: list[Any]) -> Field:
    value, span, rule = raw
    return Field(value=value, span=_span_in(span) if span else None, rule=rule)

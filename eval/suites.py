"""Suites from files: which form a path has, and the reader of each form."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.formats import needed, present, qrels_of, read_beir, read_pairs
from eval.own_forms import document, letter_files, read_corpus, read_questions
from eval.rows import Ids, lines
from eval.squad import read_squad
from eval.suite import BadSuite, Document, Suite

DIGITS = 16  # of a digest's 64: two of a million suites are alike with a chance of 3e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of suite: ``needs`` says for people what ``fits`` looks for.

    ``files`` are those that ``read`` reads, in a fixed order.
    """

    name: str
    needs: str
    fits: Callable[[Path], bool]
    files: Callable[[Path], Sequence[Path]]
    read: Callable[[Path], Suite]


def _holds(*names: str) -> Callable[[Path], bool]:
    return lambda folder: all(present(folder, name) for name in names)


def _ends(ending: str) -> Callable[[Path], bool]:
    return lambda path: path.is_file() and path.name.removesuffix(".gz").endswith(ending)


def _named(*names: str) -> Callable[[Path], Sequence[Path]]:
    return lambda folder: [path for name in names if (path := present(folder, name))]


def _beir_files(folder: Path) -> Sequence[Path]:
    return [needed(folder, "corpus.jsonl"), needed(folder, "queries.jsonl"), qrels_of(folder)]


def _corpus_files(folder: Path) -> Sequence[Path]:
    rows = _named("questions.jsonl", "fields.jsonl", "commitments.jsonl")(folder)
    return [*rows, *letter_files(folder / "letters")]


def _itself(path: Path) -> Sequence[Path]:
    return [path]


FORMS = (
    Form(
        name="questions",
        needs="文件夹，内有 docs.jsonl、qa.jsonl，可有 refuse.jsonl",
        fits=_holds("docs.jsonl", "qa.jsonl"),
        files=_named("docs.jsonl", "qa.jsonl", "refuse.jsonl"),
        read=read_questions,
    ),
    Form(
        name="beir",
        needs="文件夹，内有 corpus.jsonl、queries.jsonl 和 qrels/*.tsv",
        fits=_holds("corpus.jsonl", "queries.jsonl", "qrels"),
        files=_beir_files,
        read=read_beir,
    ),
    Form(
        name="corpus",
        needs="文件夹，内有 questions.jsonl 和 letters/，可有 fields.jsonl、commitments.jsonl",
        fits=_holds("questions.jsonl", "letters"),
        files=_corpus_files,
        read=read_corpus,
    ),
    Form(
        name="squad",
        needs="SQuAD 形式的 .json 文件（CMRC 2018、DRCD、CJRC 同），可压缩为 .gz",
        fits=_ends(".json"),
        files=_itself,
        read=read_squad,
    ),
    Form(
        name="pairs",
        needs="来信与答复的 .jsonl 文件，每行有 id、title、message、reply，可压缩为 .gz",
        fits=_ends(".jsonl"),
        files=_itself,
        read=read_pairs,
    ),
)


def load(path: Path, *, form: str | None = None) -> Suite:
    """The suite at ``path``, in the form called ``form`` or the first that fits.

    Its name is the path's own. Raises BadSuite.
    """
    suite = _form(path, form).read(path)
    return replace(suite, name=path.resolve().name.split(".json")[0])


def background(paths: Sequence[Path]) -> tuple[Document, ...]:
    """Documents that no question is about: files of rows {id, text, title?, issuer?, …}.

    Ids are given once in all the files. Raises BadSuite.
    """
    taken = Ids()
    return tuple(document(row, taken) for path in paths for row in lines(path))


def digest(path: Path, *, form: str | None = None) -> str:
    """What tells one state of a suite from another: 16 hex digits of a SHA-256.

    It is over the names and bytes of the files that are read, wherever they lie. A file by
    itself (of background too) needs no form. Raises BadSuite.
    """
    folder, files = (
        (path.parent, [path]) if path.is_file() else (path, _form(path, form).files(path))
    )
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(folder).as_posix().encode() + b"\0")
        with file.open("rb") as opened:
            total.update(hashlib.file_digest(opened, "sha256").digest())
    return total.hexdigest()[:DIGITS]


def _form(path: Path, name: str | None) -> Form:
    """The form called ``name``, or the first that fits ``path``."""
    if not path.exists():
        raise BadSuite(f"{path}：没有这个文件或文件夹；请检查路径")
    for form in FORMS:
        if form.name == name if name else form.fits(path):
            return form
    forms = "".join(f"\n  {form.name}：{form.needs}" for form in FORMS)
    if name:
        raise BadSuite(f"没有名为 {name} 的格式；请用下列之一：{forms}")
    raise BadSuite(f"{path}：认不出是哪种问题集；请整理成下列之一，或用 --format 指明：{forms}")

"""The cards of suites: found beside them, told by their digest, and refused where they are bad."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from eval.cards import KNOWN, Card, card_of, seen
from eval.suite import BadSuite
from eval.suites import digest
from tests.conftest import CORPUS, ROOT

WORDS = {"origin": "某市", "licence": "公开", "made": "人写的", "split": "只用来测"}
DATA = ROOT.parent / "shared" / "data"


def written(folder: Path, seen_in_training: str, **changed: str) -> Path:
    folder.mkdir(exist_ok=True)
    lines = [f'{key} = "{value}"\n' for key, value in (WORDS | changed).items()]
    lines.append(f"seen_in_training = {seen_in_training}\n")
    (folder / "card.toml").write_text("".join(lines), encoding="utf-8")
    return folder


def test_a_card_stands_in_the_folder_of_its_suite(tmp_path: Path) -> None:
    card = card_of(written(tmp_path, '["reader-zh"]'), digest="x")
    assert card == Card(**WORDS, seen_in_training=("reader-zh",))
    assert card_of(tmp_path / "none", digest="x") is None


def test_that_of_a_file_stands_beside_it(tmp_path: Path) -> None:
    written(tmp_path, "true")
    (tmp_path / "card.toml").rename(tmp_path / "dev.card.toml")
    for name in ("dev.json", "dev.json.gz", "dev.jsonl.gz"):
        (tmp_path / name).touch()
        card = card_of(tmp_path / name, digest="x")
        assert card is not None
        assert card.seen_in_training is True
    assert card_of(tmp_path / "other.json", digest="x") is None


def test_a_public_set_is_known_by_its_digest_whatever_its_name(tmp_path: Path) -> None:
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    assert len({row["digest"] for row in known.values()}) == len(known)
    for row in known.values():
        card = card_of(tmp_path, digest=row["digest"])
        assert card is not None
        assert card.seen_in_training == row["seen_in_training"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ncp", "reading/cjrc_dev.json.gz", "replies/teddy.jsonl.gz"])
def test_the_sets_that_we_have_are_those_of_the_cards(name: str) -> None:
    assert card_of(DATA / name, digest=digest(DATA / name)) is not None


def test_this_projects_corpus_has_a_card() -> None:
    card = card_of(CORPUS, digest="x")
    assert card is not None
    assert card.seen_in_training is False


@pytest.mark.parametrize(
    ("card", "folds", "expected"),
    [
        (None, False, None),
        (None, True, None),
        (True, False, True),
        (True, True, False),
        (False, False, False),
        (("reader-zh",), False, True),
        (("reader-zh:12ab",), False, True),
        (("reader-zh",), True, False),
        (("other",), False, False),
        ((), False, False),
    ],
)
def test_whether_the_model_in_use_has_seen_it(
    card: bool | tuple[str, ...] | None, folds: bool, expected: bool | None
) -> None:
    given = None if card is None else Card(**WORDS, seen_in_training=card)
    found = seen(given, reader="reader-zh:12ab", folds=folds)
    assert found is expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("origin = ", "读不出 TOML"),
        ('origin = "a"\nlicense = "b"', "不认识的键 'license'"),
        ('origin = "a"', "缺少 licence"),
        ('origin = 3\nlicence = "b"', "缺少 origin"),
    ],
)
def test_a_bad_card_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "card.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSuite, match=says):
        card_of(tmp_path, digest="x")


@pytest.mark.parametrize("given", ['"yes"', "3", "[1]"])
def test_whether_it_was_seen_must_be_said_plainly(tmp_path: Path, given: str) -> None:
    with pytest.raises(BadSuite, match="seen_in_training"):
        card_of(written(tmp_path, given), digest="x")

"""Which ids a letter may have."""

from __future__ import annotations

import pytest

from indexer.formats.ids import LONGEST, check_id, printable
from kb.errors import UnreadableFile


@pytest.mark.parametrize(
    "identity",
    ["x/../../staff/logout", "..", ".", "a/./b", "/a", "a/", "a//b", "a\\b", "a?b", "a#b", "a%2fb",
     "a\x00b", "a\tb", "a\u202eb", "a\u2066b", "a\ufeffb", "a<b", 'a"b', "a|b", "a*b", "a^b", "a`b",
     "\ue000", "\ud800", "a/ ../b", "...", "a\u00a0b", "\U000e0041", "甲" * (LONGEST + 1), ""],
)  # fmt: skip
def test_an_id_that_would_lead_elsewhere_or_cannot_be_shown_is_refused(identity: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        check_id(identity)
    assert caught.value.code == "bad_id"
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "identity",
    [
        "7",
        "2549",
        "云建函〔2025〕9号",
        "a/b/c.txt",
        "甲" * LONGEST,
        "a..b",
        "v1.0",
        "x (2)",
        "【急】",
        "①",
    ],
)
def test_usual_ids_are_taken(identity: str) -> None:
    check_id(identity)


def test_what_cannot_be_printed_is_escaped() -> None:
    assert printable("好\n\udcff\u202e𠮷") == "好\\n\\udcff\\u202e𠮷"

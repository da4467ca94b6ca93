"""Encodings of text files, and lines of a bulk import."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats import plain
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile

LETTER = "关于市政协五届二次会议第112号提案的复函\n徐秀叶委员：\n　　您提出的提案收悉。"
SHORT = "答复"
ADDRESSEE = "徐秀叶委员："
MIXED = "6月底前完成 PPP 项目 3.5 km"
EXT_B = "𠮷野家位于𡔖村"
RARE = "喆、翀、犇委员："

# Every row: the text, and the codec that wrote it.
SAMPLES = [
    (text, encoding)
    for text in (LETTER, SHORT, ADDRESSEE, MIXED, EXT_B, RARE)
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32")
] + [
    (text, encoding)
    for text in (LETTER, ADDRESSEE, MIXED, EXT_B, "提案办理结果", "同意", "第1号\n")
    for encoding in ("utf-16-le", "utf-16-be")
]


@pytest.mark.parametrize(("text", "encoding"), SAMPLES)
def test_text_is_right_in_every_encoding(text: str, encoding: str) -> None:
    assert plain.decode(text.encode(encoding)) == text


def test_marks_of_both_byte_orders_are_honoured() -> None:
    for mark, encoding in plain.MARKS:
        assert plain.decode(mark + LETTER.encode(encoding)) == LETTER


def test_ascii_stays_ascii_though_it_could_be_utf16() -> None:
    for text in ("-N", "1234", "2024-06-28", "Re: the letter of June"):
        assert plain.decode(text.encode()) == text


def test_the_word_that_fools_detectors_is_read_right() -> None:
    # C1 AA CD A8 looks like UTF-8 to lenient decoders.
    assert plain.decode("联通".encode("gb18030")) == "联通"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89\x50\x00\x01\x02\x03\xff\xfe",
        "复文".encode() + b"\0" + "答复".encode(),
        b"abc\0def\0",
        "本局已完成管网改造".encode() + "下一步工作安排".encode("gb18030"),
        "下一步工作安排".encode("gb18030") + "，本局已完成管网改造".encode(),
        b"\xff\xff\xff\xff\xff",
        b"\x80\x81\x01\x02\x03\x9f",
        codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00",
        codecs.BOM_UTF8 + b"\xb4\xf0\xb8\xb4",
        "答复".encode("utf-32-le"),
    ],
    ids=lambda content: content[:8].hex(),
)
def test_what_is_no_text_or_a_mixture_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        plain.decode(content)
    assert caught.value.code == "encoding_unknown"


def test_utf8_cut_in_the_middle_of_a_character_is_not_read_as_gb18030() -> None:
    with pytest.raises(UnreadableFile) as caught:
        plain.decode(LETTER.encode()[:-1])
    assert caught.value.code == "encoding_unknown"


def test_line_ends_become_one_kind() -> None:
    assert plain.decode("一\r\n二\r三\n".encode()) == "一\n二\n三\n"


CHINESE = st.text(
    st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), st.just("。")),
    min_size=1,
)


@given(CHINESE)
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert plain.decode(text.encode()) == text


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_the_typed_refusal(content: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        plain.decode(content).encode()


# ── bulk import ──────────────────────────────────────────────────────────────────────────


def lines(*records: object, limits: Limits = Limits()) -> list[Raw | UnreadableFile]:  # noqa: B008
    """What is read of the given lines: bytes and str as they are, the rest as JSON."""
    content = b"\n".join(
        record
        if isinstance(record, bytes)
        else (record if isinstance(record, str) else json.dumps(record)).encode()
        for record in records
    )
    return list(plain.read_lines(io.BytesIO(content), limits))


def code(found: Raw | UnreadableFile) -> str:
    assert isinstance(found, UnreadableFile), found
    return found.code


def test_a_line_gives_a_letter_with_its_metadata_and_place() -> None:
    record = {"id": "a1", "text": "答复", "title": "题", "issuer": "局", "date": "2024-06-28"}
    assert lines(record | {"url": "https://x/"}) == [
        Raw(
            id="a1",
            text="答复",
            meta={"title": "题", "issuer": "局", "date": "2024-06-28", "url": "https://x/"},
            place="第1行",
        )
    ]


def test_blank_lines_are_skipped_but_counted() -> None:
    found = lines("", {"id": 7, "text": "一"}, "  ", {"id": "8", "text": "二"})
    assert [(raw.id, raw.place) for raw in found if isinstance(raw, Raw)] == [
        ("7", "第2行"),
        ("8", "第4行"),
    ]


@pytest.mark.parametrize(
    ("line", "expected", "names"),
    [
        ("{", "bad_line", "JSON"),
        ("[1, 2]", "bad_line", "对象"),
        ("7", "bad_line", "对象"),
        ({"text": "x"}, "bad_line", "缺少 id"),
        ({"id": "1"}, "bad_line", "缺少 text"),
        ({"id": "1", "text": None}, "bad_line", "text"),
        ({"id": "1", "text": 5}, "bad_line", "text"),
        ({"id": "1", "text": " \n"}, "bad_line", "text"),
        ({"id": True, "text": "x"}, "bad_line", "id"),
        ({"id": 1.5, "text": "x"}, "bad_line", "id"),
        ({"id": " ", "text": "x"}, "bad_line", "id"),
        ({"id": "a\nb", "text": "x"}, "bad_line", "id"),
        ({"id": "1", "text": "x", "title": 3}, "bad_line", "title"),
        ({"id": "1", "text": "x", "pubicity": "closed"}, "bad_line", "pubicity"),
        ({"id": "1", "text": "x", "公开属性": "不予公开"}, "bad_line", "公开属性"),
        ({"id": "1", "text": "x", "": 1}, "bad_line", "publicity"),
        ({"id": "1", "text": "x", "publicity": ""}, "bad_line", "publicity"),
        ({"id": "1", "text": "x", "publicity": False}, "bad_line", "publicity"),
        ({"id": "1", "text": "x", "publicity": ["closed"]}, "bad_line", "publicity"),
        ('{"id": "1", "text": "\\ud800"}', "bad_text", "text"),
        ('{"id": "\\udc00", "text": "x"}', "bad_text", "id"),
        ('{"id": "1", "text": "x", "issuer": "\\ud800"}', "bad_text", "issuer"),
        ('{"id": "1", "text": "x\\u0000"}', "bad_text", "空字符"),
        ('{"id": 1' + "0" * 5000 + ', "text": "x"}', "bad_line", "整数"),
        ("[" * 100_000, "bad_line", "嵌套"),
        ('{"a":' * 100_000, "bad_line", "嵌套"),
        (b'{"id": "1", "text": "\xff\xff\xff"}', "encoding_unknown", "UTF-8"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(line: object, expected: str, names: str) -> None:
    before, bad, after = lines({"id": "x", "text": "一"}, line, {"id": "y", "text": "二"})
    assert isinstance(before, Raw)
    assert isinstance(after, Raw)
    assert code(bad) == expected
    assert "第2行" in str(bad)
    assert names in str(bad)


def test_the_publicity_of_a_line_is_kept_and_null_is_none() -> None:
    closed, unsaid = lines(
        {"id": "1", "text": "x", "publicity": "closed"}, {"id": "2", "text": "x", "publicity": None}
    )
    assert isinstance(closed, Raw)
    assert closed.meta == {"publicity": "closed"}
    assert isinstance(unsaid, Raw)
    assert unsaid.meta == {}


def test_unknown_keys_are_named_in_characters_that_can_be_shown() -> None:
    for key in ("\ud800", "\u202e", "x" * 5000):
        (bad,) = lines({"id": "1", "text": "x", key: 1})
        assert code(bad) == "bad_line"
        assert len(str(bad)) < 200
        assert "\u202e" not in str(bad)
        str(bad).encode()


def test_an_id_that_comes_twice_is_refused_the_second_time() -> None:
    first, second = lines({"id": 1, "text": "一"}, {"id": "1", "text": "二"})
    assert isinstance(first, Raw)
    assert code(second) == "duplicate_id"


def test_the_id_of_a_refused_line_may_come_again() -> None:
    refused, taken = lines({"id": "1"}, {"id": "1", "text": "二"})
    assert code(refused) == "bad_line"
    assert isinstance(taken, Raw)


def test_line_ends_of_an_imported_text_become_one_kind() -> None:
    (raw,) = lines({"id": "1", "text": "一\r\n二\r三"})
    assert isinstance(raw, Raw)
    assert raw.text == "一\n二\n三"


def test_null_metadata_is_the_same_as_none() -> None:
    (raw,) = lines({"id": "1", "text": "x", "title": None})
    assert isinstance(raw, Raw)
    assert raw.meta == {}


def test_a_surrogate_pair_in_escapes_is_one_character() -> None:
    (raw,) = lines('{"id": "1", "text": "\\ud842\\udfb7"}')
    assert isinstance(raw, Raw)
    assert raw.text == "𠮷"


def test_a_mark_before_the_first_line_and_gb18030_lines_are_read() -> None:
    marked = codecs.BOM_UTF8 + '{"id": "1", "text": "答复"}'.encode()
    other = '{"id": "2", "text": "现将办理情况答复如下"}'.encode("gb18030")
    assert [raw.text for raw in lines(marked, other) if isinstance(raw, Raw)] == [
        "答复",
        "现将办理情况答复如下",
    ]


def test_a_line_over_the_cap_is_skipped_without_being_held() -> None:
    limits = Limits(line_bytes=1000)
    content = b'{"id": "1", "text": "' + b"x" * 20_000_000 + b'"}\n{"id": "2", "text": "y"}'
    tracemalloc.start()
    long, short = plain.read_lines(io.BytesIO(content), limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code(long) == "too_large"
    assert isinstance(short, Raw)
    assert short.place == "第2行"
    assert peak < 1_000_000


def test_lines_are_read_as_they_are_asked_for() -> None:
    file = io.BytesIO(b'{"id": 1, "text": "x"}\n' + b'{"id": 2, "text": "y"}\n' * 100_000)
    next(plain.read_lines(file, Limits()))
    assert file.tell() < 100

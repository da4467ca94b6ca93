"""Reading a letter: every field of the sample letters and of the real one, and dates."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.letter.view import iso_day
from kb.types import MULTI_FIELDS
from tests.conftest import corpus_rows
from tests.support.indexed import has_true_spans, letter, letter_of, sample_letters, values

FIELDS: dict[str, dict[str, Any]] = {r["letter"]: r["fields"] for r in corpus_rows("fields.jsonl")}


# --- the sample letters and the real one ------------------------------------------------------


@pytest.mark.parametrize("letter_id", FIELDS)
def test_every_field_of_a_sample_letter_is_read(letter_id: str) -> None:
    found = sample_letters()[letter_id]
    read_fields = {
        name: values(found, name) if name in MULTI_FIELDS else found.value(name)
        for name in FIELDS[letter_id]
    }
    assert read_fields == FIELDS[letter_id]
    assert has_true_spans(found)


@pytest.mark.shared
def test_every_field_of_the_real_letter_is_read(real_text: str) -> None:
    found = letter_of(real_text)
    assert {name: field.value for name, field in found.fields.items()} == {
        "issuer": "焦作市住房和城乡建设局",
        "number": "焦建办〔2024〕32号",
        "signer": "王文成",
        "result_class": "A",
        "assembly": "市政协十五届二次会议",
        "kind": "提案",
        "proposal_no": "1520135",
        "proposal_title": "关于推进我市老旧小区适老化改造的提案",
        "issued_on": "2024-06-28",
        "contact_unit": "焦作市住房和城乡建设局房管科",
    }
    assert values(found, "addressees") == ["徐秀叶委员"]
    assert values(found, "co_organs") == ["市民政局"]
    assert values(found, "cc") == ["市政协提案委", "市政府督查室"]
    assert found.title is not None
    assert found.title.value == "对市政协十五届二次会议第1520135号提案的答复"
    assert has_true_spans(found)
    assert [h.text for h in found.headings if h.level == 1] == [
        "一、老旧小区实施情况",
        "二、适老化改造实施情况（市民政局提供）",
        "三、采取措施",
        "四、关于马村区东苑社区的情况说明",
        "五、下步工作",
    ]


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024年6月28日", "2024-06-28"),
        ("2024 年 6 月 8 日", "2024-06-08"),
        ("2024-6-28", "2024-06-28"),
        ("2024.06.28", "2024-06-28"),
        ("2024/6/8", "2024-06-08"),
        ("２０２４年６月８日", "2024-06-08"),
        ("二〇二四年六月二十八日", "2024-06-28"),
        ("二○二四年十月十日", "2024-10-10"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("二〇二四年一月二十日", "2024-01-20"),
        ("2024-6-8 10:00", "2024-06-08"),
        ("2024-06-28T10:00:00", "2024-06-28"),
        ("2024年2月29日", "2024-02-29"),
        ("2023年2月29日", None),
        ("2024年13月1日", None),
        ("二〇二四年六月廿八日", None),
        ("0000年1月1日", None),
        ("二〇二四年六月三十一日", None),
        ("2024年6月", None),
        ("", None),
        ("昨天", None),
        ("1-2-3", None),
        ("99999999999年1月1日", None),
        ("9" * 5000 + "-1-1", None),
        ("2024-06-281", None),
        ("第2024-1-1", None),
    ],
)
def test_a_day_is_read_or_refused(raw: str, iso: str | None) -> None:
    assert iso_day(raw) == iso


def test_the_words_for_dates_in_a_letter_are_read_from_its_foot() -> None:
    assert letter(tail="云岭市民政局\n二〇二四年六月二十八日").value("issued_on") == "2024-06-28"
    assert letter(tail="云岭市民政局办公室　2024年6月28日印发").value("issued_on") == "2024-06-28"
    assert letter(tail="请于2024年6月28日前完成").value("issued_on") is None

"""Reading a letter: every rule on its example, every field of the sample letters, the wild."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pytest

from indexer.formats.parse import parse
from indexer.formats.raw import Raw
from indexer.letter.fields import apply, apply_list, iso_day, read
from indexer.letter.rules import LIST_RULES, RULES, Rule
from kb.types import MULTI_FIELDS, Letter, Span
from tests.conftest import CORPUS, corpus_rows

FIELDS: dict[str, dict[str, Any]] = {r["letter"]: r["fields"] for r in corpus_rows("fields.jsonl")}


def letter_of(text: str, *, front: str = "", **meta: str) -> Letter:
    return read(Raw(id=None, text=text, front=front, meta=meta), letter_id="x", source="x.txt")


def letter(
    *,
    top: str = "云岭市民政局文件\n云民函〔2024〕7号\n签发人：王文成\n办理结果：A",
    title: str = "对市政协五届三次会议第086号提案的答复",
    who: str = "徐秀叶委员：",
    opening: str = "您提出的“关于推进养老服务的提案”收悉。经与市财政局共同研究，现答复如下：",
    tail: str = "云岭市民政局\n2024年5月6日\n联系单位：云岭市民政局养老科\n抄送：市政协提案委",
) -> Letter:
    return letter_of(f"{top}\n{title}\n{who}\n{opening}\n一、情况\n工作进展顺利。\n{tail}")


def values(found: Letter, name: str) -> list[str]:
    return [field.value for field in found.lists.get(name, ())]


def has_true_spans(found: Letter) -> bool:
    fields = [*found.fields.items(), *((n, f) for n, many in found.lists.items() for f in many)]
    for name, field in fields:
        if field.span:
            source = field.span.of(found.text)
            same = iso_day(source) if name == "issued_on" else "".join(source.split())
            assert same == field.value.replace(" ", ""), (name, field, source)
    return (
        not found.title
        or not found.title.span
        or found.title.span.of(found.text) == found.title.value
    )


@lru_cache(maxsize=1)
def sample_letters() -> dict[str, Letter]:
    letters = {}
    for path in sorted((CORPUS / "letters").iterdir()):
        for raw in parse(path):
            assert isinstance(raw, Raw)
            letter_id = raw.id or path.name
            letters[letter_id] = read(raw, letter_id=letter_id, source=path.name)
    return letters


# --- rules ------------------------------------------------------------------------------------


def named(rule: Rule) -> str:
    return f"{rule.field}-{rule.name}"


@pytest.mark.parametrize("rule", [r for r in RULES if r.name != "bulk import"], ids=named)
def test_every_rule_reads_its_own_example(rule: Rule) -> None:
    field = apply(rule, rule.example, {rule.zone: Span(start=0, end=len(rule.example))})
    assert field is not None
    assert (field.value, field.rule) == (rule.value, rule.name)
    assert field.span is not None
    source = field.span.of(rule.example)
    assert source == field.value or iso_day(source) == field.value


@pytest.mark.parametrize("rule", LIST_RULES, ids=named)
def test_every_list_rule_reads_its_own_example(rule: Rule) -> None:
    here = Span(start=0, end=len(rule.example))
    found = apply_list(rule, rule.example, {rule.zone: here, "title": Span(start=0, end=0)})
    assert [field.value for field in found] == rule.value.split("|")
    assert all(f.span is not None and f.span.of(rule.example) == f.value for f in found)


def test_rules_of_a_field_have_names_of_their_own() -> None:
    keys = [(rule.field, rule.name) for rule in (*RULES, *LIST_RULES)]
    assert len(set(keys)) == len(keys)


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


def test_the_rules_compile_to_distinct_patterns_per_zone() -> None:
    patterns = [(r.field, r.zone, r.pattern.pattern) for r in RULES if r.name != "bulk import"]
    assert len(set(patterns)) == len(patterns)
    assert all(isinstance(r.pattern, re.Pattern) and "v" in r.pattern.groupindex for r in RULES)

"""What citizens may not see is hidden in its place, and staff get it back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from kb.errors import WrongUse
from kb.privacy.redact import MASKED, RULES_VERSION, redacted, restored, version
from kb.privacy.redact_rules import ROWS
from kb.profile import Masking, _masking, profile
from kb.types import Field, Hidden, Letter, Span
from tests.conftest import CORPUS, ROOT
from tests.support.fakes import make_letter
from tests.support.stores import STORES, put

HIDE_ALL = Masking(contacts=False, landlines=False, members=False)
SHOW_ALL = Masking(contacts=True, landlines=True, members=True)
PARTS = [row.example for row in ROWS] + [
    "\n", "。", "，", "联系人：", "电话：", "13812345678", "顾青松委员：", "　", "𠮷", "８６",
    "人民路12号3栋402",
]  # fmt: skip


def shown(text: str, masking: Masking) -> str:
    letter = redacted(make_letter("x", text, title=None), masking).letter
    return letter.text[1:]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("联系人：张三、李四　电话：5547703、5547704", "联系人：**、**　电话：*******、*******"),
        ("联 系 人：贺　敏　　电　话：5520187", "联 系 人：*　*　　电　话：*******"),
        ("联系人\t付小军\t电话\t5547703", "联系人\t***\t电话\t*******"),
        ("联系人：\n付小军 ５５４７７０３", "联系人：\n*** *******"),
        (
            "联系人：市教育局房管科 王小明 0391-5547703转8001",
            "联系人：市教育局房管科 *** ****-*******转****",
        ),
        ("承办人：张建科 13812345678", "承办人：*** ***********"),
        ("联系人：付小军。付小军同志负责。", "联系人：***。***同志负责。"),
        ("联系人：高峰 5547703。高峰期公交", "联系人：** *******。高峰期公交"),
        ("家住阳光小区3号楼402", "家住阳光小区*号楼***"),
        ("联系电话：5561285，联系人：骆金山", "联系电话：*******，联系人：***"),
        ("邮箱 zhangsan@qq.com，手机13812345678", "邮箱 z*******@qq.com，手机138****5678"),
    ],
)
def test_persons_and_their_phones_are_hidden(text: str, hidden: str) -> None:
    assert shown(text, Masking()) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "联系单位：市民政局社会救助科　联系电话：3569012",
        "联系电话：0391-3569012（办公室）",
        "联系电话：0000-00000000（基教股）",
        "请拨打12345热线，或发至 jzjb@henan.gov.cn。",
        "徐秀叶委员：\n您提出的提案收悉。签发人：王文成",
        "经办人员告之4至5月后兑付资金会到位",
        "建立联系人制度，落实责任。",
        "铁路新村12号楼3单元的电梯已经装好，在人民路12号。",
        "焦建办〔2024〕32号\n2024年6月28日",
    ],
)
def test_offices_members_and_prose_are_shown(text: str) -> None:
    assert shown(text, Masking()) == text


def test_members_that_staff_entered_beside_the_text_are_hidden_like_the_others() -> None:
    named = (Field(value="顾青松委员", span=None, rule="人工更正"),)
    letter = replace(make_letter("x", "答复如下。"), lists={"addressees": named})
    hidden = redacted(letter, replace(SHOW_ALL, members=False)).letter
    assert hidden.lists["addressees"][0].value == "***委员"
    assert redacted(letter, SHOW_ALL).letter.lists["addressees"] == named


def test_numbers_that_staff_entered_beside_the_text_are_hidden_like_the_others() -> None:
    entered = Field(value="农水科，13812345678", span=None, rule="人工更正")
    letter = replace(make_letter("x", "答复如下。"), fields={"contact_unit": entered})
    shown = redacted(letter, Masking()).letter.fields["contact_unit"].value
    assert "13812345678" not in shown


def test_members_are_hidden_wherever_they_are_named() -> None:
    raw = (
        "关于第5号提案的答复\n徐秀叶、李明委员：\n徐秀叶委员提出的提案收悉。李明说得对。\n"
        "市教育局\n2024年5月6日"
    )
    letter = read(Raw(id=None, text=raw, flags=()), letter_id="x", source="x.txt")
    seen = redacted(letter, replace(SHOW_ALL, members=False)).letter
    assert "徐秀叶" not in seen.text
    assert "李明委员" not in seen.text
    assert [one.value for one in seen.lists["addressees"]] == ["***", "**委员"]
    assert seen.issued_on == letter.issued_on


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=6)))
def test_hiding_keeps_every_offset_and_can_be_undone(parts: list[str]) -> None:
    letter = make_letter("x", "".join(parts).replace("\ud800", ""), issuer="云岭市教育局")
    for masking in (Masking(), HIDE_ALL):
        both = redacted(letter, masking)
        assert len(both.letter.text) == len(letter.text)
        apart = {one.start + at: c for one in both.hidden for at, c in enumerate(one.text)}
        assert all(
            was == now if at not in apart else (now, apart[at]) == ("*", was)
            for at, (was, now) in enumerate(zip(letter.text, both.letter.text, strict=True))
        )
        assert restored(both.letter, both.hidden) == letter
        assert (MASKED in both.letter.flags) == bool(both.hidden)


def sample() -> list[Letter]:
    texts = sorted((CORPUS / "sources").glob("*.txt"))
    return [
        read(Raw(id=None, text=one.read_text("utf-8"), flags=()), letter_id=one.name, source="x")
        for one in texts
    ]


@pytest.mark.parametrize("letter", sample(), ids=lambda one: str(one.id))
def test_every_field_and_heading_says_what_stands_at_its_place(letter: Letter) -> None:
    both = redacted(letter, HIDE_ALL)
    seen = both.letter
    assert both.hidden
    assert restored(seen, both.hidden) == letter
    for heading in seen.headings:
        assert heading.text == heading.span.of(seen.text)
    every = [*seen.fields.values(), *(one for many in seen.lists.values() for one in many)]
    before = [*letter.fields.values(), *(one for many in letter.lists.values() for one in many)]
    for field, was in zip(every, before, strict=True):
        assert field == was or field.value == "".join(field.span.of(seen.text).split())  # type: ignore[union-attr]


def test_a_value_beside_the_text_is_masked_too() -> None:
    letter = make_letter("x", "联系人：付小军　5547703", issuer="市教育局")
    letter = replace(letter, title=Field(value="付小军13812345678的提案", span=None, rule="导入"))
    seen = redacted(letter, Masking()).letter
    assert seen.title
    assert seen.title.value == "***138****5678的提案"


def test_a_place_may_differ_and_what_citizens_see_depends_on_the_version() -> None:
    ours = profile().masking
    assert not ours.contacts
    open_city = Masking(contacts=True)
    differing = replace(ours, places={"云岭市": open_city})
    assert differing.of("云岭市教育局") is open_city
    assert differing.of("别的市教育局") is differing
    assert ours.of(None) is ours
    assert version(ours).startswith(f"{RULES_VERSION}-")
    assert version(replace(ours, landlines=False)) != version(ours)
    assert version(differing) != version(ours)


@pytest.mark.parametrize("table", [{"contacts": "hide"}, {"phones": "shown"}])
def test_a_wrong_profile_lists_what_may_be_written(table: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match=r"contacts、landlines、members.*shown 或 hidden"):
        _masking(table)


@pytest.mark.parametrize("name", STORES)
def test_a_store_keeps_what_is_hidden_apart_and_gives_it_to_staff(
    name: str, tmp_path: Path
) -> None:
    store = STORES[name](tmp_path)
    letter = make_letter("a", "一。\n联系人：付小军　5547703。\n二。")
    both = redacted(letter, Masking())
    with store.draft() as draft:
        put(draft, both.letter, hidden=both.hidden)
        put(draft, make_letter("b"), source="b.txt")
        draft.publish()
    reader = store.current()
    assert reader.letter("a") == both.letter
    assert reader.unmasked("a") == letter
    assert reader.unmasked("b") == reader.letter("b")
    with store.draft() as draft:
        put(draft, make_letter("a", "换了一份。"))
        draft.publish()
    assert store.current().unmasked("a").text.endswith("换了一份。")


def test_only_the_staffs_console_opens_the_door() -> None:
    """Beside those that keep or define it, no module names ``unmasked``.

    Nor the indexer, which has read the very files, but to compare letters by all that they say.
    """
    keepers = {"kb/store/protocol.py", "kb/store/local/letters.py", "indexer/update.py"}
    keepers |= {"indexer/shards/work.py"}  # shards are of whole letters and for the indexer alone
    keepers |= {"indexer/versions/earlier.py", "indexer/versions/takedown.py"}
    callers = {
        path.relative_to(ROOT).as_posix()
        for room in ("kb", "server", "indexer")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\.unmasked\b|\brestored\b", path.read_text("utf-8"))
    }
    strangers = {one for one in callers - keepers if not one.startswith("server/console/")}
    assert strangers <= {"kb/privacy/redact.py"}


def test_no_module_that_serves_citizens_knows_the_console() -> None:
    others = {ROOT / "server" / name for name in ("app.py", "process.py", "demo.py")}
    others |= set((ROOT / "server" / "console").rglob("*.py"))
    citizens = set((ROOT / "server").rglob("*.py")) - others
    assert ROOT / "server" / "pages" / "ask.py" in citizens
    for path in citizens:
        assert "server.console" not in path.read_text("utf-8"), path.name


def test_runs_are_kept_in_the_order_of_the_text() -> None:
    both = redacted(make_letter("x", "联系人：付小军　5547703", title=None), Masking())
    assert both.hidden == (Hidden(start=5, text="付小军"), Hidden(start=9, text="5547703"))
    assert Span(start=5, end=8).of(both.letter.text) == "***"


def test_the_day_that_came_beside_a_text_stays_though_the_text_hides_its_figures() -> None:
    letter = make_letter("x", "您住的幸福村20栋201，室内客厅漏水。", issued_on="2019-05-28")
    seen = redacted(letter, Masking())
    assert "201" in [run.text for run in seen.hidden]
    assert seen.letter.issued_on == letter.issued_on


def test_what_came_beside_a_text_is_masked_though_the_text_has_nothing_to_hide() -> None:
    title = Field(value="业主王建国来电13887654321的答复", span=None, rule="bulk import")
    letter = replace(
        make_letter("x", "路灯已经修好。", title=None),
        title=title,
        url="https://a.cn/?t=13700001111",
    )
    seen = redacted(letter, Masking()).letter
    assert seen.title
    assert seen.title.value == "业主***来电138****4321的答复"
    assert seen.url == ""
    assert MASKED in seen.flags
    assert seen.text == letter.text


def test_a_short_name_that_the_text_hides_is_hidden_in_a_title_beside_it() -> None:
    title = Field(value="给周强的答复", span=None, rule="bulk import")
    letter = replace(make_letter("x", "联系人：周强 5547703", title=None), title=title)
    seen = redacted(letter, Masking()).letter
    assert seen.title
    assert seen.title.value == "给**的答复"

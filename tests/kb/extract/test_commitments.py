"""What a letter promises is found, and what it cites, has done or hopes for is not."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures.letters import commitment_scores
from kb import serialize
from kb.errors import WrongUse
from kb.extract.clauses import clauses_of
from kb.extract.commitments import commitment_at, commitments
from kb.extract.types import Commitment
from kb.extract.unclaimed import unclaimed
from kb.profile import profile
from kb.types import Heading, Letter, Span
from tests.conftest import CORPUS
from tests.support.indexed import sample_letters
from tests.support.letters import make_letter
from tests.support.promises import ORGAN, letter_of

PLACE = profile()


def letter(body: str, **fields: str) -> Letter:
    formal = {"issued_on": "2024-06-28", "number": "云城管〔2024〕1号"}
    given = {**formal, "issuer": "云岭市城市管理局", **fields}
    return make_letter("甲", body, title=None, **given)


def found(body: str, **fields: str) -> list[Commitment]:
    return list(commitments(letter(body, **fields), PLACE))


def words(body: str) -> list[str]:
    made = letter(body)
    return [one.span.of(made.text) for one in commitments(made, PLACE)]


# --- what is and what isn't ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("我局将于年底前新增停车位200个。", "will"),
        ("拟第四季度出台管理办法。", "plans"),
        ("力争2025年上半年建成投用。", "strives"),
        ("会同市财政局研究将迁改费用纳入资金列支的可行性。", "studies"),
        ("正在对54个小区的变压器进行更换，11月底前完成。", "under_way"),
        ("9月底前完成235辆收运车辆的安装。", "will"),
        ("其余83个列入2025年至2026年改造计划。", "plans"),
    ],
)
def test_a_promise_is_found_with_its_strength(text: str, strength: str) -> None:
    (one,) = found(text)
    assert one.strength == strength


@pytest.mark.parametrize(
    "text",
    [
        "为深入贯彻“将改革进行到底”的要求，进一步提高认识。",
        "根据《云岭市停车管理条例》规定，逾期不改的将依法处罚。",
        "您反映的问题已收悉，现将有关情况回复如下：",
        "感谢您的关心，我们将继续努力。",
        "如有疑问请拨打热线，我们将及时为您解答。",
        "2023年10月底前已建成停车位200个。",
        "去年计划新建30处，实际建成28处。",
        "该路段建成后将大幅提升通行能力。",
        "2023年我局答复时，计划在2024年冬季之前完成清淤。",
        "市城市管理局办公室2024年7月1日印发",
        "停车位共有200个，年均增长5%。",
    ],
)
def test_what_only_looks_like_a_promise_is_none(text: str) -> None:
    assert found(text) == []


def test_what_was_promised_and_not_kept_is_no_promise() -> None:
    assert found("已责令其15日内自行拆除，但当事人并未在期限内拆除。") == []
    assert found("我局将责令其于15日内自行拆除违章建筑。") != []


def test_a_background_clause_is_no_part_of_the_promise() -> None:
    (said,) = words("为缓解停车难，我局将于年底前新增停车位200个，切实方便群众。")
    assert said == "我局将于年底前新增停车位200个"


def test_each_of_a_run_is_one_promise() -> None:
    text = "一是年底前完成剩余改造任务。二是2025年上半年再建食堂18家。三是探索发放补贴的办法。"
    assert [one.strength for one in found(text)] == ["will", "will", "studies"]


def test_stages_are_promises_of_their_own() -> None:
    said = found("第一批12所计划于2024年8月底前建成，第二批11所计划在2025年内完成。")
    dues = [one.due.last for one in said if one.due]
    assert dues == ["2024-08-31", "2025-12-31"]


def test_under_a_heading_that_looks_ahead_an_action_is_a_promise() -> None:
    body = "五、下步工作\n推进老旧小区周边养老、托育等公共配套服务建设。\n"
    made = letter(body)
    titled = replace(
        made,
        headings=(Heading(text="五、下步工作", level=1, span=Span(start=0, end=6)),),
        text=made.text.lstrip("\n"),
        body=Span(start=0, end=len(body)),
    )
    (one,) = commitments(titled, PLACE)
    assert (one.strength, one.span.of(titled.text)[:2]) == ("will", "推进")
    assert commitments(replace(titled, headings=()), PLACE) == ()


ITEMS = """二、下步工作
（一）加强统筹协调，健全工作机制。
（二）进一步加强宣传引导
（三）公布2025年工程进度表
（四）补建无障碍坡道6处，更换旧灶具
（五）划设非机动车停车位120个。
（六）修订管理细则，将一方面加大巡查，另一方面完善设施。
（七）会尽最大努力争取省级资金支持。
（八）目前已更换灶具12台。
三、处理意见
对油烟扰民的3家餐馆安装净化器。更换破损井盖15个；修剪行道树。
1.增设护栏200米
2.迁移垃圾桶
感谢您的支持！
"""


def test_an_item_that_says_a_deed_is_a_promise_without_a_cue_and_every_other_is_unclaimed() -> None:
    made = letter(ITEMS)
    titles = ("二、下", "（二）", "（三）", "（四）", "三、处", "2.")
    headings = []
    for title in titles:
        start = made.text.index(title)
        line = made.text[start:].partition("\n")[0]
        span = Span(start=start, end=start + len(line))
        level = 1 if title[1] == "、" else 2
        headings.append(Heading(text=line, level=level, span=span))
    made = replace(made, headings=tuple(headings))
    said = commitments(made, PLACE)
    assert [one.span.of(made.text) for one in said] == [
        "公布2025年工程进度表",
        "补建无障碍坡道6处，更换旧灶具",
        "划设非机动车停车位120个",
        "修订管理细则，将一方面加大巡查，另一方面完善设施",
        "会尽最大努力争取省级资金支持",
        "对油烟扰民的3家餐馆安装净化器",
        "更换破损井盖15个",
        "修剪行道树",
        "增设护栏200米",
        "迁移垃圾桶",
    ]
    assert [one.text for one in unclaimed(made, [one.span for one in said])] == [
        "加强统筹协调，健全工作机制",
        "进一步加强宣传引导",
        "目前已更换灶具12台",
    ]
    untitled = [one.span.of(made.text) for one in commitments(replace(made, headings=()), PLACE)]
    assert "补建无障碍坡道6处，更换旧灶具" not in untitled


# --- what is read of it -----------------------------------------------------------------------


def test_the_due_date_is_the_one_by_which_it_is_done() -> None:
    (one,) = found("10月份全面开工，2026年5月底前完工。")
    assert one.due is not None
    assert (one.due.raw, one.due.first, one.due.last) == (
        "2026年5月底前",
        "2024-06-28",
        "2026-05-31",
    )


def test_when_it_was_done_is_no_due_date() -> None:
    made = letter("每年3月公布上年评估报告，2024年、2025年均已按期公布。")
    start = made.text.index("每年")
    one = commitment_at(made, Span(start=start, end=len(made.text) - 1), PLACE)
    assert one.due is not None
    assert (one.due.raw, one.due.last) == ("每年3月", None)
    (two,) = found("将于2024年底前完成已列入计划的30部电梯。")
    assert two.due is not None
    assert two.due.last == "2024-12-31"


@pytest.mark.parametrize(
    ("text", "organ"),
    [
        ("市民政局将于年底前完成改造。", "市民政局"),
        ("我局将于年底前完成改造。", "云岭市城市管理局"),
        ("年底前完成改造，由市财政局负责实施。", "市财政局"),
        ("年底前水质稳定达标。由市生态环境局负责，每月公布。", "市生态环境局"),
        ("责令华汇公司在11月底前完成清退。", "华汇公司"),
    ],
)
def test_the_organ_is_the_subject_or_the_issuer(text: str, organ: str) -> None:
    assert found(text)[0].organ == organ


def test_else_it_is_who_gave_the_section() -> None:
    body = "二、社区食堂（市民政局提供）\n年底前再建食堂18家。\n"
    made = letter(body)
    start = made.text.index("二、")
    heading = Heading(
        text="二、社区食堂（市民政局提供）", level=1, span=Span(start=start, end=start + 14)
    )
    (one,) = commitments(replace(made, headings=(heading,)), PLACE)
    assert one.organ == "市民政局"


def test_who_helps_is_told_apart() -> None:
    (one,) = found("会同市财政局、市残联，年底前出台补贴办法。")
    assert (one.organ, one.co_organs) == ("云岭市城市管理局", ("市财政局", "市残联"))


@pytest.mark.parametrize(
    ("text", "organ", "co_organs"),
    [
        ("国庆节前新建助餐点12个，由市民政局会同市财政局落实", "市民政局", "市财政局"),
        ("由市住建局牵头，会同市财政局、市残联于年底前完成加装", "市住建局", "市财政局 市残联"),
        ("市住建局牵头、市财政局配合，年底前建成停车位200个", "市住建局", "市财政局"),
        ("市住建局牵头，市财政局、市残联配合，年底前建成车位90个", "市住建局", "市财政局 市残联"),
        ("市消防支队牵头，市应急局、各乡镇参与，年底前完成排查200处", "市消防支队", "市应急局"),
        ("年底前完成河道清淤，由市水利局联合市生态环境局实施", "市水利局", "市生态环境局"),
        ("年底前完成河道清淤，由市水利局牵头负责，市农业农村局协助", "市水利局", "市农业农村局"),
        ("将由市公安局会同市城管局对占道停车开展整治，年底前完成", "市公安局", "市城管局"),
        ("市教育局将配合市住建局于年底前完成校门口改造", "市教育局", "市住建局"),
        ("市发改委会同市城管局将于2025年6月底前出台收费办法", "市发改委", "市城管局"),
        ("市文旅局协同市市场监管局将于年底前整治民宿30家", "市文旅局", "市市场监管局"),
        ("我局将会同市财政局、市发改委年底前制定补贴办法", "云岭市城市管理局", "市财政局 市发改委"),
        ("市妇联联合市总工会将于年底前建成妈妈小屋10个", "市妇联", "市总工会"),
        ("市残疾人联合会将于年底前新建康复站5个", "市残疾人联合会", ""),
        ("由市协同创新中心负责年底前建成展厅1个", "市协同创新中心", ""),
    ],
)  # fmt: skip
def test_the_organ_that_leads_is_parted_from_those_that_help(
    text: str, organ: str, co_organs: str
) -> None:
    (one,) = found(f"{text}。")
    assert (one.organ, " ".join(one.co_organs)) == (organ, co_organs)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("年底前改造1.5万户。", 15000, "户"),
        ("年底前投入2.3亿元。", 230_000_000, "元"),
        ("年底前新增5000余个。", 5000, "个"),
        ("年底前小区由36个扩大到400个。", 400, "个"),
        ("年底前接入98%的停车场。", 98, "%"),
    ],
)
def test_the_target_is_a_figure_in_whole_units(text: str, value: float, unit: str) -> None:
    (one,) = found(text)
    assert one.target is not None
    assert (one.target.value, one.target.unit) == (value, unit)


def test_what_is_done_is_no_promise() -> None:
    made = letter("已建成停车位5130个。年底前再建200个。")
    assert [one.span.of(made.text) for one in commitments(made, PLACE)] == ["年底前再建200个"]


# --- whatever the text ------------------------------------------------------------------------

WORDS = """我局将 拟 计划 力争 年底前 2025年 ６月底前 完成 建成 已 ， 。 ； 一是 1. （二） “ ” 《 》
待 后 再 市民政局 200个 由 负责 𠮷 ："""
PIECES = st.sampled_from([*WORDS.split(), "\n", " ", "　"])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_spans_lie_in_the_text_apart_and_the_same_each_time(body: str) -> None:
    made = letter(body)
    once = commitments(made, PLACE)
    end = made.body.start
    for one in once:
        assert end <= one.span.start < one.span.end <= made.body.end
        assert one.due is None or one.due.raw in made.text[one.span.start : one.span.end]
        end = one.span.end
    assert commitments(made, PLACE) == once


@pytest.mark.parametrize(
    "body",
    [
        "将" * 100_000,
        "将于" * 50_000,
        "将，" * 50_000,
        "一是" * 50_000,
        "待后再" * 30_000,
        "要求市和市与市" * 15_000,
        "由市局、" * 25_000,
        "“" * 100_000,
        "1." * 50_000,
        "2025年底前完成。" * 5_000,
        "。" * 100_000,
    ],
    ids=lambda body: body[:7],
)
def test_hostile_text_takes_no_time(body: str) -> None:
    started = time.perf_counter()
    commitments(letter(body), PLACE)
    assert time.perf_counter() - started < 20  # seconds, on a machine that is busy


# --- what a person points at --------------------------------------------------------------------

SAID = (
    "将于2025年6月底前，会同云岭市财政局新增加装电梯60部；力争年内 新增停车位２００个",
    "研究将青河上段纳入清淤范围的可行性",
    "建成后每年惠及老人3200人。感谢您的关心",
    "𠮷田路的路灯由云岭市城管局负责，明年3月底前点亮",
)
LETTER = letter_of(*SAID)


def test_what_the_program_finds_is_read_alike_where_a_person_points_at_it() -> None:
    found = commitments(LETTER, profile())
    assert len(found) >= 3
    for one in found:
        again = commitment_at(LETTER, one.span, profile())
        assert (again.span, again.organ, again.due) == (one.span, one.organ, one.due)
        assert (again.target, again.strength) == (one.target, one.strength)
        assert again.action == one.action


@given(st.data())
def test_any_words_of_a_clause_can_be_pointed_at(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([one.span for one in clauses_of(LETTER)]))
    start = data.draw(st.integers(whole.start, whole.end - 1))
    end = data.draw(st.integers(start + 1, whole.end))
    one = commitment_at(LETTER, Span(start=start, end=end), profile())
    assert one.span == Span(start=start, end=end)
    assert one.due is None or one.due.raw in LETTER.text
    assert one.organ


def test_several_clauses_are_several_promises() -> None:
    first, second, *_ = [one.span for one in clauses_of(LETTER)]
    with pytest.raises(WrongUse, match="一句一句"):
        commitment_at(LETTER, Span(start=first.end - 1, end=second.start + 1), profile())


def test_words_between_clauses_are_the_issuers() -> None:
    start = LETTER.text.index("。\n")
    one = commitment_at(LETTER, Span(start=start, end=start + 2), profile())
    assert (one.organ, one.due, one.target, one.strength) == (ORGAN, None, None, "will")


def test_an_organ_is_told_by_its_full_name_where_the_profile_knows_it(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[organs]\n"云岭市水利局" = ["市水利局"]\n', encoding="utf-8")
    made = letter("2025年8月底前会同市水利局改造排口。市水利局将于年底前完成清淤。")
    joint, own_ = commitments(made, profile(str(own)))
    assert (joint.co_organs, own_.organ) == (("云岭市水利局",), "云岭市水利局")
    assert [one.organ for one in commitments(made, PLACE)] == ["云岭市城市管理局", "市水利局"]


@pytest.mark.parametrize(
    ("text", "organs"),
    [
        ("会同市人力资源和社会保障局于年底前出台办法。", ("市人力资源和社会保障局",)),
        ("年底前与市住房和城乡建设局核清台数。", ("市住房和城乡建设局",)),
        ("我局将会同市住建局、城管局开展整治。", ("市住建局", "城管局")),
        (
            "配合市财政局、市残联和市文化广电和旅游局落实。",
            ("市财政局", "市残联", "市文化广电和旅游局"),
        ),
        ("我局将会同有关部门开展整治。", ()),
        ("我局将探索把分类情况与物业服务收费挂钩。", ()),
    ],
)
def test_joint_organs_are_whole(text: str, organs: tuple[str, ...]) -> None:
    assert found(text.replace("配合", "我局将配合"))[0].co_organs == organs


@pytest.mark.parametrize(
    ("by", "organs"),
    [
        ("由市民政局和市财政局共同落实", ("市民政局", "市财政局")),
        ("由A区政府和B区政府共同落实", ("A区政府", "B区政府")),
        ("由市住建局与市城管局负责", ("市住建局", "市城管局")),
        ("由市教育局、市卫健委和市财政局联合实施", ("市教育局", "市卫健委", "市财政局")),
        ("由市水利局及市生态环境局负责实施", ("市水利局", "市生态环境局")),
        ("由市退役军人事务局以及市财政局负责落实", ("市退役军人事务局", "市财政局")),
        ("由市人力资源和社会保障局负责", ("市人力资源和社会保障局",)),
        ("由市人力资源和社会保障局、市财政局共同推进", ("市人力资源和社会保障局", "市财政局")),
        ("由市自然资源和规划局与市住房和城乡建设局联合推进",
         ("市自然资源和规划局", "市住房和城乡建设局")),
        ("由市文化广电和旅游局共同负责", ("市文化广电和旅游局",)),
        ("由市农业农村和水利局负责组织实施", ("市农业农村和水利局",)),
        ("由市城管和综合执法局负责", ("市城管和综合执法局",)),
        ("由市发展和改革委员会、市工业和信息化局牵头", ("市发展和改革委员会", "市工业和信息化局")),
        ("由区卫生和计划生育委员会和市教育局共同办理", ("区卫生和计划生育委员会", "市教育局")),
        ("由市交通运输局、市公安局交警支队联合负责", ("市交通运输局", "市公安局交警支队")),
        ("由市市场监督管理局与市商务局共同组织", ("市市场监督管理局", "市商务局")),
        ("由市委组织部和市委宣传部共同落实", ("市委组织部", "市委宣传部")),
        ("由市水利局、青河区政府及各乡镇共同落实", ("市水利局", "青河区政府")),
        ("由团市委和市妇联于今年共同完成", ("团市委", "市妇联")),
        ("此项工作由市公安局和市应急局分别负责", ("市公安局", "市应急局")),
        ("市民政局和市残联将共同建设", ("市民政局", "市残联")),
    ],
)  # fmt: skip
def test_who_acts_together_is_told_one_by_one(by: str, organs: tuple[str, ...]) -> None:
    (one,) = found(f"{by}，2025年底前改造管网6公里。")
    assert (one.organ, *one.co_organs) == organs


# --- how good it is on the sample letters -------------------------------------------------------


def test_the_sample_letters_promises_are_found() -> None:
    lines = (CORPUS / "commitments.jsonl").read_text(encoding="utf-8").splitlines()
    gold: list[dict[str, Any]] = [json.loads(line) for line in lines]
    letters = sample_letters()
    read_ = [
        serialize.commitment(one, made)
        for made in letters.values()
        for one in commitments(made, PLACE)
    ]
    texts = {id_: made.text for id_, made in letters.items()}
    scores = commitment_scores(gold, read_, texts)
    assert (scores["precision"] or 0) >= 0.85
    assert (scores["recall"] or 0) >= 0.75
    assert (scores["due_exact"] or 0) >= 0.95

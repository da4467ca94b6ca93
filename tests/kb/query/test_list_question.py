"""Which questions ask for a list of letters, and by which conditions."""

from __future__ import annotations

from datetime import date

import pytest

from kb.query.directory import directory
from kb.query.list_question import ListConditions, list_question
from kb.text.places import setting
from kb.text.tokens import tokens
from tests.conftest import corpus_rows
from tests.support.heads import head

LIFT, CARE, ROAD = "云岭市住房和城乡建设局", "云岭市民政局", "云岭市交通运输局"
KNOWN = directory(
    [
        head("lift", LIFT, issued_on="2024-06-28", result_class="A", kind="提案"),
        head("care", CARE, issued_on="2023-06-28", result_class="B", kind="建议"),
        head("road", ROAD, issued_on="2025-06-28", result_class="B", kind="建议"),
        head("school", "青河区教育局", issued_on="2025-06-28"),
    ]
)
READ = {
    "哪些B类": ListConditions(classes=("B",)),
    "B类的有哪些？": ListConditions(classes=("B",)),
    "哪些答复是B类？": ListConditions(classes=("B",)),
    "A类和B类一共多少件": ListConditions(classes=("A", "B")),
    "办理结果是C的答复有哪些": ListConditions(classes=("C",)),
    "2024年共有多少件B类提案？": ListConditions(years=("2024",), classes=("B",), kinds=("提案",)),
    "2024年住建局答复了多少件": ListConditions(
        organs=("住建局",), issuers=frozenset({LIFT}), years=("2024",)
    ),
    "市住建局答复了几件代表建议": ListConditions(
        organs=("市住建局",), issuers=frozenset({LIFT}), kinds=("建议",)
    ),
    "列出住建局和民政局的答复": ListConditions(
        organs=("住建局", "民政局"), issuers=frozenset({LIFT, CARE})
    ),
    "2024年有多少件提案是住建局答复的": ListConditions(
        organs=("住建局",), issuers=frozenset({LIFT}), years=("2024",), kinds=("提案",)
    ),
    "交通局2023年到2025年的答复都有哪些": ListConditions(
        organs=("交通局",), issuers=frozenset({ROAD}), years=("2023", "2024", "2025")
    ),
    "青河区的提案有哪些": ListConditions(places=("青河区",), kinds=("提案",)),
    "关于养老的答复有哪些": ListConditions(topic=("养老",)),
    "所有关于公交的答复": ListConditions(topic=("公交",)),
    "公交方面的提案有多少件": ListConditions(topic=("公交",), kinds=("提案",)),
    "加装电梯有哪些答复": ListConditions(topic=("加装电梯",)),
    "涉及充电桩的答复清单": ListConditions(topic=("充电桩",)),
    "关于老旧小区加装电梯的建议有几件": ListConditions(
        topic=("老旧小区", "加装电梯"), kinds=("建议",)
    ),
    "哪些单位答复了停车问题": ListConditions(topic=("停车",)),
    "哪些单位答复了加装电梯的提案": ListConditions(topic=("加装电梯",), kinds=("提案",)),
    "帮我查一下2024年的会办意见有几份": ListConditions(years=("2024",), consulted=True),
    "一共有多少份复文？": ListConditions(),
}
CONTENT = (
    "加装电梯有哪些措施", "加装电梯有哪些建议", "对养老有什么建议", "有哪些建议",
    "住建局有哪些建议", "2024年加装电梯多少部", "住建局2023年说要新装多少部电梯？",
    "下一步有哪些打算", "这份答复是B类吗", "B类是什么意思", "全部B类都解决了吗",
    "第47号提案的答复有哪些措施", "云建办〔2023〕18号的答复有哪些", "2024年办理了多少件不动产登记",
    "城管查到多少件", "2024年6月住建局答复了多少件", "2024年以来住建局答复了多少件",
    "今年住建局答复了多少件", "财政局答复了多少件", "徐秀叶委员的提案有哪些", "优秀提案有哪些",
    "没有解决的提案有哪些", "最新的答复有哪些", "重点提案有多少件", "不是B类的答复有哪些",
    "关于住建局的提案有哪些", "住建局的答复是什么", "答复里有哪些数据", "教育局收到多少件投诉",
    "抄送了哪些单位", "12345热线回复了多少件", "提案办理有哪些规定", "答复单位是哪些",
    "办理结果有哪些", "信访答复多少天", "青河区和云岭市的答复有哪些",
    "住建局给民政局的会办意见有哪些", "哪些单位可以办理加装电梯", "共有多少个社区", "", "？",
)  # fmt: skip


@pytest.mark.parametrize(("question", "expected"), READ.items())
def test_a_question_for_a_list_is_understood(question: str, expected: ListConditions) -> None:
    assert conditions(question) == expected


@pytest.mark.parametrize("question", CONTENT)
def test_a_question_for_content_or_for_more_than_fields_tell_is_no_list(question: str) -> None:
    assert conditions(question) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "今年住建局答复了多少件",
            ListConditions(organs=("住建局",), issuers=frozenset({LIFT}), years=("2026",)),
        ),
        (
            "住建局：去年答复了多少件？",
            ListConditions(organs=("住建局",), issuers=frozenset({LIFT}), years=("2025",)),
        ),
        ("今年以来的答复有哪些", ListConditions(years=("2026",))),
        ("去年有多少件B类提案？", ListConditions(years=("2025",), classes=("B",), kinds=("提案",))),
        ("前年和去年的答复有哪些", ListConditions(years=("2024", "2025"))),
        ("明年的答复有哪些", None),
        ("大前年的答复有哪些", None),
        ("去年6月的答复有哪些", None),
        ("去年以来的答复有哪些", None),
        ("今年住建局打算加装多少部电梯", None),
    ],
)
def test_this_year_and_last_are_counted_from_today(
    question: str, expected: ListConditions | None
) -> None:
    assert conditions(question, today=date(2026, 6, 30)) == expected


def test_no_question_of_the_corpus_asks_for_a_list() -> None:
    asked = [row["question"] for row in corpus_rows("questions.jsonl")]
    assert [one for one in asked if conditions(one)] == []


def conditions(question: str, today: date | None = None) -> ListConditions | None:
    places = setting(question, KNOWN.places, words=tokens(question)).places
    return list_question(question, KNOWN, places=places, today=today)

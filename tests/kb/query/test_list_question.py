"""Which questions ask for a list of letters, and by which conditions."""

from __future__ import annotations

from datetime import date

import pytest

from kb.query.conditions import ListConditions, Period, Session
from kb.query.given import directory
from kb.query.list_question import list_question
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
JUNE = Period(first="2025-06-01", last="2025-06-31", called="2025年6月")
SINCE = Period(first="2025-01-01", last="9999-12-31", called="2025年以来")
THREE = Period(first="2024-01-01", last="2026-12-31", called="2024年到2026年")
READ = {
    "24年的答复，翻出来我看看": ListConditions(years=("2024",)),
    "A类的答复念一念，都在这儿吗，给我看看": ListConditions(classes=("A",)),
    "2024年办得最好的，就是A类的，有哪些": ListConditions(years=("2024",), classes=("A",)),
    "名称里带着停车的提案有哪几件": ListConditions(topic=("停车",), kinds=("提案",)),
    "民盟提的提案有几份？不是委员个人提的那种": ListConditions(kinds=("提案",), bodies=("民盟",)),
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
    "有多少份是关于养老的": ListConditions(topic=("养老",)),
    "跟充电桩有关的答复有几件": ListConditions(topic=("充电桩",)),
    "停车的事一共回过几次信": ListConditions(topic=("停车",)),
    "哪些是讲养老的提案": ListConditions(topic=("养老",), kinds=("提案",)),
    "哪些建议提案最后定成C类了，列一下": ListConditions(classes=("C",), kinds=("提案", "建议")),
    "住建局拿了B的有多少件呀": ListConditions(
        organs=("住建局",), issuers=frozenset({LIFT}), classes=("B",)
    ),
    "评为a类的有几份？": ListConditions(classes=("A",)),
    "民政局名下的复文有几份": ListConditions(organs=("民政局",), issuers=frozenset({CARE})),
    "民政局一共回过几次信，每年的都给我": ListConditions(
        organs=("民政局",), issuers=frozenset({CARE}), each="year"
    ),
    "2025年交通局发了哪些": ListConditions(
        organs=("交通局",), issuers=frozenset({ROAD}), years=("2025",)
    ),
    "民主党派集体提的提案，答复有几份": ListConditions(kinds=("提案",), bodies=("民主党派",)),
    "民盟提过哪些提案": ListConditions(kinds=("提案",), bodies=("民盟",)),
    "列出和供电公司一起办理的复文": ListConditions(partners=("供电公司",)),
    "财政局参与会办的答复有哪些": ListConditions(partners=("财政局",)),
    "何春生代表提过几回，都是谁答复的": ListConditions(people=("何春生",), shows="issuer"),
    "徐秀叶委员的提案有哪些": ListConditions(people=("徐秀叶",), kinds=("提案",)),
    "列出几位委员联名提的提案": ListConditions(kinds=("提案",), together=True),
    "给人大代表的答复有多少份": ListConditions(kinds=("建议", "议案")),
    "市政协五届四次会议的提案有哪些": ListConditions(
        kinds=("提案",),
        session=Session(called="市政协五届四次会议", body="政协", term=5, number=4),
    ),
    "最近一次关于养老的答复": ListConditions(topic=("养老",), newest=1),
    "停车的最新一份复文，给我看看": ListConditions(topic=("停车",), newest=1),
    "垃圾分类最近是哪年答的，把那份给我看看": ListConditions(
        topic=("垃圾分类",), newest=1, shows="issued_on"
    ),
    "最近三份关于养老的答复": ListConditions(topic=("养老",), newest=3),
    "交通局最近答复过什么": ListConditions(organs=("交通局",), issuers=frozenset({ROAD}), newest=5),
    "最新的答复有哪些": ListConditions(newest=5),
    "最近一次关于养老的答复是怎么说的": ListConditions(topic=("养老",), newest=1, shows="card"),
}
CONTENT = (
    "2024年办得最好的答复有哪些",
    "加装电梯有哪些措施", "加装电梯有哪些建议", "对养老有什么建议", "有哪些建议",
    "住建局有哪些建议", "2024年加装电梯多少部", "住建局2023年说要新装多少部电梯？",
    "下一步有哪些打算", "这份答复是B类吗", "B类是什么意思", "全部B类都解决了吗",
    "第47号提案的答复有哪些措施", "云建办〔2023〕18号的答复有哪些", "2024年办理了多少件不动产登记",
    "城管查到多少件", "今年住建局答复了多少件", "财政局答复了多少件", "优秀提案有哪些",
    "没有解决的提案有哪些", "重点提案有多少件", "不是B类的答复有哪些",
    "关于住建局的提案有哪些", "住建局的答复是什么", "答复里有哪些数据", "教育局收到多少件投诉",
    "抄送了哪些单位", "12345热线回复了多少件", "提案办理有哪些规定", "答复单位是哪些",
    "办理结果有哪些", "信访答复多少天", "青河区和云岭市的答复有哪些",
    "住建局给民政局的会办意见有哪些", "最近一次疫情是什么时候", "最近三年加装电梯多少部",
    "最新的补助标准是多少", "最近有哪些补贴", "和哪些单位一起办理的", "财政局一共拨了多少",
    "民政局回了什么", "教育局每年招多少老师", "王师傅提过几次水", "除了B类还有哪些答复",
    "哪些单位可以办理加装电梯", "共有多少个社区", "", "？",
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
        ("去年6月的答复有哪些", ListConditions(periods=(JUNE,))),
        ("去年以来的答复有哪些", ListConditions(periods=(SINCE,))),
        ("2025年以来的答复有几份", ListConditions(periods=(SINCE,))),
        (
            "近三年关于养老的提案有多少",
            ListConditions(periods=(THREE,), topic=("养老",), kinds=("提案",)),
        ),
        ("去年6月15日的答复有哪些", None),
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

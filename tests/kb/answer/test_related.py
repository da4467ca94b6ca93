"""Which letters are offered beside a refusal: the truly near ones, on the sample letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kb.answer.related import by_letter, related
from kb.models.embedding import Embedder
from kb.search.hybrid import search
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Scope
from tests.support.asking import parsed

CITIZENS = Scope(public_only=True)

ELSEWHERE = [
    "杭州公积金怎么提取",
    "上海落户需要什么条件",
    "深圳积分入户政策",
    "北京加装电梯补贴多少",
    "广州停车费怎么收",
    "济南的公交几点收车",
    "成都老旧小区改造补多少",
    "重庆市充电桩补贴标准",
    "南京图书馆几点开门",
    "苏州垃圾分类罚款多少",
    "河南省养老床位有多少",
    "西安市老年卡怎么办",
    "昆山市的公交站台",
]
NO_MATTER = [
    "习近平是谁",
    "明天天气怎么样",
    "我头疼吃什么药",
    "怎么做红烧肉",
    "英超谁夺冠",
    "股票怎么开户",
    "写一首诗",
    "美国总统是谁",
    "苹果手机多少钱",
    "离婚财产怎么分",
    "帮我写作文",
    "王者荣耀怎么上分",
    "孩子发烧怎么办",
    "今晚几点开奖",
    "怎么练腹肌",
    "办理护照要带哪些材料？",
    "结婚登记需要户口本吗？",
]
NEAR = {
    "加装的电梯一年电费大概多少？": "电梯",
    "社区食堂早餐几点开门？": "食堂",
    "养老院一个月床位费最低多少？": "养老",
    "停车位太少了": "停车",
    "公交车太慢": "公交",
    "图书馆借书超期一天罚几角钱？": "图书馆",
    "电梯坏了没人修": "电梯",
    "村卫生室能打狂犬疫苗吗，多少钱一针？": "卫生",
    "老人去哪吃饭": "老",
    "不分类乱扔垃圾对个人罚多少钱？": "垃圾",
    "家用充电桩装一个国家补多少？": "充电",
    "北站公交枢纽的总投资是多少？": "公交",
    "小区没有充电桩": "充电",
    "青河新城分馆的馆长是谁？": "图书馆",
    "河水又黑又臭": "青河",
    "我从深圳回来，能坐免费公交吗": "公交",
    "北京路的公交站台什么时候修": "公交",
}


@pytest.fixture(scope="module")
def offered(
    base: SnapshotReader, model: Embedder, settings: Settings
) -> Callable[[str], list[str]]:
    def of(question: str) -> list[str]:
        query = parsed(question, base, CITIZENS)
        found = search(query, base, model, settings=settings)
        return [near.citation.name for near in related(query, found, base)]

    return of


@pytest.mark.parametrize("question", [*ELSEWHERE, *NO_MATTER])
def test_what_has_nothing_to_do_with_a_question_is_not_offered(
    offered: Callable[[str], list[str]], question: str
) -> None:
    assert offered(question) == []


@pytest.mark.parametrize("question", NEAR)
def test_what_is_near_to_a_question_is_offered(
    offered: Callable[[str], list[str]], question: str
) -> None:
    assert any(NEAR[question] in name for name in offered(question))


def test_a_letter_that_is_named_is_near_whatever_is_asked_of_it(
    base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    query = parsed("云建办〔2022〕12号里怎么做红烧肉", base, CITIZENS)
    found = search(query, base, model, settings=settings)
    assert [near.citation.number for near in related(query, found, base)] == ["云建办〔2022〕12号"]


def test_nothing_found_is_nothing_near(
    base: SnapshotReader, model: Embedder, settings: Settings
) -> None:
    query = parsed("加装电梯补贴", base, CITIZENS)
    found = replace(search(query, base, model, settings=settings), hits=(), near=())
    assert (related(query, found, base), by_letter(found.hits)) == ((), {})

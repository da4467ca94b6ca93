"""What only states, what others must and what comes of it is told from what is promised."""

from __future__ import annotations

import time

import pytest

from kb.extract.statements import (
    STATEMENTS,
    StatementRule,
    only_states,
    speaks_of_the_future,
)

STATED = (
    # what comes of it
    "新桥通车后将极大缩短绕行时间并方便群众",
    "渡口停航的问题也将随之解决",
    "确保渡口秩序良好",
    "从而减轻乡镇负担",
    "切实解决村民饮水难的问题",
    "维护公墓周边的安全",
    "还村民一个宁静的夜晚",
    # what is so
    "该泵站占地三亩",
    "水塔建设规模200吨",
    "渡口距离集镇约3公里",
    "面积约800平方米",
    "工期为90天",
    "收取每月五元清运费",
    "摊位费取决于摊位大小",
    # what is done, and ordered
    "泵站早已经移交",
    "采取了分段施工的办法",
    "责令其搬离河滩",
    "已通知养殖户搬离河滩",
    # what others must, and may
    "建议村民错峰用水",
    "呼吁各界爱护古树",
    "届时请留意公告",
    "若不同意复核结论，可以申请听证",
    "若对水价有疑问，可致电水厂",
    "否则，将按合同清退",
    "县林业局负责将苗木分给各乡",
    # what might be
    "水位下降势必影响航运",
    "预计夏季用水人口将增加两成",
    "如果拆除堤坝，将会造成下游淹没",
    "如再擅自开挖，将承担相应法律责任",
    # what only announces
    "我局将采取以下三项措施",
    "具体发放办法请咨询水厂",
)

PROMISED = (
    "我局将更换泵站的两台水泵",
    "确保年底前通水",
    "保证以后不再夜间施工",
    "确保三号井建成投用",
    "将责令养殖户搬离河滩",
    "限养殖户10月底前搬离河滩",
    "如再擅自开挖，我局将依法查处",
    "如水位下降，将及时启用备用井",
    "县水利局负责年底前修复堤坝",
    "建议县政府把我局的泵站纳入改造",
    "对已收取的清运费予以退还",
    "古树保护方案已列入明年计划",
    "待水位下降后，解决渡口停航问题",
    "向省厅请示渡口改造",
    "泵站停机率降到2%以下",
)


@pytest.mark.parametrize("rule", STATEMENTS, ids=lambda rule: rule.example)
def test_every_row_reads_its_example(rule: StatementRule) -> None:
    assert rule.pattern.search(rule.example)
    assert only_states(rule.example)


@pytest.mark.parametrize("words", STATED)
def test_what_states_promises_nothing(words: str) -> None:
    assert only_states(words)


@pytest.mark.parametrize("words", PROMISED)
def test_what_will_be_done_is_promised(words: str) -> None:
    assert not only_states(words)


def test_what_others_are_asked_goes_on() -> None:
    assert only_states("一起把古树保护好", before="希望各位村民积极参与，")
    assert not only_states("一起把古树保护好", before="希望各位村民参与，我局将")
    assert not only_states("一起把古树保护好", before="我局将组织巡护，")


@pytest.mark.parametrize("words", ["将更换水泵", "近期更换水泵", "继续巡护", "待批准后更换水泵"])
def test_the_future_is_told_by_its_words(words: str) -> None:
    assert speaks_of_the_future(words)


@pytest.mark.parametrize("words", ["更换了水泵", "提请常委会审议", "将军山林场巡护古树"])
def test_without_such_words_nothing_is_said_of_the_future(words: str) -> None:
    assert not speaks_of_the_future(words)


@pytest.mark.parametrize("piece", ["将", "如果", "负责", "建成后", "请", "的", "，", "确保"])
def test_hostile_words_take_no_time(piece: str) -> None:
    started = time.perf_counter()
    only_states(piece * (600 // len(piece)), before=piece * (600 // len(piece)))
    assert time.perf_counter() - started < 5  # seconds, on a machine that is busy

"""Messages without Chinese are told from questions with some foreign words."""

from __future__ import annotations

import pytest

from kb.query.foreign import foreign


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("foreign", "How do I apply for a subsidy?"),
        ("foreign", "who are you"),
        ("foreign", "elevator"),
        ("foreign", "When will the subway line open"),
        ("foreign", "Bonjour, je voudrais savoir"),
        ("foreign", "Как получить субсидию"),
        ("foreign", "エレベーターの補助金はいくらですか"),
        ("foreign", "엘리베이터 보조금"),
        ("foreign", "what can you do"),
        ("foreign", "housing fund"),
        ("foreign", "Where can I park my car"),
        ("foreign", "subsidies for elevators?"),
        ("foreign", "안녕하세요"),
        ("foreign", "Привет"),
        ("foreign", "Thanks for your help with my question"),
        ("foreign", "What is this website?"),
        ("pinyin", "zen me ban"),
        ("pinyin", "dianti butie duoshao qian"),
        ("pinyin", "zenmeban"),
        ("pinyin", "ni hao ma"),
        ("pinyin", "gongjijin"),
        ("pinyin", "diàntī bǔtiē"),
        ("pinyin", "wo xiang wen yi xia"),
        ("pinyin", "chongdianzhuang"),
        ("pinyin", "Lao jiu xiao qu gai zao"),
        ("nonsense", "asdf"),
        ("nonsense", "111"),
        ("nonsense", "哈哈哈"),
        ("nonsense", "哈哈哈哈哈哈"),
        ("nonsense", "😀"),
        ("nonsense", "😂😂😂"),
        ("nonsense", "asdfghjkl"),
        ("nonsense", "qweqwe"),
        ("nonsense", "啊啊啊啊"),
        ("nonsense", "123123"),
        ("nonsense", "abc"),
        ("nonsense", "123"),
        ("nonsense", "fghjk"),
        ("nonsense", "dfgdfgdfg"),
        ("nonsense", "sdfjkl"),
        ("nonsense", "ababab"),
        ("nonsense", "jjjj"),
        ("nonsense", "呵呵呵"),
        ("nonsense", "嘻嘻嘻"),
        ("nonsense", "😀😀"),
        ("nonsense", "qwertyuiop"),
        ("nonsense", "000"),
        ("nonsense", "zxcvbnm"),
        ("nonsense", "aaaaaa"),
        ("nonsense", "ghjkl;"),
        ("nonsense", "hhhhh"),
    ],
)
def test_a_message_that_is_not_chinese_has_its_code(code: str, message: str) -> None:
    assert foreign(message) == code


@pytest.mark.parametrize(
    "question",
    [
        "APP怎么下载",
        "WIFI覆盖了多少个公园",
        "5G",
        "ETC",
        "KTV",
        "wifi",
        "12345",
        "12333",
        "110",
        "How to apply 公租房",
        "优の良品在哪",
        "B类提案有哪些",
        "PM2.5是多少",
        "CT检查能报销吗",
        "？",
        "2024年",
    ],
)
def test_chinese_with_foreign_words_is_a_question(question: str) -> None:
    assert foreign(question) is None

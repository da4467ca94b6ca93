"""Letters made up at random from a seed: official Chinese, rare characters, full-width forms."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

# Common words, characters of Extension B (two UTF-16 units), full-width and compatibility forms.
WORDS = [
    "老旧小区",
    "改造",
    "养老服务",
    "无障碍",
    "𠮷田街",
    "𡋾坝社区",
    "全市",
    "建成",
    "1481个",
    "12.6万户",
    "97.7%",
    "我局",
    "将",
    "继续",
    "推进",
    "２０２４年",
    "ＡＢＣ",
    "资金",
    "18亿元",
    "“三供一业”",
    "（市民政局提供）",
    "《无障碍环境建设法》",
    "街道",
    "电梯",
    "加装",
    "ﬁne",
    "10kV",
    "“十四五”",
    "提升",
    "群众",
    "满意度",
    "每户补助",
    "2025年6月底前",
    "完成",
]
MARKERS = ("一、", "（一）", "(二)", "1.", "2．", "（1）", "①", "三、")
ENDS = ("。", "。", "。", "！", "？", "。”", "！！", "")
NOISE = (
    "0123456789，。、：“”（）()%第页号年月日—-/. \t\n\f\u3000\xa0\u200b\ufeff"
    "老旧小区改造资金共的𠮷Ａab"
)


def words(random: Random) -> str:
    return "".join(random.choices(WORDS, k=random.randint(1, 14)))


def sentence(random: Random) -> str:
    clauses = [
        "，".join(words(random) for _ in range(random.randint(1, 4)))
        for _ in range(random.randint(1, 3))
    ]
    return "；".join(clauses) + random.choice(ENDS)


def line(random: Random, *, rough: bool) -> str:
    kind = random.random()
    if rough and kind < 0.3:
        return "长" * random.randint(1, 900)
    if kind < 0.5:
        return random.choice(MARKERS) + words(random)[:30]
    parts = [
        sentence(random)
        if random.random() < 0.8
        else f"{random.choice('一二三四')}是{words(random)}。{sentence(random)}"
        for _ in range(random.randint(1, 8))
    ]
    return "".join(parts)


def body(seed: int, *, rough: bool = False) -> str:
    random = Random(seed)
    return "\n".join(line(random, rough=rough) for _ in range(random.randint(1, 14)))


seeds = st.integers(0, 2**32 - 1)
bodies = seeds.map(body)
rough_bodies = seeds.map(lambda seed: body(seed, rough=True))
noisy = st.text(alphabet=st.sampled_from(NOISE), max_size=300)

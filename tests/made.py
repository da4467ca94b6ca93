"""Letters that hypothesis makes up: official Chinese with rare characters and full-width forms."""

from __future__ import annotations

import string

from hypothesis import strategies as st

# Common words, characters of Extension B (two UTF-16 units), full-width and compatibility forms.
WORDS = (
    "老旧小区 改造 养老服务 无障碍 𠮷田街 𡋾坝社区 全市 建成 1481个 12.6万户 97.7% 我局 将 继续 推进 "
    "２０２４年 ＡＢＣ 资金 18亿元 “三供一业” （市民政局提供） 《无障碍环境建设法》 街道 电梯 加装 "
    "ﬁne 10kV “十四五” 提升 群众 满意度 每户补助 2025年6月底前 完成"
).split()
MARKERS = ("一、", "（一）", "(二)", "1.", "2．", "（1）", "①", "三、")

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map("".join)
clauses = st.lists(words, min_size=1, max_size=4).map("，".join)
sentences = st.builds(
    lambda parts, end: "；".join(parts) + end,
    st.lists(clauses, min_size=1, max_size=3),
    st.sampled_from(["。", "。", "。", "！", "？", "。”", "！！", ""]),
)
run_ins = st.builds(
    lambda n, name, rest: f"{n}是{name}。{rest}",
    st.sampled_from("一二三四"), words, sentences,
)  # fmt: skip
headings = st.builds(lambda marker, name: marker + name[:30], st.sampled_from(MARKERS), words)
paragraphs = st.lists(st.one_of(sentences, run_ins), min_size=1, max_size=8).map("".join)
lines = st.one_of(paragraphs, paragraphs, headings)
bodies = st.lists(lines, min_size=1, max_size=14).map("\n".join)
long_runs = st.integers(1, 900).map(lambda n: "长" * n)
rough_bodies = st.lists(st.one_of(lines, long_runs), min_size=1, max_size=8).map("\n".join)

NOISE = " \t\n\f\u3000\xa0\u200b\ufeff" + "".join(c for c in string.digits + "，。、：“”（）()%第页号年月日—-/.")
noisy = st.text(alphabet=st.sampled_from(NOISE + "老旧小区改造资金共的𠮷Ａab"), max_size=300)

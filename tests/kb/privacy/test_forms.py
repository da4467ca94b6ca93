"""Personal data in the forms that people write it in, and words that only look like it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.privacy.pii import found, masked

MOBILES = (
    "13812 345678", "1381 234 5678", "１３８１２３４５６７８", "一三八一二三四五六七八",
    "幺三八 幺二三四 五六七八", "138一二三四5678", "008613812345678", "86-138-1234-5678",
    "+86(138)12345678", "1 3 8 1 2 3 4 5 6 7 8", "1381234\n5678", "138·1234·5678",
    "tel.13812345678", "013812345678", "138/1234/5678", "壹叁捌壹贰叁肆伍陆柒捌", "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",

    "138:1234:5678", "138=1234=5678", "138【1234】5678", "138﹣1234﹣5678", "138…1234…5678",
    "①③⑧①②③④⑤⑥⑦⑧", "¹³⁸¹²³⁴⁵⁶⁷⁸", "138「1234」5678", "138……1234……5678",
    "138\u200b1234\u200b5678", "١٣٨١٢٣٤٥٦٧٨", "电话138O1234567",
)  # fmt: skip
NUMBERS = (
    "身份证 410802 19800101 1235", "身份证：41080219800101123", "证件号码为410802198001011235",
    "41080219800101123X是我的身份证", "身份证号四一零八零二一九八零零一零一一二三五",
    "银行卡6217 0024 3001 2345 678", "护照 E12345678", "港澳通行证C12345678",
    "军官证：军字第1234567号",
    "豫H·D12345", "车牌豫 H12345", "粤B12345D", "车牌号A12345", "QQ 123456789", "扣扣：1234567",
    "微信zhang_san-88", "vx:abc123456", "加V信 wxid_abc123", "微信 13812345678",
    "加我q：12345678", "zhangsan # qq.com", "小灵通 8123456", "打我爱人电话0391-3556677",
    "15 20 39 11 23 4", "152o3911234", "产权证号 豫(2020)某县不动产权第0012345号",
    "zhangsan＠qq.com", "zhangsan(at)qq.com", "zhang.san @ 163.com", "宅电：3556677",
)  # fmt: skip
HOMES = (
    "阳光小区3-2-501", "阳光花园5#楼1单元302", "12号楼三单元五楼东户", "和平里8栋1203",
    "王庄村三组47号", "家住李庄村2组15号", "我住在5号楼", "龙湖天街公寓B座2103室",
    "桃园小区二号楼三单元四零二", "住东风路18号附3号", "家属院平房3排5号", "书香府9/2/1504，供暖",
)  # fmt: skip
PERSONS = (
    ("业主张三反映", "张三"), ("居民王秀英来电", "王秀英"), ("市民欧阳娜娜咨询", "欧阳娜娜"),
    ("患者古丽娜尔·买买提", "古丽娜尔·买买提"), ("学生扎西•次仁的助学金", "扎西•次仁"),
    ("我叫陈晓东", "陈晓东"), ("本人仝卫国", "仝卫国"), ("我母亲张桂芳今年80岁", "张桂芳"),
    ("和邻居李建军商量", "李建军"), ("住户：贺敏", "贺敏"), ("信访人逄晓燕同志", "逄晓燕"),
    ("当事人：乌日娜", "乌日娜"), ("姓名：司马相如", "司马相如"), ("户名卫兰芝。", "卫兰芝"),
    ("张三、李四、王五三名业主反映", "李四"), ("请与王建国同志联系", "王建国"),
    ("填报人：李晓明", "李晓明"),
    ("负责人：贝建平", "贝建平"), ("审核人：何 敏", "敏"),
    ("请与我局张建设联系", "张建设"), ("请联系我局张建设（0391-3556677）", "张建设"),
    ("请与我局物业科张建设科员联系", "张建设"), ("请拨打138****4321联系张建设同志", "张建设"),
    ("张建设（科长）电话13887654321", "张建设"), ("可向张建设咨询，电话13887654321", "张建设"),
    ("由规划科罗明德负责对接", "罗明德"), ("请与法规科何晓芸、林建军同志联系", "何晓芸"),
    ("联系人：买买提•艾山", "买买提•艾山"), ("联系人：乌云其木格", "乌云其木格"),
    ("联系人：扎西", "扎西"), ("联系人：Zhang San", "ZhangSan"), ("姓名：John Smith", "JohnSmith"),
    ("走访了周建国、孙丽华两人", "周建国"), ("欠王阿根、展云兵等12名工人工资", "展云兵"),
    ("该车系简万福所有", "简万福"), ("车主据说叫孟繁超", "孟繁超"), ("物业王小军每次", "王小军"),
    ("席秀梅，文汇街55号楼2单元7号", "席秀梅"), ("李晓明（13812345678）", "李晓明"),
    ("包工头谭大海不给钱", "谭大海"), ("市住建局\t雍海波\t0391-3566702", "雍海波"),
)  # fmt: skip
OTHERS = (
    "局长李建国", "签发人：王文成", "徐秀叶委员", "居民委员会", "业主大会", "家长委员会",
    "市民中心",
    "居民区", "人民路889号", "市政府3楼305室", "12345", "0391-3569012", "居民高度关注",
    "业主方便",
    "学生高考", "业主马上要交", "居民张贴", "市民王府井大街", "业主陆续入住", "家长单独陪同",
    "孩子安全", "焦建办〔2024〕138号", "统一社会信用代码91410800MA12345678", "投资1381234.5678万元",
    "副市长张伟调研", "王庄村", "赵州桥", "办公地址：人民路12号3号楼302室", "市民政局3号楼402室",
    "责任人：市住建局", "联系人：办公室", "林业主管部门", "当事人陈述", "进城务工人员随迁子女",
    "累计访问15037284600次", "住建部2024年文件", "商住小区12号",
    "2013-2015年 1 3 5 7",
    "1445\n555\n1600", "尊敬的胡书记：", "不同学段情况", "邮编：454000",
    "QQ群：123456", "微信公众号", "请与市住建局联系", "请联系我局办公室（0391-3556677）",
    "房屋归国家所有", "登记在公司名下", "住建、城管、公安等3人", "张三丰、李明等7位代表提出",
    "市政府位于文昌巷12号", "上午15:00-17:30，8:30", "双语班报名，电话", "由建设单位负责协调",
    "请向房管科咨询", "与物业公司沟通",
)  # fmt: skip


@pytest.mark.parametrize("text", MOBILES)
def test_a_mobile_shows_its_first_three_and_last_four_digits_in_any_form(text: str) -> None:
    assert masked(text).count("*") == 4
    assert len(masked(text)) == len(text)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_of_a_person_is_hidden_by_its_form_or_its_label(text: str) -> None:
    assert masked(text).count("*") >= 4


@pytest.mark.parametrize("text", HOMES)
def test_no_numeral_of_a_home_remains(text: str) -> None:
    assert found(text)
    assert not set("0123456789二三四五六七八九零") & set(masked(text))


@pytest.mark.parametrize(("text", "name"), PERSONS)
def test_a_private_person_is_hidden_wholly(text: str, name: str) -> None:
    assert not set(name.replace("·", "").replace("•", "")) & set(masked(text))


@pytest.mark.parametrize("text", OTHERS)
def test_offices_officials_and_words_are_shown(text: str) -> None:
    assert masked(text) == text


def test_whoever_was_named_as_a_resident_is_hidden_elsewhere_too() -> None:
    assert "王秀英" not in masked("居民王秀英来电。我局已与王秀英联系，王秀英表示满意。")


def test_a_name_of_two_characters_is_hidden_elsewhere_where_no_word_runs_into_it() -> None:
    shown = masked("业主周强反映。周强家门口路灯已修复，经与周强沟通，周强说满意。本周强降雨。")
    assert shown == "业主**反映。**家门口路灯已修复，经与**沟通，**说满意。本周强降雨。"
    assert "早高峰" in masked("业主高峰反映，早高峰拥堵。")


def test_a_landline_is_hidden_beside_a_person_only() -> None:
    assert "3556677" not in masked("我叫陈晓东，电话0391-3556677")
    assert "0391-3556677" in masked("请拨打市住建局0391-3556677")


@given(st.lists(st.sampled_from([*MOBILES, *NUMBERS, *HOMES, *OTHERS, "，", "\n", " "])))
def test_no_two_finds_overlap_and_the_length_is_kept(parts: list[str]) -> None:
    text = "".join(parts)
    spans = [datum.span for datum in found(text)]
    assert len(masked(text)) == len(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))

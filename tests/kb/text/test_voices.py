"""What the organ says is told from what others wish, what they claim, and what only closes."""

from __future__ import annotations

import pytest

from kb.text.voices import claims, contact, formal, own_words
from kb.types import Span


def own(sentence: str) -> str:
    """The sentence without the parts that are somebody else's."""
    kept = list(sentence)
    for part in claims(sentence):
        kept[part.start : part.end] = [""] * (part.end - part.start)
    return "".join(kept)


@pytest.mark.parametrize(
    "sentence",
    [
        "您建议将低保标准由每月720元提高到900元，并向边缘家庭发放。",
        "您希望在解放路增设两处公交站。",
        "贵委提出把体检次数由每年1次增加到2次。",
        "委员建议学校食堂每餐不超过8元。",
        "王建国代表建议将老旧小区物业费降至每平方米0.5元。",
        "提案提出到2026年建成10所托育机构。",
        "网友反映该路段每天堵车两个小时。",
        "您来电反映楼上漏水三年无人管。",
        "市民投诉工地夜间施工到凌晨2点。",
        "来信人称物业已经停水5天。",
        "您认为补贴应当翻一番。",
        "居民要求更换全部32台电梯。",
        "（三）建议在全部小学门口设置天桥。",
        "2. 建议对困难家庭免收燃气开户费，并延长缴费期限。",
        "诉求内容：希望将供暖期延长到4月1日。",
        "您提到村里有40多户没有通自来水。",
        "家长担心校车超员，希望每车配两名照管员。",
        "代表们呼吁把人均公园绿地提高到15平方米。",
        "贵局2023年答复时提出，当年9月底前设立岗亭。",
        "你们指出有三条道路没有路灯。",
        "您建议解决停车难问题，增设泊位300个。",
    ],
)
def test_a_wish_or_a_claim_is_not_the_organs(sentence: str) -> None:
    assert not any(char.isalnum() for char in own(sentence)), own(sentence)


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("您建议增设公交站，因道路宽度不足，暂不具备条件。", "因道路宽度不足，暂不具备条件。"),
        ("针对您提出的停车难问题，我局已新增泊位320个。", "我局已新增泊位320个。"),
        ("您反映的路灯不亮，已于3月8日修复。", "已于3月8日修复。"),
        ("建议设立母婴室，已经采纳，年内建成12处。", "已经采纳，年内建成12处。"),
        ("关于您反映的噪声扰民，经现场检测，夜间为58分贝。", "经现场检测，夜间为58分贝。"),
        ("提案指出的17路间隔过长，目前已缩短为9分钟。", "目前已缩短为9分钟。"),
        ("您希望提前供暖，对此我市已定于11月1日点火。", "对此我市已定于11月1日点火。"),
        ("群众反映的井盖破损，均已更换，共计86个。", "均已更换，共计86个。"),
        ("您来信反映占道经营一事，镇政府多次组织清理。", "镇政府多次组织清理。"),
        ("您反映的“路面破损”问题我局已于5月修补。", "我局已于5月修补。"),
        ("您反映的“学校违规收费”情况属实，已退还4.2万元。", "情况属实，已退还4.2万元。"),
    ],
)
def test_the_organs_answer_in_the_same_sentence_is_its_own(sentence: str, kept: str) -> None:
    assert own(sentence).endswith(kept)
    assert len(own(sentence)) <= len(kept) + 1


@pytest.mark.parametrize(
    "sentence",
    [
        "市民可拨打12345提出诉求。",
        "建议您携带身份证到窗口办理。",
        "建议市民错峰出行。",
        "全年受理群众投诉219件，同比下降六成。",
        "我局建议将该路段列入明年计划。",
        "2023年市水利局答复您时提出的排口改造已完成。",
        "代表建议办理工作已纳入考核。",
        "我们将每部电梯补助提高到10万元。",
        "您可以向社区提出申请，15个工作日内办结。",
        "经了解，该小区共有住户860户。",
        "全市现有委员联络站24个。",
        "如需办理，您需准备户口簿和照片。",
    ],
)
def test_what_the_organ_says_stays_its_own(sentence: str) -> None:
    assert own(sentence) == sentence


def test_the_answer_is_cut_free_of_the_wish_that_it_runs_into() -> None:
    sentence = "您建议增设公交站，因道路宽度不足，暂不具备条件。"
    found = own_words(sentence, Span(start=0, end=len(sentence)))
    assert found is not None
    assert found.of(sentence) == "因道路宽度不足，暂不具备条件。"
    wish = "您建议把标准提高到20万元。"
    assert own_words(wish, Span(start=8, end=12)) is None


@pytest.mark.parametrize(
    "words",
    [
        "感谢您对教育事业的关心和支持。",
        "再次感谢您对我局工作的关注！",
        "衷心感谢贵委的宝贵意见。",
        "最后，谢谢您对城市管理提出的建议。",
        "对两位代表的细致调研，谨表谢忱。",
        "非常感谢各位委员一直以来的支持。",
        "特此答复。",
        "以上意见供您参考。",
        "专此函复。",
        "欢迎您继续监督我们的工作。",
        "盼您今后多提宝贵意见。",
        "敬请谅解。",
        "祝您工作顺利、阖家幸福！",
        "抄送：市政府督查室、市政协提案委员会",
        "抄报: 省政协办公厅",
        "来源：市住房和城乡建设局",
        "信息来源：市教育局",
        "责任编辑：张晓",
        "浏览次数：1024",
        "某市卫生健康委员会办公室　2024年5月8日印发",
        "（一）关于增加学位的问题。",
        "二、关于降低收费标准的建议",
        "针对您反映的物业管理问题：",
    ],
)
def test_what_closes_thanks_or_sends_a_letter_answers_nothing(words: str) -> None:
    assert formal(words)


@pytest.mark.parametrize(
    "words",
    [
        "今年收到感谢信27封。",
        "感谢您的关注，现回复如下：转籍申请在2个工作日内受理。",
        "感谢您的来信，该路段已于5月完成修补。",
        "全市建成感恩教育基地3处。",
        "来源于生活污水的占62%。",
        "附件材料齐全的，5个工作日内办结。",
        "欢迎企业参与，已签约12家。",
        "关于低保标准，2024年为每人每月780元。",
        "希望工程累计资助学生1860名。",
        "以上项目总投资3.2亿元，年底完工。",
        "印发《停车管理办法》，自7月1日起施行。",
        "请于每月10日前到窗口申报。",
    ],
)
def test_what_states_something_is_not_formal(words: str) -> None:
    assert not formal(words)


@pytest.mark.parametrize(
    "words",
    [
        "联系人：李敏",
        "联系人及电话：葛云舒　5537715",
        "咨询电话：0371-12345678",
        "联系单位：某市民政局养老科",
        "传真：5520187",
        "如有疑问，请与我局办公室联系。",
        "若您还有问题，可拨打服务热线咨询。",
    ],
)
def test_lines_that_say_whom_to_call_are_known(words: str) -> None:
    assert contact(words)
    assert not contact("全市开通养老服务热线12条，接听咨询4.6万次。")

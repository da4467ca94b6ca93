"""Two letters in one text are refused; what is attached, quoted or asked again is one letter."""

from __future__ import annotations

import pytest

from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.several import several
from kb.errors import UnreadableFile
from kb.types import Letter, Span


def one(
    proposal: str = "21",
    *,
    who: str = "邵见山委员：",
    organ: str = "澄湖市水利局",
    receipt: str = "您提出的关于疏浚内河的提案收悉，现答复如下：",
    fact: str = "内河已疏浚六公里。",
    number: str = "",
    title: bool = True,
    day: str = "2024年9月3日",
) -> str:
    head = f"对市政协三届一次会议第{proposal}号提案的答复\n" if title else ""
    return f"{head}{number and number + chr(10)}{who}\n{receipt}\n{fact}\n{organ}\n{day}"


def letter(text: str) -> Letter:
    return read(Raw(id=None, text=text), letter_id="a", source="a.txt")


OTHER = one(
    "22", who="鲁南枝委员：", organ="澄湖市民政局", fact="食堂已开办九家。", day="2024年9月8日"
)
SEVERAL = [
    one() + "\n\n" + OTHER,
    one() + "\n" + OTHER + "\n" + one("23", who="边陌委员："),
    one(number="澄水函〔2024〕21号") + "\n" + one("22", number="澄民函〔2024〕5号"),
    one(title=False) + "\n" + one(title=False, who="鲁南枝代表：", fact="食堂已开办九家。",
        receipt="您提出的关于社区食堂的建议收悉，现答复如下："),
    one() + "\n联系人：办公室\n抄送：市政协提案委\n" + OTHER,
    one(receipt="您提出的第21号提案收悉。现答复如下：", title=False) + "\n"
    + one(receipt="您提出的第22号提案收悉。现答复如下：", title=False),
    one(who="邵见山委员：您提出的关于疏浚内河的提案收悉。", receipt="经研究，关于此事答复如下：")
    + "\n"
    + OTHER,
    one("０２１") + "\n" + one("０２２"),
    one(day="2024-09-03") + "\n\n\n" + OTHER,
    one(day="二〇二四年九月三日") + "\n" + OTHER,
]  # fmt: skip
QUOTED = (
    "2022年我局答复您的第9号提案如下：\n“邵见山委员：\n您提出的提案收悉，答复如下：\n"
    "内河疏浚两公里。\n2022年5月1日”\n今年又疏浚四公里。"
)
ATTACHED = one(who="澄湖市水利局：", receipt="贵局转来的第21号提案收悉，现将会办意见函复如下：",
               organ="澄湖市财政局", fact="所需经费已列入预算。")  # fmt: skip
ONE = [
    one(),
    one() + "\n附件：市财政局的会办意见\n" + ATTACHED,
    one() + "\n" + ATTACHED,
    one() + "\n附件\n" + OTHER,
    one() + "\n附：去年答复原文\n" + OTHER,
    one() + "\n" + one(),
    one(fact=QUOTED),
    one(who="网友：", receipt="您反映的路灯问题收悉，现回复如下：", title=False) + "\n"
    + one(who="网友：", receipt="您再次反映的路灯收悉，现回复如下：", title=False),
    "来信内容：路灯不亮\n答复内容：\n" + one(title=False) + "\n来信内容：还是不亮\n" + OTHER,
    one(who="邵见山、鲁南枝委员：", receipt="你们提出的第21号、第22号提案收悉，现一并答复如下："),
    one() + "\n征询意见表\n委员姓名：\n2024年9月30日",
]  # fmt: skip


@pytest.mark.parametrize("text", SEVERAL)
def test_several_letters_in_one_text_are_refused(text: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        letter(text)
    assert caught.value.code == "several_letters"
    assert "一份存成一个文件" in str(caught.value)


@pytest.mark.parametrize("text", ONE)
def test_one_letter_with_what_belongs_to_it_is_read(text: str) -> None:
    assert letter(text).text


def test_in_columns_two_proposals_are_two_letters_though_the_first_is_not_signed() -> None:
    text = (
        "柏溪县公报\n对县政协三届二次会议第7号提案的答复\n某甲委员：\n您提出的提案收悉。\n已建站台九座。\n"
        "对县政协三届二次会议第9号提案的答复\n某乙委员：\n您提出的提案收悉。\n已种树三百株。\n县林业局"
    )
    body = Span(start=0, end=len(text))
    assert not several(text, body)
    assert several(text, body, gazette=True)
    same = text.replace("第9号", "第7号")
    assert not several(same, Span(start=0, end=len(same)), gazette=True)

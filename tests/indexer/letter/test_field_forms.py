"""Forms in which letters of other places write their fields: signatures, numbers, lists, kinds."""

from __future__ import annotations

import pytest

from tests.support.indexed import has_true_spans, letter, letter_of, values

OPENING = "您提出的“关于疏浚白沙河的建议”收悉，现答复如下：\n白沙河今年清淤3公里，明年再清淤5公里。"


def signed(tail: str, *, head: str = "关于市八届人大三次会议第64号建议的答复") -> str:
    return f"{head}\n罗秋实代表：\n{OPENING}\n{tail}"


@pytest.mark.parametrize(
    ("tail", "issuer"),
    [
        ("澄江市水利局（盖章）\n2024年5月8日", "澄江市水利局"),
        ("2024年5月8日\n澄江市水利局", "澄江市水利局"),
        ("2024年5月8日\n澄江市水利局 联系电话：5550123 联系人：某同志", "澄江市水利局"),
        ("澄江市水利局 联系人：某同志\n2024年5月8日", "澄江市水利局"),
        ("澄江市水利局\n（联系人：某同志，电话：5550123）\n2024年5月8日", "澄江市水利局"),
        ("澄江市供销合作社联合社\n2024年5月8日", "澄江市供销合作社联合社"),
        ("国家金融监督管理总局澄江监管分局\n2024年5月8日", "国家金融监督管理总局澄江监管分局"),
        ("中国人民银行澄江市分行\n2024年5月8日", "中国人民银行澄江市分行"),
        ("澄江市红十字会\n2024年5月8日", "澄江市红十字会"),
        ("澄江海关\n2024年5月8日", "澄江海关"),
        ("国家税务总局澄江市税务局第一税务所\n2024年5月8日", "国家税务总局澄江市税务局第一税务所"),
        ("澄江市消防救援支队\n二〇二四年五月八日", "澄江市消防救援支队"),
        ("白沙镇人民政府\n2024.5.8", "白沙镇人民政府"),
        ("澄江市水利局 2024年5月8日", "澄江市水利局"),
        ("澄江市水利局 澄江市财政局\n2024年5月8日", "澄江市水利局"),
        ("澄江市水利局\n澄江市财政局\n澄江市审计局\n2024年5月8日", "澄江市水利局"),
        (
            "澄江市水利局\n2024年5月8日\n附件\n各河段清淤表\n"
            + "\n".join(f"{n}\t河段\t{n}公里" for n in range(30)),
            "澄江市水利局",
        ),
        (
            "澄江市水利局\n2024年5月8日\n代表建议办理征询意见表\n" + "代表姓名\n意见\n" * 12,
            "澄江市水利局",
        ),
        ("澄江市水利局\n2024年5月8日\n回执单\n" + "满意\n不满意\n" * 12, "澄江市水利局"),
        ("澄江市水利局\n2024年5月8日\n" + "清淤河段一览\n" * 20, "澄江市水利局"),
    ],
)
def test_whoever_signed_is_the_issuer(tail: str, issuer: str) -> None:
    found = letter_of(signed(tail))
    assert found.value("issuer") == issuer
    assert found.value("issued_on") == "2024-05-08"
    assert has_true_spans(found)


def test_an_attachment_with_a_day_of_its_own_is_not_the_signature() -> None:
    tail = "澄江市水利局\n2024年5月8日\n抄送：市人大代表联络委\n附件：\n河道管理规定\n"
    tail += "第一条为了管好河道。\n" * 10 + "澄江市司法局\n2019年1月2日"
    found = letter_of(signed(tail))
    assert (found.value("issuer"), found.value("issued_on")) == ("澄江市水利局", "2024-05-08")
    assert values(found, "cc") == ["市人大代表联络委"]


def test_joint_signers_are_all_named() -> None:
    for apart in (" ", "、", "\n"):
        names = ["澄江市水利局", "澄江市财政局", "澄江市房产服务中心"]
        found = letter_of(signed(f"{apart.join(names)}\n2024年5月8日"))
        assert [found.value("issuer"), *values(found, "co_organs")] == names


@pytest.mark.parametrize(
    ("line", "copies"),
    [
        ("抄送：市政协提案委（2份）  市政府督查室（2份）", ["市政协提案委", "市政府督查室"]),
        ("抄送：市政协提案委，市政府督查室。", ["市政协提案委", "市政府督查室"]),
        ("抄送：市政协提案委2份、市政府督查室各1份", ["市政协提案委", "市政府督查室"]),
        ("分送：市政协提案委 市政府督查室", ["市政协提案委", "市政府督查室"]),
        ("抄报：市政协提案委", ["市政协提案委"]),
    ],
)
def test_copies_are_no_part_of_who_gets_them(line: str, copies: list[str]) -> None:
    assert values(letter_of(signed(f"澄江市水利局\n2024年5月8日\n{line}")), "cc") == copies


@pytest.mark.parametrize(
    ("line", "result_class"),
    [
        ("澄水函〔2024〕7号　　　　B", "B"),
        ("B类　澄水函〔2024〕7号", "B"),
        ("澄水函〔2024〕7号(A2)", "A"),
    ],
)
def test_a_class_beside_the_number_is_read(line: str, result_class: str) -> None:
    found = letter_of(signed("澄江市水利局\n2024年5月8日", head=line))
    assert found.value("result_class") == result_class
    assert found.value("number") == "澄水函〔2024〕7号"
    assert found.title is None


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("关于市八届人大三次会议第六十五号建议的答复", "65"),
        ("关于市八届人大三次会议第一百零二号建议的答复", "102"),
        ("关于市八届人大三次会议第12、13、14号建议的答复", "12"),
        ("关于市八届人大三次会议闭会期间第7号建议的答复", "7"),
        ("关于市八届人大三次会议第7号闭会建议的答复", "7"),
        ("关于市政协五届三次会议第A017号委员提案的答复", "A017"),
        ("关于市政协五届三次会议第１７号提案的答复", "17"),
    ],
)
def test_numbers_of_every_make_are_read(title: str, number: str) -> None:
    assert letter(title=title).value("proposal_no") == number


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("您提出的《校园搬迁建议》，已交我局研究办理，现答复如下：", "建议"),
        ("您提出的“关于治理河源的议案”收悉，现答复如下：", "议案"),
        ("您在市八届人大三次会议上反映的“疏浚白沙河”问题收悉，现答复如下：", "建议"),
    ],
)
def test_the_kind_is_read_from_the_proposal_or_from_who_made_it(opening: str, kind: str) -> None:
    found = letter_of(f"罗秋实代表：\n{opening}\n白沙河今年清淤3公里。\n澄江市水利局\n2024年5月8日")
    assert found.value("kind") == kind


@pytest.mark.parametrize(
    "label",
    ["文件编号：", "发布时间：", "索引号：", "签发人：", "承办单位：", "主题词：", "提案人："],
)
def test_a_label_is_nobody(label: str) -> None:
    found = letter_of(f"{label}\n罗秋实代表：\n{OPENING}")
    assert values(found, "addressees") == ["罗秋实代表"]


def test_lists_of_organs_end_as_organs_do() -> None:
    organs = [
        "财政部",
        "中国证监会",
        "国家粮食和储备局",
        "人力资源社会保障部",
        "全国总工会",
        "中国人民银行",
    ]
    found = letter(opening=f"您提出的建议收悉。经商{'、'.join(organs)}，现答复如下：")
    assert values(found, "co_organs") == organs


@pytest.mark.parametrize(
    ("opening", "organs"),
    [
        ("您的建议收悉。会商市体育局、市档案馆，现函复如下：", ["市体育局", "市档案馆"]),
        (
            "您的建议收悉。商自然资源厅、人民银行青屏省分行后，答复如下：",
            ["自然资源厅", "人民银行青屏省分行"],
        ),
        (
            "您的建议收悉。我局与区总工会、区邮政管理局共同走访了站点，现答复如下：",
            ["区总工会", "区邮政管理局"],
        ),
        ("您的建议收悉。经与区商务局、区公安分局会办，答复如下：", ["区商务局", "区公安分局"]),
        ("您的建议收悉。今年，商户送检费用由市场主办方承担，答复如下：", []),
    ],
)
def test_whoever_had_a_hand_in_it_is_named(opening: str, organs: list[str]) -> None:
    assert values(letter(opening=opening), "co_organs") == organs


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("您提出的关于保护“白沙船拳”的提案收悉，现答复如下：", "关于保护“白沙船拳”的提案"),
        ("现将第18号提案（关于建设口袋公园的提案）的意见函告如下：", "关于建设口袋公园的提案"),
        ("第25号建议“关于配建养老用房的建议”收悉，现答复如下：", "关于配建养老用房的建议"),
        ("您提出的第24号《关于清理僵尸车的建议》收悉，现答复如下：", "关于清理僵尸车的建议"),
    ],
)
def test_titles_of_proposals_stand_in_every_kind_of_marks(opening: str, title: str) -> None:
    assert letter(opening=opening).value("proposal_title") == title


def test_traditional_characters_are_read_and_kept() -> None:
    lines = (
        "對市八屆人大三次會議第64號建議的答復",
        "羅秋實代表：",
        "您提出的關於疏浚白沙河的建議收悉，現答復如下：",
        "今年清淤3公里。",
        "澄江市農業農村局",
        "2024年5月8日",
    )
    found = letter_of("\n".join(lines))
    assert found.title is not None
    assert found.title.value == "對市八屆人大三次會議第64號建議的答復"
    assert [found.value(n) for n in ("issuer", "kind", "proposal_no", "assembly")] == [
        "澄江市農業農村局",
        "建议",
        "64",
        "市八屆人大三次會議",
    ]
    assert has_true_spans(found)


def test_odd_line_ends_and_characters_are_mended_and_told() -> None:
    text = (
        signed("澄江市⽔利局\n2024年5⽉8⽇")
        .replace("\n", "\u2028")
        .replace("罗秋实", "罗\ue5e5秋\ue123实")
    )
    found = letter_of(text)
    assert found.value("issuer") == "澄江市水利局"
    assert found.value("issued_on") == "2024-05-08"
    assert {"folded_radicals", "private_characters"} <= set(found.flags)
    assert "澄江市⽔利局" in found.text


def test_a_title_that_only_came_beside_the_letter_tells_its_proposal() -> None:
    found = letter_of(
        f"罗秋实代表：\n{OPENING}", title="澄江市水利局关于市八届人大三次会议第64号建议的答复"
    )
    assert (found.value("proposal_no"), found.value("kind")) == ("64", "建议")
    assert found.fields["proposal_no"].span is None

"""Letters in the wild: brackets, classes, titles, addressees and levels as places write them."""

from __future__ import annotations

import pytest
from hypothesis import given

from kb.errors import UnreadableFile
from tests.support import made
from tests.support.indexed import has_true_spans, letter, letter_of, values


@pytest.mark.parametrize(
    "number",
    [
        "云民函〔2024〕7号",
        "云民函[2024]7号",
        "云民函(2024)7号",
        "云民函（2024）7号",
        "云民函【2024】7号",
        "云民函〔2024〕第7号",
        "云民函﹝2024﹞7号",
    ],
)
def test_a_document_number_is_read_with_its_own_brackets(number: str) -> None:
    assert letter(top=f"云岭市民政局文件\n{number}").value("number") == number
    assert letter(top=f"云岭市民政局文件\n{number}　　签发人：王文成").value("number") == number


@pytest.mark.parametrize(
    ("line", "result_class"),
    [
        ("办理结果：A", "A"),
        ("办理结果:B类", "B"),
        ("办理结果：（C）", "C"),
        ("办理类别：Ｂ", "B"),
        ("办理结果：A1", "A"),
        ("办理结果：A（主动公开）", "A"),
        ("类别标记：B", "B"),
        ("（B类）", "B"),
        ("甲类", "甲"),
        ("办理结果：乙类", "乙"),
        ("办理结果\tB 类\t公开属性\t主动公开", "B"),
        ("签发人：王文成　办理结果：D", "D"),
        ("类　别：A", "A"),
        ("办理结果：已办结", None),
        ("ABC公司", None),
    ],
)
def test_the_result_class_is_read_as_places_write_it(line: str, result_class: str | None) -> None:
    assert letter(top=f"云民函〔2024〕7号\n{line}").value("result_class") == result_class


@pytest.mark.parametrize(
    ("line", "signer"),
    [
        ("签发人：王文成", "王文成"),
        ("签发人： 王 文 成", "王文成"),
        ("签发：欧阳娜娜", "欧阳娜娜"),
        ("签发人：艾力·买买提", "艾力·买买提"),
        ("签发人\t张三\t办理结果\tA", "张三"),
        ("签发人：王文成　　办理结果：A", "王文成"),
        ("签发人：", None),
    ],
)
def test_the_signer_is_read_without_spaces(line: str, signer: str | None) -> None:
    assert letter(top=f"云民函〔2024〕7号\n{line}").value("signer") == signer


@pytest.mark.parametrize(
    ("title", "assembly", "number", "kind"),
    [
        ("对省十四届人大二次会议第0123号建议的答复", "省十四届人大二次会议", "0123", "建议"),
        ("关于省十四届人大二次会议“123号”建议的答复", "省十四届人大二次会议", "123", "建议"),
        ("关于对市政协五届三次会议第86号提案的会办意见", "市政协五届三次会议", "86", "提案"),
        (
            "关于政协第五届云岭市委员会第三次会议第086号提案的复函",
            "政协第五届云岭市委员会第三次会议",
            "086",
            "提案",
        ),
        (
            "云岭市民政局关于市十六届人大三次会议第9号建议的答复",
            "市十六届人大三次会议",
            "9",
            "建议",
        ),
        (
            "关于市政协五届三次会议第 086 号（社会事业类第12号）提案的答复",
            "市政协五届三次会议",
            "086",
            "提案",
        ),
        ("关于市政协五届三次会议第086号重点提案的答复函", "市政协五届三次会议", "086", "提案"),
        ("对市政协五届三次会议\n第1520135号提案的答复", "市政协五届三次会议", "1520135", "提案"),
    ],
)
def test_titles_of_every_make_name_assembly_number_and_kind(
    title: str, assembly: str, number: str, kind: str
) -> None:
    found = letter(title=title)
    read_fields = [found.value(name) for name in ("assembly", "proposal_no", "kind")]
    assert read_fields == [assembly, number, kind]
    assert has_true_spans(found)


@pytest.mark.parametrize(
    ("line", "addressees"),
    [
        ("徐秀叶委员：", ["徐秀叶委员"]),
        ("尊敬的徐秀叶代表:", ["徐秀叶代表"]),
        ("丁一帆、邵云委员：", ["丁一帆", "邵云委员"]),
        ("丁一帆委员、邵云委员：", ["丁一帆委员", "邵云委员"]),
        ("九三学社云岭市委员会：", ["九三学社云岭市委员会"]),
        ("民革云岭市委会：", ["民革云岭市委会"]),
        ("市总工会、团市委、市妇联：", ["市总工会", "团市委", "市妇联"]),
        ("艾力·买买提代表：", ["艾力·买买提代表"]),
        ("徐秀叶（女）代表：", ["徐秀叶（女）代表"]),
        ("徐秀叶等3名委员：", ["徐秀叶等3名委员"]),
        ("市政协经济委员会：", ["市政协经济委员会"]),
        ("王经纬委员：", ["王经纬委员"]),
        ("各县（市、区）人民政府，市直各部门：", ["各县（市、区）人民政府", "市直各部门"]),
    ],
)
def test_addressees_are_told_apart(line: str, addressees: list[str]) -> None:
    found = letter(who=line)
    assert values(found, "addressees") == addressees
    assert has_true_spans(found)


@pytest.mark.parametrize(
    ("opening", "organs", "title"),
    [
        (
            "您提出的关于加强养老服务的建议收悉。会同市财政局、市卫生健康委员会和市医保局认真研究，现答复如下：",
            ["市财政局", "市卫生健康委员会", "市医保局"],
            "关于加强养老服务的建议",
        ),
        (
            "贵委提出的《关于推进养老的提案》（第086号）已收悉，我局商市财政局、市住建局办理，现答复如下：",
            ["市财政局", "市住建局"],
            "关于推进养老的提案",
        ),
        ("您提出的“关于推进养老服务的提案”收悉，现答复如下：", [], "关于推进养老服务的提案"),
    ],
)
def test_openings_name_co_organs_and_the_proposal(
    opening: str, organs: list[str], title: str
) -> None:
    found = letter(opening=opening)
    assert values(found, "co_organs") == organs
    assert found.value("proposal_title") == title


@pytest.mark.parametrize(
    ("line", "publicity"),
    [
        ("公开属性：主动公开", "public"),
        ("公开属性：依申请公开", "on_request"),
        ("公开方式: 不予公开", "closed"),
        ("公开范围：不公开", "closed"),
        ("办理结果\tB 类\t公开属性\t不予公开", "closed"),
        ("（不予公开）", "closed"),
        ("此件依申请公开", "on_request"),
        ("此件公开发布", "public"),
        ("办理结果：A", "public"),
    ],
)
def test_publicity_is_read_from_the_head_and_the_tail(line: str, publicity: str) -> None:
    assert letter(top=f"云民函〔2024〕7号\n{line}").publicity == publicity
    assert letter(tail=f"云岭市民政局\n2024年5月6日\n{line}").publicity == publicity


def test_a_web_table_gives_fields_and_stays_out_of_the_body() -> None:
    front = (
        "索引号：A1\n发文单位：云岭市教育局\n发文字号：云教函〔2023〕7号\n"
        "成文日期：2023-07-05\n公开方式：依申请公开"
    )
    found = letter_of("关于课后服务的提案的答复\n某委员：\n您的提案收悉。工作完成。", front=front)
    assert [found.value(n) for n in ("issuer", "number", "issued_on")] == [
        "云岭市教育局",
        "云教函〔2023〕7号",
        "2023-07-05",
    ]
    assert found.publicity == "on_request"
    assert found.body.of(found.text).startswith("关于课后服务")
    assert has_true_spans(found)


def test_metadata_of_a_bulk_import_fills_what_the_text_does_not_say() -> None:
    found = letter_of(
        "工作已经完成，我们将继续努力做好各项服务。",
        issuer="云岭市民政局",
        date="2024-6-8 10:00",
        title="关于养老的答复",
        url="https://a.example/1",
    )
    assert (found.value("issuer"), found.value("issued_on")) == ("云岭市民政局", "2024-06-08")
    assert found.title is not None
    assert (found.title.value, found.title.span) == ("关于养老的答复", None)
    assert found.url == "https://a.example/1"


def test_a_senseless_date_of_a_bulk_import_is_left_out() -> None:
    assert letter_of("工作完成。", date="99999999999年1月1日").value("issued_on") is None


def test_a_notice_that_mentions_a_proposal_is_not_read_as_its_reply() -> None:
    found = letter_of(
        "关于印发《云岭市养老服务条例实施细则》的通知\n云政办〔2024〕3号\n各县（市、区）人民政府：\n"
        "根据市政协五届三次会议精神和第086号提案，现将细则印发给你们。\n主要做法：\n一、总则\n加强管理。\n"
        "云岭市人民政府办公室\n2024年5月6日"
    )
    assert {name: field.value for name, field in found.fields.items()} == {
        "issuer": "云岭市人民政府办公室",
        "number": "云政办〔2024〕3号",
        "issued_on": "2024-05-06",
    }
    assert values(found, "addressees") == ["各县（市、区）人民政府"]


def test_a_mailbox_reply_has_no_false_fields() -> None:
    found = letter_of(
        "关于路灯不亮的回复\n您反映的问题，经核实：\n路灯已修复。\n云岭市城管局\n2024年5月6日"
    )
    assert {name: f.value for name, f in found.fields.items()} == {
        "issuer": "云岭市城管局",
        "issued_on": "2024-05-06",
    }
    assert found.lists == {}


def test_nothing_but_invisible_characters_is_an_empty_file() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.txt") as caught:
        letter_of("\u200b \n\f \ufeff")
    assert caught.value.code == "empty_file"


@given(made.bodies)
def test_spans_are_true_and_the_body_is_the_text_of_any_letter(text: str) -> None:
    found = letter_of(text)
    assert found.body.of(found.text) == found.text
    assert has_true_spans(found)
    assert all(h.span.of(found.text) == h.text for h in found.headings)

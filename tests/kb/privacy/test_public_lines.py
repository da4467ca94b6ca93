"""A citizen can always call somebody: lines that are anybody's stay where persons are hidden."""

from __future__ import annotations

import pytest

from kb.privacy.redact import redacted
from kb.profile import Masking
from tests.support.fakes import make_letter


def shown(text: str) -> str:
    return redacted(make_letter("x", text, title=None), Masking()).letter.text[1:]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("联系人：贺敏，电话：0391-5520187，监督电话：0391-6691234。", "0391-6691234"),
        ("经办人：贺敏　5520187　投诉举报电话：（010）68792114", "（010）68792114"),
        ("联系人：贺敏，电话5520187，也可以拨打12345。", "12345"),
        ("联系人：贺敏，5520187；服务热线：96116", "96116"),
        ("责任人电话：13938801726，监督电话：0371-66912345。", "0371-66912345"),
        ("联系单位：市交通局运输科；联系电话：0391-6633218。", "0391-6633218"),
        ("请拨打我局办公室电话0371-67889120咨询。", "0371-67889120"),
    ],
)
def test_a_line_that_anybody_may_call_is_shown(text: str, line: str) -> None:
    assert line in shown(text)
    assert "贺敏" not in shown(text)
    assert "5520187" not in shown(text)

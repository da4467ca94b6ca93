"""What people call the fields of a letter."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "issuer": "发文单位",
    "number": "文号",
    "issued_on": "发文日期",
    "result_class": "办理结果",
    "assembly": "会议",
    "kind": "类型",
    "proposal_no": "编号",
    "proposal_title": "题目",
    "addressees": "答复对象",
    "co_organs": "会办单位",
    "signer": "签发人",
    "contact_unit": "联系单位",
    "cc": "抄送",
}

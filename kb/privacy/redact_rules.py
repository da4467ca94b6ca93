"""What letters hide by their profile: rows, each with an example and how it is shown.

Patterns are searched in text with its full-width letters, digits and signs made narrow.
"""

from __future__ import annotations

from kb.privacy.contact_rules import CONTACTS, PHONE
from kb.privacy.names import PERSON
from kb.privacy.rule import RedactRule
from kb.privacy.rule import redact_row as row

__all__ = ["ROWS", "RedactRule"]

_REST = r"[^\n。]{0,120}"
_NUMBER = r"(?:\(?0\d{2,3}\)?[ \-—–]{0,2})"

ROWS: tuple[RedactRule, ...] = (
    *CONTACTS,
    row("单位电话", "landlines", rf"{PHONE}[:\t ]{{0,4}}(?P<hide>{_REST})",
        "联系电话：0391-3569012（办公室）", "联系电话：****-*******（办公室）"),
    row("单位电话", "numbers", rf"(?<![\d-])(?P<hide>{_NUMBER}[2-9]\d{{6,7}})(?![\d-])",
        "请拨打（0391）3568888。", "请拨打（****）*******。"),
    row("单位邮箱", "numbers", r"(?<![\w.+-])(?P<hide>[\w.+-]++)@[\w.-]+\.gov\.cn",
        "发至 jzjb@henan.gov.cn", "发至 ****@henan.gov.cn"),
    row("提出人", "members",
        rf"(?:主办的|提出的|收到|答复|[由对关于])(?P<hide>{PERSON}?)"
        r"(?=(?:等\d{0,3}[位名]?)?(?:委员|代表)(?![会团组大小]))",
        "贵局主办的顾青松委员“关于停车的提案”", "贵局主办的***委员“关于停车的提案”"),
)  # fmt: skip

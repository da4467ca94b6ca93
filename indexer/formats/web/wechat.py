"""Articles of public accounts: a script shows their text, which the page itself hides.

The text is in ``#js_content``, hidden until the script runs; the title, the account and the day
stand beside it, the day often in a script alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lxml.html import HtmlElement as Element

TEXT = "js_content"
BESIDE = ("activity-name", "js_name", "publish_time", "js_article", "img-content", "profileBt")
SHOWN = ";visibility:visible!important;opacity:1!important"
CHINA = timedelta(hours=8)  # from UTC
SCANNED = 200_000  # code points of a script that are looked through
_NAME = r"(?:ct|createTime|create_time|oriCreateTime|ori_create_time|publish_time|svr_time_str)"
_DAY = re.compile(r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?(?: \d{1,2}:\d{2})?")
_SECONDS = re.compile(
    rf"\b{_NAME}\b[\"']?\s{{0,4}}[=:]\s{{0,4}}(?:\w{{1,20}}\()?[\"'](?P<at>1\d{{9}})[\"']"
)
_WRITTEN = re.compile(
    rf"\b{_NAME}\b[\"']?\s{{0,4}}[=:]\s{{0,4}}[\"'](?P<day>\d{{4}}-\d{{1,2}}-\d{{1,2}})"
)


def uncover(root: Element) -> dict[str, str]:
    """Show, in place, the text of the article that the page ``root`` is; its named values.

    {} for any other page, of which what is hidden stays so.
    """
    text = _found(root, TEXT)
    if text is None or not any(_found(root, name) is not None for name in BESIDE):
        return {}
    # Only what hides the text itself is undone: what is hidden in it, or around it, stays hidden.
    text.set("style", (text.get("style") or "") + SHOWN)
    rows = {"来源": _words(root, "js_name"), "发布时间": _day(root)}
    return {name: value for name, value in rows.items() if value}


def _found(root: Element, name: str) -> Element | None:
    elements = root.xpath("//*[@id=$name]", name=name)
    return elements[0] if elements else None


def _words(root: Element, name: str) -> str:
    element = _found(root, name)
    return " ".join(element.text_content()[:400].split()) if element is not None else ""


def _day(root: Element) -> str:
    """The day on which the article was published, as the page or a script of it says."""
    shown = _DAY.search(_words(root, "publish_time"))
    return shown[0] if shown else next(_told(root), "")


def _told(root: Element) -> Iterator[str]:
    for script in root.iter("script"):
        words = (script.text or "")[:SCANNED]
        if written := _WRITTEN.search(words):
            yield written["day"]
        elif seconds := _SECONDS.search(words):
            yield f"{datetime.fromtimestamp(int(seconds['at']), UTC) + CHINA:%Y-%m-%d}"

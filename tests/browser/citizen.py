"""Somebody with a browser, who is watched: what the pages do that they must not is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.browser import replies
from tests.browser.sites import Sites

PATIENCE = 60_000  # milliseconds; the machine may be busy
HERE = Path(__file__).parent
WATCH = (HERE / "watch.js").read_text("utf-8")
HELD = (HERE / "held.js").read_text("utf-8")
DEEP = (HERE / "deep.js").read_text("utf-8").strip()
AXE = HERE.parents[1] / "server" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """
async (tags) => {
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.flat().join(" ")}: ${node.failureSummary}`));
}
"""
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# Characters of Extension B stand in front of what is quoted: once, and in two places.
ANSWERED = "𠮷野村引水渠修缮投资多少钱？"
TWICE = "𠮷野村引水渠的水和钱是怎么安排的？"
LISTED = "2024年答复了多少件"
REFUSED = "明天青河区会下雨吗？"
FOLLOWING = "那2025年呢"  # after LISTED

expect.set_options(timeout=PATIENCE)
Json: TypeAlias = Mapping[str, Any]

# The problem documents that stand in for what is hard to bring about.
LIMITED = {
    "type": "about:blank",
    "title": "太频繁",
    "status": 429,
    "code": "too_many",
    "detail": "问得太快了",
    "retry_after": 60,
}
BROKEN = {
    "type": "about:blank",
    "title": "内部错误",
    "status": 500,
    "code": "internal",
    "detail": "查到一半出了错；请再试一次",
}


class Citizen:
    """One browser tab and its own session. ``faults`` is what must be empty at the end."""

    def __init__(self, browser: Browser, sites: Sites, **options: Any) -> None:
        self.sites = sites
        self._context = browser.new_context(locale="zh-CN", **options)
        self._context.set_default_timeout(PATIENCE)
        self._context.add_init_script(WATCH)
        self._context.on("request", self._requested)
        self._context.on("console", self._said)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self._faults.append(f"script: {error}"))
        self._faults: list[str] = []
        self._pardoned: list[str] = []

    # What they do.

    def goes(self, address: str) -> None:
        """To a path of the service, or to an address of another site."""
        self.page.goto(self.sites.fuwen + address if address.startswith("/") else address)

    def visits(self, **attributes: str) -> None:
        """The page of the allowed site, its tag with these ``data-`` attributes."""
        told = "&".join(f"{name}={value}" for name, value in attributes.items())
        self.goes(f"{self.sites.allowed}/?{told}")

    def opens(self) -> None:
        """The panel, by the button on the page."""
        self.launcher.click()
        expect(self.panel).to_be_visible()
        expect(self.page.locator(".chip").first).to_be_visible()

    def asks(self, question: str, *, settled: bool = True) -> None:
        """In the panel; waits for the verdict."""
        self.box.fill(question)
        self.box.press("Enter")
        if settled:
            expect(self.last.locator(".verdict")).to_be_visible()

    def is_held_after(self, events: int) -> None:
        """Streams stop after so many events until ``window.release()``."""
        self._context.add_init_script(HELD.replace("HELD", str(events)))

    def is_told(self, problem: Json) -> None:
        """Every question is answered with this problem document."""
        self.pardons(rf"Failed to load resource.*\b{problem['status']}\b")
        headers = {"Access-Control-Allow-Origin": "*"}
        self.page.route(
            "**/api/ask/stream",
            lambda route: route.fulfill(
                status=problem["status"], json=dict(problem), headers=headers
            ),
        )

    def is_answered(self, name: str) -> None:
        """Every question is answered with the reply of this name in replies.py."""
        letter = self.page.request.get(f"{self.sites.fuwen}/api/letters/{quote(replies.LETTER)}")
        text = replies.body(replies.REPLIES[name](letter.json()["text"]))
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/event-stream"}
        self.page.route(
            "**/api/ask/stream", lambda route: route.fulfill(body=text, headers=headers)
        )

    def loses_the_network(self) -> None:
        self.pardons("ERR_INTERNET_DISCONNECTED")
        self._context.set_offline(True)

    # What they see.

    @property
    def launcher(self) -> Locator:
        return self.page.locator("fuwen-ask > button, fuwen-ask button").first

    @property
    def panel(self) -> Locator:
        return self.page.locator("fuwen-panel .frame")

    @property
    def box(self) -> Locator:
        return self.page.locator("fuwen-panel #question")

    @property
    def last(self) -> Locator:
        """The last question with what came of it."""
        return self.page.locator("fuwen-panel .turn").last

    @property
    def marks(self) -> str:
        """The words that are marked as the quote in the letter that is shown."""
        return "".join(self.page.locator(".text mark[aria-current]").all_text_contents())

    def deep(self, call: str) -> Any:
        """What a function of deep.js gives for the page as it stands."""
        return self.page.evaluate(f"(() => {{ const deep = {DEEP}; with (deep) return {call} }})()")

    def barriers(self) -> list[str]:
        """What axe-core holds against the page as it stands, one line each."""
        if not AXE.exists():
            raise FileNotFoundError(f"没有 {AXE}；请先运行 make test-browser")
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(RUN_AXE, list(STANDARD))
        return [str(one) for one in found]

    # What is held against the pages.

    def pardons(self, pattern: str) -> None:
        """Faults in which ``pattern`` is found belong to the test."""
        self._pardoned.append(pattern)

    @property
    def faults(self) -> Sequence[str]:
        """Requests to other hosts, breaches of the policy, errors of scripts, cookies."""
        cookies = [f"cookie: {one.get('name')}" for one in self._context.cookies()]
        return [
            fault
            for fault in (*self._faults, *cookies)
            if not any(re.search(pattern, fault) for pattern in self._pardoned)
        ]

    @property
    def heard(self) -> Sequence[str]:
        """All faults, those that were pardoned too."""
        return self._faults

    def leaves(self) -> None:
        self._context.close()

    def _requested(self, request: Request) -> None:
        known = [urlsplit(one).netloc for one in (self.sites.fuwen, self.sites.allowed)]
        known.append(urlsplit(self.sites.other).netloc)
        told = urlsplit(request.url)
        if told.scheme not in ("data", "blob") and told.netloc not in known:
            self._faults.append(f"request: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._faults.append(f"console: {message.text} {message.location.get('url', '')}")

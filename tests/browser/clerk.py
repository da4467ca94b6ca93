"""A member of staff with a browser: a citizen who signs in, and whose one cookie is no fault."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Locator, expect

from tests.browser.citizen import Citizen
from tests.browser.sites import STAFF

ROOMS = (
    "/staff", "/staff/review", "/staff/commitments", "/staff/commitments/1",
    "/staff/due", "/staff/before",
    "/staff/compare", "/staff/statistics", "/staff/weekly", "/staff/proposals",
    "/staff/queue", "/staff/outgoing", "/staff/import",
    "/staff/accounts", "/staff/audit", "/staff/operations",
    "/staff/letters", "/staff/letters?q=云建函", "/staff/uploads", "/staff/search?q=电梯",
    "/staff/letters/" + quote("云建办〔2023〕18号.txt"),
)  # fmt: skip


def sign_in(citizen: Citizen, address: str) -> None:
    """Signs them in on the way to ``address``; the session's cookie is no fault."""
    citizen.pardons("cookie: fuwen-local")
    citizen.goes(address)
    citizen.page.get_by_label("账号").fill(STAFF[0])
    citizen.page.get_by_label("密码").fill(STAFF[1])
    citizen.page.get_by_role("button", name="登录").click()


class Clerk(Citizen):
    """Staff of the service's own sites."""

    def signs_in(self) -> None:
        """From wherever they are sent to the page for it."""
        sign_in(self, "/staff")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("承诺总览")

    @property
    def rows(self) -> Locator:
        """The rows of the list that is shown."""
        return self.page.locator("table.rows tbody tr")

    def number(self, address: str) -> int:
        """How many the list at ``address`` says that there are."""
        self.goes(address)
        told = self.page.locator(".tally, .said").first.inner_text()
        return int("".join(one for one in told.split("条")[-2] if one.isdecimal()))

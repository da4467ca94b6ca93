"""A member of staff with a browser: a citizen who signs in, and whose one cookie is no fault."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Locator, expect

from tests.browser.citizen import Citizen
from tests.browser.screens import VIEWS, WIDE, judge
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


UPDATED = 300_000  # milliseconds; the indexer gives way to whatever else the machine does
# What a drag from a folder does, as a script can do it.
DROP = """
([name, text]) => {
  const form = document.querySelector("form[data-drop]");
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type: "text/plain" }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
  }
}
"""


def sign_in(citizen: Citizen, address: str, *, who: tuple[str, str] = STAFF) -> None:
    """Signs them in on the way to ``address``; the session's cookie is no fault."""
    citizen.pardons("cookie: fuwen-local")
    citizen.goes(address)
    citizen.page.get_by_label("账号").fill(who[0])
    citizen.page.get_by_label("密码").fill(who[1])
    citizen.page.get_by_role("button", name="登录").click()


class Clerk(Citizen):
    """Staff of the service's own sites."""

    def signs_in(self, who: tuple[str, str] = STAFF, *, home: str = "承诺总览") -> None:
        """From wherever they are sent to the page for it; ``home`` is the title of theirs."""
        sign_in(self, "/staff", who=who)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(home)

    @property
    def rows(self) -> Locator:
        """The rows of the list that is shown."""
        return self.page.locator("table.rows tbody tr")

    def number(self, address: str) -> int:
        """How many the list at ``address`` says that there are."""
        self.goes(address)
        told = self.page.locator(".tally, .said").first.inner_text()
        return int("".join(one for one in told.split("条")[-2] if one.isdecimal()))

    def presses(self, name: str, *, told: str = "") -> None:
        """The button of this name; the page then says ``told``."""
        self.page.get_by_role("button", name=name, exact=True).click()
        if told:
            expect(self.page.get_by_role("status").first).to_contain_text(told)

    def unfolds(self, title: str) -> None:
        """What is folded under ``title``."""
        self.page.locator("summary", has_text=title).first.click()

    def drops(self, name: str, text: str) -> None:
        """A file on the page of uploads, which is read; its page is then open."""
        self.goes("/staff/uploads")
        self.page.evaluate(DROP, [name, text])
        expect(self.page.get_by_role("status").first).to_contain_text("收到 1 个文件")
        row = self.page.locator("#uploads")
        expect(row).to_contain_text("读好了", timeout=UPDATED)
        self.page.get_by_role("link", name=name).click()

    def waits_for(self, words: str) -> None:
        """The title says ``words`` by and by, without being reloaded by hand."""
        title = self.page.get_by_role("heading", level=1)
        expect(title).to_contain_text(words, timeout=UPDATED)

    def looks_it_over(self) -> None:
        """The page that is open is for everybody, at every size."""
        for name, view in VIEWS.items():
            self.page.set_viewport_size(view)
            judge(self, name)
            found = self.barriers()
            assert not found, "\n".join(found)
        self.page.set_viewport_size(WIDE)

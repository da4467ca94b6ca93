"""axe-core finds nothing against WCAG 2.2 AA in any state."""

from __future__ import annotations

import pytest

from tests.browser.citizen import Citizen
from tests.browser.conftest import Somebody
from tests.browser.replies import REPLIES
from tests.browser.states import EVERY


@pytest.mark.parametrize("state", EVERY)
def test_axe_finds_nothing(state: str, somebody: Somebody) -> None:
    citizen = somebody(**EVERY[state].options)
    EVERY[state].reached(citizen)
    found = citizen.barriers()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("state", ["offered", "settings", "more", "too long", *REPLIES])
def test_axe_finds_nothing_in_the_largest_type_and_high_contrast(
    state: str, somebody: Somebody
) -> None:
    citizen = somebody(viewport={"width": 375, "height": 667})
    EVERY[state].reached(citizen)
    if state != "settings":
        citizen.page.get_by_role("button", name="字号").click()
    citizen.page.get_by_label("特大").check()
    citizen.page.get_by_label("高对比度").check()
    found = citizen.barriers()
    assert not found, "\n".join(found)


def test_axe_sees_into_the_widget(citizen: Citizen) -> None:
    """What it would say nothing about, were it blind to the shadow tree."""
    EVERY["answered"].reached(citizen)
    citizen.page.evaluate(
        "document.querySelector('fuwen-ask').shadowRoot.querySelector('fuwen-panel').shadowRoot"
        ".querySelector('.composer textarea').id = 'elsewhere'"
    )
    assert any(one.startswith("label: ") and "elsewhere" in one for one in citizen.barriers())

"""axe-core finds nothing against WCAG 2.2 AA in any state."""

from __future__ import annotations

import pytest

from tests.browser.citizen import Citizen
from tests.browser.conftest import Somebody
from tests.browser.states import EVERY


@pytest.mark.parametrize("state", EVERY)
def test_axe_finds_nothing(state: str, somebody: Somebody) -> None:
    citizen = somebody(**EVERY[state].options)
    EVERY[state].reached(citizen)
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

"""The page of what the server is doing: true, with what to do, and without secrets."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from kb.help import HELP
from kb.settings import Settings
from kb.staff import accounts
from kb.staff.database import NAME
from server.console.admin.operations import PARTS, in_force
from tests.support.fakes import MemoryStore, make_letter
from tests.support.served import ANSWERS
from tests.support.staffed import QUICK
from tests.support.staffing import browser, signed
from tests.support.stores import publish
from tests.support.town import founded

SECRETS = {
    "embeddings_key": "secret-6",
    "rerank_key": "secret-7",
    "staff_db": "postgresql://fuwen:hush@db/fuwen",
    "milvus_token": "secret-5",
    "oidc_secret": "secret-1",
    "smtp_password": "secret-2",
    "notify_secret": "secret-6",
    "notify_urls": "https://hook.example/?key=secret-7",
    "webhook_secret": "secret-3",
    "llm_key": "secret-6",
    "webhook_url": "https://robot.example/send?key=secret-4",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    founded(tmp_path / NAME)
    (tmp_path / f"{NAME}.before-20240101T000000").write_bytes(b"1" * 5_000_000)
    return replace(ANSWERS, data=tmp_path, free_mb=0, **SECRETS)  # type: ignore[arg-type]


def page(settings: Settings, *, letters: int = 2) -> str:
    store = MemoryStore()
    if letters:
        publish(store, *(make_letter(str(number), "水渠。") for number in range(letters)))
    path = settings.data / NAME
    client = signed(browser(path, store=store, settings=settings), path, "运维", role="admin")
    return client.get("/staff/operations").raise_for_status().text


def test_it_tells_what_is_served_and_that_all_is_well(settings: Settings) -> None:
    shown = page(settings)
    assert "20260101T000000-00000001" in shown
    assert "2 份" in shown
    assert "</span> 正常" in shown
    assert "0 个在答，0 个在等" in shown


def test_trouble_comes_with_what_to_run(settings: Settings) -> None:
    shown = page(replace(settings, free_mb=10**9))
    assert "有 1 处要处理" in shown
    assert "fuwen prune --delete" in shown
    assert "</span> 正常" not in shown


def test_without_a_snapshot_it_says_how_to_make_one(settings: Settings) -> None:
    shown = page(settings, letters=0)
    assert "现在答不了问题：还没有发布过复文" in shown
    assert "fuwen index update" in shown


def test_what_fills_the_disk_is_told_the_largest_first_with_what_to_do(settings: Settings) -> None:
    shown = page(settings)
    assert shown.index(f">{PARTS['copies'][0]}<") < shown.index(f">{PARTS['staff'][0]}<")
    assert "5.0 MB，1 个" in shown
    assert PARTS["copies"][1] in shown


def test_settings_in_force_are_shown_and_secrets_are_not(settings: Settings) -> None:
    shown = page(replace(settings, rate=77))
    for name in HELP:
        assert f"KB_{name.upper()}" in shown
    assert ">77<br><strong>改过</strong>" in shown
    assert "secret-" not in shown
    assert shown.count("已设，不显示") == len(SECRETS)


def test_every_setting_that_sounds_like_a_secret_is_hidden() -> None:
    names = [field.name for field in fields(Settings)]
    filled = replace(
        Settings(),
        **{name: "hush" for name in names if name.endswith(("password", "secret", "token"))},
    )
    assert all(one.value != "hush" for one in in_force(filled))
    assert {field.name for field in fields(Settings) if not field.repr} == {*SECRETS}

"""Signing in elsewhere: there and back, and everything that must not be believed."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kb.staff import accounts, audit
from kb.staff.database import opened
from server.console.access.cookies import SECURE
from server.console.access.provider import Provider
from tests.support.idp import CLIENT, ISSUER, PASS, MadeUp, key
from tests.support.postgres import dumped
from tests.support.promises import WANG
from tests.support.served import REFUSES, Page
from tests.support.staffed import join
from tests.support.staffing import browser, shown

THERE, BACK = "/staff/oidc", "/staff/oidc/back"
STATE = SECURE + "-oidc"
SETTINGS = replace(REFUSES, oidc_issuer=ISSUER, oidc_client=CLIENT, oidc_secret=PASS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "staff.db"
    with opened(found) as database:
        join(database, password=None)
    return found


@pytest.fixture
def provider() -> MadeUp:
    return MadeUp()


@pytest.fixture
def client(path: Path, provider: MadeUp) -> TestClient:
    return at(path, provider)


def at(path: Path, provider: MadeUp, **settings: str) -> TestClient:
    """A browser at a server that knows ``provider``."""
    chosen = replace(SETTINGS, **settings)  # type: ignore[arg-type]
    client = browser(path, settings=chosen)
    client.app.state.provider = Provider(  # type: ignore[attr-defined]
        chosen, transport=provider.transport()
    )
    return client


def goes(client: TestClient, wanted: str = "/staff") -> str:
    """Where the browser is sent to sign in."""
    response = client.get(f"{THERE}?next={quote(wanted)}")
    assert response.status_code == 303, response.text
    found: str = response.headers["location"]
    return found


def comes(client: TestClient, provider: MadeUp) -> Response:
    """There and back."""
    return client.get(f"{BACK}?{provider.signs_in(goes(client))}")


def refused(response: Response, status: int, why: str) -> None:
    assert response.status_code == status, response.text
    assert why in Page.of(response.text).one("p", role="alert").text
    assert SECURE not in response.cookies


def test_who_signs_in_elsewhere_comes_in_here_and_to_where_they_wanted(
    path: Path, client: TestClient, provider: MadeUp
) -> None:
    there = goes(client, "/staff/queue?state=done")
    assert there.startswith("https://id.example/auth?")
    response = client.get(f"{BACK}?{provider.signs_in(there)}")
    assert response.headers["location"] == "/staff/queue?state=done"
    assert client.get("/staff").status_code == 200
    assert STATE not in client.cookies
    with opened(path) as database:
        told = audit.entries(database, limit=1)[0]
    assert (told.action, told.who, told.detail) == ("signed_in", "王芳", {"way": "oidc"})


def test_the_page_to_sign_in_offers_it_beside_the_password(client: TestClient) -> None:
    page = shown(client, "/staff/login?next=/staff/queue")
    link = next(a for a in page.all("a") if a.text == "用统一身份认证登录")
    assert client.get(link.attributes["href"]).headers["location"].startswith("https://id.example/")
    assert page.one("input", id="password")


def test_without_a_provider_in_the_settings_there_is_no_such_way(path: Path) -> None:
    client = browser(path)
    assert "/staff/oidc" not in client.get("/staff/login").text
    for address in (THERE, BACK, BACK + "?state=a&code=b"):
        assert client.get(address).status_code == 404


def test_no_account_is_made_by_signing_in_elsewhere(
    path: Path, client: TestClient, provider: MadeUp
) -> None:
    provider.user = "没有账号的人"
    refused(comes(client, provider), 403, "这里没有启用的账号“没有账号的人”")
    with opened(path) as database:
        assert [one.name for one in accounts.accounts(database)] == ["王芳"]


def test_a_disabled_account_is_refused_and_that_is_on_record(
    path: Path, client: TestClient, provider: MadeUp
) -> None:
    with opened(path) as database:
        accounts.disable(database, "王芳", by=WANG)
    refused(comes(client, provider), 403, "没有启用的账号")
    with opened(path) as database:
        told = audit.entries(database, limit=1)[0]
    assert (told.action, told.subject, told.detail["way"]) == ("sign_in_failed", "王芳", "oidc")


NOW = int(time.time())
WRONG: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"}, "no nonce": {"nonce": None}, "aud": {"aud": "another"},
    "auds": {"aud": [CLIENT, "another"]}, "azp": {"azp": "another"}, "no aud": {"aud": None},
    "iss": {"iss": "https://evil.example"}, "no iss": {"iss": None}, "expired": {"exp": NOW - 90},
    "no exp": {"exp": None}, "exp in words": {"exp": "never"}, "future": {"iat": NOW + 86_400},
    "no sub": {"sub": None}, "no name": {"preferred_username": None},
    "name a list": {"preferred_username": ["王芳"]}, "empty name": {"preferred_username": " "},
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_token_that_says_what_it_must_not_is_not_believed(
    client: TestClient, provider: MadeUp, what: str
) -> None:
    provider.claims = WRONG[what]
    refused(comes(client, provider), 403, "身份令牌")


def test_a_token_for_several_programs_has_to_name_ours(
    client: TestClient, provider: MadeUp
) -> None:
    provider.claims = {"aud": ["another", CLIENT], "azp": CLIENT}
    assert comes(client, provider).status_code == 303


def token(algorithm: str, secret: bytes = b"") -> str:
    """A token that says all that it should, signed with a secret that everybody knows, or not."""
    header = {"alg": algorithm, "kid": "one"}
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "preferred_username": "王芳"}
    told = ".".join(_coded(json.dumps(one).encode()) for one in (header, claims))
    signature = hmac.digest(secret, told.encode(), "sha256") if secret else b""
    return f"{told}.{_coded(signature)}"


def _coded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


def test_a_token_that_no_key_of_the_provider_signed_is_not_believed(
    client: TestClient, provider: MadeUp
) -> None:
    shared = token("HS256", provider.keys[0].as_pem(private=False))
    for told in (token("none"), shared, "x", "a.b.c", "", "é"):
        provider.token = told or " "
        refused(comes(client, provider), 403, "身份令牌不可信")
    provider.token, provider.signing = None, key("one")  # the right name on another key
    refused(comes(client, provider), 403, "身份令牌不可信")


def test_a_key_that_is_new_is_asked_for_and_an_old_one_no_longer_counts(
    client: TestClient, provider: MadeUp
) -> None:
    old = provider.keys[0]
    assert comes(client, provider).status_code == 303
    assert comes(client, provider).status_code == 303
    assert provider.asked.count("/keys") == 1
    provider.keys = [key("two"), key("three")]
    assert comes(client, provider).status_code == 303
    assert provider.asked.count("/keys") == 2
    provider.signing = old
    refused(comes(client, provider), 403, "身份令牌不可信")


def test_a_state_serves_once(client: TestClient, provider: MadeUp) -> None:
    there = goes(client)
    first = provider.signs_in(there)
    held = client.cookies[STATE]
    assert client.get(f"{BACK}?{first}").status_code == 303
    client.cookies.clear()
    client.cookies.set(STATE, held)
    refused(client.get(f"{BACK}?{provider.signs_in(there)}"), 403, "已过期，或者不是从这里开始的")


def test_a_state_serves_only_the_browser_that_began(
    path: Path, client: TestClient, provider: MadeUp
) -> None:
    answer = provider.signs_in(goes(client))
    other = TestClient(client.app, base_url=client.base_url, follow_redirects=False)
    refused(other.get(f"{BACK}?{answer}"), 403, "不是从这个浏览器开始的")
    other.cookies.set(STATE, "x")
    refused(other.get(f"{BACK}?{answer}"), 403, "不是从这个浏览器开始的")
    assert client.get(f"{BACK}?{answer}").status_code == 303


@pytest.mark.parametrize(
    "query", ["", "state=", "code=a", "state=x&code=a", "state=" + "王" * 9, "error=access_denied"]
)
def test_who_comes_back_from_nowhere_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{BACK}?{query}").status_code == 403


@pytest.mark.parametrize(
    "said", [{"error": "access_denied"}, {"code": ""}, {"iss": "https://evil.example"}]
)
def test_what_the_provider_did_not_let_pass_is_said(
    client: TestClient, provider: MadeUp, said: dict[str, str]
) -> None:
    provider.signs_in(goes(client))
    query = {"state": client.cookies[STATE], "code": "code-0", "iss": ISSUER, **said}
    refused(client.get(BACK, params=query), 403, "没有放行")


def test_a_code_that_the_provider_does_not_know_is_refused(
    client: TestClient, provider: MadeUp
) -> None:
    goes(client)
    query = {"state": client.cookies[STATE], "code": "guessed"}
    refused(client.get(BACK, params=query), 403, "没有放行（invalid_grant）")


def test_a_provider_that_cannot_be_used_leaves_the_password(
    path: Path, client: TestClient, provider: MadeUp
) -> None:
    there = provider.signs_in(goes(client))
    provider.down = True
    refused(client.get(f"{BACK}?{there}"), 503, "现在不能用")
    fresh = at(path, provider)
    refused(fresh.get(THERE), 503, "现在不能用")
    assert Page.of(fresh.get(THERE).text).one("input", id="password")


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://id.example/auth"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_says_of_itself_what_cannot_be_is_not_gone_to(
    path: Path, provider: MadeUp, about: dict[str, Any]
) -> None:
    provider.about = about
    refused(at(path, provider).get(THERE), 503, "请管理员核对")


@pytest.mark.parametrize("address", ["token_endpoint", "jwks_uri"])
def test_an_address_of_its_that_cannot_be_is_told(
    path: Path, provider: MadeUp, address: str
) -> None:
    provider.about = {address: "https://id.example:1x/"}
    refused(comes(at(path, provider), provider), 503, "现在不能用")


def test_the_secret_goes_in_the_way_that_the_provider_takes(path: Path, provider: MadeUp) -> None:
    provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert comes(at(path, provider), provider).status_code == 303


def test_an_address_of_mail_is_a_name_only_where_it_is_verified(
    path: Path, provider: MadeUp
) -> None:
    with opened(path) as database:
        join(database, "wang@yunling.example", password=None)
    for verified, status in ((None, 403), (False, 403), ("true", 403), (True, 303)):
        provider.claims = {"email": "wang@yunling.example", "email_verified": verified}
        assert comes(at(path, provider, oidc_claim="email"), provider).status_code == status


def test_it_is_begun_over_https_only(path: Path, provider: MadeUp) -> None:
    client = at(path, provider)
    plain = TestClient(client.app, base_url="http://fuwen.example", follow_redirects=False)
    refused(plain.get(THERE), 403, "https")
    refused(plain.get(BACK + "?state=a&code=b"), 403, "https")
    assert not provider.asked


def test_neither_code_nor_token_nor_secret_is_shown_or_kept(
    path: Path, client: TestClient, provider: MadeUp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="fuwen")
    provider.claims = {"nonce": "another"}
    response = comes(client, provider)
    with opened(path) as database:
        kept = dumped(database)
    for secret in (PASS, "code-0", "eyJ"):
        assert secret not in response.text + kept + caplog.text

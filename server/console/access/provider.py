"""A provider of identities that speaks OpenID Connect: where to go, and who came back.

The authorization code flow with PKCE (RFC 7636, S256). Who came back is believed by the ID token
alone: signed by a key of the provider, by this issuer, for this client, in time, with our nonce
(OpenID Connect Core 1.0, 3.1.3.7).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from kb.settings import Settings
from kb.staff.oidc_states import Pending
from server.console.access.errors import ProviderUnusable, SignOnRefused

ALGORITHMS = ("RS256", "PS256", "ES256")  # never "none", nor one whose key is a shared secret
KEY_TYPES = ("RSA", "EC")
PATIENCE = 10.0  # seconds for each reply of the provider
LEEWAY = 60  # seconds that its clock and ours may differ
FRESH = 3600.0  # seconds that what it says of itself is kept
LOOPBACK = ("http://127.0.0.1", "http://localhost")
JsonObject = Mapping[str, Any]


class Provider:
    """The provider of ``settings``; what it says of itself is asked for when first needed."""

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self._about: tuple[float, JsonObject] | None = None
        self._known: KeySet | None = None

    def address(self, pending: Pending, *, state: str, back: str) -> str:
        """Where the browser signs in; it comes ``back`` with a code. Raises ProviderUnusable."""
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return str(address)

    def name(self, code: str, *, pending: Pending, back: str) -> str:
        """The account's name of who came back with ``code``.

        Raises ProviderUnusable, SignOnRefused.
        """
        url = self._endpoint("token_endpoint")
        try:
            with self._client(back) as client:
                tokens = client.fetch_token(
                    url, grant_type="authorization_code", code=code, code_verifier=pending.verifier
                )
        except OAuthError as error:
            raise SignOnRefused(f"统一身份认证没有放行（{error.error}）；请重新登录") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise _unusable(error) from error
        return self._name(self._claims(tokens.get("id_token"), nonce=pending.nonce))

    def _name(self, claims: JsonObject) -> str:
        claim = self._settings.oidc_claim
        name = claims.get(claim)
        unsure = claim == "email" and claims.get("email_verified") is not True
        if not isinstance(name, str) or not name.strip() or unsure:
            raise SignOnRefused(f"身份令牌里没有可用的账号名（{claim}）；请告诉管理员")
        return name

    def _claims(self, raw: Any, *, nonce: str) -> JsonObject:
        """What the ID token ``raw`` says, if it is to be believed. Raises SignOnRefused."""
        client = self._settings.oidc_client
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=LEEWAY,
            sub={"essential": True},
            iss={"essential": True, "value": self._settings.oidc_issuer},
            aud={"essential": True, "value": client},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = self._decoded(raw).claims
            rules.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise SignOnRefused("身份令牌不可信；请重新登录，还不行请告诉管理员") from error
        shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if shared else client) != client:
            raise SignOnRefused("身份令牌是发给别的程序的；请告诉管理员")
        return claims

    def _decoded(self, raw: Any) -> jwt.Token:
        """``raw`` if a key of the provider signed it; its keys are asked for again if none did."""
        try:
            return jwt.decode(raw, self._keys(), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, BadSignatureError):
            return jwt.decode(raw, self._keys(again=True), algorithms=ALGORITHMS)

    def _keys(self, *, again: bool = False) -> KeySet:
        url = self._endpoint("jwks_uri")
        with self._lock:
            if self._known is None or again:
                keys = self._read(url).get("keys", [])
                usable = [key for key in keys if key.get("kty") in KEY_TYPES]
                self._known = KeySet.import_key_set({"keys": usable})
            return self._known

    def _endpoint(self, name: str) -> str:
        """An address that the provider says of itself. Raises ProviderUnusable."""
        with self._lock:
            if self._about is None or self._clock() - self._about[0] >= FRESH:
                issuer = self._settings.oidc_issuer
                metadata = self._read(issuer.rstrip("/") + "/.well-known/openid-configuration")
                if metadata.get("issuer") != issuer:
                    raise ProviderUnusable(
                        "统一身份认证报的发行者与 KB_OIDC_ISSUER 不同；请管理员核对"
                    )
                self._about = self._clock(), metadata
            address = self._about[1].get(name)
        if not isinstance(address, str) or not address.startswith(("https://", *LOOPBACK)):
            raise ProviderUnusable(f"统一身份认证没有说可用的 {name}；请管理员核对")
        return address

    def _read(self, url: str) -> JsonObject:
        """A JSON object of the provider. Raises ProviderUnusable."""
        try:
            with httpx2.Client(transport=self._transport, timeout=PATIENCE) as client:
                content = client.get(url).raise_for_status().json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise _unusable(error) from error
        if not isinstance(content, dict):
            raise ProviderUnusable("统一身份认证的答复读不懂；请管理员核对 KB_OIDC_ISSUER")
        return content

    def _client(self, back: str) -> OAuth2Client:
        secret, claim = self._settings.oidc_secret, self._settings.oidc_claim
        return OAuth2Client(
            client_id=self._settings.oidc_client,
            client_secret=secret or None,
            token_endpoint_auth_method=self._method() if secret else "none",
            scope="openid profile email" if claim == "email" else "openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=PATIENCE,
            transport=self._transport,
        )

    def _method(self) -> str:
        """How the provider takes our secret; it need not say (OpenID Connect Discovery 1.0, 3)."""
        self._endpoint("token_endpoint")
        taken = self._about[1].get("token_endpoint_auth_methods_supported") if self._about else None
        basic = "client_secret_basic"
        return basic if not taken or basic in taken else "client_secret_post"


def _unusable(error: Exception) -> ProviderUnusable:
    return ProviderUnusable(
        f"统一身份认证现在不能用（{type(error).__name__}）；请稍后再试，或用这里的密码登录"
    )

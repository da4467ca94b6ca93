"""A made-up provider of identities, behind a transport that reaches no network."""

from __future__ import annotations

import hashlib
import time
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey

ISSUER = "https://id.example/realms/云岭"
CLIENT, PASS = "fuwen", "client secret"


def key(kid: str) -> RSAKey:
    """A new key of the provider."""
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig"})


@dataclass
class MadeUp:
    """It knows who sits before the browser (``user``); ``claims`` are said instead of the truth."""

    user: str = "王芳"
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [key("one")])
    signing: RSAKey | None = None  # a key that need not be among ``keys``
    token: str | None = None  # said instead of an ID token
    asked: list[str] = field(default_factory=list)
    down: bool = False
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def transport(self) -> httpx2.MockTransport:
        """What a client of it reaches."""
        return httpx2.MockTransport(self._answer)

    def signs_in(self, address: str) -> str:
        """Go to ``address``, sign in, and be sent back: the query that one comes back with."""
        told = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        assert (told["client_id"], told["response_type"]) == (CLIENT, "code")
        assert told["code_challenge_method"] == "S256"
        assert "openid" in told["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = told
        return str(httpx2.QueryParams(code=code, state=told["state"], iss=ISSUER))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if self.down:
            raise httpx2.ConnectError("nobody there")
        if request.url.path.endswith("/.well-known/openid-configuration"):
            return httpx2.Response(
                200,
                json={
                    "issuer": ISSUER,
                    "authorization_endpoint": "https://id.example/auth",
                    "token_endpoint": "https://id.example/token",
                    "jwks_uri": "https://id.example/keys",
                    **self.about,
                },
            )
        if request.url.path == "/keys":
            return httpx2.Response(200, json={"keys": [one.as_dict(False) for one in self.keys]})
        return self._exchanged(request)

    def _exchanged(self, request: httpx2.Request) -> httpx2.Response:
        given = {name: one[0] for name, one in parse_qs(request.content.decode()).items()}
        begun = self._codes.pop(given["code"], None)
        kind, _, told = request.headers.get("authorization", "").partition(" ")
        secret = given.get("client_secret")
        if kind == "Basic":
            secret = b64decode(told).decode().partition(":")[2]
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        right = begun and (begun["code_challenge"], begun["redirect_uri"], secret) == (
            challenge,
            given["redirect_uri"],
            PASS,
        )
        if not begun or not right:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        raw = self.token or self.signed(begun["nonce"])
        told_ = {"access_token": "a", "token_type": "Bearer", "id_token": raw}
        return httpx2.Response(200, json=told_)

    def signed(self, nonce: str) -> str:
        """An ID token."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "preferred_username": self.user,
            **self.claims,
        }
        signing = self.signing or self.keys[0]
        told = {name: one for name, one in claims.items() if one is not None}
        return jwt.encode({"alg": "RS256", "kid": signing.kid}, told, signing)

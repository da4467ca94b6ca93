"""Why a sign-on at a provider came to nothing."""

from __future__ import annotations

from kb.errors import KbError


class ProviderUnusable(KbError):
    """The provider cannot be reached, or says of itself what cannot be."""

    status, code = 503, "provider_unusable"


class SignOnRefused(KbError):
    """The provider did not say, so that it can be believed, who came back; or nobody known did."""

    status, code = 403, "sign_on_refused"

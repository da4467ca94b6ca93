"""Why a sign-on at a provider came to nothing."""

from __future__ import annotations

from kb.errors import KbError


class ProviderUnusable(KbError):
    """The provider cannot be reached, or its metadata is not usable."""

    status, code = 503, "provider_unusable"


class SignOnRefused(KbError):
    """The provider named nobody whom we can verify, or somebody who has no account."""

    status, code = 403, "sign_on_refused"

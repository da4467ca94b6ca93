"""What a letter's page tells machines of the letter, in the words of schema.org."""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from kb.text.titles import citation_of
from kb.types import Letter
from server.present import views

HEADLINE = 110  # code points that search engines take of a headline
# No character that ends a script, or that markup could begin with.
_ESCAPED: Mapping[int, str] = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def structured(letter: Letter, *, site: str) -> Markup:
    """The letter as JSON-LD, to stand in a ``<script type="application/ld+json">``.

    A Report is what governmental organizations publish, and has a number (schema.org). What the
    letter lacks is left out; the words are those that its page shows.
    """
    cited = citation_of(letter)
    organ = {"@type": "GovernmentOrganization", "name": cited.issuer} if cited.issuer else None
    address = site + views.link(f"/letters/{letter.id}")
    told = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": address,
        "url": address,
        "headline": cited.name[:HEADLINE],
        "inLanguage": "zh-CN",
        "datePublished": cited.issued_on,
        "reportNumber": cited.number,
        "identifier": cited.number or letter.id,
        "author": organ,
        "publisher": organ,
        "isBasedOn": views.web_address(letter.url),
        "isAccessibleForFree": True,
    }
    known = {name: value for name, value in told.items() if value is not None}
    return Markup(json.dumps(known, ensure_ascii=False).translate(_ESCAPED))

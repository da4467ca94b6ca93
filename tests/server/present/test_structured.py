"""What a letter's page tells machines."""

from __future__ import annotations

import json
from dataclasses import replace

from server.present.structured import structured
from tests.support.fakes import make_letter
from tests.support.served import page_of, road_letter, served

SITE = "https://kb.example.gov.cn"


def test_it_says_what_the_page_says() -> None:
    told = json.loads(structured(road_letter(), site=SITE))
    assert told["@context"] == "https://schema.org"
    assert told["@type"] == "Report"
    assert told["headline"] == "关于加快农村公路建设、落实养护责任的提案"
    assert told["datePublished"] == "2024-06-28"
    assert told["reportNumber"] == told["identifier"] == "云交函〔2024〕3号"
    assert told["publisher"] == {"@type": "GovernmentOrganization", "name": "云岭市交通运输局"}
    assert told["isBasedOn"] == "https://www.yunling.example/a?b=1&c=2"
    assert told["url"].startswith(f"{SITE}/letters/")


def test_what_the_letter_lacks_is_left_out() -> None:
    told = json.loads(structured(replace(make_letter("甲", "字。"), url="javascript:x"), site=SITE))
    assert not {"publisher", "author", "datePublished", "reportNumber", "isBasedOn"} & told.keys()
    assert told["identifier"] == "甲"


def test_no_words_of_a_letter_end_the_script() -> None:
    hostile = "</script><script>alert(1)</script><!--\u2028&amp;"
    told = structured(make_letter("甲", "字。", title=hostile, issuer=hostile), site=SITE)
    assert not set(told) & set("<>&\u2028")
    assert json.loads(told)["publisher"]["name"] == hostile


def test_the_page_has_it_as_data() -> None:
    page = page_of(served(), "/letters/rare")
    script = page.one("script", type="application/ld+json")
    assert json.loads(script.text)["headline"] == page.one("h1").text

"""Letters as plain dictionaries."""

from __future__ import annotations

import json

from kb import serialize
from kb.store.codec import letter_from, letter_json
from tests.support.served import road_letter


def test_a_plain_letter_survives_json_and_the_stores_codec() -> None:
    letter = road_letter()
    again = letter_from(letter_json(letter))
    assert json.loads(json.dumps(serialize.letter(again))) == serialize.letter(letter)

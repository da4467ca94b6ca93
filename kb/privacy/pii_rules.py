"""What personal data looks like anywhere: every row, the longer before the shorter."""

from __future__ import annotations

from kb.privacy.address_rules import ADDRESSES
from kb.privacy.number_rules import NUMBERS
from kb.privacy.person_rules import PERSONS
from kb.privacy.rule import PiiRule
from kb.privacy.slot_rules import SLOTS

__all__ = ["RULES", "PiiRule"]

RULES: tuple[PiiRule, ...] = (*NUMBERS, *ADDRESSES, *PERSONS, *SLOTS)

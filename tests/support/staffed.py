"""A ``staff.db`` with accounts, made quickly: hashing a password is dear on purpose."""

from __future__ import annotations

import sqlite3

from argon2 import PasswordHasher

from kb.staff import accounts
from kb.staff.permissions import Account, Role
from tests.support.promises import ORGAN, WANG

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "青河清淤九公里，2024年"


def join(
    database: sqlite3.Connection,
    name: str = "王芳",
    *,
    role: Role = "reviewer",
    organs: tuple[str, ...] = (ORGAN,),
    password: str | None = PASSWORD,
) -> Account:
    """An account in ``database``."""
    return accounts.add(database, name, role=role, organs=organs, password=password, by=WANG)

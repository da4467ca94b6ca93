"""Steps of the schema for the work of people (``kb.staff.schema``); never changed once released."""

from __future__ import annotations

# Work for people. ``owner`` is the name of the account that answers for a commitment beside its
# organ; ``reminders`` how often somebody was reminded of it, ``reminded_on`` the last day.
WORK = (
    "ALTER TABLE commitment ADD COLUMN owner TEXT",
    "ALTER TABLE commitment ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE commitment ADD COLUMN reminded_on TEXT",
    "CREATE INDEX commitment_owner ON commitment (owner, live, due_key, id)"
    " WHERE owner IS NOT NULL",
    "CREATE INDEX commitment_owner_stage ON commitment (owner, stage, due_key, id)"
    " WHERE owner IS NOT NULL",
)

# Filters of the ledger that a person saved under a name; ``asked`` is what the address has, as
# JSON.
VIEWS = (
    "CREATE TABLE saved_view (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL"
    " REFERENCES account, name TEXT NOT NULL, asked TEXT NOT NULL, made_at TEXT NOT NULL,"
    " UNIQUE (account, name)) STRICT",
)

# What happened in a week (kb.ledger.weekly).
WEEKS = ("CREATE INDEX commitment_event_at ON commitment_event (kind, at)",)

# Lists with the vague ones folded away: how many there are, and those of the queue.
FOLDED = (
    "CREATE INDEX commitment_vague ON commitment (live, due_key, id) WHERE vague = 1",
    "CREATE INDEX commitment_vague_queue ON commitment (status, letter, start, id) WHERE vague = 1",
)

# Keys of programs (kb.staff.keys); ``digest`` is the SHA-256 of one, which nobody has kept.
KEYS = (
    "CREATE TABLE api_key (id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL, scopes TEXT NOT NULL, rate INTEGER, last_day TEXT,"
    " made_by TEXT NOT NULL, made_at TEXT NOT NULL, used_on TEXT, revoked_at TEXT) STRICT",
    "CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL",
)

# Where an account is written to, "" where nobody gave an address.
MAILBOXES = ("ALTER TABLE account ADD COLUMN mailbox TEXT NOT NULL DEFAULT ''",)

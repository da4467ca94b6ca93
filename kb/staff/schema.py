"""The tables of ``staff.db``: one step a schema version, never changed once released.

An older file is brought up by the steps that it lacks (``kb.staff.database``).
"""

from __future__ import annotations

from kb.staff.schema_finding import FINDING
from kb.staff.work_tables import FOLDED, KEYS, MAILBOXES, VIEWS, WEEKS, WORK

# What was missed. ``asked`` has a row a reply and a row a feedback (useful 1 or 0); in one that
# was noted without its words ``kin`` is null. ``upto`` is the last row that an event had seen.
_MISSES = (
    "CREATE TABLE kin (id INTEGER PRIMARY KEY, question TEXT NOT NULL,"
    " figures TEXT NOT NULL, weight INTEGER NOT NULL) STRICT",
    "CREATE TABLE gram (gram TEXT NOT NULL, kin INTEGER NOT NULL REFERENCES kin,"
    " PRIMARY KEY (gram, kin)) STRICT, WITHOUT ROWID",
    "CREATE TABLE asked (id INTEGER PRIMARY KEY, at TEXT NOT NULL,"
    " kin INTEGER REFERENCES kin, question TEXT, snapshot TEXT NOT NULL,"
    " verdict TEXT NOT NULL, code TEXT, nearest TEXT NOT NULL, useful INTEGER, reason TEXT,"
    " letter TEXT, start INTEGER, stop INTEGER, missed INTEGER NOT NULL) STRICT",
    "CREATE INDEX asked_missed ON asked (kin, id) WHERE missed",
    "CREATE INDEX asked_kin ON asked (kin, missed, useful)",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,"
    " kin INTEGER NOT NULL REFERENCES kin, upto INTEGER NOT NULL, was TEXT NOT NULL,"
    " became TEXT NOT NULL, reason TEXT NOT NULL, question TEXT, letter TEXT,"
    " start INTEGER, stop INTEGER, words TEXT) STRICT",
    "CREATE INDEX event_kin ON event (kin, id)",
    "CREATE TRIGGER event_stays BEFORE UPDATE ON event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER event_remains BEFORE DELETE ON event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END",
    "CREATE VIEW standing AS WITH"
    " missed AS (SELECT kin, max(id) AS last, sum(useful IS NULL) AS refused,"
    "  sum(useful IS NOT NULL) AS useless FROM asked WHERE missed GROUP BY kin),"
    " ruled AS (SELECT kin, max(id) AS event FROM event GROUP BY kin)"
    " SELECT kin.id, kin.question, refused, useless, last, asked.at, asked.code,"
    "  coalesce((SELECT nearest FROM asked AS told WHERE told.kin = kin.id AND told.missed"
    "   AND nearest <> '[]' ORDER BY told.id DESC LIMIT 1), '[]') AS nearest,"
    "  coalesce(event.id, 0) AS event,"
    "  CASE WHEN event.id IS NULL OR (became = 'done' AND upto < last) THEN 'open'"
    "   ELSE became END AS state"
    " FROM missed JOIN kin ON kin.id = missed.kin JOIN asked ON asked.id = last"
    " LEFT JOIN ruled ON ruled.kin = kin.id LEFT JOIN event ON event.id = ruled.event",
)

# The ledger. ``commitment_event`` is the truth: ``was`` and ``became`` hold the columns that an
# event changed, as JSON. ``commitment`` and ``evidence`` are what follows from the events, and
# can be made anew from them. ``found_*`` is what the program proposed, whatever staff made of it;
# ``text_sum`` the SHA-256 of the letter's text in which the places hold.
_LEDGER = (
    "CREATE TABLE commitment_event (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
    " who TEXT NOT NULL, commitment INTEGER NOT NULL, version INTEGER NOT NULL,"
    " kind TEXT NOT NULL, was TEXT NOT NULL, became TEXT NOT NULL, reason TEXT NOT NULL,"
    " letter TEXT, start INTEGER, stop INTEGER, words TEXT, relation TEXT,"
    " UNIQUE (commitment, version)) STRICT",
    "CREATE TRIGGER commitment_event_stays BEFORE UPDATE ON commitment_event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER commitment_event_remains BEFORE DELETE ON commitment_event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END",
    "CREATE TABLE commitment (id INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
    " event INTEGER NOT NULL, changed_at TEXT NOT NULL, status TEXT NOT NULL,"
    " letter TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, words TEXT NOT NULL,"
    " text_sum TEXT NOT NULL, place TEXT NOT NULL,"
    " headings TEXT NOT NULL, organ TEXT, co_organs TEXT NOT NULL, action TEXT NOT NULL,"
    " due_raw TEXT, due_first TEXT, due_last TEXT, due_precision TEXT,"
    " target_value REAL, target_unit TEXT, target_text TEXT, strength TEXT NOT NULL,"
    " note TEXT NOT NULL, found_start INTEGER, found_stop INTEGER, found_words TEXT,"
    " decided INTEGER NOT NULL, extensions INTEGER NOT NULL,"
    " split_from INTEGER, merged_into INTEGER,"
    " name TEXT NOT NULL, number TEXT, issuer TEXT, issued_on TEXT, result_class TEXT,"
    " publicity TEXT NOT NULL, topics TEXT NOT NULL,"
    # What follows from other columns (kb.ledger.events): generated ones make no covering index.
    " due_key TEXT NOT NULL, due_month TEXT, year TEXT, stage TEXT NOT NULL,"
    " live INTEGER NOT NULL) STRICT",
    "CREATE INDEX commitment_letter ON commitment (letter, start, id)",
    "CREATE INDEX commitment_due ON commitment (live, due_key, id)",
    "CREATE INDEX commitment_stage ON commitment (stage, due_key, id)",
    "CREATE INDEX commitment_status ON commitment (status, due_key, id)",
    "CREATE INDEX commitment_queue ON commitment (status, letter, start, id)",
    "CREATE INDEX commitment_organ ON commitment (organ, live, due_key, id)",
    "CREATE INDEX commitment_organ_stage ON commitment (organ, stage, due_key, id)",
    "CREATE INDEX commitment_organ_status ON commitment (organ, status, due_key, id)",
    "CREATE INDEX commitment_changed ON commitment (live, event)",
    "CREATE INDEX commitment_year ON commitment (year, live, due_key, id)",
    "CREATE INDEX commitment_month ON commitment (due_month, live, due_key, id)",
    "CREATE INDEX commitment_counted ON commitment"
    " (live, status, organ, year, result_class, due_month, due_key, strength, topics,"
    " publicity)",
    "CREATE INDEX commitment_moved ON commitment (place, id) WHERE place <> 'found'",
    "CREATE INDEX commitment_split ON commitment (split_from) WHERE split_from IS NOT NULL",
    "CREATE INDEX commitment_merged ON commitment (merged_into) WHERE merged_into IS NOT NULL",
    "CREATE TABLE evidence (id INTEGER PRIMARY KEY, commitment INTEGER NOT NULL"
    " REFERENCES commitment ON DELETE CASCADE, relation TEXT NOT NULL, letter TEXT NOT NULL,"
    " start INTEGER NOT NULL, stop INTEGER NOT NULL, words TEXT NOT NULL, at TEXT NOT NULL,"
    " who TEXT NOT NULL, reason TEXT NOT NULL) STRICT",
    "CREATE INDEX evidence_commitment ON evidence (commitment, id)",
    "CREATE INDEX evidence_letter ON evidence (letter, commitment)",
    # Which letters were read for commitments, and as what: only spares reading them again.
    "CREATE TABLE letter_read (letter TEXT PRIMARY KEY, digest TEXT NOT NULL)"
    " STRICT, WITHOUT ROWID",
)

# Who may come in. A session is known by the SHA-256 of its token, a failed sign-in by that of the
# name that was typed (some type their password there). AUTOINCREMENT: no number is given twice.
_ACCOUNTS = (
    "CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
    " role TEXT NOT NULL, organs TEXT NOT NULL, password TEXT, disabled INTEGER NOT NULL,"
    " made_at TEXT NOT NULL) STRICT",
    "CREATE TABLE session (digest TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account,"
    " made_at TEXT NOT NULL, seen_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX session_account ON session (account)",
    "CREATE TABLE failure (digest TEXT PRIMARY KEY, times INTEGER NOT NULL,"
    " last_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

# ``digest`` is the SHA-256 of the row's own content and the digest of the row before it.
_AUDIT = (
    "CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
    " who TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,"
    " previous TEXT NOT NULL, digest TEXT NOT NULL) STRICT",
    "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    "CREATE TRIGGER audit_remains BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END",
)

# Secret addresses of calendars; ``digest`` is the SHA-256 of the token, which nobody has kept.
_FEEDS = (
    "CREATE TABLE feed (id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,"
    " organ TEXT NOT NULL, account INTEGER NOT NULL REFERENCES account, made_at TEXT NOT NULL,"
    " used_on TEXT, revoked_at TEXT) STRICT",
)

# What follows from the letters and the ledger, made anew with them: figures (kb.analysis.series),
# promises of several years (kb.analysis.repeats). The index is for grouping by letter
# (kb.analysis.consistency).
_LINKS = (
    "CREATE TABLE record (letter TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,"
    " raw TEXT NOT NULL, indicator TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL,"
    " scope TEXT NOT NULL, as_of TEXT NOT NULL, precision TEXT NOT NULL, during INTEGER NOT NULL,"
    " stated INTEGER NOT NULL, organ TEXT, publicity TEXT NOT NULL,"
    " PRIMARY KEY (letter, start, stop)) STRICT, WITHOUT ROWID",
    "CREATE INDEX record_indicator ON record (indicator, unit, scope, during, letter)",
    "CREATE INDEX record_organ ON record (organ, indicator, unit, scope, during, letter)",
    "CREATE INDEX record_day ON record (as_of, letter, start)",
    "CREATE TABLE kindred (id INTEGER PRIMARY KEY, organ TEXT NOT NULL, years INTEGER NOT NULL)"
    " STRICT",
    "CREATE INDEX kindred_years ON kindred (years DESC, id)",
    "CREATE INDEX kindred_organ ON kindred (organ, years DESC, id)",
    "CREATE TABLE repeated (commitment INTEGER PRIMARY KEY, kindred INTEGER NOT NULL"
    " REFERENCES kindred ON DELETE CASCADE) STRICT",
    "CREATE INDEX repeated_kindred ON repeated (kindred, commitment)",
    "CREATE INDEX commitment_class ON commitment"
    " (result_class, live, letter, stage, strength, due_precision)",
)

# Sign-ins that are under way at the provider of identities; ``digest`` is the SHA-256 of the state.
_PENDING = (
    "CREATE TABLE pending (digest TEXT PRIMARY KEY, nonce TEXT NOT NULL, verifier TEXT NOT NULL,"
    " wanted TEXT NOT NULL, made_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX pending_made ON pending (made_at)",
)

# Failed sign-ins by the name and by the keyed hash of the address, "*" for all those from which
# its account has not signed in before; ``acquainted`` are those from which it has.
# ``failed_names`` has one row: sign-ins with names that nobody has, in the hour that began then.
_CLIENTS = (
    "DROP TABLE failure",
    "CREATE TABLE failure (digest TEXT NOT NULL, client TEXT NOT NULL, times INTEGER NOT NULL,"
    " last_at TEXT NOT NULL, PRIMARY KEY (digest, client)) STRICT, WITHOUT ROWID",
    "CREATE TABLE acquainted (account INTEGER NOT NULL REFERENCES account, client TEXT NOT NULL,"
    " seen_at TEXT NOT NULL, PRIMARY KEY (account, client)) STRICT, WITHOUT ROWID",
    "CREATE TABLE failed_names (since TEXT NOT NULL, times INTEGER NOT NULL) STRICT",
)

# Questions that staff approved for citizens to be offered.
_SUGGESTED = (
    "CREATE TABLE suggested (id INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL UNIQUE,"
    " at TEXT NOT NULL, who TEXT NOT NULL) STRICT",
)

# In how many groups each gram is, so that the rare ones are known without counting; and the groups
# of the same figures.
_RARE = (
    "CREATE INDEX kin_figures ON kin (figures)",
    "CREATE TABLE common (gram TEXT PRIMARY KEY, times INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO common SELECT gram, count(*) FROM gram GROUP BY gram",
    "CREATE TRIGGER gram_comes AFTER INSERT ON gram BEGIN"
    " INSERT INTO common VALUES (new.gram, 1) ON CONFLICT DO UPDATE SET times = times + 1; END",
    "CREATE TRIGGER gram_goes AFTER DELETE ON gram BEGIN"
    " UPDATE common SET times = times - 1 WHERE gram = old.gram;"
    " DELETE FROM common WHERE gram = old.gram AND times <= 0; END",
)

# Files that staff brought: ``folder`` is where the file lies until it is published, "" where it was
# not taken; ``edits`` the corrections that go with it, by letter, as JSON.
_INTAKE = (
    "CREATE TABLE upload (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
    " who TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,"
    " folder TEXT NOT NULL, state TEXT NOT NULL, changed_at TEXT NOT NULL,"
    " changed_by TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,"
    " letters INTEGER NOT NULL, edits TEXT NOT NULL) STRICT",
    "CREATE INDEX upload_state ON upload (state, id)",
    "CREATE TABLE field_event (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
    " who TEXT NOT NULL, letter TEXT NOT NULL, field TEXT NOT NULL, was TEXT NOT NULL,"
    " became TEXT NOT NULL, reason TEXT NOT NULL) STRICT",
    "CREATE INDEX field_event_letter ON field_event (letter, field, id)",
    "CREATE TRIGGER field_event_stays BEFORE UPDATE ON field_event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER field_event_remains BEFORE DELETE ON field_event"
    " BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END",
    # The last event that the letters of the snapshot show.
    "CREATE TABLE field_applied (upto INTEGER NOT NULL) STRICT",
    "INSERT INTO field_applied VALUES (0)",
)

# ``counted``: not the same visitor's again on the same day; only such rows are times asked.
_COUNTED = (
    "ALTER TABLE asked ADD COLUMN counted INTEGER NOT NULL DEFAULT 1",
    "DROP VIEW standing",
    "CREATE VIEW standing AS WITH"
    " missed AS (SELECT kin, max(id) AS last, sum(counted AND useful IS NULL) AS refused,"
    "  sum(counted AND useful IS NOT NULL) AS useless FROM asked WHERE missed GROUP BY kin),"
    " ruled AS (SELECT kin, max(id) AS event FROM event GROUP BY kin)"
    " SELECT kin.id, kin.question, refused, useless, last, asked.at, asked.code,"
    "  coalesce((SELECT nearest FROM asked AS told WHERE told.kin = kin.id AND told.missed"
    "   AND nearest <> '[]' ORDER BY told.id DESC LIMIT 1), '[]') AS nearest,"
    "  coalesce(event.id, 0) AS event,"
    "  CASE WHEN event.id IS NULL OR (became = 'done' AND upto < last) THEN 'open'"
    "   ELSE became END AS state"
    " FROM missed JOIN kin ON kin.id = missed.kin JOIN asked ON asked.id = last"
    " LEFT JOIN ruled ON ruled.kin = kin.id LEFT JOIN event ON event.id = ruled.event",
)

# Promises that nobody could ever check, and those that hang on something else.
_VAGUE = (
    "ALTER TABLE commitment ADD COLUMN vague INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE commitment ADD COLUMN conditional INTEGER NOT NULL DEFAULT 0",
)

# Completion. ``original_last`` is the last day before the first extension; ``done_on`` and ``kept``
# say when and how what is done was done; ``pending`` is what waits for a second person to sign.
# ``attachment`` is evidence that is no letter: it follows from the events as ``evidence`` does.
_COMPLETION = (
    "ALTER TABLE commitment ADD COLUMN original_last TEXT",
    "ALTER TABLE commitment ADD COLUMN done_on TEXT",
    "ALTER TABLE commitment ADD COLUMN kept TEXT",
    "ALTER TABLE commitment ADD COLUMN pending TEXT",
    "ALTER TABLE commitment ADD COLUMN pending_by TEXT",
    "ALTER TABLE commitment ADD COLUMN pending_on TEXT",
    "UPDATE commitment SET kept = 'unknown' WHERE status = 'done'",
    "UPDATE commitment SET original_last = (SELECT json_extract(was, '$.due_last')"
    " FROM commitment_event WHERE commitment = commitment.id AND kind = 'extended'"
    " ORDER BY version LIMIT 1) WHERE extensions > 0",
    "CREATE INDEX commitment_kept ON commitment (kept, live, due_key, id) WHERE kept IS NOT NULL",
    "CREATE INDEX commitment_pending ON commitment (due_key, id) WHERE pending IS NOT NULL",
    "CREATE INDEX commitment_extended ON commitment (due_key, id) WHERE extensions > 0",
    "DROP INDEX commitment_counted",
    "CREATE INDEX commitment_counted ON commitment"
    " (live, status, organ, year, result_class, due_month, due_key, strength, topics,"
    " publicity, kept)",
    "CREATE TABLE attachment (id INTEGER PRIMARY KEY, commitment INTEGER NOT NULL"
    " REFERENCES commitment ON DELETE CASCADE, relation TEXT NOT NULL, form TEXT NOT NULL,"
    " name TEXT NOT NULL, sha256 TEXT, bytes INTEGER, address TEXT, day TEXT,"
    " note TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL) STRICT",
    "CREATE INDEX attachment_commitment ON attachment (commitment, id)",
)

STEPS: tuple[tuple[str, ...], ...] = (
    _MISSES,
    (*_LEDGER, *_ACCOUNTS, *_AUDIT),
    _FEEDS,
    _LINKS,
    _PENDING,
    _CLIENTS,
    _SUGGESTED,
    _RARE,
    _INTAKE,
    _COUNTED,
    _VAGUE,
    _COMPLETION,
    FINDING,
    WORK,
    VIEWS,
    MAILBOXES,
    WEEKS,
    FOLDED,
    KEYS,
)

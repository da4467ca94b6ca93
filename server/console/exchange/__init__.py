"""The ledger in and out: export, import, calendars, JSON interface."""

"""``staff.db``: accounts, sessions, permissions, audit."""

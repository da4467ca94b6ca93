"""The staff's data on a PostgreSQL server; needs the extra ``fuwen[postgres]``."""

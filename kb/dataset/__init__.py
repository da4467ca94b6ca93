"""Data out: the letters of a snapshot as tables that anybody can read, and back again."""

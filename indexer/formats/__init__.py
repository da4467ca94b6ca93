"""One file a format, behind one table."""

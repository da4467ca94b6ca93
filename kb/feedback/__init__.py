"""Questions that were not answered well, and what staff ruled."""

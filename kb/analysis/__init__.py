"""Across letters: evidence, repeats, series, consistency, briefing, refresh after a publish."""

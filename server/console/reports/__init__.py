"""Pages that look across letters: statistics, comparison, briefing."""

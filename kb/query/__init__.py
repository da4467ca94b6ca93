"""What a question says: organs, places, years, numbers, a list, a field. Parses, never answers."""

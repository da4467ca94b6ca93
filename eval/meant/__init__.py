"""What citizens mean: stories, two questions in one, follow-ups, lists, small talk, refusals."""

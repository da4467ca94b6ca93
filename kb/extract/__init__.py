"""What a letter promises and states: commitments, due dates, organs, figures, outcomes."""

"""What a letter is and how it is asked."""

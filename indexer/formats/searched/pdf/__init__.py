"""Whether a PDF holds nothing beside the words of its letter: its objects, what its pages draw."""

"""Which letters are one letter: copies of a text, and the versions of a letter that changed."""

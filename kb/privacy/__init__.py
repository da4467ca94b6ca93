"""Personal data: where it stands, and the letter as citizens may see it."""

"""What staff bring in: files that wait to be published, and corrections of what was read."""

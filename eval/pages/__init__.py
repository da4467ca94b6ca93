"""Whole pages of government sites with invented letters, and a judge of what is read of them."""

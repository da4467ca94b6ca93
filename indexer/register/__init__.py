"""Registers of proposals (交办表): which row is which letter's, and what the letter lacks."""

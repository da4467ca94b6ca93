"""Quotes of an answer joined by a language model, of which nothing is believed."""

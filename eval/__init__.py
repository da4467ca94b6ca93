"""Scores: suites in the formats of the field, run through the shipped program and measured."""

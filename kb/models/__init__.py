"""Weights, and the scripts that built them."""

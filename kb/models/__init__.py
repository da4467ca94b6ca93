"""Embedding and reading models: how they are loaded and called, and the weights."""

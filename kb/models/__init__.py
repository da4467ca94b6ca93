"""The doors to embedding and reading models, and the weights."""

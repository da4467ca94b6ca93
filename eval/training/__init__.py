"""Scripts that build, fit and measure the models in ``kb/models``."""

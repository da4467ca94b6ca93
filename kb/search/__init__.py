"""Two rankings fused into one, and other ways to find letters."""

"""Files in, snapshot out."""

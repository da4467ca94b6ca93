"""The command lines: what they share, and ``fuwen``, one name for all of them."""

"""The flag that says that a file was searched; apart from ``originals``, which loads numpy."""

from __future__ import annotations

# The flag of a letter on whose page stands everything that its file holds. What reads a file
# sets it (``indexer.formats.searched``); what mends the text takes it back if a word was lost.
SEARCHED = "searched"

"""Whether citizens may have the file that a letter was read from.

A file can hold more than the letter's page shows: what was deleted, hidden or noted in it, who
wrote it. So it is given only where everything in it was searched: all of it stands on the page,
and nothing of that had to be hidden.
"""

from __future__ import annotations

from kb.privacy.redact import MASKED
from kb.types import Letter

# The flag of a letter on whose page stands everything that its file holds: what reads a file finds
# that out (``indexer.formats.searched``), what mends the text makes sure that no word was lost.
SEARCHED = "searched"


def may_be_given(letter: Letter) -> bool:
    """True if the file of ``letter`` shows citizens no more than its page does."""
    return SEARCHED in letter.flags and MASKED not in letter.flags
